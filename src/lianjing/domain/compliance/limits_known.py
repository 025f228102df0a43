"""Limits and capabilities of a company as they hold on a day, with what its service measured, for clauses 4.3 and 7."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.equipment_known import Days, capable_spans
from lianjing.domain.compliance.limit_lines import CapabilityKnown, Compared, LimitKnown
from lianjing.domain.compliance.limit_policy import converted
from lianjing.domain.compliance.looking_ahead import Ahead, Span, ends
from lianjing.domain.compliance.measuring import Happened, happened, window_of
from lianjing.domain.compliance.models import CapabilityFact, ServiceLimit
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.records.dated import known_at
from lianjing.terms.alarm_service import Comparison, Measure, ServiceHeading
from lianjing.terms.verdicts import Confidence

SEE = "compliance.see"
DECADES = 36_500
"""Days: who may wait so long waits for ever."""


def compared(viewer: Viewer, company_id: int, on: date, known: datetime | None, clause: str) -> Compared:
    """What one of the two clauses is judged by."""
    return compared_ahead(viewer, company_id, Span(on, on), known, clause).on(on)


def compared_ahead(viewer: Viewer, company_id: int, span: Span, known: datetime | None, clause: str) -> Ahead[Compared]:
    """The same on each day of a span, read once."""
    file = limit_file(viewer, company_id, span, known)
    return Ahead(lambda day: replace(file.on(day), clause=clause), file.days(span, clause))


@dataclass(frozen=True, slots=True)
class LimitFile:
    """Limits and capabilities as they were known, whatever their days, and what happened. `serves`: when the pieces
    served of which a capability is recorded."""

    limits: Sequence[tuple[Days, LimitKnown]]
    capabilities: Sequence[tuple[Days, int | None, CapabilityKnown]]
    serves: Mapping[int, Sequence[Days]]
    happened: Happened
    known: datetime | None

    def on(self, day: date) -> Compared:
        """Before a clause is named: the same for both."""
        limits = [one for days, one in self.limits if _holds(days, day)]
        window = window_of(day, end_of(day, self.known))
        found = self.happened.measured(window, _measures(limits))
        return Compared("", window.first, window.last, limits, self._capable(day), found)

    def _capable(self, day: date) -> list[CapabilityKnown]:
        """As they were recorded; what is about a piece of the register counts while that serves."""
        holding = ((piece, one) for days, piece, one in self.capabilities if _holds(days, day))
        return [one for piece, one in holding if piece is None or self._serves(piece, day)]

    def _serves(self, piece: int, day: date) -> bool:
        return any(_holds(days, day) for days in self.serves.get(piece, ()))

    def days(self, span: Span, clause: str) -> set[date]:
        """On which the clause may turn: something entered by hand begins or ends, a case comes into the measured days,
        leaves them, or waits too long, or the share of hours passes a limit."""
        mine = [(days, one) for days, one in self.limits if one.heading.clause == clause]
        entered = [days for days, _one in mine]
        entered += [days for days, _piece, _one in self.capabilities]
        entered += [days for served in self.serves.values() for days in served]
        limits = [one for _days, one in mine]
        found = {day for begins, over in entered for day in ends(begins, over)}
        return found | self.happened.days(_allowed(limits)) | set(self._rate_passes(span, limits))

    def _rate_passes(self, span: Span, limits: Iterable[LimitKnown]) -> Iterable[date]:
        asked = [one.limit for one in limits if one.measure == Measure.AVAILABILITY and one.limit is not None]
        before: list[bool] | None = None
        for day in span.days if asked else ():
            rate = self.happened.rate(window_of(day, end_of(day, self.known)))
            kept = None if rate is None else [rate >= limit for limit in asked]
            if kept != before:
                yield day
            before = kept


def _holds(days: Days, day: date) -> bool:
    begins, over = days
    return (begins is None or begins <= day) and (over is None or day <= over)


def _measures(limits: Iterable[LimitKnown]) -> set[Measure]:
    """What is measured of the service for them."""
    return {one.measure for one in limits if one.limit is not None} - {Measure.RECORDED}


def _allowed(limits: Iterable[LimitKnown]) -> dict[Measure, list[timedelta]]:
    """How long each measure of time may take."""
    found: dict[Measure, list[timedelta]] = defaultdict(list)
    for one in limits:
        if one.limit is not None and one.measure.is_time and one.measure != Measure.RECORDED:
            most = converted(one.limit, one.unit, "ms") or Decimal(0)
            found[one.measure].append(min(timedelta(milliseconds=1) * int(most), timedelta(days=DECADES)))
    return found


@once_a_sweep
def limit_file(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> LimitFile:
    """For every day of a span; read once for both clauses."""
    limits = _limits(viewer, company_id, known)
    first, moment = window_of(span.first, end_of(span.first, known)), end_of(span.last, known)
    wanted = _measures(one for days, one in limits if _touches(days, span))
    found = happened(viewer, company_id, first, moment, wanted) if wanted else Happened()
    capabilities = _capabilities(viewer, company_id, known)
    served = capable_spans(viewer, company_id, known) if any(piece for _days, piece, _one in capabilities) else {}
    return LimitFile(limits, capabilities, served, found, known)


def _touches(days: Days, span: Span) -> bool:
    begins, over = days
    return (begins is None or begins <= span.last) and (over is None or over >= span.first)


def _limits(viewer: Viewer, company_id: int, known: datetime | None) -> list[tuple[Days, LimitKnown]]:
    """By heading, then as they were entered."""
    rows = known_at(visible(ServiceLimit.objects.filter(company_id=company_id), viewer, SEE), known)
    return [((row.valid_from, row.valid_until), _limit(row)) for row in rows.order_by("heading", "pk")]


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


def _capabilities(
    viewer: Viewer, company_id: int, known: datetime | None
) -> list[tuple[Days, int | None, CapabilityKnown]]:
    mine = visible(CapabilityFact.objects.filter(company_id=company_id), viewer, SEE)
    rows = list(known_at(mine, known).order_by("pk"))
    threads = _threads(mine.order_by("pk").values_list("pk", "replaces")) if rows else {}
    return [
        ((row.valid_from, row.valid_until), row.equipment_id, _capability(row, threads.get(row.pk, row.pk)))
        for row in rows
    ]


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
