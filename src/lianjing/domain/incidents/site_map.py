"""Where sites are and how they stand: what the map shows. Few queries, however many sites."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Min, Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.models import Incident, State
from lianjing.domain.signals.models import ArmingState, TestPeriod
from lianjing.domain.sites.models import Panel, Site, TransmissionPath
from lianjing.terms.codes import Grade


class Standing(StrEnum):
    """How a site stands, the most urgent first: it is shown by the first that fits."""

    CASE_1 = "case1"
    CASE_2 = "case2"
    CASE_3 = "case3"
    CASE_4 = "case4"
    """An open case of that grade."""
    LOST = "lost"
    """A transmission path is lost."""
    TEST = "test"
    DISARMED = "disarmed"
    PARTLY = "partly"
    """Some of its areas are armed, or armed 留守."""
    ARMED = "armed"
    UNKNOWN = "unknown"
    """No panel of it has told."""
    BARE = "bare"
    """No panel is in use there."""


MOST_STANDINGS = 10_000
"""Sites of one standing that are told at a time; past it the map says that there are more."""


@dataclass(frozen=True, slots=True)
class SitePoint:
    """A site on the map; `armed` is how it stands when nothing else is to be said of it."""

    id: int
    name: str
    longitude: float | None
    latitude: float | None
    division: str
    armed: Standing


def site_points(viewer: Viewer, after: int, limit: int) -> list[SitePoint]:
    """Up to `limit` sites with a greater id than `after`, by id: three queries."""
    rows = visible(Site.objects.filter(pk__gt=after), viewer, "sites.see").order_by("pk")
    fields = ("pk", "name", "longitude", "latitude", "division")
    found = list(rows.values_list(*fields)[:limit])
    if not found:
        return []
    armed = _armed(viewer, found[0][0], found[-1][0])
    return [SitePoint(*row, armed=armed.get(row[0], Standing.BARE)) for row in found]


def sites_like(viewer: Viewer, site_ids: Iterable[int]) -> list[SitePoint]:
    """These sites, in the order of the ids that are the viewer's."""
    wanted = list(site_ids)
    rows = visible(Site.objects.filter(pk__in=wanted), viewer, "sites.see")
    by_id = {row[0]: row for row in rows.values_list("pk", "name", "longitude", "latitude", "division")}
    armed = _armed(viewer, min(by_id), max(by_id)) if by_id else {}
    return [SitePoint(*by_id[pk], armed=armed.get(pk, Standing.BARE)) for pk in wanted if pk in by_id]


def _armed(viewer: Viewer, first: int, last: int) -> dict[int, Standing]:
    """By site, of those whose ids are in between; sites without a panel in use are left out."""
    panels = Panel.objects.filter(removed_at=None, site__gte=first, site__lte=last)
    panels = visible(panels, viewer, "sites.see", company_field="site__company_id")
    told: dict[int, set[Standing]] = defaultdict(set)
    for site_id in panels.values_list("site_id", flat=True).distinct():
        told[site_id] = set()
    states = ArmingState.objects.filter(panel__in=panels)
    for site_id, armed, partly in states.values_list("panel__site_id", "armed", "partly"):
        told[site_id].add(Standing.PARTLY if armed and partly else Standing.ARMED if armed else Standing.DISARMED)
    return {site_id: _together(standings) for site_id, standings in told.items()}


def _together(areas: set[Standing]) -> Standing:
    if not areas:
        return Standing.UNKNOWN
    return next(iter(areas)) if len(areas) == 1 else Standing.PARTLY


@dataclass(frozen=True, slots=True)
class Standings:
    """The sites of which more is to be said than whether they are armed, each once. `cut`: there are more."""

    sites: dict[Standing, list[int]]
    cut: bool

    def of(self, point: SitePoint) -> Standing:
        return next((standing for standing, ids in self.sites.items() if point.id in ids), point.armed)


def standings(viewer: Viewer, at: datetime) -> Standings:
    """Open cases, lost paths and tests of the viewer's sites: three queries."""
    found: dict[Standing, list[int]] = {}
    seen: set[int] = set()
    cut = False
    for standing, ids in _read(viewer, at):
        cut = cut or len(ids) > MOST_STANDINGS
        fresh = [pk for pk in ids[:MOST_STANDINGS] if pk not in seen]
        seen.update(fresh)
        found[standing] = fresh
    return Standings(found, cut)


def _read(viewer: Viewer, at: datetime) -> Iterable[tuple[Standing, list[int]]]:
    """By urgency."""
    graded: dict[int, list[int]] = defaultdict(list)
    for site_id, grade in _graded(viewer):
        graded[grade].append(site_id)
    for grade in Grade:
        yield Standing(f"case{int(grade)}"), graded[int(grade)]
    yield Standing.LOST, _ids(_lost(viewer))
    yield Standing.TEST, _ids(_on_test(viewer, at))


def _graded(viewer: Viewer) -> Iterable[tuple[int, int]]:
    """Sites with open cases, each with the most urgent of its grades."""
    rows = visible(Incident.objects.exclude(state=State.CLOSED), viewer, "incidents.see")
    rows = (
        rows.exclude(site=None).values("site_id").annotate(most_urgent=Min("grade")).order_by("most_urgent", "site_id")
    )
    return rows.values_list("site_id", "most_urgent")[: len(Grade) * (MOST_STANDINGS + 1)]


def _lost(viewer: Viewer) -> "QuerySet[TransmissionPath, int]":
    rows = visible(TransmissionPath.objects.all(), viewer, "sites.see", company_field="panel__site__company_id")
    rows = rows.filter(lost_at__isnull=False, panel__removed_at=None)
    return rows.values_list("panel__site_id", flat=True)


def _on_test(viewer: Viewer, at: datetime) -> "QuerySet[TestPeriod, int]":
    rows = visible(TestPeriod.objects.filter(starts_at__lte=at, ends_at__gt=at), viewer, "sites.see")
    return rows.filter(Q(ended_at=None) | Q(ended_at__gt=at)).values_list("site_id", flat=True)


def _ids(rows: "QuerySet[TransmissionPath, int] | QuerySet[TestPeriod, int]") -> list[int]:
    """One more than are told, so that a cut is noticed."""
    return list(rows.distinct().order_by()[: MOST_STANDINGS + 1])
