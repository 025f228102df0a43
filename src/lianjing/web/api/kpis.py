"""Figures of a period, for programs: the same as the page shows."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from lianjing.domain.incidents.moving import BadChoice
from lianjing.domain.reports.counts import Ratio
from lianjing.domain.reports.overview import Overview, overview
from lianjing.domain.reports.policy import COUNTS, GAMING, STANDING, TIMES, Kpi, Rung, Spread
from lianjing.domain.reports.responses import Group
from lianjing.web.api.door import needs, now, viewer_of
from lianjing.web.asked_figures import BadAsk, asked

router = Router()


@router.get("kpis", summary="Figures of a period: spreads of times, limits, load, ratios, what stands now")
@needs("figures.see")
def kpis(
    request: HttpRequest,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    company: str = "",
    by: str = "",
) -> dict[str, Any]:
    """`from` and `to` are days of the centre, both included, a week when they are missing. `by`: up to four of grade,
    hour, weekday, operator, site_kind, with a comma. Times are seconds."""
    viewer = viewer_of(request)
    try:
        wanted = asked(request, viewer)
    except BadAsk as bad:
        raise BadChoice(bad.field, str(bad)) from bad
    return _told(overview(viewer, wanted.period, by=wanted.by, now=now()))


def _told(seen: Overview) -> dict[str, Any]:
    timed = seen.responses
    return {
        "from": seen.period.first,
        "to": seen.period.last,
        "by": list(seen.by),
        "percentiles": "nearest rank",
        "cases": timed.cases,
        "on_paper": timed.paper,
        "times": [{**_kpi(kpi), "unit": "s", **_spread(timed.times[kpi.key])} for kpi in TIMES],
        "groups": [_group(group) for group in timed.groups],
        "groups_left_out": timed.groups_left_out,
        "limits": [_rung(rung) for rung in timed.rungs],
        "limits_are": "own" if timed.limits_are_own else "defaults",
        "figures": [{**_kpi(kpi), **_ratio(seen.ratios[kpi.key])} for kpi in COUNTS if kpi.key in seen.ratios],
        "levels": {str(level): n for level, n in seen.counts.levels.items()},
        "gaming": [{**_kpi(kpi), "n": timed.gaming[kpi.key]} for kpi in GAMING],
        "standing": [{**_kpi(kpi), **asdict(seen.standing[kpi.key])} for kpi in STANDING if seen.whole],
        "false_sites": [asdict(site) for site in seen.counts.false_sites if seen.whole],
    }


def _kpi(kpi: Kpi) -> dict[str, str]:
    return {"key": kpi.key, "name": _(kpi.name), "formula": _(kpi.formula)}


def _spread(told: Spread) -> dict[str, Any]:
    """Without a value there is no figure: null, and `n` is 0."""
    ranks = {name: getattr(told, name) for name in ("p50", "p80", "p95", "p98_5", "max")}
    return {"n": told.n, **{name: None if ms is None else ms / 1000 for name, ms in ranks.items()}}


def _group(group: Group) -> dict[str, Any]:
    times = {key: _spread(told) for key, told in group.times.items()}
    return {"group": {**group.values}, "words": group.words, "cases": group.cases, "times": times}


def _rung(rung: Rung) -> dict[str, Any]:
    share = rung.within / rung.n if rung.n else None
    told = {"classes": rung.group, "seconds": rung.seconds, "wanted": rung.wanted / 1000, "n": rung.n}
    return {**told, "within": rung.within, "share": share, "kept": rung.kept}


def _ratio(ratio: Ratio) -> dict[str, Any]:
    return {"value": ratio.value, "part": ratio.part, "of": ratio.of}
