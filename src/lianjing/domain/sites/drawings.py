"""Drawings of sites with the zones that have their places on them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.models import Drawing, Zone
from lianjing.terms.codes import AddressKind

MOST_ZONES = 1000
"""Of one site, in a list."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A drawing with its zones, by number."""

    drawing: Drawing
    zones: list[Zone] = field(default_factory=list)


def plans_of(viewer: Viewer, site_id: int) -> list[Plan]:
    """All drawings of a site, oldest first."""
    return _plans(viewer, Drawing.objects.filter(site_id=site_id))


def plans_with(viewer: Viewer, zone_ids: Iterable[int]) -> list[Plan]:
    """The drawings on which any of these zones has its place, with whatever else is on them."""
    ids = set(zone_ids)
    return _plans(viewer, Drawing.objects.filter(zones__in=ids).distinct()) if ids else []


def plan(viewer: Viewer, drawing_id: int) -> Plan | None:
    """With its site; None when there is none for the viewer."""
    return next(iter(_plans(viewer, Drawing.objects.filter(pk=drawing_id))), None)


def _plans(viewer: Viewer, rows: "QuerySet[Drawing]") -> list[Plan]:
    drawings = visible(rows, viewer, "sites.see", company_field="site__company_id")
    found = list(drawings.select_related("site").order_by("pk"))
    zones: dict[int, list[Zone]] = defaultdict(list)
    for zone in _ordered(Zone.objects.filter(drawing__in=found, panel__removed_at=None)):
        zones[zone.drawing_id].append(zone)
    return [Plan(drawing, zones[drawing.pk]) for drawing in found]


def zones_of_site(viewer: Viewer, site_id: int) -> list[Zone]:
    """Zones of the panels in use, with panel and drawing: what can be put on a drawing."""
    rows = visible(Zone.objects.all(), viewer, "sites.see", company_field="panel__site__company_id")
    rows = rows.filter(panel__site_id=site_id, panel__removed_at=None, address_kind=AddressKind.ZONE.value)
    return _ordered(rows)[:MOST_ZONES]


def _ordered(rows: "QuerySet[Zone]") -> list[Zone]:
    """By panel and number, as people count: 2 before 10."""
    zones = list(rows.select_related("panel", "drawing"))
    return sorted(zones, key=lambda zone: (zone.panel_id, len(zone.number), zone.number))
