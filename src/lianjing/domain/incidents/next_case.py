"""The best case for this person, given to him alone."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lianjing.core.viewer import Forbidden, Viewer, person_id, visible
from lianjing.domain.incidents import policy
from lianjing.domain.incidents.desk_duty import STAND, held_by, lock_site, refuse_new_cases, stand_duty
from lianjing.domain.incidents.desk_figures import figures_by_company
from lianjing.domain.incidents.giving import give_to
from lianjing.domain.incidents.models import Incident, State
from lianjing.domain.incidents.moving import Actor
from lianjing.domain.incidents.queries import QUEUE_ORDER
from lianjing.domain.incidents.queue_policy import URGENT_CLASSES
from lianjing.domain.incidents.waiting import case_is_overdue
from lianjing.domain.people.duty_list import own_profiles
from lianjing.domain.people.models import DeskProfile, Duty
from lianjing.domain.people.refusing import tells_refusals

AT_ONCE = 20
"""Candidates looked at together; more only while others are just taking all of these."""


@tells_refusals
@transaction.atomic
def take_next_incident(*, by: Viewer, at: datetime, source: str = "") -> Incident | None:
    """Gives the person the first free case of the queue's order that is for him, and signs him on.

    For him: of his companies, of the classes and regions in his profile, of a site that nobody else handles, unless
    it is a hold-up or fire that gets no reaction from him. None when there is none, or he has as many as he may. Two
    who ask at once get two cases, of two sites. Raises Forbidden, and Refused when he may not stand duty, or no longer
    may while somebody else can take cases.
    """
    if not by.scope("incidents.take"):
        raise Forbidden(_("您的角色不能执行此操作。"))
    actor = Actor(by, at, source)
    duty = stand_duty(actor, None)
    refuse_new_cases(actor, duty)
    profiles = own_profiles(by)
    if held_by(actor).filter(held_until=None).count() >= _load_limit(duty, profiles):
        return None
    tried: list[int] = []
    while found := _candidates(actor, profiles, tried):
        for candidate in found:
            tried.append(candidate.pk)
            if (incident := _claimed(actor, candidate)) is not None:
                incident.state = policy.next_state("take", incident.state)
                return give_to(incident, actor)
    return None


def _load_limit(duty: Duty | None, profiles: Iterable[DeskProfile]) -> int:
    company_id = duty.company_id if duty else None
    own = next((profile.load_limit for profile in profiles if profile.company_id == company_id), None)
    return own or figures_by_company([company_id])[company_id].load_limit


def _candidates(actor: Actor, profiles: Iterable[DeskProfile], tried: list[int]) -> list[Incident]:
    rows = _free(actor).exclude(pk__in=tried)
    for profile in profiles:
        if profile.skills or profile.regions:
            rows = rows.filter(~Q(company_id=profile.company_id) | _fits(profile))
    return list(rows.order_by(*QUEUE_ORDER)[:AT_ONCE])


def _fits(profile: DeskProfile) -> Q:
    """A case of no single site is in every region."""
    fits = Q(event_class__in=profile.skills) if profile.skills else Q()
    inside = Q(site=None)
    for region in profile.regions:
        inside |= Q(site__division__startswith=region)
    return fits & inside if profile.regions else fits


def _claimed(actor: Actor, candidate: Incident) -> Incident | None:
    """The case, locked and still free; None when somebody was quicker, or is just taking one of its site."""
    if not lock_site(candidate.site_id, wait=False):
        return None
    rows = _free(actor).select_related("holder", "company__desk_settings").filter(pk=candidate.pk)
    incident = rows.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
    if incident is None or (incident.reserved and not case_is_overdue(incident, actor.at)):  # type: ignore[attr-defined]
        return None
    return incident


def _free(actor: Actor) -> "QuerySet[Incident]":
    """What nobody has and nobody put off, with whether its site is in somebody else's hands."""
    site = Incident.objects.filter(site_id=OuterRef("site_id"), holder__isnull=False).exclude(state=State.CLOSED)
    me = person_id(actor.by)
    reserved = Exists(site.exclude(holder_id=me)) & ~Exists(site.filter(holder_id=me))
    rows = visible(Incident.objects.exclude(state=State.CLOSED), actor.by, "incidents.take")
    if not actor.by.scope(STAND):
        # Who stands no duty, an administrator, gets what belongs to no company; the rest is its own people's.
        rows = rows.filter(company=None)
    rows = rows.filter(holder=None, held_until=None).annotate(reserved=reserved)
    return rows.filter(Q(reserved=False) | Q(event_class__in=URGENT_CLASSES, acknowledged=False))
