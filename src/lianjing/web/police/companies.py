"""辖区单位: the companies side by side, and one of them at a glance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Person
from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.area_overview import Overview, companies_of, overviews
from lianjing.domain.compliance.reports_made import last_reports
from lianjing.domain.incidents.case_counts import CaseCounts, case_counts
from lianjing.domain.people.queries import areas_of
from lianjing.terms.divisions import area_words
from lianjing.terms.staffing import PostKind
from lianjing.terms.verdicts import WORST_FIRST, Verdict
from lianjing.web.filters import bar, choice, text_of
from lianjing.web.pages import show
from lianjing.web.paging import asked_id, pager
from lianjing.web.police.licences import Licence, licences_of
from lianjing.web.police.surroundings import READ, read_company, surroundings
from lianjing.web.police_reading import reads
from lianjing.web.verdict_marks import Mark, mark_of, signed
from lianjing.web.words import label

DESK = "police.desk"
PAGE = 20
DAYS = 30


@dataclass(frozen=True, slots=True)
class Margin:
    """One post of table 1: how many more than required there are."""

    words: str
    signed: str
    is_short: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A company at a glance."""

    company: Company
    area: str
    marks: list[tuple[Mark, int, str]]
    """Each verdict that occurs, the worst first: how often, and where those clauses stand."""
    customers: int | None
    margins: list[Margin]
    licence: Licence | None
    cases: CaseCounts
    judged_at: datetime | None = None
    """When the verdicts were judged, where they are not fresh."""
    reported_at: datetime | None = None
    """When the company last made its self-inspection report."""


@needs(DESK)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    verdicts = choice(
        request, "verdict", _("全部判定"), [(one.value, str(label(Verdict, one.value))) for one in WORST_FIRST]
    )
    wanted = Verdict.of(verdicts.chosen)
    found = companies_of(viewer, text_of(request), wanted, after=asked_id(request), limit=PAGE + 1)
    shown = found[:PAGE]
    reads(request, [company.pk for company in shown])
    context = surroundings(request, "start") | {"lines": _lines(viewer, shown), "days": DAYS}
    context |= {"areas": [area_words(begins) for begins in areas_of(viewer, viewer.id)]}
    context |= bar(request, _("单位名称、代码、区划代码"), [verdicts])
    context |= pager(request, shown[-1].pk if len(found) > PAGE else None)
    return show(request, "police/start.html", context)


@needs(READ)
@require_safe
def company(request: HttpRequest, company_id: int) -> HttpResponse:
    viewer, one = viewer_of(request), read_company(request, company_id)
    context = surroundings(request, "company", one)
    context |= {"line": _lines(viewer, [one])[0], "days": DAYS}
    return show(request, "police/company.html", context)


def _lines(viewer: Person, companies: list[Company]) -> list[Line]:
    today, ids = timezone.localdate(), [company.pk for company in companies]
    verdicts = overviews(viewer, ids, today)
    licences = licences_of(viewer, ids, today)
    cases = case_counts(viewer, ids, timezone.now() - timedelta(days=DAYS))
    reports = last_reports(viewer, ids)
    return [
        _line(one, verdicts[one.pk], licences.get(one.pk), (cases[one.pk], reports.get(one.pk))) for one in companies
    ]


def _line(
    company: Company, standing: Overview, licence: Licence | None, done: tuple[CaseCounts, datetime | None]
) -> Line:
    figures = standing.staffing
    marks, margins = _marks(company, standing), _margins(figures)
    told = (marks, figures.get("customers"), margins, licence, done[0], standing.judged_at, done[1])
    return Line(company, area_words(company.area), *told)


def _marks(company: Company, standing: Overview) -> list[tuple[Mark, int, str]]:
    counted = [(verdict, standing.counts.get(verdict, 0)) for verdict in WORST_FIRST]
    return [(mark_of(one), count, _clauses(company, one)) for one, count in counted if count]


def _clauses(company: Company, verdict: Verdict) -> str:
    return f"{reverse('office:clauses')}?company={company.pk}&verdict={verdict.value}"


def _margins(figures: Mapping[str, Any]) -> list[Margin]:
    return [
        Margin(label(PostKind, post), signed(margin), margin < 0) for post, margin in figures.get("margin", {}).items()
    ]
