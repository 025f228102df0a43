"""What reported during a test and what did not: counted while it runs, written down when it has ended.

Every look is bounded, whatever a mad panel sends: zones are counted by the database, the rest is shown in part.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet
from django.utils.dateparse import parse_datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.signals.admission import after_mark
from lianjing.domain.signals.models import Fate, Signal, TestPeriod, Treatment
from lianjing.domain.sites.models import Zone
from lianjing.terms.codes import ALARM_CLASSES, AddressKind, EventClass, Phase

SETTLED = timedelta(seconds=5)
"""So long after the end a report waits for signals that are still on their way."""
SETTLED_AT_LAST = timedelta(minutes=5)
"""After that it is written in any case: a signal that cannot be treated must not hold it up for ever."""
UNEXPECTED_SHOWN = 50
LOOKED_AT = 2000
"""Signals without a registered zone that are looked at, the latest first."""
INSTANTS = frozenset({"at", "first_at", "last_at"})
PROVING = [*(one.value for one in ALARM_CLASSES - {EventClass.TAMPER}), EventClass.TEST.value]
"""Classes of a signal that a detector was tried with."""
WIDTHS = range(1, 5)
"""A panel may write area 1 as 1, 01, 001 or 0001."""


@dataclass(frozen=True, slots=True)
class ZoneResult:
    """A zone that was to report; `count` 0: it did not."""

    id: int
    account: str
    number: str
    name: str
    kind: str
    count: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unexpected:
    """A signal that nobody expected: of a zone that is not registered (`on_test`), or from outside the test's scope."""

    signal_id: int
    at: datetime
    account: str
    scheme: str
    code: str
    qualifier: str
    address_kind: str
    address: str
    fate: str


@dataclass(frozen=True, slots=True)
class Report:
    """`total` signals of the test: of zones, of zones that nobody registered, and others (arming, status)."""

    heard: tuple[ZoneResult, ...]
    silent: tuple[ZoneResult, ...]
    unexpected: tuple[Unexpected, ...]
    total: int
    outside: int
    """Signals of the site in that time that the test did not cover; they were treated as ever."""


def report_of(viewer: Viewer, test: TestPeriod) -> Report:
    """As of now; of a test whose report is written, that one."""
    if not viewer.scope("signals.see").holds(test.company_id):
        return Report((), (), (), 0, 0)
    if test.report is not None:
        return from_json(test.report)
    covered = covered_rows(test)
    counted = _reported(covered).order_by().values("zone_id")
    figures = {
        row["zone_id"]: row
        for row in counted.annotate(n=Count("pk"), first=Min("received_at"), last=Max("received_at"))
    }
    results = [_result(zone, figures.get(zone.pk)) for zone in _expected(test)]
    outside = _outside(test)
    return Report(
        heard=tuple(zone for zone in results if zone.count),
        silent=tuple(zone for zone in results if not zone.count),
        unexpected=(*_unregistered(covered), *_told(outside.order_by("-pk")[:UNEXPECTED_SHOWN])),
        total=covered.count(),
        outside=outside.count(),
    )


def is_settled(viewer: Viewer, test: TestPeriod, at: datetime) -> bool:
    """Whether all signals from before the test's end are treated, or have been waited for long enough."""
    ended_at = test.ended_at
    if ended_at is None or not viewer.scope("signals.see").holds(test.company_id):
        return False
    if at - ended_at >= SETTLED_AT_LAST:
        return True
    waiting = Treatment.objects.filter(fate=Fate.WAITING, lane__site_id=test.site_id)
    return not waiting.exists() and not after_mark().filter(received_at__lt=ended_at).exists()


def covered_rows(test: TestPeriod) -> "QuerySet[Treatment]":
    """The signals of a test. For those who may see it already."""
    rows = _of_site(test).filter(fate=Fate.ON_TEST)
    if test.panel_id is not None:
        rows = rows.filter(panel_id=test.panel_id)
    if test.by_zones or test.zones.exists():
        rows = rows.filter(zone__in=test.zones.all())
    if test.classes:
        rows = rows.filter(event_class__in=test.classes)
    if test.areas:
        spellings = [area.zfill(width) for area in test.areas for width in WIDTHS]
        rows = rows.filter(Exists(Signal.objects.filter(pk=OuterRef("signal_id"), area__in=spellings)))
    return rows


def _reported(covered: "QuerySet[Treatment]") -> "QuerySet[Treatment]":
    """What shows that a zone's detector reports: its alarm, or the panel's word that the point was tested. An opened
    housing and a restoral come without the detector having seen anything."""
    begun = Signal.objects.filter(pk=OuterRef("signal_id")).exclude(phase=Phase.RESTORED)
    return covered.filter(Exists(begun), zone__address_kind=AddressKind.ZONE.value, event_class__in=PROVING)


def _of_site(test: TestPeriod) -> "QuerySet[Treatment]":
    ends_at = min(test.ends_at, test.ended_at or test.ends_at)
    return Treatment.objects.filter(site_id=test.site_id, received_at__gte=test.starts_at, received_at__lt=ends_at)


def _outside(test: TestPeriod) -> "QuerySet[Treatment]":
    return _of_site(test).exclude(fate__in=[Fate.ON_TEST, Fate.WAITING])


def _expected(test: TestPeriod) -> list[Zone]:
    rows = Zone.objects.filter(panel__site_id=test.site_id, panel__removed_at=None, address_kind=AddressKind.ZONE.value)
    if test.panel_id is not None:
        rows = rows.filter(panel_id=test.panel_id)
    if test.by_zones or test.zones.exists():
        rows = rows.filter(pk__in=test.zones.all())
    if test.areas:
        rows = rows.filter(area__in=test.areas)
    zones = list(rows.select_related("panel"))
    return sorted(zones, key=lambda zone: (zone.panel.account, len(zone.number), zone.number))


def _result(zone: Zone, figures: Mapping[str, Any] | None) -> ZoneResult:
    named = ZoneResult(zone.pk, zone.panel.account, zone.number, zone.name, zone.kind)
    if figures is None:
        return named
    return ZoneResult(
        zone.pk, zone.panel.account, zone.number, zone.name, zone.kind, figures["n"], figures["first"], figures["last"]
    )


def _unregistered(covered: "QuerySet[Treatment]") -> list[Unexpected]:
    """The latest signal of each zone number that nobody has registered."""
    rows = _told(covered.filter(zone=None).order_by("-pk")[:LOOKED_AT])
    named: dict[tuple[str, str], Unexpected] = {}
    for row in rows:
        if row.address_kind == AddressKind.ZONE and row.address.strip("0"):
            named.setdefault((row.account, row.address), row)
    return list(named.values())[:UNEXPECTED_SHOWN]


def _told(rows: "QuerySet[Treatment]") -> list[Unexpected]:
    fates = dict(rows.values_list("pk", "fate"))
    signals = Signal.objects.filter(pk__in=fates).order_by("-pk")
    return [
        Unexpected(
            signal.pk,
            signal.received_at,
            signal.account,
            signal.scheme,
            signal.code,
            signal.qualifier,
            signal.address_kind,
            signal.address,
            fates[signal.pk],
        )
        for signal in signals
    ]


def as_json(report: Report) -> dict[str, Any]:
    """For the column of the test."""
    return {name: _plain(value) for name, value in asdict(report).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value.isoformat() if isinstance(value, datetime) else value


def from_json(told: Mapping[str, Any]) -> Report:
    """As `as_json` wrote it."""
    return Report(
        heard=tuple(ZoneResult(**_timed(row)) for row in told["heard"]),
        silent=tuple(ZoneResult(**row) for row in told["silent"]),
        unexpected=tuple(Unexpected(**_timed(row)) for row in told["unexpected"]),
        total=told["total"],
        outside=told["outside"],
    )


def _timed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: parse_datetime(value) if name in INSTANTS else value for name, value in row.items()}
