"""The one place that writes the times of a case (`CaseTimes`): when it is opened, and at every recorded act on it.

Steps of actions, in their transactions. Always by the server's clock, never by what a panel or a browser says.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from django.db.models import Min, Subquery
from django.utils import timezone

from lianjing.core.bulk import update_rows
from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.incidents import milestones
from lianjing.domain.incidents.models import CaseTimes, FormerTimes, Incident, IncidentSignal
from lianjing.domain.incidents.policy import URGENCY
from lianjing.domain.records.actions import Deed
from lianjing.domain.sites.models import Site


def open_times(incident: Incident, *, received_at: datetime, site_kind: str, on_paper: bool = False) -> CaseTimes:
    """The times of a case that has just been opened, not stored yet. `received_at`: of its first signal."""
    local = timezone.localtime(incident.opened_at, timezone.get_default_timezone())
    times = CaseTimes(
        incident=incident,
        company_id=incident.company_id,
        site_id=incident.site_id,
        site_kind=site_kind,
        event_class=incident.event_class,
        grade=incident.grade,
        hour=local.hour,
        weekday=local.weekday(),
        on_paper=on_paper,
        received_at=received_at,
        queued_at=incident.opened_at,
    )
    measure(times)
    return times


def measure(times: CaseTimes) -> None:
    """Sets what follows from the milestones that are there; of times by hand nothing does."""
    if times.on_paper:
        return
    for lapse in milestones.LAPSES:
        setattr(times, lapse.name, milestones.lapse_ms(getattr(times, lapse.since), getattr(times, lapse.until)))
    times.viewed_slot = milestones.slot_of(times.viewed_at, milestones.LOAD_SLOT)
    times.closed_slot = milestones.slot_of(times.closed_at, milestones.CLOSE_SLOT)


def keep_times(times: Iterable[CaseTimes]) -> None:
    """Stores the times of newly opened cases, one statement for all."""
    CaseTimes.objects.bulk_create(times)


def note_deeds(deeds: Sequence[Deed], by: Viewer, at: datetime) -> None:
    """What recorded acts change in the times of their cases: two statements when they change any, none otherwise; one
    more where cases are joined or opened again, for what their times said until then.

    Called by `write_records`, so that no act is missed, whoever records it (`apps.py`).
    """
    acts = [deed for deed in deeds if deed.subject_type == "incident" and _concerns(deed)]
    if not acts:
        return
    merged = {
        int(str(deed.subject_id)): (deed.after or {}).get("into") for deed in acts if deed.action == milestones.MERGED
    }
    ids = {int(str(deed.subject_id)) for deed in acts} | {int(into) for into in merged.values() if into}
    known = CaseTimes.objects.in_bulk(ids)
    late = _late(ids - known.keys())
    keep_former(_restated(acts, known | late), at)
    for deed in acts:
        times = known.get(int(str(deed.subject_id))) or late[int(str(deed.subject_id))]
        apply_act(times, deed.action, deed.after or {}, person=person_id(by), at=at)
        measure(times)
    for ended, into in merged.items():
        if into:
            take_over(known.get(into) or late[into], known.get(ended) or late[ended], at)
    keep_times(late.values())
    update_rows(CaseTimes, known.values(), _COLUMNS)
    if merged:
        # It goes on in another case, and is counted there.
        CaseTimes.objects.filter(pk__in=list(merged)).delete()


_COLUMNS = [field.attname for field in CaseTimes._meta.concrete_fields if not field.primary_key]


def _restated(acts: Sequence[Deed], times: Mapping[int, CaseTimes]) -> list[CaseTimes]:
    """Those whose times will say something else of what has been: both of two that are joined, and one that is opened
    again."""
    found = {int(str(deed.subject_id)) for deed in acts if deed.action in (milestones.MERGED, milestones.REOPENED)}
    found |= {
        int(into) for deed in acts if deed.action == milestones.MERGED and (into := (deed.after or {}).get("into"))
    }
    return [times[pk] for pk in sorted(found)]


def keep_former(rows: Sequence[CaseTimes], at: datetime) -> None:
    """Keeps what these times say until `at`, and notes in them, not saved, that they say so no longer."""
    told = ("incident_id", "company_id", "since", "queued_at", *milestones.MOMENTS)
    FormerTimes.objects.bulk_create(
        FormerTimes(until=at, **{name: getattr(times, name) for name in told}) for times in rows if not times.on_paper
    )
    for times in rows:
        times.since = at


def _concerns(deed: Deed) -> bool:
    """A case that a person makes, out of another's signals, has no times yet; those that intake makes have."""
    if deed.action == milestones.OPENED:
        return "split_from" in (deed.after or {})
    return milestones.concerns_times(deed.action)


def _late(ids: Set[int]) -> dict[int, CaseTimes]:
    if not ids:
        return {}
    return {incident.pk: late_times(incident) for incident in Incident.objects.filter(pk__in=ids)}


def apply_act(times: CaseTimes, topic: str, told: Mapping[str, Any], *, person: int | None, at: datetime) -> None:
    """Sets the milestones that the act reaches, as far as they are empty, and what is noted beside them."""
    for name in milestones.moments_of(topic, told):
        if getattr(times, name) is None:
            setattr(times, name, at)
    if milestones.is_pick_up(topic):
        times.picked_up_at = at
        times.operator_id = times.operator_id or person
    elif topic == milestones.HELD:
        times.holds += 1
        times.quick_holds += milestones.is_quick_hold(times.picked_up_at, at)
    elif topic == milestones.DISPOSED:
        text = str(told.get("cause", "")).strip()
        times.cause_key = milestones.key_of_text(text) if text else None
    elif topic == milestones.CLOSED:
        times.closer_id = person
    elif topic == milestones.REOPENED:
        # It is open again: it has no end, until it gets another one.
        times.closed_at = times.closer_id = None


_CLOCK = ("received_at", "queued_at", "hour", "weekday", "event_class", "grade")


def take_over(times: CaseTimes, ended: CaseTimes, at: datetime) -> None:
    """Two cases have become one: it is judged by the more urgent of the two, from when that began, the first in time of
    two alike; what happened in either counts once. Whoever joins them sees it then at the latest."""
    if _judged_first(ended) < _judged_first(times):
        for name in _CLOCK:
            setattr(times, name, getattr(ended, name))
    for name in milestones.MOMENTS:
        both = getattr(times, name), getattr(ended, name)
        setattr(times, name, milestones.first_of_two(name, *both, times.queued_at))
    times.viewed_at = times.viewed_at or at
    picked_up = [at for at in (times.picked_up_at, ended.picked_up_at) if at is not None]
    times.picked_up_at = max(picked_up, default=None)
    times.operator_id = times.operator_id or ended.operator_id
    times.holds, times.quick_holds = times.holds + ended.holds, times.quick_holds + ended.quick_holds
    measure(times)


def _judged_first(times: CaseTimes) -> tuple[int, int, datetime]:
    return times.grade, _URGENCY.index(times.event_class), times.queued_at


_URGENCY = [each.value for each in URGENCY]


def late_times(incident: Incident) -> CaseTimes:
    """For a case that was opened without times, as before there were any: by what its rows say."""
    first = IncidentSignal.objects.filter(incident=incident).aggregate(at=Min("treatment__received_at"))["at"]
    kind = Site.objects.filter(pk=incident.site_id).values_list("kind", flat=True).first() if incident.site_id else None
    return open_times(incident, received_at=first or incident.opened_at, site_kind=kind or "")


def pass_times(incident_ids: Iterable[int], company_id: int | None, site_id: int, at: datetime) -> None:
    """The cases have passed to a site: so have their times, which are on record as the company's since `at`."""
    kind = Site.objects.filter(pk=site_id).values("kind")[:1]
    moved = CaseTimes.objects.filter(pk__in=incident_ids)
    moved.update(company_id=company_id, site_id=site_id, site_kind=Subquery(kind), since=at)
