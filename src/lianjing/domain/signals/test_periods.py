"""Which test periods cover a signal."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.signals.models import TestPeriod

NO_ZONE = frozenset({0})
"""A set of zones that none is in."""


@dataclass(frozen=True, slots=True)
class TestSpan:
    """A test period as the pipeline sees it. Empty sets name nothing: the whole site is meant."""

    id: int
    starts_at: datetime
    ends_at: datetime
    panel_id: int | None
    zone_ids: frozenset[int]
    areas: frozenset[str]
    classes: frozenset[str]
    started_by: str
    asked_by: str
    reason: str

    def covers(self, at: datetime, *, panel_id: int | None, zone_id: int | None, area: str, event_class: str) -> bool:
        """Whether a signal of that instant and place is a test signal."""
        return (
            self.starts_at <= at < self.ends_at
            and (self.panel_id is None or self.panel_id == panel_id)
            and (not self.zone_ids or zone_id in self.zone_ids)
            and (not self.areas or area in self.areas)
            and (not self.classes or event_class in self.classes)
        )


def test_spans(viewer: Viewer, site_ids: Iterable[int], since: datetime, until: datetime) -> dict[int, list[TestSpan]]:
    """Test periods of these sites that touch the time from `since` to `until`: two queries, however many sites."""
    rows = visible(TestPeriod.objects.filter(site_id__in=set(site_ids)), viewer, "sites.see")
    rows = rows.filter(starts_at__lte=until, ends_at__gt=since).filter(Q(ended_at=None) | Q(ended_at__gt=since))
    spans: dict[int, list[TestSpan]] = defaultdict(list)
    for row in rows.prefetch_related("zones").order_by("pk"):
        spans[row.site_id].append(span_of(row))
    return spans


def span_of(row: TestPeriod) -> TestSpan:
    """The row as the pipeline compares it."""
    return TestSpan(
        id=row.pk,
        starts_at=row.starts_at,
        ends_at=min(row.ends_at, row.ended_at or row.ends_at),
        panel_id=row.panel_id,
        zone_ids=frozenset(zone.pk for zone in row.zones.all()) or (NO_ZONE if row.by_zones else frozenset()),
        areas=frozenset(row.areas),
        classes=frozenset(row.classes),
        started_by=row.started_by,
        asked_by=row.asked_by,
        reason=row.reason,
    )
