"""Bringing journal signals into treatment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from lianjing.core.refusals import Missing
from lianjing.core.viewer import Viewer, require
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.models import (
    ClassesState,
    Classification,
    CodeOverride,
    IntakeMark,
    Lane,
    ReadingChange,
    Signal,
    Treatment,
)
from lianjing.domain.signals.policy import lane_key, meant_class
from lianjing.domain.sites.models import Zone
from lianjing.domain.sites.policy import normal_account, normal_number
from lianjing.domain.sites.queries import PanelPlace, panel_places, zone_names
from lianjing.terms.codes import AddressKind, EventClass, Grade

LATE_COMMIT = timedelta(seconds=60)
"""On PostgreSQL an id may become visible after a higher one; the journal's own deadline for a commit is far below."""

TOGETHER = 200
"""Signals admitted in one transaction."""


def admit_signals(signals: Sequence[Signal], *, by: Viewer, at: datetime, in_turn: bool = True) -> int:
    """Gives each signal its treatment row (fate `waiting`) with site, zone, class and grade; returns how many are new.

    Runs as the system; safe to repeat, and to do twice at once: a signal's number is its row's key. All is read before
    anything is written, and written in short transactions, each complete in itself: operators wait for the same lock.
    The number of reads does not grow with the batch. `in_turn`: whether all before them are admitted already.
    """
    require(by, "signals.see", None)
    panels = panel_places(by, {(s.listener, s.account) for s in signals})
    zones = zone_names(by, {p.panel_id for p in panels.values()})
    overrides = _overrides({p.company_id for p in panels.values()})
    lanes = _lanes(signals, panels)
    rows = [_treatment(s, panels.get(_account(s)), zones, overrides, lanes) for s in signals]
    settled_at = at if in_turn else None
    return sum(_admit(rows[first : first + TOGETHER], settled_at) for first in range(0, len(rows), TOGETHER))


@transaction.atomic
def _admit(rows: Sequence[Treatment], settled_at: datetime | None) -> int:
    before = Treatment.objects.filter(signal_id__in=[r.signal_id for r in rows]).count()
    Treatment.objects.bulk_create(rows, ignore_conflicts=True)
    if settled_at is not None:
        _advance_mark(rows[-1].signal_id, settled_at)
    return len(rows) - before


def _account(signal: Signal) -> tuple[str, str]:
    return signal.listener, normal_account(signal.account)


def _overrides(company_ids: set[int]) -> dict[tuple[int, str, str], CodeOverride]:
    return {(o.company_id, o.scheme, o.code): o for o in CodeOverride.objects.filter(company_id__in=company_ids)}


def _lanes(signals: Sequence[Signal], panels: dict[tuple[str, str], PanelPlace]) -> dict[tuple[str, str], Lane]:
    wanted: dict[tuple[str, str], Lane] = {}
    for account in {_account(s) for s in signals}:
        panel = panels.get(account)
        site_id = panel.site_id if panel else None
        key = lane_key(site_id, *account)
        wanted[account] = (
            Lane(key=key, site_id=site_id) if panel else Lane(key=key, listener=account[0], account=account[1])
        )
    stored = _stored_lanes(lane.key for lane in wanted.values())
    missing = {lane.key: lane for lane in wanted.values() if lane.key not in stored}
    if missing:
        # Another worker may make the same ones meanwhile: what counts is what is stored.
        Lane.objects.bulk_create(missing.values(), ignore_conflicts=True)
        stored |= _stored_lanes(missing)
    return {account: stored[lane.key] for account, lane in wanted.items()}


def _stored_lanes(keys: Iterable[str]) -> dict[str, Lane]:
    return {lane.key: lane for lane in Lane.objects.filter(key__in=set(keys))}


def _treatment(
    signal: Signal,
    panel: PanelPlace | None,
    zones: dict[tuple[int, str, str], Zone],
    overrides: dict[tuple[int, str, str], CodeOverride],
    lanes: dict[tuple[str, str], Lane],
) -> Treatment:
    row = Treatment(
        signal_id=signal.pk,
        frame_id=signal.frame_id,
        received_at=signal.received_at,
        lane=lanes[_account(signal)],
        event_class=signal.event_class,
        grade=signal.grade,
    )
    if panel is None:
        return row
    row.panel_id, row.site_id, row.company_id = panel
    row.zone = zones.get((panel.panel_id, signal.address_kind, normal_number(signal.address)))
    own = overrides.get((panel.company_id, signal.scheme, signal.code))
    if own is not None:
        row.event_class, row.grade = own.event_class, own.grade
    if row.zone is not None and row.zone.address_kind == AddressKind.ZONE:
        row.event_class, row.grade = meant_class(row.event_class, row.grade, signal.phase, row.zone.kind)
    return row


def _advance_mark(last: int, at: datetime) -> None:
    """Moves the start of the search behind what is surely admitted; `last` is the last signal that was."""
    mark, _ = IntakeMark.objects.get_or_create(pk=1)
    settled = last if _nothing_can_appear(mark.signal_id, last) else _long_visible(last, at)
    if settled is not None:
        IntakeMark.objects.filter(pk=1, signal_id__lt=settled).update(signal_id=settled)


def _nothing_can_appear(mark: int, last: int) -> bool:
    """Between mark and last. SQLite has one writer and ids in the order of commits; elsewhere no number may be missing,
    which keeps the search short in a storm."""
    if connection.vendor == "sqlite":
        return True
    return Signal.objects.filter(pk__gt=mark, pk__lte=last).count() == last - mark


def _long_visible(last: int, at: datetime) -> int | None:
    # Not behind the last one: an urgent signal may have been admitted before others that still wait.
    seen = Signal.objects.filter(pk__lte=last, received_at__lt=at - LATE_COMMIT)
    admitted = seen.filter(Exists(Treatment.objects.filter(signal_id=OuterRef("pk"))))
    return admitted.order_by("-received_at", "-pk").values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True)
class CodeReading:
    """A company's reading of one code."""

    scheme: str
    code: str
    event_class: EventClass
    grade: Grade


def override_code(company_id: int, reading: CodeReading, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Sets a company's own class and grade for a code; later signals follow it. The change is kept with its time, and
    with the classification in force then. Raises Forbidden without the right."""
    require(by, "signals.override_codes", company_id)
    after = {"class": reading.event_class.value, "grade": int(reading.grade)}
    with transaction.atomic():
        old = CodeOverride.objects.filter(company_id=company_id, scheme=reading.scheme, code=reading.code).first()
        before = {"class": old.event_class, "grade": old.grade} if old else None
        CodeOverride.objects.update_or_create(
            company_id=company_id,
            scheme=reading.scheme,
            code=reading.code,
            defaults={"event_class": reading.event_class.value, "grade": int(reading.grade)},
        )
        if before != after:
            _keep_change(company_id, (reading.scheme, reading.code), after, by, at)
        name = f"{reading.scheme}:{reading.code}"
        deed = Deed("code.overridden", "code", name, company_id, before=before, after=after)
        write_records([deed], by=by, at=at, source=source)


@transaction.atomic
def restore_code(company_id: int, scheme: str, code: str, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Takes a company's own reading of a code away: later signals follow the table. Raises Forbidden, or Missing when
    it has none."""
    require(by, "signals.override_codes", company_id)
    old = CodeOverride.objects.filter(company_id=company_id, scheme=scheme, code=code).first()
    if old is None:
        raise Missing(f"reading of {scheme} {code}")
    before = {"class": old.event_class, "grade": old.grade}
    old.delete()
    _keep_change(company_id, (scheme, code), {"class": "", "grade": None}, by, at)
    deed = Deed("code.restored", "code", f"{scheme}:{code}", company_id, before=before)
    write_records([deed], by=by, at=at, source=source)


def _keep_change(company_id: int, place: tuple[str, str], after: Mapping[str, Any], by: Viewer, at: datetime) -> None:
    version = Classification.objects.filter(company_id=company_id, state=ClassesState.IN_FORCE).first()
    ReadingChange.objects.create(
        company_id=company_id,
        scheme=place[0],
        code=place[1],
        event_class=after["class"],
        grade=after["grade"],
        classification=version,
        changed_at=at,
        changed_by=by.name[:150],
    )
