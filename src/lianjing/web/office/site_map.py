"""地图: all sites of the viewer and how they stand. The points come once, the standings again and again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.incidents.site_map import SitePoint, Standing, Standings, site_points, sites_like, standings
from lianjing.domain.sites.geo import Position, gcj02_of_wgs84
from lianjing.terms.divisions import division_words
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager
from lianjing.web.words import GRADE_SHAPES

POINTS_AT_MOST = 5_000
POINTS_USUALLY = 2_000

SHAPES: dict[Standing, str] = {
    Standing.CASE_1: GRADE_SHAPES[1],
    Standing.CASE_2: GRADE_SHAPES[2],
    Standing.CASE_3: GRADE_SHAPES[3],
    Standing.CASE_4: GRADE_SHAPES[4],
    Standing.LOST: "✕",
    Standing.TEST: "T",
    Standing.DISARMED: "□",
    Standing.PARTLY: "◧",
    Standing.ARMED: "■",
    Standing.UNKNOWN: "?",
    Standing.BARE: "–",
}
WORDS: dict[Standing, Promise] = {
    Standing.CASE_1: _("一级警情"),
    Standing.CASE_2: _("二级警情"),
    Standing.CASE_3: _("三级警情"),
    Standing.CASE_4: _("四级警情"),
    Standing.LOST: _("线路失联"),
    Standing.TEST: _("测试中"),
    Standing.DISARMED: _("撤防"),
    Standing.PARTLY: _("部分布防"),
    Standing.ARMED: _("布防"),
    Standing.UNKNOWN: _("布防情况未知"),
    Standing.BARE: _("没有设备"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of the legend."""

    name: str
    shape: str
    words: Promise


LEGEND = [Mark(standing.value, SHAPES[standing], WORDS[standing]) for standing in Standing]


@dataclass(frozen=True, slots=True)
class Line:
    """A site in the list that needs no script."""

    point: SitePoint
    mark: Mark
    division: str


@needs("sites.see")
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    context = surroundings(request, "map")
    known, after = standings(viewer, now), asked_id(request)
    found = site_points(viewer, after or 0, PAGE + 1)
    lines = _lines(found[:PAGE], known)
    if after is None:
        urgent = [pk for ids in known.sites.values() for pk in ids][:PAGE]
        lines = [*_lines(sites_like(viewer, urgent), known), *(line for line in lines if line.point.id not in urgent)]
    tiles = settings.ENVIRONMENT.tiles
    context |= {"legend": LEGEND, "lines": lines, "tiles": tiles, "cut": known.cut}
    context |= pager(request, found[PAGE - 1].id if len(found) > PAGE else None)
    context["site_href"] = reverse("office:site", args=[0])
    return show(request, "office/map.html", context)


def _lines(points: Iterable[SitePoint], known: Standings) -> list[Line]:
    marks = {mark.name: mark for mark in LEGEND}
    return [Line(point, marks[known.of(point)], division_words(point.division)) for point in points]


@needs("sites.see")
@require_safe
def map_points(request: HttpRequest) -> HttpResponse:
    """`?after=&limit=`. Rows are arrays, since there are many: id, name, longitude, latitude, division, standing."""
    viewer = viewer_of(request)
    limit = min(asked_id(request, "limit") or POINTS_USUALLY, POINTS_AT_MOST)
    found = site_points(viewer, asked_id(request) or 0, limit + 1)
    points, more = found[:limit], len(found) > limit
    return _answer(
        {
            "sites": [_row(point) for point in points],
            "divisions": {code: _names(code) for code in sorted({p.division for p in points if p.division})},
            "next": points[-1].id if more else None,
        }
    )


def _row(point: SitePoint) -> list[Any]:
    place = _shown(point)
    east, north = (round(place.longitude, 6), round(place.latitude, 6)) if place else (None, None)
    return [point.id, point.name, east, north, point.division, point.armed]


def _shown(point: SitePoint) -> Position | None:
    """Where it belongs on the tiles that are shown."""
    if point.longitude is None or point.latitude is None:
        return None
    place = Position(point.longitude, point.latitude)
    tiles = settings.ENVIRONMENT.tiles
    return gcj02_of_wgs84(place) if tiles is not None and tiles.is_shifted else place


def _names(code: str) -> list[str]:
    """Of its city, and of itself within the city."""
    city, whole = division_words(code[:4] + "00") or division_words(code[:2] + "0000"), division_words(code)
    province = division_words(code[:2] + "0000")
    return [city.removeprefix(province) or province, whole.removeprefix(city) or whole]


@needs("sites.see")
@require_safe
def map_standings(request: HttpRequest) -> HttpResponse:
    """Of which sites more is to be said than whether they are armed: ids by standing."""
    known = standings(viewer_of(request), timezone.now())
    return _answer({"standings": {standing.value: ids for standing, ids in known.sites.items()}, "cut": known.cut})


def _answer(told: dict[str, Any]) -> HttpResponse:
    return JsonResponse(
        told,
        headers={"Cache-Control": "no-store"},
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )
