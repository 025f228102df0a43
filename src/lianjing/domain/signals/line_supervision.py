"""What `receive` found out about lines becomes the state of paths and, where a person should know, system events."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from lianjing.core.viewer import Viewer, require
from lianjing.domain.signals.books import panel_subject
from lianjing.domain.signals.line_facts import Installed, installations
from lianjing.domain.signals.line_folding import Telling, end_empty_masses, fold
from lianjing.domain.signals.line_policy import ALL_LOST, ONE_LOST, Folding, PathFact, reasons, verdict
from lianjing.domain.signals.models import LineEvent, LineMark, PendingLoss, SystemEvent
from lianjing.domain.signals.system_events import NewEvent, end_events, raise_events
from lianjing.domain.signals.test_periods import TestSpan, test_spans
from lianjing.domain.sites.models import Panel, TransmissionPath
from lianjing.domain.sites.service import contracts_of_sites
from lianjing.terms.codes import EventClass
from lianjing.terms.premises import ContractStanding

BATCH = 500
LATER = timedelta(minutes=15)
"""When what is lost at a site that is on test, or out of service, is looked at again."""
LOST, HEARD = "lost", "heard"
"""As the receiver writes them (core.journal.line_events)."""

Subject = tuple[str, str]
"""Kind and subject of an event."""


def anything_of_lines(viewer: Viewer, at: datetime) -> bool:
    """Whether `follow_lines` has something to do. Read without a lock. Runs as the system."""
    require(viewer, "signals.see", None)
    mark = LineMark.objects.filter(pk=1).values_list("event_id", flat=True).first() or 0
    return LineEvent.objects.filter(pk__gt=mark).exists() or PendingLoss.objects.filter(due_at__lte=at).exists()


@transaction.atomic
def follow_lines(folding: Folding, *, by: Viewer, at: datetime) -> int:
    """Takes in what the receiver has noted of lines, in its order, and tells of losses whose time has come.

    Returns how many moved. One worker at a time: the mark is locked. Runs as the system.
    """
    require(by, "signals.see", None)
    LineMark.objects.get_or_create(pk=1)
    mark = LineMark.objects.filter(pk=1).select_for_update(skip_locked=True, no_key=True).first()
    if mark is None:
        return 0
    events = list(LineEvent.objects.filter(pk__gt=mark.event_id).order_by("pk")[:BATCH])
    panels = _note(events, folding)
    if events:
        mark.event_id = events[-1].pk
        mark.save(update_fields=["event_id"])
    due = PendingLoss.objects.filter(due_at__lte=at).order_by("due_at", "pk")
    due_panels = list(due.values_list("path__panel_id", flat=True)[:BATCH])
    panels.update(due_panels)
    if panels:
        _settle(installations(by, panels, at), folding, by=by, at=at)
    return len(events) + len(due_panels)


def _note(events: Sequence[LineEvent], folding: Folding) -> set[int]:
    """Writes down how paths stand now; the panels that this concerns."""
    latest = {event.path_id: event for event in events}
    paths = TransmissionPath.objects.in_bulk(latest)
    for path in paths.values():
        event = latest[path.pk]
        path.lost_at = event.at if event.kind == LOST else None
        path.last_heard_at = event.at if event.kind == HEARD else event.last_heard_at or path.last_heard_at
    TransmissionPath.objects.bulk_update(paths.values(), ["lost_at", "last_heard_at"])
    lost = [path for path in paths.values() if path.lost_at is not None]
    PendingLoss.objects.filter(pk__in=latest).delete()
    PendingLoss.objects.bulk_create(PendingLoss(path=path, due_at=latest[path.pk].at + folding.wait) for path in lost)
    gone = [event for event in latest.values() if event.path_id not in paths]
    return {path.panel_id for path in paths.values()} | _panels_of(gone)


def _panels_of(events: Sequence[LineEvent]) -> set[int]:
    """The panels of paths that were deleted, by their accounts."""
    if not events:
        return set()
    wanted = {(event.listener, event.account) for event in events}
    rows = Panel.objects.filter(account__in={account for _, account in wanted}, removed_at=None)
    return {
        pk for pk, listener, account in rows.values_list("pk", "listener", "account") if (listener, account) in wanted
    }


def _settle(found: Sequence[Installed], folding: Folding, *, by: Viewer, at: datetime) -> None:
    """Makes the open events of these installations what they should be."""
    ids = {panel for there in found for panel in there.panels}
    rows = SystemEvent.objects.filter(kind__in=(ONE_LOST, ALL_LOST), panel_id__in=ids, ended_at=None)
    open_events = {(row.kind, row.subject): row for row in rows.order_by("pk")}
    put_off = _put_off(found, by, at)
    wanted: dict[Subject, Telling] = {}
    for there in found:
        wanted |= _wanted(there, at)
    ended = end_events(open_events.keys() - wanted.keys(), by=by, at=at)
    _leave_lists(ended, found)
    new = [telling for subject, telling in wanted.items() if subject not in open_events]
    new = [telling for telling in new if telling.there.site.pk not in put_off]
    _raise(new, ended, folding, by=by, at=at)
    end_empty_masses(ended, by=by, at=at)
    told = [path.id for there in found if there.site.pk not in put_off for path in there.told.lost]
    PendingLoss.objects.filter(pk__in=told).delete()
    waits = [path.id for there in found if there.site.pk in put_off for path in there.told.lost]
    PendingLoss.objects.filter(pk__in=waits).update(due_at=at + LATER)


def _leave_lists(ended: Sequence[SystemEvent], found: Sequence[Installed]) -> None:
    """An event that ended because another takes its place has not come back: it leaves the list of its mass loss."""
    still = {panel for there in found if there.told.lost for panel in there.panels}
    replaced = [row.pk for row in ended if row.panel_id in still and row.folded_into_id is not None]
    SystemEvent.objects.filter(pk__in=replaced).update(folded_into=None)


def _raise(new: Sequence[Telling], ended: Sequence[SystemEvent], folding: Folding, *, by: Viewer, at: datetime) -> None:
    """Where something has come back, what is left of the loss stays in the mass loss that it was in. One that was told
    singly, before the mass loss was raised, has a case of its own, which is told."""
    masses = {
        row.panel_id: row.folded_into_id
        for row in ended
        if row.kind == ALL_LOST and row.folded_into_id and row.folded_into_id < row.pk
    }
    fresh, left = [], []
    for telling in new:
        mass = masses.get(telling.there.facts.panel_id) if telling.event.kind == ONE_LOST else None
        if mass is None:
            fresh.append(telling)
        else:
            left.append(replace(telling.event, folded_into=mass, case_knows=True))
    raise_events([*left, *(fold(fresh, folding, by=by, at=at) if fresh else ())], by=by, at=at)


def _wanted(there: Installed, at: datetime) -> dict[Subject, Telling]:
    """One event for all paths when all are lost, else one for each that is."""
    told = there.told
    if told.all_lost:
        return dict([_telling(there, ALL_LOST, panel_subject(told.panel_id), told.lost, at)])
    return dict(_telling(there, ONE_LOST, path_subject(path.id), [path], at) for path in told.lost)


def path_subject(path_id: int) -> str:
    return f"path:{path_id}"


def _telling(
    there: Installed, kind: str, subject: str, lost: Sequence[PathFact], at: datetime
) -> tuple[Subject, Telling]:
    told = there.told
    spoken = {path.id: f"{timezone.localtime(path.lost_at):%m-%d %H:%M:%S}" for path in lost if path.lost_at}
    event = NewEvent(
        kind,
        subject,
        at,
        there.site.company_id,
        site_id=there.site.pk,
        panel_id=told.panel_id if kind == ALL_LOST else lost[0].panel_id,
        grade=int(verdict(told).grade),
        reasons=reasons(told, lost, spoken),
    )
    return (kind, subject), Telling(event, there)


def _put_off(found: Iterable[Installed], by: Viewer, at: datetime) -> set[int]:
    """Sites whose losses nobody is told of now: on test as a whole or for faults, or out of service."""
    sites = {there.site.pk: there for there in found if there.told.lost}
    if not sites:
        return set()
    contracts = contracts_of_sites(by, sites, timezone.localdate(at))
    stopped = {ContractStanding.ENDED.value, ContractStanding.SUSPENDED.value}
    out = {pk for pk, contract in contracts.items() if contract.standing in stopped or contract.over_since is not None}
    tests = test_spans(by, sites, at, at)
    on_test = {pk for pk, spans in tests.items() if any(_covers(span, sites[pk], at) for span in spans)}
    return out | on_test


def _covers(span: TestSpan, there: Installed, at: datetime) -> bool:
    return any(
        span.covers(at, panel_id=panel, zone_id=None, area="", event_class=EventClass.FAULT.value)
        for panel in there.panels
    )
