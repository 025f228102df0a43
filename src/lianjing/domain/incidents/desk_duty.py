"""Whoever takes a case stands duty from then on.

Steps of the actions of this app, and no actions themselves.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianjing.core.viewer import person_id
from lianjing.domain.incidents.models import Incident, State
from lianjing.domain.incidents.moving import Actor, Refused
from lianjing.domain.incidents.queue_policy import URGENT_CLASSES
from lianjing.domain.people.duties import DutyRefused, sign_on_duty
from lianjing.domain.people.duty_list import duty_of
from lianjing.domain.people.duty_standing import gets_new_cases
from lianjing.domain.people.models import Duty
from lianjing.domain.sites.models import Site
from lianjing.terms.sentences import words

STAND = "duty.stand"


def stand_duty(actor: Actor, company_id: int | None) -> Duty | None:
    """His open duty, or a new one for this company; his row is locked, so that his requests come one by one.

    An administrator stands no duty: he handles what belongs to no company. Raises Refused with the sentence of the
    one rule of who may stand duty.
    """
    scope = actor.by.scope(STAND)
    if not scope:
        return None
    duty = duty_of(actor.by)
    for_company = duty.company_id if duty else company_id
    if for_company is None or not (duty or scope.holds(for_company)):
        for_company = min(scope.companies)
    try:
        return sign_on_duty(for_company, by=actor.by, at=actor.at, source=actor.source)
    except DutyRefused as refused:
        raise Refused(str(refused)) from refused


def take_on(actor: Actor, incident: Incident) -> None:
    """Signs him on for a case that he is about to take. Hold-ups and fires anybody may take who stands duty.

    Raises Refused when he may not stand duty, or no longer and somebody else can take it.
    """
    duty = stand_duty(actor, incident.company_id)
    if incident.event_class not in URGENT_CLASSES:
        refuse_new_cases(actor, duty)


def refuse_new_cases(actor: Actor, duty: Duty | None) -> None:
    """Raises Refused for whoever stands duty and would not be let in any more, while somebody else can take cases."""
    against = gets_new_cases(duty, actor.at) if duty else None
    if against is not None:
        said = _("您已不符合值班条件：%(reason)s手上的警情请继续办完；新的警情由其他在班人员受理。")
        raise Refused(said % {"reason": words(against, _)})


def lock_site(site_id: int | None, *, wait: bool = True) -> bool:
    """Locks the site to the end of the transaction: of two people who take two cases of it the second sees what the
    first has taken. Without `wait` False for one that somebody else has locked."""
    if site_id is None:
        return True
    rows = Site.objects.filter(pk=site_id).order_by()
    return bool(list(rows.select_for_update(no_key=True, skip_locked=not wait).values_list("pk", flat=True)))


def held_by(actor: Actor) -> "QuerySet[Incident]":
    """The open cases that he has."""
    return Incident.objects.filter(holder_id=person_id(actor.by)).exclude(state=State.CLOSED)
