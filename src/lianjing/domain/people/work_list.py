"""待办: what is to be done about people's papers and the company's, for whoever may see it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lianjing.core.viewer import Viewer, visible
from lianjing.core.workdays import Workdays
from lianjing.domain.people.company_papers import papers_of
from lianjing.domain.people.fact_kinds import Fact
from lianjing.domain.people.known_facts import Known, answer_of, known_of
from lianjing.domain.people.models import StaffMember, WorkListSetting
from lianjing.domain.people.work_list_policy import WINDOWS, Line, Matter, Periods, lines_of

SEE, FILES = "people.see", "people.files"
TABS = ("", "barred", "over", *(str(days) for days in WINDOWS), "missing", "hint")
"""What may be listed: all, a matter, or what ends within so many days; 30 days hold the 7."""


@dataclass(frozen=True, slots=True)
class Whom:
    """A person as a line names him."""

    id: int
    staff_no: str
    name: str


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One thing to do, for which company, and about whom; None: about the company."""

    line: Line
    company_id: int
    whom: Whom | None


@dataclass(frozen=True, slots=True)
class WorkWanted:
    """`tab`: of TABS; `kind`: a word of StaffFactKind, or "company" for the company's own papers."""

    tab: str = ""
    kind: str = ""
    company_id: int | None = None
    workdays: Workdays | None = None
    """The centre's own calendar, by which filings are due."""


@dataclass(frozen=True, slots=True)
class WorkList:
    """A page of it. `counts` by tab, of all kinds; `more`: something follows."""

    rows: Sequence[WorkLine]
    counts: dict[str, int]
    more: bool


def work_list(viewer: Viewer, wanted: WorkWanted, on: date, *, skip: int = 0, limit: int = 50) -> WorkList:
    """What is to be done on day `on`, the most urgent first. Four queries, five when facts have changed."""
    found = _all(viewer, wanted.company_id, on, wanted.workdays)
    rows = _of_tab(found, wanted.tab)
    if wanted.kind:
        rows = [one for one in rows if _of_kind(one, wanted.kind)]
    counts = {tab: len(_of_tab(found, tab)) for tab in TABS}
    return WorkList(rows[skip : skip + limit], counts, len(rows) > skip + limit)


def work_lines(viewer: Viewer, company_id: int, on: date, workdays: Workdays | None = None) -> list[WorkLine]:
    """Everything that is to be done in a company."""
    return _of_tab(_all(viewer, company_id, on, workdays), "")


def work_counts(viewer: Viewer, on: date, workdays: Workdays | None = None) -> tuple[dict[str, int], dict[str, int]]:
    """How many lines stand under each tab: about people, and about the companies themselves."""
    found = _all(viewer, None, on, workdays)
    tabs = {tab: _of_tab(found, tab) for tab in TABS}
    own = {tab: sum(one.whom is None for one in rows) for tab, rows in tabs.items()}
    return {tab: len(rows) - own[tab] for tab, rows in tabs.items()}, own


def settings_by_company(viewer: Viewer) -> dict[int, WorkListSetting]:
    """What the companies that the viewer sees have set; for one that is missing our defaults hold."""
    return {row.company_id: row for row in visible(WorkListSetting.objects.all(), viewer, SEE)}


Sorted = dict[Matter, list[WorkLine]]
"""By matter, and in each of them in order."""


def _all(viewer: Viewer, company_id: int | None, on: date, workdays: Workdays | None) -> Sorted:
    scope, files = viewer.scope(SEE), viewer.scope(FILES)
    if company_id is not None and not scope.holds(company_id):
        return {matter: [] for matter in Matter}
    mine = [company_id] if company_id is not None else None if scope.everything else sorted(scope.companies)
    papers = [WorkLine(line, company, None) for company, line in papers_of(viewer, mine, on, workdays)]
    people = _about_people(viewer, mine, on)
    seen = (one for one in people if not one.line.private or files.holds(one.company_id))
    return _in_order([*papers, *seen])


def _about_people(viewer: Viewer, company_ids: Sequence[int] | None, on: date) -> Iterable[WorkLine]:
    rows = visible(StaffMember.objects.all(), viewer, SEE)
    if company_ids is not None:
        rows = rows.filter(company_id__in=company_ids)
    known, periods = known_of(company_ids), _periods(viewer)
    for row in rows.order_by("staff_no", "pk").values_list("pk", "company", "staff_no", "name"):
        yield from _lines(known.get(row[0]), row, on, periods.get(row[1], Periods()))


def _periods(viewer: Viewer) -> dict[int, Periods]:
    settings = settings_by_company(viewer)
    return {company: Periods(row.appraisal_months, row.training_months) for company, row in settings.items()}


def _lines(known: Known | None, row: tuple[int, int, str, str], on: date, periods: Periods) -> list[WorkLine]:
    """Kept with what is known of him: tens of thousands made anew for each page would keep the collector busy."""

    def think(facts: Collection[Fact]) -> list[WorkLine]:
        pk, company, number, name = row
        lines = lines_of(facts, answer_of(known, on), on, periods)
        return [WorkLine(line, company, Whom(pk, number, name)) for line in lines]

    return think(()) if known is None else known.answer("work", (on, periods, row), think)


def _in_order(found: Iterable[WorkLine]) -> Sorted:
    """What ends and what is over by its day, the rest by staff number, as it comes."""
    by_matter: Sorted = {matter: [] for matter in Matter}
    for one in found:
        by_matter[one.line.matter].append(one)
    for matter in (Matter.OVER, Matter.ENDS):
        by_matter[matter].sort(key=lambda one: one.line.day or date.min)
    return by_matter


def _of_tab(found: Sorted, tab: str) -> list[WorkLine]:
    if not tab:
        return [one for matter in Matter for one in found[matter]]
    if tab.isdigit():
        return [one for one in found[Matter.ENDS] if (one.line.days_left or 0) <= int(tab)]
    return found[Matter(tab)]


def _of_kind(one: WorkLine, kind: str) -> bool:
    if kind == "company":
        return one.whom is None
    return one.whom is not None and one.line.kind == kind
