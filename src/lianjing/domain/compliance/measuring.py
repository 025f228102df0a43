"""What a company's service measured in a period, from the milestones of its cases and the losses of its lines.

Times are those of `reports` (the same milestones, the same percentile rule), narrowed by `compliance.see`, and by what
had happened by the moment: a step that came later counts for nothing. Two things have no history of their own: cases
that are joined later are one case then, and which lines are supervised counts as it is set now.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal

from django.db.models import Min, Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.limit_lines import Measured
from lianjing.domain.incidents.models import CaseTimes, CustomerReport
from lianjing.domain.signals.days import day_bounds
from lianjing.domain.signals.line_policy import ALL_LOST
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.sites.models import Panel, TransmissionPath
from lianjing.terms.alarm_service import Measure

SEE = "compliance.see"
DAYS = 90
"""How far back is measured: long enough for cases to be there, short enough to tell of today's service."""
MILLISECOND = timedelta(milliseconds=1)
AT_ONCE = 10_000
SPANS = {
    Measure.ACKNOWLEDGE: ("queued_at", "viewed_at"),
    Measure.FIRST_ACTION: ("queued_at", "acted_at"),
    Measure.FIRST_CONTACT: ("queued_at", "contacted_at"),
    Measure.VERIFY: ("queued_at", "verified_at"),
    Measure.POLICE: ("queued_at", "police_at"),
    Measure.DISPATCH: ("queued_at", "dispatched_at"),
    Measure.ARRIVE: ("dispatched_at", "arrived_at"),
    Measure.REACH: ("queued_at", "arrived_at"),
}
EVERY_CASE = frozenset({Measure.ACKNOWLEDGE, Measure.FIRST_ACTION})
"""What every case must have: one that still waits for it counts with its waiting."""


@dataclass(frozen=True, slots=True)
class Window:
    """From the first to the last day, as it looked at `moment`."""

    first: date
    last: date
    moment: datetime


def window_of(on: date, moment: datetime) -> Window:
    """`moment`: the end of the day, or until when things are known."""
    return Window(max(on, date(4, 1, 1)) - timedelta(days=DAYS - 1), on, moment)


def measured(viewer: Viewer, company_id: int, window: Window, wanted: Collection[Measure]) -> dict[Measure, Measured]:
    """What was asked for; nothing is read when nothing is."""
    cases = _cases(viewer, company_id, window)
    found = _times(cases, window, [one for one in SPANS if one in wanted])
    if Measure.INFORM in wanted:
        found[Measure.INFORM] = Measured(_informed(cases, window))
    if Measure.AVAILABILITY in wanted:
        found[Measure.AVAILABILITY] = Measured(rate=_availability(viewer, company_id, window))
    return found


def _cases(viewer: Viewer, company_id: int, window: Window) -> "QuerySet[CaseTimes]":
    rows = visible(CaseTimes.objects.filter(company_id=company_id, on_paper=False), viewer, SEE)
    return rows.filter(queued_at__gte=day_bounds(window.first)[0], queued_at__lte=window.moment)


def _times(cases: "QuerySet[CaseTimes]", window: Window, wanted: list[Measure]) -> dict[Measure, Measured]:
    if not wanted:
        return {}
    names = list(dict.fromkeys(name for one in wanted for name in (*SPANS[one], "closed_at")))
    found: dict[Measure, tuple[list[int], list[int]]] = {one: ([], []) for one in wanted}
    for row in cases.order_by().values_list(*names).iterator(chunk_size=AT_ONCE):
        told = {
            name: at if at is not None and at <= window.moment else None for name, at in zip(names, row, strict=True)
        }
        for one in wanted:
            _put(found[one], one, told, window.moment)
    return {one: Measured(sorted(times), sorted(waits)) for one, (times, waits) in found.items()}


def _put(
    kept: tuple[list[int], list[int]], one: Measure, told: Mapping[str, datetime | None], moment: datetime
) -> None:
    since, until = (told[name] for name in SPANS[one])
    if since is not None and until is not None:
        kept[0].append(max(0, (until - since) // MILLISECOND))
    elif since is not None and one in EVERY_CASE and told["closed_at"] is None:
        kept[1].append(max(0, (moment - since) // MILLISECOND))


def _informed(cases: "QuerySet[CaseTimes]", window: Window) -> list[int]:
    """From the queue to the first time that the customer was told what happened."""
    queued = dict(cases.order_by().values_list("incident_id", "queued_at"))
    rows = CustomerReport.objects.filter(told_at__lte=window.moment, incident__times__in=cases)
    first: Iterable[tuple[int, datetime]] = (
        rows.order_by().values("incident_id").annotate(at=Min("told_at")).values_list("incident_id", "at")
    )
    return sorted(max(0, (at - queued[pk]) // MILLISECOND) for pk, at in first if pk in queued)


def _availability(viewer: Viewer, company_id: int, window: Window) -> Decimal | None:
    """Of the hours of supervised panels since they were activated, those in which some path lived; in per cent."""
    starts, ends = day_bounds(window.first)[0], window.moment
    panels = visible(Panel.objects.filter(site__company_id=company_id), viewer, SEE, company_field="site__company_id")
    supervised = TransmissionPath.objects.filter(panel__in=panels, interval_s__isnull=False).values("panel_id")
    watched = panels.filter(Q(removed_at=None) | Q(removed_at__gt=starts), pk__in=supervised, activated_at__lt=ends)
    spans = {
        pk: (since, until) for pk, since, until in watched.values_list("pk", "activated_at", "removed_at") if since
    }
    total = sum((_inside(since, until, starts, ends) for since, until in spans.values()), timedelta())
    if not total:
        return None
    lost = SystemEvent.objects.filter(Q(ended_at=None) | Q(ended_at__gt=starts), kind=ALL_LOST, raised_at__lt=ends)
    away = lost.filter(panel__in=watched).values_list("panel_id", "raised_at", "ended_at")
    gone = sum((_lost(spans[pk], raised, ended, (starts, ends)) for pk, raised, ended in away if pk), timedelta())
    share = Decimal(max(timedelta(), total - gone) // MILLISECOND) * 100 / Decimal(total // MILLISECOND)
    # Never rounded up: what is shown is what is compared.
    return share.quantize(Decimal("0.0001"), ROUND_FLOOR)


def _lost(
    span: tuple[datetime, datetime | None], raised: datetime, ended: datetime | None, bounds: tuple[datetime, datetime]
) -> timedelta:
    since, until = span
    last = min(one for one in (ended, until, bounds[1]) if one is not None)
    return _inside(max(raised, since), last, *bounds)


def _inside(since: datetime, until: datetime | None, starts: datetime, ends: datetime) -> timedelta:
    """Of the span, what lies between `starts` and `ends`."""
    return max(timedelta(), min(until or ends, ends) - max(since, starts))
