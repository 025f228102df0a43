"""演练: the year's programme month by month, and the list of drills."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.drills import programming
from lianjing.domain.drills.actions import enter_from_paper, plan_drill
from lianjing.domain.drills.models import Drill, PlannedDrill
from lianjing.domain.drills.policy import A_YEAR_AT_LEAST, APPROVE, EDIT, SEE
from lianjing.domain.drills.queries import (
    DrillsWanted,
    LineShown,
    ProgrammeShown,
    drills,
    line_by_id,
    programme_by_id,
    programme_shown,
)
from lianjing.terms.drills import DrillKind, DrillState
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.drill_forms import LateDayForm, LineForm, PlanDayForm
from lianjing.web.office.drill_words import MONTHS, about_words, day_words, kind_words, late_words, state_words
from lianjing.web.office.filters import bar, choice, text_of
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import says_when_none, shown_company
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager
from lianjing.web.words import label

TAB = "drills"


@needs(SEE)
@require_safe
@says_when_none(TAB)
def drill_list(request: HttpRequest) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    company, mine = shown_company(request, SEE)
    year = _year(request, today)
    shown = programme_shown(viewer, company.pk, year, draft=request.GET.get("draft") == "1")
    choices = _choices(request)
    wanted = DrillsWanted(company.pk, choices[0].chosen, choices[1].chosen, text=text_of(request))
    lines = drills(viewer, wanted, after=asked_id(request), limit=PAGE + 1)
    context = surroundings(request, TAB) | bar(request, _("编号、名称"), [*choices])
    context |= _programme(request, shown, today)
    context |= {
        "company": company,
        "companies": mine,
        "rows": [_row(one) for one in lines[:PAGE]],
        **pager(request, lines[PAGE - 1].pk if len(lines) > PAGE else None),
    }
    return show(request, "office/drills/list.html", context)


def _row(one: Drill) -> dict[str, Any]:
    return {"drill": one, "kind": kind_words(one.kind), "state": state_words(one)} | {
        "late": late_words(one),
        "when": day_words(one),
    }


def _year(request: HttpRequest, today: date) -> int:
    asked = asked_id(request, "year")
    return asked if asked is not None and 2000 <= asked <= 2200 else today.year


def _choices(request: HttpRequest) -> list[Any]:
    states = [(one.value, label(DrillState, one.value)) for one in DrillState]
    kinds = [(one.value, label(DrillKind, one.value)) for one in DrillKind]
    return [choice(request, "state", _("全部状态"), states), choice(request, "kind", _("全部种类"), kinds)]


def _programme(request: HttpRequest, shown: ProgrammeShown, today: date) -> dict[str, Any]:
    viewer, one = viewer_of(request), shown.shown
    counted = sum(DrillKind(each.line.kind).counts for each in shown.lines)
    held = sum(_is_held(each.drill) and DrillKind(each.line.kind).counts for each in shown.lines)
    company_id = one.company_id if one else None
    return {
        "year": shown.year,
        "years": [shown.year - 1, shown.year, shown.year + 1],
        "programme": shown,
        "is_draft": one is not None and one.state == "draft",
        "months": [_month(shown, month, today) for month in MONTHS] if one else [],
        "counted": counted,
        "held": held,
        "at_least": A_YEAR_AT_LEAST,
        "may_edit": viewer.scope(EDIT).holds(company_id) if one else bool(viewer.scope(EDIT)),
        "may_approve": one is not None and viewer.scope(APPROVE).holds(company_id),
        "wrote_it": one is not None and viewer.id in one.writers,
    }


def _is_held(drill: Drill | None) -> bool:
    return drill is not None and drill.held_at is not None


def _month(shown: ProgrammeShown, month: int, today: date) -> dict[str, Any]:
    is_now = (shown.year, month) == (today.year, today.month)
    is_past = (shown.year, month) < (today.year, today.month)
    lines = [_line(one, is_past, is_past or is_now) for one in shown.of_month(month)]
    return {"number": month, "is_now": is_now, "lines": lines}


def _line(one: LineShown, is_past: bool, is_begun: bool) -> dict[str, Any]:
    late = is_past and not _is_held(one.drill)
    state = state_words(one.drill) if one.drill else None
    return {"line": one.line, "drill": one.drill, "state": state, "late": late, "may_be_over": is_begun} | {
        "kind": kind_words(one.line.kind),
        "about": about_words(one.line),
    }


def home_of(company_id: int, year: int, draft: bool = False) -> str:
    return f"{reverse('office:drills')}?company={company_id}&year={year}{'&draft=1' if draft else ''}"


@needs(EDIT)
@require_POST
def draft(request: HttpRequest, company_id: int, year: int) -> HttpResponse:
    try:
        with doors():
            programming.draft_programme(company_id, year, **who(request))
    except Refused as refusal:
        return refused(request, home_of(company_id, year), refusal)
    return HttpResponseRedirect(home_of(company_id, year, draft=True))


@needs(APPROVE)
@require_POST
def approve(request: HttpRequest, programme_id: int) -> HttpResponse:
    row = found(programme_by_id(viewer_of(request), programme_id))
    try:
        with doors():
            programming.approve_programme(programme_id, **who(request))
    except Refused as refusal:
        return refused(request, home_of(row.company_id, row.year, draft=True), refusal)
    said = _("%(year)d 年演练计划第 %(number)d 版已批准。") % {"year": row.year, "number": row.number}
    return done(request, home_of(row.company_id, row.year), said)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add_line(request: HttpRequest, programme_id: int) -> HttpResponse:
    row = found(programme_by_id(viewer_of(request), programme_id))
    form = LineForm(request.POST or None, initial={"month": request.GET.get("month", "")})
    back = home_of(row.company_id, row.year, draft=True)
    act: Callable[[Any], object] = lambda _told: programming.add_line(programme_id, form.line(), **who(request))  # noqa: E731
    if request.method == "POST" and submitted(form, act):
        return done(request, back, _("已加入计划草稿。"))
    title = _("%(year)d 年演练计划：添加一项") % {"year": row.year}
    return show_form(request, FormPage(TAB, title, _("添加"), back), form)


def _line_of(request: HttpRequest, line_id: int) -> PlannedDrill:
    return found(line_by_id(viewer_of(request), line_id))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def change_line(request: HttpRequest, line_id: int) -> HttpResponse:
    line = _line_of(request, line_id)
    form = LineForm(request.POST or None, initial=LineForm.beginning(line))
    back = home_of(line.programme.company_id, line.programme.year, draft=True)
    act: Callable[[Any], object] = lambda _told: programming.change_line(line_id, form.line(), **who(request))  # noqa: E731
    if request.method == "POST" and submitted(form, act):
        return done(request, back, _("计划草稿已改。"))
    return show_form(request, FormPage(TAB, _("修改：%(title)s") % {"title": line.title}, _("保存"), back), form)


@needs(EDIT)
@require_POST
def remove_line(request: HttpRequest, line_id: int) -> HttpResponse:
    line = _line_of(request, line_id)
    back = home_of(line.programme.company_id, line.programme.year, draft=True)
    try:
        with doors():
            programming.remove_line(line_id, **who(request))
    except Refused as refusal:
        return refused(request, back, refusal)
    return done(request, back, _("已从草稿删去。"))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_late(request: HttpRequest, line_id: int) -> HttpResponse:
    """A drill of a line that was held, and is on paper only."""
    line = _line_of(request, line_id)
    form = LateDayForm(request.POST if request.method == "POST" else None)
    made: list[Drill] = []

    def act(told: dict[str, Any]) -> None:
        made.append(enter_from_paper(line_id, told["planned_on"], **who(request)))

    if request.method == "POST" and submitted(form, act):
        said = _("演练 %(number)s 开始补录：按纸质记录填情景、脚本、人员和预案，最后补记起止时间。")
        return done(request, reverse("office:drill", args=[made[0].pk]), said % {"number": made[0].number})
    back = home_of(line.programme.company_id, line.programme.year)
    title = _("补录演练：%(title)s") % {"title": line.title}
    lead = _("已经举行、只有纸质记录的演练。举行的日期和记入的时间都留存，处处写明是补录。")
    return show_form(request, FormPage(TAB, title, _("开始补录"), back, lead), form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, line_id: int) -> HttpResponse:
    """The day of a line of the programme; from then on it is a drill."""
    line, today = _line_of(request, line_id), timezone.localdate()
    first = date(line.programme.year, line.month, 15)
    form = PlanDayForm(request.POST or None, initial={"planned_on": max(first, today)})
    made: list[Drill] = []

    def act(told: dict[str, Any]) -> None:
        made.append(plan_drill(line_id, told["planned_on"], **who(request)))

    if request.method == "POST" and submitted(form, act):
        said = _("演练 %(number)s 已排出，请准备。") % {"number": made[0].number}
        return done(request, reverse("office:drill", args=[made[0].pk]), said)
    back = home_of(line.programme.company_id, line.programme.year)
    title = _("排演练：%(title)s") % {"title": line.title}
    return show_form(request, FormPage(TAB, title, _("排定"), back, kind_words(line.kind)), form)
