"""Limits and capabilities of a company as they hold on a day, with what its service measured, for clauses 4.3 and 7."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.equipment_known import capable_days, serving_on
from lianjing.domain.compliance.limit_lines import CapabilityKnown, Compared, LimitKnown
from lianjing.domain.compliance.looking_ahead import Span, ends
from lianjing.domain.compliance.measuring import DAYS, measured, window_of
from lianjing.domain.compliance.models import CapabilityFact, ServiceLimit
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.records.dated import holding_on, known_at
from lianjing.terms.alarm_service import Comparison, Measure, ServiceHeading
from lianjing.terms.verdicts import Confidence

SEE = "compliance.see"
WINDOW = timedelta(days=DAYS)


def compared(viewer: Viewer, company_id: int, on: date, known: datetime | None, clause: str) -> Compared:
    """What one of the two clauses is judged by."""
    return replace(service_compared(viewer, company_id, on, known), clause=clause)


@once_a_sweep
def service_compared(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Compared:
    """The same before one of them is named: read once for both."""
    limits = limits_on(viewer, company_id, on, known)
    window = window_of(on, end_of(on, known))
    wanted = {one.measure for one in limits if one.limit is not None} - {Measure.RECORDED}
    found = measured(viewer, company_id, window, wanted) if wanted else {}
    capabilities = capabilities_on(viewer, company_id, on, known)
    return Compared("", window.first, window.last, limits, capabilities, found)


def turning_days(viewer: Viewer, company_id: int, span: Span, known: datetime | None, clause: str) -> set[date]:
    """The days of a span on which one of the two clauses may turn. What is measured of the service slides with every
    day, as far as what has happened by now can be measured; after that, and without a limit for it, there are only
    beginnings and ends of what was entered by hand."""
    limits = known_at(visible(ServiceLimit.objects.filter(company_id=company_id), viewer, SEE), known)
    facts = known_at(visible(CapabilityFact.objects.filter(company_id=company_id), viewer, SEE), known)
    mine = [one.value for one in ServiceHeading if one.clause == clause]
    asked = list(limits.filter(heading__in=mine).values_list("measure", "limit", "valid_from", "valid_until"))
    slides = any(limit is not None and measure != Measure.RECORDED for measure, limit, *_days in asked)
    since = max(span.first, centre_day())
    sliding = {day for day in span.days if day - since <= WINDOW} if slides else set[date]()
    spans = [
        *((begins, over) for _measure, _limit, begins, over in asked),
        *facts.values_list("valid_from", "valid_until"),
        *capable_days(viewer, company_id, known),
    ]
    return sliding | {day for begins, over in spans for day in ends(begins, over)}


def limits_on(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> list[LimitKnown]:
    """By heading, then as they were entered."""
    rows = visible(ServiceLimit.objects.filter(company_id=company_id), viewer, SEE)
    rows = holding_on(known_at(rows, known), on).order_by("heading", "pk")
    return [_limit(row) for row in rows]


def _limit(row: ServiceLimit) -> LimitKnown:
    return LimitKnown(
        row.pk,
        ServiceHeading(row.heading),
        Measure(row.measure),
        Comparison(row.comparison),
        row.limit,
        row.unit,
        row.share,
        row.item,
        row.edition,
        row.source_clause,
        Confidence(row.confidence),
    )


def capabilities_on(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> list[CapabilityKnown]:
    """As they were recorded; what is about a piece of the register counts while that serves."""
    mine = visible(CapabilityFact.objects.filter(company_id=company_id), viewer, SEE)
    rows = list(holding_on(known_at(mine, known), on).order_by("pk"))
    pieces = {row.equipment_id for row in rows if row.equipment_id is not None}
    serving = serving_on(viewer, company_id, on, known, pieces)
    rows = [row for row in rows if row.equipment_id is None or row.equipment_id in serving]
    threads = _threads(mine.order_by("pk").values_list("pk", "replaces")) if rows else {}
    return [_capability(row, threads.get(row.pk, row.pk)) for row in rows]


def _capability(row: CapabilityFact, thread: int) -> CapabilityKnown:
    heading, begins = ServiceHeading(row.heading), row.valid_from or date.min
    subject = row.subject if row.equipment_id is None else f"#{row.equipment_id}"
    return CapabilityKnown(row.pk, heading, row.item, subject, row.figure, row.unit, begins, thread)


def _threads(pairs: Iterable[tuple[int, int | None]]) -> dict[int, int]:
    """For each row the first of those that were corrected into it."""
    found: dict[int, int] = {}
    for pk, replaces in pairs:
        found[pk] = found.get(replaces, replaces) if replaces else pk
    return found
