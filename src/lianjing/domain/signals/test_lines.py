"""Tests in force and past, as lists and their own page show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.signals.models import TestPeriod
from lianjing.domain.signals.test_reports import Report, covered_rows, report_of
from lianjing.domain.sites.models import Zone


@dataclass(frozen=True, slots=True)
class TestLine:
    """A test as lists and its page show it."""

    id: int
    company_id: int
    company_name: str
    site_id: int
    site_name: str
    panel_id: int | None
    account: str
    listener: str
    zones: tuple[tuple[str, str], ...]
    """Number and name."""
    by_zones: bool
    areas: tuple[str, ...]
    classes: tuple[str, ...]
    reason: str
    asked_by: str
    checked_how: str
    started_by: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    ended_by: str
    reported_at: datetime | None

    @property
    def over_at(self) -> datetime:
        return min(self.ends_at, self.ended_at or self.ends_at)

    def runs(self, at: datetime) -> bool:
        return self.ended_at is None and at < self.ends_at


def _rows(viewer: Viewer) -> "QuerySet[TestPeriod]":
    rows = visible(TestPeriod.objects.all(), viewer, "signals.see")
    return rows.select_related("site", "company", "panel").prefetch_related("zones").defer("report")


def running_tests(viewer: Viewer, at: datetime, *, site_id: int | None = None, limit: int = 500) -> list[TestLine]:
    """What is on test, the next to end first; of one site or of all."""
    rows = _rows(viewer).filter(ended_at=None, ends_at__gt=at)
    if site_id is not None:
        rows = rows.filter(site_id=site_id)
    return _lines(rows.order_by("ends_at", "pk")[:limit])


def running_count(viewer: Viewer, at: datetime) -> int:
    """How many tests run."""
    rows = visible(TestPeriod.objects.all(), viewer, "signals.see")
    return rows.filter(ended_at=None, ends_at__gt=at).count()


def past_tests(viewer: Viewer, at: datetime, *, after: int | None = None, limit: int = 50) -> list[TestLine]:
    """Tests that have ended, the latest begun first, from before `after` (a test's id)."""
    rows = _rows(viewer).exclude(ended_at=None, ends_at__gt=at)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return _lines(rows.order_by("-pk")[:limit])


def ending_soon(viewer: Viewer, at: datetime, limit: int = 5) -> list[TestLine]:
    """Tests of whose end the desks were warned: they end within minutes. Short ones are not warned of."""
    rows = _rows(viewer).filter(ended_at=None, ends_at__gt=at, warned_at__gt=F("starts_at"))
    return _lines(rows.order_by("ends_at", "pk")[:limit])


@dataclass(frozen=True, slots=True)
class TestPage:
    """All that the page of a test shows, but for its signals."""

    line: TestLine
    report: Report


def page_of_test(viewer: Viewer, test_id: int) -> TestPage | None:
    """None when it is not the viewer's to see."""
    rows = visible(TestPeriod.objects.all(), viewer, "signals.see")
    test = rows.select_related("site", "company", "panel").prefetch_related("zones").filter(pk=test_id).first()
    return TestPage(_line(test), report_of(viewer, test)) if test else None


def signals_of_test(viewer: Viewer, test_id: int, limit: int = 50) -> list[int]:
    """The latest signals of a test, newest first."""
    test = visible(TestPeriod.objects.all(), viewer, "signals.see").filter(pk=test_id).first()
    if test is None:
        return []
    return list(covered_rows(test).order_by("-received_at", "-pk").values_list("pk", flat=True)[:limit])


def covering_tests(viewer: Viewer, site_id: int, at: datetime) -> "QuerySet[TestPeriod]":
    """Tests of a site that ran at that instant."""
    rows = visible(TestPeriod.objects.filter(site_id=site_id), viewer, "signals.see")
    return rows.filter(starts_at__lte=at, ends_at__gt=at).order_by("pk").prefetch_related("zones")


def _lines(rows: "QuerySet[TestPeriod]") -> list[TestLine]:
    return [_line(row) for row in rows]


def _line(row: TestPeriod) -> TestLine:
    zones: Sequence[Zone] = row.zones.all()
    return TestLine(
        id=row.pk,
        company_id=row.company_id,
        company_name=row.company.name,
        site_id=row.site_id,
        site_name=row.site.name,
        panel_id=row.panel_id,
        account=row.panel.account if row.panel else "",
        listener=row.panel.listener if row.panel else "",
        zones=tuple((zone.number, zone.name) for zone in sorted(zones, key=lambda z: (len(z.number), z.number))),
        by_zones=row.by_zones or bool(zones),
        areas=tuple(row.areas),
        classes=tuple(row.classes),
        reason=row.reason,
        asked_by=row.asked_by,
        checked_how=row.checked_how,
        started_by=row.started_by,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        reported_at=row.reported_at,
    )
