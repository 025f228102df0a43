"""日常监督: which department was looked at on which day of the month, the entries, and writing them."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer
from lianjing.domain.assessments.models import SupervisionEntry
from lianjing.domain.assessments.policy import EDIT, LOG, SEE
from lianjing.domain.assessments.queries import (
    DepartmentRow,
    EntriesWanted,
    LogMonth,
    entries,
    entry_by_id,
    kept_entry_file,
    limits_at,
    log_month,
)
from lianjing.domain.assessments.supervising import log_supervision, retract_entry, set_supervision_limits
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies_with
from lianjing.web.acting import found, submitted, who
from lianjing.web.file_sending import kept_file
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.assessment_words import cell_words, result_words
from lianjing.web.office.forms import ReasonForm
from lianjing.web.office.history import history
from lianjing.web.office.supervision_forms import EntryForm, LimitsForm
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import one_of, says_when_none, shown_company
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager

TAB = "supervision"


@needs(SEE)
@require_safe
@says_when_none(TAB)
def supervision(request: HttpRequest) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    company, mine = shown_company(request, SEE)
    month = _month(request, today)
    told = log_month(viewer, company.pk, month, today)
    wanted = _wanted(request, company, told)
    rows = entries(viewer, wanted, after=asked_id(request), limit=PAGE + 1)
    may_log = viewer.scope(LOG).holds(company.pk)
    context = surroundings(request, TAB) | {"company": company, "companies": mine, "today": today}
    context |= {"may_log": may_log, "may_set": viewer.scope(EDIT).holds(company.pk), "limits": told.limits}
    context |= {"month": told.first, "days": told.days, "rows": [_row(one, company, may_log) for one in told.rows]}
    context |= _months(request, told.first, today)
    context |= {"entries": [_entry(row) for row in rows[:PAGE]], **_narrowed(request, wanted, told)}
    context |= pager(request, rows[PAGE - 1].pk if len(rows) > PAGE else None)
    context["history"] = history(viewer, [("supervisionentry", row.pk) for row in rows[:PAGE]], SEE, limit=30)
    return show(request, "office/assessments/supervision.html", context)


def _month(request: HttpRequest, today: date) -> date:
    """The first day of `?month=2026-11`; without one that can be read this month. None that is still to come."""
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return today.replace(day=1)
    return min(asked, today.replace(day=1)) if asked.year >= 2000 else today.replace(day=1)


def _months(request: HttpRequest, first: date, today: date) -> dict[str, str]:
    earlier = date.fromordinal(first.toordinal() - 1)
    later = date.fromordinal(first.toordinal() + 31)
    clean = {"after": None, "day": None}
    told = {"earlier_href": href(request, month=f"{earlier:%Y-%m}", **clean)}
    is_last = (first.year, first.month) >= (today.year, today.month)
    return told | {"later_href": "" if is_last else href(request, month=f"{later:%Y-%m}", **clean)}


def _wanted(request: HttpRequest, company: Company, told: LogMonth) -> EntriesWanted:
    """The entries of the month, of one department, or of one of its days."""
    held = {row.place.id for row in told.rows}
    department = asked_id(request, "department")
    day = next((one for one in told.days if str(one) == request.GET.get("day", "")), None)
    result = request.GET.get("result", "")
    return EntriesWanted(
        company.pk,
        day or told.days[0],
        day or told.days[-1],
        department if department in held else None,
        result if result in ("normal", "problem") else "",
    )


def _narrowed(request: HttpRequest, wanted: EntriesWanted, told: LogMonth) -> dict[str, Any]:
    name = next((row.place.name for row in told.rows if row.place.id == wanted.department), "")
    day = wanted.first if wanted.first == wanted.last else None
    narrowed = bool(name or day or wanted.result)
    clear = href(request, department=None, day=None, result=None, after=None)
    return {"shown_department": name, "shown_day": day, "is_narrowed": narrowed, "clear_href": clear} | {
        "problems_href": href(request, result="problem", after=None),
        "shown_result": wanted.result,
    }


def _row(row: DepartmentRow, company: Company, may_log: bool) -> dict[str, Any]:
    place = {"company": company.pk, "department": row.place.id}
    list_href, add_href = reverse("office:supervision"), reverse("office:supervision_add", args=[company.pk])
    cells = []
    for cell in row.cells:
        told = cell_words(cell) | {"day": cell.day, "is_rest": not cell.is_workday, "href": ""}
        if cell.entries:
            query = {**place, "month": f"{cell.day:%Y-%m}", "day": str(cell.day)}
            told["href"] = f"{list_href}?{urlencode(query)}#entries"
        elif may_log and not cell.is_ahead:
            told["href"] = f"{add_href}?{urlencode({'department': row.place.id, 'day': str(cell.day)})}"
        cells.append(told)
    return {"name": row.place.name, "id": row.place.id, "cells": cells, "last_on": row.last_on} | {
        "late_since": row.late_since
    }


def _entry(row: SupervisionEntry) -> dict[str, Any]:
    is_late = row.valid_from is not None and centre_day(row.recorded_at) > row.valid_from
    return {"row": row, "result": result_words(row.result), "is_late": is_late}


@needs(LOG)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, company_id: int) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    company = one_of(companies_with(viewer, LOG), company_id)
    initial = {"day": request.GET.get("day") or today, "department": request.GET.get("department", "")}
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EntryForm(viewer, company.pk, today, *sent, initial=initial)
    made: list[SupervisionEntry] = []

    def act(_told: dict[str, Any]) -> None:
        made.append(log_supervision(company.pk, form.entry(), form.kept(), **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, _back(company.pk, made[0].valid_from), _said(made[0]))
    page = FormPage(TAB, _("记日常监督：%(name)s") % {"name": company.name}, _("记下"), _back(company.pk), _lead())
    return show_form(request, page, form)


def _said(row: SupervisionEntry) -> str:
    if row.finding is None:
        return _("已记下。")
    return _("已记下，并提出整改 %(number)s。") % {"number": row.finding.number}


def _lead() -> str:
    return _("记下以后不改；写错的收回，说明原因，再记一条。")


@needs(LOG)
@require_http_methods(["GET", "HEAD", "POST"])
def retract(request: HttpRequest, entry_id: int) -> HttpResponse:
    row = found(entry_by_id(viewer_of(request), entry_id))
    form, back = ReasonForm(request.POST or None), _back(row.company_id, row.valid_from)

    def act(told: dict[str, Any]) -> None:
        retract_entry(entry_id, told["reason"], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, back, _("已收回，记录留存。"))
    title = _("收回：%(day)s %(what)s") % {"day": row.valid_from, "what": row.looked_at}
    lead = _("收回后不再计入任何一天，仍留存可查。由它提出的整改不受影响。")
    return show_form(request, FormPage(TAB, title, _("收回"), back, lead), form)


@needs(SEE)
@require_safe
def file(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The file itself, never shown inside our pages. One that is not what was kept says so in its name."""
    viewer: Viewer = viewer_of(request)
    row = found(entry_by_id(viewer, entry_id))
    return kept_file(kept_entry_file(viewer, row), f"{row.valid_from}-{row.pk}")


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: HttpRequest, company_id: int) -> HttpResponse:
    company = one_of(companies_with(viewer_of(request), EDIT), company_id)
    now = limits_at(viewer_of(request), company.pk)
    initial = {"gap_days": now.gap_days, "evaluation_months": now.evaluation_months, "origin": now.origin}
    form = LimitsForm(request.POST or None, initial=initial)

    def act(told: dict[str, Any]) -> None:
        set_supervision_limits(company.pk, told["gap_days"], told["evaluation_months"], told["origin"], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _back(company.pk), _("限值已设定。"))
    title = _("监督与评价的限值：%(name)s") % {"name": company.name}
    lead = _("规范只说“日常”“周期性”“定期”，没有数值；8.3.1、8.3.2 按这里的限值判定。")
    return show_form(request, FormPage(TAB, title, _("设定"), _back(company.pk), lead), form)


def _back(company_id: int, day: date | None = None) -> str:
    query: dict[str, object] = {"company": company_id} | ({"month": f"{day:%Y-%m}"} if day else {})
    return f"{reverse('office:supervision')}?{urlencode(query)}"
