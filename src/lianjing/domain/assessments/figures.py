"""Figures of operations by which criteria are scored: their value over the period of an assessment, and of how many.

Those of the whole company are the same for every department and say so; where nothing was measured there is none.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.assessments.models import AssessmentCycle, SupervisionEntry
from lianjing.domain.findings.models import Finding
from lianjing.domain.people.models import Assignment
from lianjing.domain.reports.counts import Ratio, case_counts, site_counts
from lianjing.domain.reports.periods import Period
from lianjing.domain.reports.responses import responses
from lianjing.domain.sites.schedules import workdays
from lianjing.terms.assessments import OperationFigure, SupervisionResult

HUNDREDTH = Decimal("0.01")
F = OperationFigure
TIMES = (F.ACKNOWLEDGE, F.FIRST_ACTION, F.VERIFY, F.DISPATCH)


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` None: nothing was measured. `count`: of how many it was made."""

    value: Decimal | None
    count: int = 0


NONE = Figure(None)
Figures = dict[tuple[str, int], Figure]
"""By figure and department."""


def figures_now(viewer: Viewer, cycle: AssessmentCycle, now: datetime) -> Figures:
    """The figures that the assessment's criteria ask for, for each of its departments, as far as `now`."""
    wanted = {OperationFigure(one.figure) for one in cycle.criteria.lines.all() if one.figure}
    departments = list(cycle.departments.order_by("pk").values_list("department_id", flat=True))
    found: Figures = {(one.value, pk): NONE for one in wanted for pk in departments}
    for figure, value in _of_company(viewer, cycle, wanted, now).items():
        found |= {(figure.value, pk): value for pk in departments}
    for figure, read in _BY_DEPARTMENT.items():
        if figure in wanted:
            mine = read(viewer, cycle)
            found |= {(figure.value, pk): mine[pk] for pk in departments if pk in mine}
    return found


def _of_company(
    viewer: Viewer, cycle: AssessmentCycle, wanted: set[OperationFigure], now: datetime
) -> dict[OperationFigure, Figure]:
    period = Period(cycle.first_on, cycle.last_on, cycle.company_id)
    found: dict[OperationFigure, Figure] = {}
    if wanted.intersection(TIMES):
        times = responses(viewer, period, now=now).times
        for one in TIMES:
            spread = times[one.value]
            found[one] = Figure(_seconds(spread.p80), spread.n)
    if F.FALSE_DISPATCH in wanted:
        found[F.FALSE_DISPATCH] = _share(case_counts(viewer, period).ratios["false_dispatch"])
    if F.AVAILABILITY in wanted:
        found[F.AVAILABILITY] = _share(site_counts(viewer, period, now)["panel_availability"])
    if F.TRAINING in wanted:
        found[F.TRAINING] = _training(viewer, cycle)
    return found


def _seconds(milliseconds: int | None) -> Decimal | None:
    return None if milliseconds is None else (Decimal(milliseconds) / 1000).quantize(HUNDREDTH)


def _share(ratio: Ratio) -> Figure:
    if not ratio.of:
        return NONE
    return Figure((Decimal(str(ratio.part)) * 100 / Decimal(str(ratio.of))).quantize(HUNDREDTH), int(ratio.of))


def _training(viewer: Viewer, cycle: AssessmentCycle) -> Figure:
    """Of what was due in the period and not withdrawn, how much was passed in time."""
    rows = visible(Assignment.objects.filter(company_id=cycle.company_id, withdrawn_at=None), viewer, "assessments.see")
    due = rows.filter(due_on__gte=cycle.first_on, due_on__lte=cycle.last_on)
    told = due.values_list("due_on", "passed_at")
    done = sum(passed is not None and _day(passed) <= due_on for due_on, passed in told)
    return _share(Ratio(done, len(told)))


def _logged_days(viewer: Viewer, cycle: AssessmentCycle) -> dict[int, Figure]:
    """Of the workdays of the period, on how many the department was looked at."""
    calendar = workdays(viewer)
    days = [day for day in _days(cycle.first_on, cycle.last_on) if calendar.is_workday(day)]
    if not days:
        return {}
    logged: dict[int, set[date]] = {}
    for department, day in _entries(viewer, cycle).values_list("department_id", "valid_from"):
        if day is not None:
            logged.setdefault(department, set()).add(day)
    # A department without an entry has no figure: that nobody wrote is not that nobody looked.
    return {pk: _share(Ratio(len(seen.intersection(days)), len(days))) for pk, seen in logged.items()}


def _problems(viewer: Viewer, cycle: AssessmentCycle) -> dict[int, Figure]:
    problem = Count("pk", filter=Q(result=SupervisionResult.PROBLEM.value))
    rows = _entries(viewer, cycle).order_by().values("department_id").annotate(n=Count("pk"), bad=problem)
    return {row["department_id"]: _share(Ratio(row["bad"], row["n"])) for row in rows}


def _overdue(viewer: Viewer, cycle: AssessmentCycle) -> dict[int, Figure]:
    """Of the findings that the department answers for, how many were open and not done at the end of the period, their
    day being over: whatever is done before it is scored changes nothing. None where it had never been given one."""
    end = datetime.combine(cycle.last_on + timedelta(days=1), time.min, timezone.get_default_timezone())
    rows = visible(Finding.objects.filter(company_id=cycle.company_id, raised_at__lt=end), viewer, "assessments.see")
    was_open = Q(closed_at=None) | Q(closed_at__gte=end)
    was_undone = Q(done_at=None) | Q(done_at__gte=end)
    late = Count("pk", filter=was_open & was_undone & Q(due_on__lte=cycle.last_on))
    counted = rows.exclude(department=None).order_by().values("department_id").annotate(n=Count("pk"), late=late)
    return {row["department_id"]: Figure(Decimal(row["late"]), row["n"]) for row in counted}


_BY_DEPARTMENT: dict[OperationFigure, Callable[[Viewer, AssessmentCycle], dict[int, Figure]]] = {
    F.LOGGED_DAYS: _logged_days,
    F.PROBLEMS: _problems,
    F.FINDINGS_OVERDUE: _overdue,
}


def _entries(viewer: Viewer, cycle: AssessmentCycle) -> "QuerySet[SupervisionEntry]":
    rows = visible(SupervisionEntry.objects.filter(company_id=cycle.company_id), viewer, "assessments.see")
    return rows.filter(retracted_at=None, valid_from__gte=cycle.first_on, valid_from__lte=cycle.last_on)


def _days(first: date, last: date) -> Iterable[date]:
    return (date.fromordinal(place) for place in range(first.toordinal(), last.toordinal() + 1))


def _day(at: datetime) -> date:
    return centre_day(at)
