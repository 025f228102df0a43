"""统计: figures of a period with charts, as CSV and as Excel."""

import json
from datetime import date
from io import BytesIO
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.records.handing_out import record_taken
from lianjing.domain.reports.actions import SET, set_response_limits
from lianjing.domain.reports.overview import Overview, overview
from lianjing.domain.reports.policy import AXES, AXES_AT_ONCE, LIMIT_RANGE, TIMES, Kpi, Limits
from lianjing.domain.reports.workbook import write_tables
from lianjing.web.acting import RefusableForm, submitted, who
from lianjing.web.asked_figures import Asked, BadAsk, asked, usual
from lianjing.web.console.figure_tables import AXIS_WORDS, all_groups, chart, plain_rows, tables
from lianjing.web.console.surroundings import surroundings
from lianjing.web.file_sending import Csv, workbook
from lianjing.web.pages import show

TAB = "figures"
SEE = "figures.see"
USUAL_AXES = ("hour",)


class LimitsForm(RefusableForm):
    """处警时限: four lengths of time in seconds."""

    danger_first_s = forms.IntegerField(label=later("紧急、火警：80 % 以内"))
    danger_last_s = forms.IntegerField(label=later("紧急、火警：98.5 % 以内"))
    other_first_s = forms.IntegerField(label=later("其他：80 % 以内"))
    other_last_s = forms.IntegerField(label=later("其他：98.5 % 以内"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages |= {"required": _("请填写。"), "invalid": _("请填写整数。")}
            field.widget.attrs |= {"min": LIMIT_RANGE[0], "max": LIMIT_RANGE[1]}

    def limits(self) -> Limits:
        return Limits(**self.cleaned_data)


@needs(SEE)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, limits_form: LimitsForm | None = None, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    context = surroundings(request, TAB)
    problem = ""
    try:
        wanted = asked(request, viewer)
    except BadAsk as bad:
        problem, wanted, status = str(bad), Asked(usual(), USUAL_AXES), 400
    if "by" not in request.GET and not wanted.by:
        wanted = Asked(wanted.period, USUAL_AXES)
    shown = _shown(request)
    seen = overview(viewer, wanted.period, by=wanted.by, now=context["now"])
    context |= {"problem": problem, "period": wanted.period, "seen": seen, "tables": tables(seen, shown)}
    context |= _choices(request, wanted, shown)
    if seen.by and seen.responses.groups:
        drawn = chart(seen, shown)
        context |= {"chart": json.dumps(drawn, ensure_ascii=False), "chart_title": drawn["title"]}
    context["query"] = request.GET.urlencode()
    context["limits_form"] = _limits_form(request, wanted, seen, limits_form)
    return show(request, "desk/figures.html", context, status)


def _shown(request: HttpRequest) -> Kpi:
    return next((kpi for kpi in TIMES if kpi.key == request.GET.get("show")), TIMES[1])


def _choices(request: HttpRequest, wanted: Asked, shown: Kpi) -> dict[str, Any]:
    return {
        "axes": [(name, AXIS_WORDS[name]) for name in AXES],
        "chosen_axes": [*wanted.by, *[""] * AXES_AT_ONCE][:AXES_AT_ONCE],
        "kpis": [(kpi.key, _(kpi.name)) for kpi in TIMES],
        "shown": shown.key,
        "companies": companies_with(viewer_of(request), SEE),
        "company": request.GET.get("company", ""),
        "today": timezone.localdate(),
    }


def _limits_form(request: HttpRequest, wanted: Asked, seen: Overview, given: LimitsForm | None) -> LimitsForm | None:
    """Only for who may set them, and of one company at a time."""
    company_id = wanted.period.company_id
    if company_id is None or not viewer_of(request).scope(SET).holds(company_id):
        return None
    limits = seen.responses.limits
    initial = {name: getattr(limits, name) for name in LimitsForm.base_fields}
    return given or LimitsForm(initial=initial)


@needs(SET)
@require_POST
def set_limits(request: HttpRequest, company_id: int) -> HttpResponse:
    form = LimitsForm(request.POST)
    if not submitted(form, lambda _told: set_response_limits(company_id, form.limits(), **who(request))):
        return _page(request, form, status=422)
    query = request.GET.urlencode()
    return HttpResponseRedirect(reverse("console:figures") + (f"?{query}" if query else ""))


def _file_of(request: HttpRequest) -> Overview:
    """The figures for a file; that it is taken is on record for every company that they are about. Raises `BadAsk`."""
    viewer = viewer_of(request)
    wanted = asked(request, viewer)
    seen = overview(viewer, wanted.period, by=wanted.by, now=timezone.now())
    mine = [one.pk for one in companies_with(viewer, SEE) if wanted.period.company_id in (None, one.pk)]
    days = {"first": str(wanted.period.first), "last": str(wanted.period.last)}
    record_taken("figures", dict.fromkeys(mine, len(tables(seen, TIMES[1]))), SEE, **who(request), **days)
    return seen


def _refused(bad: BadAsk) -> HttpResponse:
    return HttpResponse(str(bad), status=400, content_type="text/plain; charset=utf-8")


def _name(first: date, last: date, ending: str) -> str:
    return _("统计 %(first)s 至 %(last)s") % {"first": first, "last": last} + ending


@needs(SEE)
@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    """All tables below each other; a line with the title before each."""
    try:
        seen = _file_of(request)
    except BadAsk as bad:
        return _refused(bad)
    sheet = Csv(_name(seen.period.first, seen.period.last, ".csv"))
    for table in (*tables(seen, TIMES[1]), *all_groups(seen)):
        sheet.line(table.title, f"{seen.period.first}", f"{seen.period.last}")
        for row in plain_rows(table):
            sheet.line(*row)
        sheet.line()
    return sheet.response


@needs(SEE)
@require_safe
def figures_excel(request: HttpRequest) -> HttpResponse:
    try:
        seen = _file_of(request)
    except BadAsk as bad:
        return _refused(bad)
    into = BytesIO()
    found = (*tables(seen, TIMES[1]), *all_groups(seen))
    write_tables(into, [(table.title, list(plain_rows(table))) for table in found if table.rows])
    return workbook(into, _name(seen.period.first, seen.period.last, ".xlsx"))
