"""单位资质: the licence first, then all that is asked of the company, for any day; what is recorded, and its papers."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.company_facts import SPECS, Part
from lianjing.domain.companies.fact_reading import (
    fact_rows,
    standing_of,
)
from lianjing.domain.companies.known_rows import threads_of
from lianjing.domain.companies.models import Company, CompanyFact
from lianjing.domain.sites.schedules import workdays
from lianjing.terms.staffing import CompanyFactKind, Standing
from lianjing.web.office.company_choosing import Chosen, chosen
from lianjing.web.office.company_words import Mark, days_words, mark_of, part_text, part_words, tally
from lianjing.web.office.history import history
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import says_when_none
from lianjing.web.pages import show
from lianjing.web.words import label

TAB = "company"
SEE, EDIT = "company.see", "company.edit"
SECTIONS = tuple(kind for kind in CompanyFactKind if kind != CompanyFactKind.FILING)
ENDED_AT_MOST = 100
TOLD_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One fact as the page shows it, with what was filed of it."""

    fact: CompanyFact
    kind: str
    title: str
    told: list[tuple[str, str]]
    days: str
    marks: list[Mark]
    may_read_scan: bool
    filings: list["Line"]


@dataclass(frozen=True, slots=True)
class Section:
    """One kind: what holds on the day, what is said of the kind as a whole, where one is recorded."""

    kind: CompanyFactKind
    words: str
    lines: list[Line]
    marks: list[Mark]
    add_href: str


@needs(SEE)
@require_safe
@says_when_none(TAB)
def company(request: HttpRequest) -> HttpResponse:
    viewer, what = viewer_of(request), chosen(request)
    rows = fact_rows(viewer, what.company.pk, what.known)
    items = standing_of(viewer, what.company.pk, what.on, what.known, workdays(viewer))
    marks = [mark_of(item) for item in items]
    amiss = sorted((mark for mark in marks if mark.item.standing != Standing.IN_ORDER), key=_urgency)
    page = _Page(what, rows, marks)
    context = surroundings(request, TAB) | what.context()
    told = [(mark, _next(mark, what.company)) for mark in amiss[:TOLD_AT_MOST]]
    context |= {"amiss": told, "amiss_count": len(amiss), "tally": tally(marks), "at_most": TOLD_AT_MOST}
    context |= {"sections": [page.section(kind) for kind in SECTIONS], "before": page.before()}
    context["history"] = history(viewer, [("company", what.company.pk)], SEE)
    return show(request, "office/company/company.html", context)


def _urgency(mark: Mark) -> tuple[int, date]:
    """What is broken first, then what is due first."""
    order = {"✕": 0, "◐": 1, "?": 2}
    hint = mark.item.standing == Standing.HINT
    return (3 if hint else order[mark.sign], mark.item.due_on or date.max)


def _next(mark: Mark, company: Company) -> str:
    """Where the thing is put right: a filing is recorded, a fact corrected, what is missing recorded."""
    item = mark.item
    if item.code == "filing":
        return _add_href(company, CompanyFactKind.FILING, item.fact_id)
    renews = item.standing in (Standing.EXPIRED, Standing.EXPIRING)
    if item.fact_id is None or renews:
        return _add_href(company, item.kind)
    return reverse("office:company_fact_edit", args=[item.fact_id])


def _add_href(company: Company, kind: CompanyFactKind, about: int | None = None) -> str:
    told = f"?kind={kind.value}" + (f"&about={about}" if about else "")
    return reverse("office:company_fact_add", args=[company.pk]) + told


class _Page:
    """The rows on file, sorted out."""

    def __init__(self, what: Chosen, rows: list[CompanyFact], marks: list[Mark]) -> None:
        self.what, self.rows, self.marks = what, rows, marks
        self.threads = threads_of(what.company.pk)
        self.marks_of: dict[int | None, list[Mark]] = defaultdict(list)
        for mark in marks:
            self.marks_of[mark.item.fact_id].append(mark)
        self.filings_of: dict[int, list[CompanyFact]] = defaultdict(list)
        for row in rows:
            if row.about_id and self._stood(row):
                self.filings_of[self.threads[row.about_id]].append(row)

    def section(self, kind: CompanyFactKind) -> Section:
        lines = [self.line(row) for row in self.rows if row.kind == kind and self._shown(row)]
        told = {line.fact.pk for line in lines}
        whole = [mark for mark in self.marks if mark.item.kind == kind and mark.item.fact_id not in told]
        return Section(kind, label(CompanyFactKind, kind.value), lines, whole, _add_href(self.what.company, kind))

    def line(self, row: CompanyFact) -> Line:
        kind = CompanyFactKind(row.kind)
        filings = [self.line(other) for other in self.filings_of[self.threads[row.pk]]]
        readable = bool(row.scan) and (self.what.may_edit or not SPECS[kind].private)
        words, marks = label(CompanyFactKind, row.kind), self.marks_of[row.pk]
        return Line(row, words, title_of(row), _told(row), _days(row), marks, readable, filings)

    def before(self) -> list[Line]:
        """What does not hold on the day, or was taken back: the newest first."""
        out = [row for row in self.rows if row.kind != CompanyFactKind.FILING and not self._shown(row)]
        filings = [row for row in self.rows if row.kind == CompanyFactKind.FILING and not self._stood(row)]
        return [self.line(row) for row in (*out, *filings)[:ENDED_AT_MOST]]

    def _stood(self, row: CompanyFact) -> bool:
        """Whether it was taken for true."""
        known = self.what.known
        return row.retracted_at is None or (known is not None and row.retracted_at > known)

    def _shown(self, row: CompanyFact) -> bool:
        """Among the things of the day: it holds, or it is a service that is announced."""
        on = self.what.on
        is_over = row.valid_until is not None and row.valid_until < on
        is_ahead = row.valid_from is not None and row.valid_from > on
        announced = row.kind == CompanyFactKind.CROSS_REGION
        return self._stood(row) and not is_over and (announced or not is_ahead)


def title_of(row: CompanyFact) -> str:
    values = SPECS[CompanyFactKind(row.kind)].values
    return label(values, row.value) if values else row.value or row.number or label(CompanyFactKind, row.kind)


def _told(row: CompanyFact) -> list[tuple[str, str]]:
    """Names and values of the parts, without what stands in the title and the days."""
    kind = CompanyFactKind(row.kind)
    without = {Part.FROM, Part.UNTIL, Part.SCAN, Part.VALUE if row.value else Part.NUMBER}
    found: list[tuple[str, str]] = []
    for part in SPECS[kind].takes:
        value = row.details.get(part.value) or getattr(row, part.value, "")
        if part not in without and value not in (None, "", []):
            found.append((part_words(kind, part), part_text(part, value)))
    return found


def _days(row: CompanyFact) -> str:
    spec = SPECS[CompanyFactKind(row.kind)]
    if spec.done and Part.UNTIL not in spec.takes:
        return str(row.valid_from or "")
    return days_words(row.valid_from, row.valid_until)
