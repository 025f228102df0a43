"""The supervision log of a month, assessments and what they have come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from lianjing.core.cursors import behind
from lianjing.core.scans import KeptScan, read_scan
from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.assessments.covering import Place, departments_on, people_of
from lianjing.domain.assessments.fixing import ByKind, scores_of, totals_of
from lianjing.domain.assessments.models import (
    AssessmentCycle,
    CriteriaSet,
    CycleDepartment,
    FixedFigure,
    ScoreSheet,
    SupervisionEntry,
    SupervisionLimit,
)
from lianjing.domain.assessments.policy import EVALUATION_MONTHS, GAP_DAYS, SEE, Totals
from lianjing.domain.companies.models import Post
from lianjing.domain.companies.names_now import call_as_now
from lianjing.domain.people.models import StaffMember
from lianjing.domain.records.dated import holding_on, known_at
from lianjing.domain.sites.schedules import workdays
from lianjing.terms.assessments import CycleState, SheetKind, SupervisionResult

LISTED_AT_MOST = 200
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """How often departments are looked at, and how long an evaluation counts. `is_own`: the company has set it."""

    gap_days: int = GAP_DAYS
    evaluation_months: int = EVALUATION_MONTHS
    origin: str = ""
    is_own: bool = False


def limits_at(viewer: Viewer, company_id: int, known: datetime | None = None) -> Limits:
    """As they were set at `known`; before anything was set, ours."""
    if not viewer.scope(SEE).holds(company_id) and not viewer.scope("compliance.see").holds(company_id):
        return Limits()
    row = known_at(SupervisionLimit.objects.filter(company_id=company_id), known).order_by("-pk").first()
    return Limits(row.gap_days, row.evaluation_months, row.origin, True) if row else Limits()


@dataclass(slots=True)
class Cell:
    """A department on a day: how many entries, and how many of them tell of a problem."""

    day: date
    is_workday: bool
    is_ahead: bool
    entries: int = 0
    problems: int = 0


@dataclass(slots=True)
class DepartmentRow:
    """A department over a month. `last_on`: when it was looked at last, in the month or before it."""

    place: Place
    cells: list[Cell]
    last_on: date | None = None
    late_since: date | None = None
    """The first day on which it was longer without an entry than the limit allows; None: it is within."""


@dataclass(frozen=True, slots=True)
class LogMonth:
    """The matrix of a month: departments by days."""

    first: date
    days: list[date]
    rows: list[DepartmentRow]
    limits: Limits


def log_month(viewer: Viewer, company_id: int, month: date, today: date) -> LogMonth:
    """Every department that there is at the end of the month (or today) by the days of the month. Five queries."""
    first = month.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - DAY
    days = [first + place * DAY for place in range((last - first).days + 1)]
    limits, calendar = limits_at(viewer, company_id), workdays(viewer)
    places = departments_on(company_id, min(last, max(today, first))) if viewer.scope(SEE).holds(company_id) else []
    rows = [DepartmentRow(one, [Cell(day, calendar.is_workday(day), day > today) for day in days]) for one in places]
    held = {row.place.id: row for row in rows}
    seen = _seen(viewer, company_id).filter(valid_from__lte=last, retracted_at=None)
    until = min(last, today)
    for department, day, result in seen.filter(valid_from__gte=first - timedelta(days=92)).values_list(
        "department_id", "valid_from", "result"
    ):
        if department in held and day is not None:
            _put(held[department], day, first, result == SupervisionResult.PROBLEM)
    for row in rows:
        row.last_on = row.last_on if row.last_on is None or row.last_on <= until else until
        late = calendar.after(row.last_on, limits.gap_days) + DAY if row.last_on else None
        row.late_since = late if late is not None and late <= until else None
    return LogMonth(first, days, rows, limits)


def _put(row: DepartmentRow, day: date, first: date, is_problem: bool) -> None:
    row.last_on = max(day, row.last_on or day)
    if day >= first:
        cell = row.cells[(day - first).days]
        cell.entries += 1
        cell.problems += is_problem


@dataclass(frozen=True, slots=True)
class EntriesWanted:
    """Which entries of a company. `day` and `department`: of one cell."""

    company_id: int
    first: date
    last: date
    department: int | None = None
    result: str = ""


def entries(
    viewer: Viewer, wanted: EntriesWanted, *, after: int | None = None, limit: int = 50
) -> list[SupervisionEntry]:
    """The latest day first, those that were taken back among them. One query, two behind a cursor."""
    rows = behind(_seen(viewer, wanted.company_id), ("-valid_from", "-id"), after)
    rows = rows.filter(valid_from__gte=wanted.first, valid_from__lte=wanted.last)
    if wanted.department is not None:
        rows = rows.filter(department_id=wanted.department)
    if wanted.result:
        rows = rows.filter(result=wanted.result)
    found = list(rows.select_related("department", "post", "finding")[:limit])
    call_as_now(named for row in found for named in (row.department, row.post))
    return found


def entry_by_id(viewer: Viewer, entry_id: int) -> SupervisionEntry | None:
    """None when there is none for the viewer."""
    rows = visible(SupervisionEntry.objects.all(), viewer, SEE)
    row = rows.select_related("company", "department", "post", "finding").filter(pk=entry_id).first()
    call_as_now([row.department, row.post] if row is not None else [])
    return row


def kept_entry_file(viewer: Viewer, entry: SupervisionEntry) -> KeptScan | None:
    """The file of an entry; None when there is none, or the viewer may not see it."""
    if not viewer.scope(SEE).holds(entry.company_id):
        return None
    return read_scan(entry.scan, entry.scan_sha256)


def _seen(viewer: Viewer, company_id: int) -> "QuerySet[SupervisionEntry]":
    return visible(SupervisionEntry.objects.filter(company_id=company_id), viewer, SEE)


def department_offers(viewer: Viewer, company_id: int, on: date) -> list[tuple[int, str]]:
    """Departments of the day, for a form."""
    if not viewer.scope(SEE).holds(company_id):
        return []
    return [(one.id, one.name) for one in departments_on(company_id, on)]


def post_offers(viewer: Viewer, company_id: int, on: date) -> list[tuple[int, str]]:
    """Posts of the day with their departments, for a form."""
    rows = visible(Post.objects.filter(company_id=company_id), viewer, SEE)
    held = list(holding_on(known_at(rows), on).select_related("department").order_by("department_id", "title", "pk"))
    call_as_now(row.department for row in held)
    return [(row.first_id or row.pk, f"{row.department} · {row.title}") for row in held]


def responsible_offers(viewer: Viewer, company_id: int) -> list[tuple[str, str]]:
    """Who has an account of the company: staff numbers and names, for a form."""
    rows = visible(StaffMember.objects.filter(company_id=company_id, user__isnull=False), viewer, SEE)
    return list(rows.order_by("staff_no").values_list("staff_no", "name")[:LISTED_AT_MOST])


def criteria_sets(viewer: Viewer, company_id: int) -> list[CriteriaSet]:
    """All versions, the latest of each name first. Two queries."""
    rows = visible(CriteriaSet.objects.filter(company_id=company_id), viewer, SEE)
    return list(rows.order_by("name", "-version").prefetch_related("lines")[:LISTED_AT_MOST])


@dataclass(frozen=True, slots=True)
class CycleLine:
    """An assessment in the list. `due_on`: of its next act; `mine`: sheets that wait for the viewer."""

    cycle: AssessmentCycle
    sheets: int
    submitted: int
    mine: int
    due_on: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class CyclesWanted:
    """What to list; empty means whatever."""

    company_id: int | None = None
    state: str = ""


def cycles(
    viewer: Viewer, wanted: CyclesWanted, on: date, *, after: int | None = None, limit: int = 50
) -> list[CycleLine]:
    """The newest first. One query, two behind a cursor."""
    rows = behind(visible(AssessmentCycle.objects.all(), viewer, SEE), ("-id",), after)
    chosen = {"company_id": wanted.company_id, "state": wanted.state}
    rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    standing, me = Q(sheets__returned_at=None, sheets__id__isnull=False), person_id(viewer)
    open_of_mine = standing & Q(sheets__submitted_at=None, sheets__evaluator__user_id=me)
    rows = rows.select_related("company", "criteria", "responsible").annotate(
        all_sheets=Count("sheets", filter=standing),
        sent=Count("sheets", filter=standing & Q(sheets__submitted_at__isnull=False)),
        of_mine=Count("sheets", filter=open_of_mine),
    )
    return [_line(row, on) for row in rows[:limit]]


def due_of(cycle: AssessmentCycle) -> date | None:
    """By when its next act is expected."""
    if cycle.state in (CycleState.DRAFT, CycleState.OPEN):
        return cycle.sheets_due_on
    return cycle.analysis_due_on if cycle.state in (CycleState.SCORED, CycleState.ANALYSED) else None


def _line(row: AssessmentCycle, on: date) -> CycleLine:
    told, due = vars(row), due_of(row)
    mine = told["of_mine"] if row.state == CycleState.OPEN else 0
    return CycleLine(row, told["all_sheets"], told["sent"], mine, due, due is not None and due < on)


@dataclass(frozen=True, slots=True)
class Result:
    """A department of an assessment: its sheets by kind, its figures, and what it has come to so far."""

    covered: CycleDepartment
    sheets: dict[str, ScoreSheet]
    figures: dict[int, FixedFigure]
    scores: ByKind
    totals: Totals


@dataclass(frozen=True, slots=True)
class CyclePage:
    """An assessment with everything that its page shows."""

    cycle: AssessmentCycle
    results: list[Result]
    returned: list[ScoreSheet] = field(default_factory=list)

    @property
    def missing(self) -> list[ScoreSheet]:
        sheets = (sheet for result in self.results for sheet in result.sheets.values())
        return [sheet for sheet in sheets if sheet.submitted_at is None]


def cycle_by_id(viewer: Viewer, cycle_id: int) -> AssessmentCycle | None:
    """None when there is none for the viewer."""
    rows = visible(AssessmentCycle.objects.all(), viewer, SEE).select_related("company", "criteria", "responsible")
    return rows.prefetch_related("criteria__lines").filter(pk=cycle_id).first()


def cycle_page(viewer: Viewer, cycle_id: int) -> CyclePage | None:
    """As many queries however many departments."""
    cycle = cycle_by_id(viewer, cycle_id)
    if cycle is None:
        return None
    covered = list(cycle.departments.order_by("pk"))
    rows = cycle.sheets.select_related("department", "by_department", "evaluator").order_by("pk")
    sheets, figures = list(rows), _figures(cycle.figures.select_related("criterion"))
    told, scores = totals_of(cycle), scores_of(cycle)
    results = [
        Result(
            one,
            {row.kind: row for row in sheets if row.department_id == one.department_id and row.returned_at is None},
            figures.get(one.department_id, {}),
            scores.get(one.department_id, {}),
            told[one.department_id],
        )
        for one in covered
    ]
    return CyclePage(cycle, results, [row for row in sheets if row.returned_at is not None])


def _figures(rows: Iterable[FixedFigure]) -> dict[int, dict[int, FixedFigure]]:
    found: dict[int, dict[int, FixedFigure]] = {}
    for row in rows:
        found.setdefault(row.department_id, {})[row.criterion_id] = row
    return found


def sheet_by_id(viewer: Viewer, sheet_id: int) -> ScoreSheet | None:
    """A sheet with its assessment; None when there is none for the viewer."""
    rows = visible(ScoreSheet.objects.all(), viewer, SEE, company_field="cycle__company_id")
    joined = ("cycle__criteria", "cycle__company", "department", "by_department", "evaluator")
    return rows.select_related(*joined).filter(pk=sheet_id).first()


def evaluator_offers(viewer: Viewer, sheet: ScoreSheet, on: date) -> Sequence[tuple[str, str]]:
    """Who may be named, for a form: of the department that scores, who scores for no other, and not his own."""
    if not viewer.scope(SEE).holds(sheet.cycle.company_id):
        return []
    people = people_of(sheet.cycle.company_id, on)
    barred = set(people.get(sheet.department_id, [])) if sheet.kind == SheetKind.MUTUAL else set()
    taken = sheet.cycle.sheets.filter(returned_at=None).exclude(by_department=None)
    elsewhere = set(taken.exclude(by_department=sheet.by_department_id).values_list("evaluator_id", flat=True))
    mine = people.get(sheet.by_department_id or 0, [])
    return [(one.staff_no, one.name) for one in mine if one not in barred and one.pk not in elsewhere]


def sheets_waiting(viewer: Viewer, on: date) -> tuple[int, int]:
    """How many sheets wait for the viewer himself, and how many of them are late. One query."""
    me = person_id(viewer)
    if me is None:
        return 0, 0
    rows = visible(ScoreSheet.objects.all(), viewer, SEE, company_field="cycle__company_id")
    rows = rows.filter(submitted_at=None, returned_at=None, evaluator__user_id=me, cycle__state=CycleState.OPEN.value)
    told = rows.aggregate(n=Count("pk"), late=Count("pk", filter=Q(cycle__sheets_due_on__lt=on)))
    return told["n"], told["late"]


def cycles_due(viewer: Viewer, on: date) -> list[AssessmentCycle]:
    """Assessments whose next act is late. One query."""
    before = Q(state__in=(CycleState.DRAFT.value, CycleState.OPEN.value), sheets_due_on__lt=on)
    after = Q(state__in=(CycleState.SCORED.value, CycleState.ANALYSED.value), analysis_due_on__lt=on)
    rows = visible(AssessmentCycle.objects.filter(before | after), viewer, SEE)
    return list(rows.select_related("company").order_by("sheets_due_on", "pk")[:LISTED_AT_MOST])
