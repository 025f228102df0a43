"""The list of findings, one of them, and what they add up to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet

from lianjing.core.cursors import behind
from lianjing.core.scans import KeptScan, read_scan
from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.companies.names_now import call_as_now
from lianjing.domain.findings.models import ENDED, Finding
from lianjing.domain.findings.policy import EDIT, SEE, is_bad, is_overdue
from lianjing.domain.people.holders import at_work_on
from lianjing.domain.people.models import StaffMember
from lianjing.terms.findings import FindingGrade, FindingState

OPEN_TAB, ENDED_TAB, ALL_TAB = "open", "ended", "all"
TABS = (OPEN_TAB, "mine", "overdue", "verify", "check", ENDED_TAB, ALL_TAB)
"""What may be listed: what is not ended, what is the viewer's own, what is late, what waits for somebody else's eyes,
what is to be looked at whether it worked, what is closed or dismissed, everything."""
_ORDERS = {
    ENDED_TAB: ("-closed_at", "-id"),
    ALL_TAB: ("-id",),
    "check": ("check_on", "id"),
}
BY_URGENCY = ("next_on", "grade_rank", "id")
OFFERED_AT_MOST = 2000
AVERAGE_OVER = timedelta(days=365)
DUE_AT_MOST = 500
_CHECK_PLANNED = Q(check_on__isnull=False, effect="")
_LATE_STATES = (FindingState.ASSIGNED.value, FindingState.IN_PROGRESS.value)


@dataclass(frozen=True, slots=True)
class FindingsWanted:
    """What to list. `owner`: a staff number; `clause`: the number of one."""

    tab: str = OPEN_TAB
    state: str = ""
    grade: str = ""
    source: str = ""
    owner: str = ""
    clause: str = ""
    text: str = ""
    company_id: int | None = None


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as a list shows it. `days_left` until its day, 0 on it; None where no day counts any more."""

    finding: Finding
    is_late: bool
    days_left: int | None
    source_bad: bool
    """Its source says that it is still not good."""


def findings(
    viewer: Viewer, wanted: FindingsWanted, on: date, *, after: int | None = None, limit: int = 50
) -> list[FindingLine]:
    """What is most urgent first; what has ended and everything by the latest. One query, two behind a cursor."""
    rows = behind(visible(Finding.objects.all(), viewer, SEE), _ORDERS.get(wanted.tab, BY_URGENCY), after)
    rows = _narrowed(rows.filter(_of_tab(viewer, wanted.tab, on)), wanted)
    found = list(rows.select_related("owner", "company", "department")[:limit])
    call_as_now(row.department for row in found)
    return [_line(row, on) for row in found]


def tab_counts(viewer: Viewer, on: date, company_id: int | None = None) -> dict[str, int]:
    """How many stand under each tab, whatever else is chosen. One query."""
    rows = visible(Finding.objects.all(), viewer, SEE)
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    return rows.aggregate(**{tab: Count("pk", filter=_of_tab(viewer, tab, on)) for tab in TABS})


def finding_by_id(viewer: Viewer, finding_id: int, on: date) -> FindingLine | None:
    """One with its people and what came before it; None when there is none for the viewer."""
    rows = visible(Finding.objects.all(), viewer, SEE)
    row = rows.select_related("company", "owner", "department", "previous").filter(pk=finding_id).first()
    call_as_now([row.department] if row is not None else [])
    return _line(row, on) if row is not None else None


def kept_proof(viewer: Viewer, finding: Finding) -> KeptScan | None:
    """The file that shows that it was done; None when there is none, or the viewer may not see it."""
    if not viewer.scope(SEE).holds(finding.company_id):
        return None
    return read_scan(finding.proof_file, finding.proof_sha256)


@dataclass(frozen=True, slots=True)
class FindingFigures:
    """Open ones by grade, how many are late, and how long it took to close one, over a year back."""

    open_by_grade: dict[str, int]
    overdue: int
    closed: int
    days_to_close: float | None

    @property
    def open(self) -> int:
        return sum(self.open_by_grade.values())


def figures(viewer: Viewer, at: datetime, on: date, company_id: int | None = None) -> FindingFigures:
    """Of one company, or of all that the viewer sees. One query."""
    rows = visible(Finding.objects.all(), viewer, SEE)
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    closed = Q(state=FindingState.CLOSED.value, closed_at__gte=at - AVERAGE_OVER)
    took = ExpressionWrapper(F("closed_at") - F("raised_at"), output_field=DurationField())
    told = rows.aggregate(
        **{f"open_{grade}": Count("pk", filter=Q(closed_at=None, grade=grade.value)) for grade in FindingGrade},
        overdue=Count("pk", filter=_overdue(on)),
        closed=Count("pk", filter=closed),
        took=Avg(took, filter=closed),
    )
    by_grade = {grade.value: told[f"open_{grade}"] for grade in FindingGrade}
    days = told["took"] / timedelta(days=1) if told["took"] is not None else None
    return FindingFigures(by_grade, told["overdue"], told["closed"], days)


def findings_due(viewer: Viewer, company_id: int, on: date, within: int) -> list[FindingLine]:
    """Those whose next act is late or expected within so many days, the most urgent first; for reminders. Among them
    the closed ones of which it is to be looked at whether the measure has worked. Two queries."""
    until, mine = on + timedelta(days=within), visible(Finding.objects.filter(company_id=company_id), viewer, SEE)
    still_open = mine.filter(closed_at=None, next_on__lte=until)
    checks = mine.filter(_CHECK_PLANNED, state=FindingState.CLOSED.value, check_on__lte=until)
    ordered = (rows.select_related("owner").order_by(*BY_URGENCY)[:DUE_AT_MOST] for rows in (still_open, checks))
    found = sorted((row for rows in ordered for row in rows), key=lambda row: (row.next_on, row.grade_rank, row.pk))
    return [_line(row, on) for row in found[:DUE_AT_MOST]]


def open_by_clause(viewer: Viewer, company_id: int, clauses: Collection[str] = ()) -> dict[str, list[Finding]]:
    """The open findings of a company by the clauses that they are about. One query."""
    rows = visible(Finding.objects.filter(company_id=company_id, closed_at=None), viewer, SEE).exclude(clauses="")
    told: dict[str, list[Finding]] = {}
    for row in rows.select_related("owner").order_by(*BY_URGENCY)[:500]:
        for number in filter(None, row.clauses.split("|")):
            if not clauses or number in clauses:
                told.setdefault(number, []).append(row)
    return told


def findings_of_source(viewer: Viewer, company_id: int, kind: str, ref: str) -> Sequence[Finding]:
    """Those that came from one source, the latest first: for its own page."""
    rows = visible(Finding.objects.filter(company_id=company_id), viewer, SEE)
    return list(rows.filter(source_kind=kind, source_ref=ref).select_related("owner").order_by("-id")[:200])


def findings_revising(viewer: Viewer, company_id: int, kind: str, ref: str) -> Sequence[Finding]:
    """The open ones that ask for a plan or document to be revised: for its own page."""
    rows = visible(Finding.objects.filter(company_id=company_id, closed_at=None), viewer, SEE)
    return list(rows.filter(revises_kind=kind, revises_ref=ref).order_by("-id")[:50])


def _line(row: Finding, on: date) -> FindingLine:
    counts = row.due_on is not None and row.state in _LATE_STATES
    left = (row.due_on - on).days if counts and row.due_on is not None else None
    late, bad = is_overdue(row.state, row.due_on, on), is_bad(row.watch_key, row.verdict_good_since)
    return FindingLine(row, late, left, bad)


def _overdue(on: date) -> Q:
    return Q(closed_at=None, state__in=_LATE_STATES, due_on__lt=on)


def _of_tab(viewer: Viewer, tab: str, on: date) -> Q:
    me = person_id(viewer)
    return {
        ENDED_TAB: Q(state__in=ENDED),
        ALL_TAB: Q(),
        "mine": Q(closed_at=None, owner__user_id=me) if me is not None else Q(pk=None),
        "overdue": _overdue(on),
        "verify": Q(closed_at=None, state=FindingState.DONE.value),
        "check": _CHECK_PLANNED & Q(state__in=(FindingState.VERIFIED, FindingState.CLOSED)),
    }.get(tab, Q(closed_at=None))


def _narrowed(rows: "QuerySet[Finding]", wanted: FindingsWanted) -> "QuerySet[Finding]":
    if wanted.company_id is not None:
        rows = rows.filter(company_id=wanted.company_id)
    chosen = {"state": wanted.state, "grade": wanted.grade, "source_kind": wanted.source}
    rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    if wanted.owner:
        rows = rows.filter(owner__staff_no=wanted.owner)
    if wanted.clause:
        rows = rows.filter(clauses__contains=f"|{wanted.clause}|")
    if wanted.text:
        rows = rows.filter(_saying(wanted.text))
    return rows


def _saying(text: str) -> Q:
    names = ("number", "title", "description", "measure", "owner__name", "source_words")
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__icontains": text})
    return found


def owner_offers(viewer: Viewer, company_id: int, on: date) -> list[tuple[str, str]]:
    """Staff numbers and names of who is at work and may be made the owner, for a form. Two queries."""
    rows = visible(StaffMember.objects.filter(company_id=company_id), viewer, EDIT).order_by("staff_no")
    named = list(rows.values_list("pk", "staff_no", "name")[:OFFERED_AT_MOST])
    there = at_work_on([pk for pk, _number, _name in named], on)
    return [(number, name) for pk, number, name in named if pk in there]
