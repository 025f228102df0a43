"""What the product itself notices: raising and ending system events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Viewer, require
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.models import SystemEvent
from lianjing.terms.code_tables import meaning
from lianjing.terms.codes import Scheme

RAISED, ENDED, SHARPENED = "event.raised", "event.ended", "event.sharpened"
"""Outbox topics."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event before it has a row. `kind` is a code of table "LJ"; class and grade are the table's when not given."""

    kind: str
    subject: str
    raised_at: datetime
    company_id: int | None
    site_id: int | None = None
    panel_id: int | None = None
    zone_id: int | None = None
    grade: int | None = None
    reasons: Sequence[str] = field(default_factory=tuple)
    folded_into: int | None = None
    case_knows: bool = False
    """What is left of an event that its case was told of: nobody need be told again."""


@transaction.atomic
def raise_events(events: Sequence[NewEvent], *, by: Viewer, at: datetime) -> list[SystemEvent]:
    """Opens an event for each whose kind and subject has none open; returns those that are new, with their ids.

    Three statements and one for the records, however many. Runs as the system, or for a person who sees the companies'
    signals: at a desk a duress word is heard.
    """
    for company_id in {event.company_id for event in events}:
        require(by, "signals.see", company_id)
    wanted = {(event.kind, event.subject): event for event in events}
    for row in _open(wanted):
        wanted.pop((row.kind, row.subject), None)
    rows = [_row(event) for event in wanted.values()]
    # Another worker may have raised the same one meanwhile: then neither is written here, and the turn is repeated.
    SystemEvent.objects.bulk_create(rows)
    write_records([_deed(RAISED, row) for row in rows], by=by, at=at, source=by.name)
    emit([News(RAISED, row.company_id, {"event": row.pk, "kind": row.kind}) for row in rows], at=at)
    return rows


@transaction.atomic
def end_events(subjects: Iterable[tuple[str, str]], *, by: Viewer, at: datetime) -> list[SystemEvent]:
    """Ends the open events of these kinds and subjects; returns them. Runs as `raise_events` does."""
    rows = _open(subjects)
    for company_id in {row.company_id for row in rows}:
        require(by, "signals.see", company_id)
    SystemEvent.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=at)
    write_records([_deed(ENDED, row) for row in rows], by=by, at=at, source=by.name)
    emit([News(ENDED, row.company_id, {"event": row.pk, "kind": row.kind}) for row in rows], at=at)
    return rows


@transaction.atomic
def sharpen_events(worse: Mapping[int, tuple[int, str]], *, by: Viewer, at: datetime) -> None:
    """Makes open events more urgent, each by its id to a grade and for a reason. Their cases learn it from the events
    that they fold. Runs as the system."""
    require(by, "signals.see", None)
    rows = list(SystemEvent.objects.filter(pk__in=worse, ended_at=None).order_by("pk"))
    for row in rows:
        grade, reason = worse[row.pk]
        row.grade, row.reasons = min(row.grade, grade), [*row.reasons, reason]
    SystemEvent.objects.bulk_update(rows, ["grade", "reasons"])
    write_records([_deed(SHARPENED, row) for row in rows], by=by, at=at, source=by.name)
    emit([News(SHARPENED, row.company_id, {"event": row.pk, "kind": row.kind}) for row in rows], at=at)


def _open(subjects: Iterable[tuple[str, str]]) -> list[SystemEvent]:
    by_kind: dict[str, list[str]] = {}
    for kind, subject in subjects:
        by_kind.setdefault(kind, []).append(subject)
    if not by_kind:
        return []
    named = reduce(or_, (Q(kind=kind, subject__in=named) for kind, named in by_kind.items()))
    return list(SystemEvent.objects.filter(named, ended_at=None).order_by("pk"))


def _row(event: NewEvent) -> SystemEvent:
    told = meaning(Scheme.LIANJING, event.kind, "")
    return SystemEvent(
        company_id=event.company_id,
        site_id=event.site_id,
        panel_id=event.panel_id,
        zone_id=event.zone_id,
        kind=event.kind,
        subject=event.subject,
        event_class=told.event_class.value,
        grade=event.grade or int(told.grade),
        reasons=list(event.reasons),
        raised_at=event.raised_at,
        folded_into_id=event.folded_into,
        case_told_at=event.raised_at if event.case_knows else None,
    )


def _deed(action: str, row: SystemEvent) -> Deed:
    after = {"kind": row.kind, "subject": row.subject, "grade": row.grade, "reasons": row.reasons}
    return Deed(action, "event", row.pk, row.company_id, after)
