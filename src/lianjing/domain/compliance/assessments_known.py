"""Supervision and assessments of a company as they were known, for the clauses of 8.3: read once, asked for any day."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min

from lianjing.core.viewer import Viewer, visible
from lianjing.core.workdays import Workdays
from lianjing.domain.assessments.models import AssessmentCycle, CycleDepartment, ScoreSheet, SupervisionEntry
from lianjing.domain.assessments.policy import next_scored_by
from lianjing.domain.assessments.queries import Limits, limits_at
from lianjing.domain.companies.models import Department
from lianjing.domain.compliance.looking_ahead import Span
from lianjing.domain.compliance.moments import day_of, end_of
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.records.dated import known_at
from lianjing.domain.sites.schedules import workdays
from lianjing.terms.assessments import CyclePeriod, SheetKind

SEE = "compliance.see"
CYCLES_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class DepartmentKnown:
    """A department on the day; `since`: the first day on which there was one."""

    id: int
    name: str
    since: date


@dataclass(frozen=True, slots=True)
class CycleKnown:
    """An assessment that was scored. `evaluated`: which kinds of sheets were handed in for each department."""

    id: int
    name: str
    period: CyclePeriod
    last_on: date
    scored_at: datetime
    analysed_at: datetime | None
    closed_at: datetime | None
    analysis_due_on: date
    evaluated: Mapping[int, frozenset[str]]

    @property
    def scored_on(self) -> date:
        return day_of(self.scored_at)

    @property
    def until(self) -> date:
        """The last day on which the company is in the rhythm that this assessment has set."""
        return next_scored_by(self.last_on, self.period)


@dataclass(frozen=True, slots=True)
class Assessments:
    """What the three clauses judge by on a day. `last_entries`: by department the day on which it was looked at last;
    `began`: the first day of the log; `moment`: what came later counts for nothing."""

    on: date
    moment: datetime
    departments: tuple[DepartmentKnown, ...]
    last_entries: Mapping[int, date]
    began: date | None
    cycles: tuple[CycleKnown, ...]
    limits: Limits
    calendar: Workdays


@dataclass(frozen=True, slots=True)
class AssessmentRows:
    """Everything for the days of a span."""

    known: datetime | None
    departments: list[Department]
    earlier: Mapping[int, date]
    """By department the last entry before the span."""
    entries: Mapping[int, list[date]]
    """By department the days of the span with an entry, in order."""
    began: date | None
    cycles: list[CycleKnown]
    limits: Limits
    calendar: Workdays

    def on(self, day: date) -> Assessments:
        moment = end_of(day, self.known)
        last = {pk: found for pk in {*self.earlier, *self.entries} if (found := self._last(pk, day)) is not None}
        began = self.began if self.began is not None and self.began <= day else None
        cycles = tuple(one for one in self.cycles if one.scored_at <= moment)
        places = tuple(_departments(self.departments, day))
        return Assessments(day, moment, places, last, began, cycles, self.limits, self.calendar)

    def _last(self, department: int, day: date) -> date | None:
        days = self.entries.get(department, [])
        place = bisect_right(days, day)
        return days[place - 1] if place else self.earlier.get(department)


@once_a_sweep
def assessments_known(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Assessments:
    """As they were on the day, by what was known at `known`."""
    return assessment_rows(viewer, company_id, Span(on, on), known).on(on)


@once_a_sweep
def assessment_rows(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> AssessmentRows:
    """For all days of a span: eight queries."""
    log = known_at(visible(SupervisionEntry.objects.filter(company_id=company_id), viewer, SEE), known).order_by()
    inside = log.filter(valid_from__gte=span.first, valid_from__lte=span.last)
    before = log.filter(valid_from__lt=span.first).values("department_id").annotate(last=Max("valid_from"))
    entries: dict[int, list[date]] = {}
    for pk, day in inside.values_list("department_id", "valid_from").distinct().order_by("valid_from"):
        if day is not None:
            entries.setdefault(pk, []).append(day)
    return AssessmentRows(
        known,
        list(known_at(visible(Department.objects.filter(company_id=company_id), viewer, SEE), known)),
        {row["department_id"]: row["last"] for row in before},
        entries,
        log.aggregate(first=Min("valid_from"))["first"],
        _cycles(viewer, company_id, end_of(span.last, known)),
        limits_at(viewer, company_id, known),
        workdays(viewer, known),
    )


def _departments(rows: Iterable[Department], day: date) -> Iterable[DepartmentKnown]:
    """Those that there are on the day, the first day of any of their rows being their own."""
    began: dict[int, date] = {}
    held: dict[int, Department] = {}
    for row in rows:
        first, begins = row.first_id or row.pk, row.valid_from or date.min
        began[first] = min(begins, began.get(first, begins))
        if begins <= day and (row.valid_until is None or day <= row.valid_until):
            held[first] = row
    ordered = sorted(held.items(), key=lambda one: (one[1].kind, one[1].name, one[0]))
    return (DepartmentKnown(pk, row.name, began[pk]) for pk, row in ordered)


def _cycles(viewer: Viewer, company_id: int, moment: datetime) -> list[CycleKnown]:
    """The latest that were scored, the latest first, with what was handed in for each department."""
    mine = visible(AssessmentCycle.objects.filter(company_id=company_id), viewer, SEE)
    rows = list(mine.filter(scored_at__lte=moment).order_by("-scored_at", "-pk")[:CYCLES_AT_MOST])
    evaluated: dict[int, dict[int, set[str]]] = {row.pk: {} for row in rows}
    for cycle, pk in CycleDepartment.objects.filter(cycle__in=rows).values_list("cycle_id", "department_id"):
        evaluated[cycle][pk] = set()
    sheets = ScoreSheet.objects.filter(cycle__in=rows, submitted_at__isnull=False, returned_at=None)
    for cycle, pk, kind in sheets.values_list("cycle_id", "department_id", "kind"):
        evaluated[cycle].setdefault(pk, set()).add(kind)
    return [_cycle(row, evaluated[row.pk]) for row in rows]


def _cycle(row: AssessmentCycle, evaluated: Mapping[int, set[str]]) -> CycleKnown:
    assert row.scored_at is not None  # noqa: S101 only those are read
    return CycleKnown(
        row.pk,
        row.name,
        CyclePeriod(row.period),
        row.last_on,
        row.scored_at,
        row.analysed_at,
        row.closed_at,
        row.analysis_due_on,
        {pk: frozenset(kinds) for pk, kinds in evaluated.items()},
    )


BOTH = frozenset({SheetKind.SELF.value, SheetKind.MUTUAL.value})
"""What clause 8.3.2 asks for."""
