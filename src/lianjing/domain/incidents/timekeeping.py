"""The one place that writes the times of a case (`CaseTimes`): when it is opened, and at every act on it.

Steps of actions, in their transactions. Always by the server's clock, never by what a panel or a browser says.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Min, Subquery
from django.utils import timezone

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.incidents import milestones
from lianjing.domain.incidents.models import CaseTimes, Incident, IncidentSignal
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


def note_act(incident: Incident, topic: str, told: Mapping[str, Any], *, by: Viewer, at: datetime) -> None:
    """What an act changes in the times of its case; two statements when it changes any, none otherwise."""
    if not milestones.concerns_times(topic):
        return
    times = CaseTimes.objects.filter(pk=incident.pk).first() or late_times(incident)
    apply_act(times, topic, told, person=person_id(by), at=at)
    measure(times)
    times.save()


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
        times.cause_key = milestones.key_of_text(str(told.get("cause", "")))
    elif topic == milestones.CLOSED:
        times.closer_id = person
    elif topic == milestones.REOPENED:
        # It is open again: it has no end, until it gets another one.
        times.closed_at = times.closer_id = None


def late_times(incident: Incident) -> CaseTimes:
    """For a case that was opened without times, as before there were any: by what its rows say."""
    first = IncidentSignal.objects.filter(incident=incident).aggregate(at=Min("treatment__received_at"))["at"]
    kind = Site.objects.filter(pk=incident.site_id).values_list("kind", flat=True).first() if incident.site_id else None
    return open_times(incident, received_at=first or incident.opened_at, site_kind=kind or "")


def pass_times(incident_ids: Iterable[int], company_id: int | None, site_id: int) -> None:
    """The cases have passed to a site: so have their times."""
    kind = Site.objects.filter(pk=site_id).values("kind")[:1]
    moved = CaseTimes.objects.filter(pk__in=incident_ids)
    moved.update(company_id=company_id, site_id=site_id, site_kind=Subquery(kind))
