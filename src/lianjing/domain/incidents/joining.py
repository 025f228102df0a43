"""并案 and 拆案: two cases become one, or one becomes two. One transaction each: permission → table → save → sealed
records of both cases → outbox of both. Signals change their case and nothing else: every one stays `in_case`, so the
daily account does not notice."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lianjing.core.outbox.write import emit
from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.incidents.casework import key_of, news_of
from lianjing.domain.incidents.desk_figures import figures_of_company
from lianjing.domain.incidents.joining_policy import SPLIT_AT_MOST, Choice, joining_refusal, splitting_refusal
from lianjing.domain.incidents.joining_work import before_joining, go_on_with_work, take_over_work
from lianjing.domain.incidents.models import Draft, Incident, IncidentEvent, IncidentSignal, State
from lianjing.domain.incidents.moving import (
    Actor,
    BadChoice,
    Missing,
    Refused,
    allow_move,
    finish_move,
    start_move,
    written,
)
from lianjing.domain.incidents.permissions import standing_of
from lianjing.domain.incidents.policy import Refusal, more_urgent
from lianjing.domain.incidents.regrading import graded, keep_regradings, regraded
from lianjing.domain.incidents.retelling import most_urgent_alarm, retell
from lianjing.domain.incidents.waiting import end_hold, end_offer, forget_escalation, wait_from
from lianjing.domain.records.actions import Deed, write_records
from lianjing.terms.codes import LIFE_CLASSES

REASONS_KEPT = 20
OPENED, SPLIT, MERGED, TOOK_IN = "incident.opened", "incident.split", "incident.merged", "incident.took_in"


@transaction.atomic
def merge_incidents(
    incident_id: int, *, into: int, by: Viewer, at: datetime, note: str = "", source: str = ""
) -> Incident:
    """Joins the case into another one, which the person holds; the other must be free or his. Returns that one.

    Signals and system events move. The remaining case has the more urgent class, grade and words of the two, the more
    serious verification, and what was forwarded in either; guards who are out, hand-overs to 110 and duties to report
    go on in it (`joining_work`). The case that ends is closed without a disposition of its own; its key leads to the
    other from now on (`join_keys`), whatever was joined into it before included. Raises `Missing` when the case
    is not the viewer's to see, `BadChoice` ("into") when the other is not, `Forbidden`, or `Refused`.
    """
    ending, remaining = _both(incident_id, into, by)
    allow_move("join", remaining, by)
    refused = joining_refusal(
        standing_of(by, ending),
        same_case=ending.pk == remaining.pk,
        same_company=ending.company_id == remaining.company_id,
        same_place=_same_place(ending, remaining),
        life=_is_of_life(ending, remaining),
    )
    _unless(refused)
    actor, words = Actor(by, at, source), written("note", note)
    count, before, had = ending.signal_count, before_joining(remaining, ending), graded(remaining)
    _take_over(remaining, ending)
    take_over_work(remaining, ending, before)
    _end(ending, remaining, actor)
    after = {"from": ending.pk, "count": count, "class": remaining.event_class, "grade": remaining.grade}
    finish_move(ending, MERGED, actor, {"into": remaining.pk, "count": count, "text": words})
    go_on_with_work(remaining, ending, before, actor)
    keep_regradings(regraded(remaining, had, at))
    return finish_move(remaining, TOOK_IN, actor, after | {"text": words})


def _both(incident_id: int, into: int, by: Viewer) -> tuple[Incident, Incident]:
    """Both cases, locked in the order of their numbers: two who join crosswise must not wait for each other."""
    rows = visible(Incident.objects.all(), by, "incidents.see").select_related(
        "holder", "site", "offered_to", "company__desk_settings"
    )
    found = {
        case.pk: case
        for case in rows.select_for_update(of=("self",), no_key=True).filter(pk__in={incident_id, into}).order_by("pk")
    }
    if incident_id not in found:
        raise Missing(_("没有这件警情。"))
    if into not in found:
        raise BadChoice("into", _("没有编号为 %(number)d 的警情。") % {"number": into})
    return found[incident_id], found[into]


def _same_place(one: Incident, other: Incident) -> bool:
    """Two unknown accounts are at two places that nobody knows."""
    if one.site_id is None:
        return other.site_id is None and one.lane_id == other.lane_id
    return one.site_id == other.site_id


def _is_of_life(*cases: Incident) -> bool:
    if any(case.event_class in LIFE_CLASSES for case in cases):
        return True
    return IncidentSignal.objects.filter(incident__in=cases, treatment__event_class__in=LIFE_CLASSES).exists()


def _unless(refused: Refusal | None) -> None:
    if refused is not None:
        raise Refused(_(refused.sentence) % refused.figures)


def _take_over(remaining: Incident, ending: Incident) -> None:
    """What the remaining case has from the one that ends, in memory; its signals and events in the tables."""
    where = f"（{ending.site.name}）" if ending.site and ending.site_id != remaining.site_id else ""
    fresh = [reason for reason in ending.reasons if reason not in remaining.reasons]
    remaining.reasons = [*remaining.reasons, *fresh, f"并入警情 #{ending.pk}{where}。"][-REASONS_KEPT:]
    if more_urgent(ending.grade, ending.event_class, remaining.grade, remaining.event_class):
        remaining.grade, remaining.event_class = ending.grade, ending.event_class
        remaining.scheme, remaining.code, remaining.qualifier = ending.scheme, ending.code, ending.qualifier
    confirmed = [at for at in (remaining.confirmed_at, ending.confirmed_at) if at is not None]
    remaining.confirmed_at = min(confirmed, default=None)
    remaining.untreated = remaining.untreated or ending.untreated
    IncidentSignal.objects.filter(incident=ending).update(incident=remaining)
    IncidentEvent.objects.filter(incident=ending).update(incident=remaining)
    retell(remaining)
    if remaining.unseen and not ending.acknowledged:
        waited = ending.attention_at
        remaining.attention_at = waited if remaining.acknowledged else min(remaining.attention_at, waited)
    remaining.acknowledged = remaining.unseen == 0
    # Whoever joins a case into this one is at work on it: it is on hold no more.
    end_hold(remaining, remaining.grade)
    remaining.last_signal_at = max(remaining.last_signal_at, ending.last_signal_at)


def _end(ending: Incident, remaining: Incident, actor: Actor) -> None:
    Incident.objects.filter(joined_into=ending).update(joined_into=remaining)
    ending.joined_into = remaining
    ending.state, ending.holder, ending.taken_at = State.CLOSED, None, None
    ending.closed_at, ending.closed_by_id = actor.at, person_id(actor.by)
    ending.signal_count = ending.unseen = 0
    ending.acknowledged = True
    end_hold(ending, ending.grade)
    end_offer(ending)
    forget_escalation(ending)
    Draft.objects.filter(incident=ending).delete()


@transaction.atomic
def split_incident(
    incident_id: int, *, signals: Sequence[int], by: Viewer, at: datetime, note: str = "", source: str = ""
) -> Incident:
    """Makes a case of its own of some signals of a case that the person holds. Returns the new case.

    It has the class, grade and words of its own most urgent alarm and waits for a reaction from now on; what was seen
    stays seen. The case that they leave is graded anew by what is left, which must have an alarm. Later signals of the
    new case's class join it, unless that is the class of the old one's key. Raises `Missing`, `Forbidden`, `Refused`,
    or `BadChoice` ("signals").
    """
    old = start_move("split", incident_id, by)
    wanted, words = set(signals), written("note", note)
    places = list(
        IncidentSignal.objects.filter(incident=old, treatment_id__in=sorted(wanted)[: SPLIT_AT_MOST + 1])
        .select_related("treatment__lane", "treatment__site")
        .order_by("treatment_id")
    )
    refused = splitting_refusal(_choice(old, wanted, places))
    if refused is not None:
        raise BadChoice("signals", _(refused.sentence) % refused.figures)
    new = _new_case(old, places, at)
    IncidentSignal.objects.filter(pk__in=[place.pk for place in places]).update(incident=new)
    retell(new)
    wait_from(new, at, figures_of_company(old.company))
    new.save()
    had = graded(old)
    retell(old, regrade=True)
    keep_regradings(regraded(old, had, at))
    if old.held_until is None:
        old.queue_level = old.grade
    old.acknowledged = old.acknowledged or old.unseen == 0
    actor, moved = Actor(by, at, source), [place.treatment_id for place in places]
    _tell_of_new(new, old, moved, actor)
    finish_move(old, SPLIT, actor, {"signals": moved, "into": new.pk, "text": words})
    return new


def _choice(old: Incident, wanted: set[int], places: Sequence[IncidentSignal]) -> Choice:
    alarms = IncidentSignal.objects.filter(incident=old, is_alarm=True).count()
    return Choice(len(wanted), len(places), sum(place.is_alarm for place in places), alarms)


def _new_case(old: Incident, places: Sequence[IncidentSignal], at: datetime) -> Incident:
    """A case for these places, stored; `retell` gives it the words of its signals."""
    first = most_urgent_alarm([place for place in places if place.is_alarm])
    row = first.treatment
    key = key_of(row)
    if key != old.join_key:
        # What had come with another case goes on with this one.
        Incident.objects.filter(joined_into=old, join_key=key, joinable=True).update(joinable=False)
    return Incident.objects.create(
        company_id=old.company_id,
        site_id=row.site_id,
        lane=row.lane,
        join_key=key,
        joinable=not Incident.objects.filter(join_key=key, joinable=True).exists(),
        event_class=row.event_class,
        grade=row.grade,
        queue_level=row.grade,
        key_site=bool(row.site and row.site.is_key_site),
        opened_at=at,
        attention_at=at,
        last_signal_at=max(place.treatment.received_at for place in places),
        reasons=[f"由警情 #{old.pk} 拆出。"],
    )


def _tell_of_new(new: Incident, old: Incident, moved: list[int], actor: Actor) -> None:
    after = {"class": new.event_class, "grade": new.grade, "split_from": old.pk, "signals": moved}
    deed = Deed(OPENED, "incident", new.pk, new.company_id, after=after)
    write_records([deed], by=actor.by, at=actor.at, source=actor.source)
    emit([news_of(OPENED, new, alarm=False)], at=actor.at)
