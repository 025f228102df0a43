"""工作日历: what the calendar of workdays says, and what the centre counts otherwise. For the whole installation."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.days import centre_day
from lianjing.core.viewer import INSTALLATION
from lianjing.core.workdays import Workdays
from lianjing.domain.sites.actions.workdays import MANAGE, forget_workday, set_workday
from lianjing.domain.sites.day_names import DayKind, named_day
from lianjing.domain.sites.schedule_words import WEEKDAYS
from lianjing.domain.sites.workday_overrides import overridden_days
from lianjing.terms.sentences import words
from lianjing.web.acting import doors, submitted, who
from lianjing.web.office import forms as fields
from lianjing.web.office.acting import done
from lianjing.web.office.forms import OfficeForm
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show

DAYS_AHEAD = 400


class WorkdayForm(OfficeForm):
    on = fields.date(later("日期"), required=True)
    is_workday = forms.TypedChoiceField(
        label=later("这一天"),
        choices=[("0", later("放假")), ("1", later("上班"))],
        coerce=lambda text: text == "1",
        error_messages={"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")},
    )
    reason = fields.text(later("名称或原因"), 60, hint=later("例如“国庆节”“市里通知”，会显示在时间表上。"))


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row that are called the same."""

    first: date
    last: date
    kind: DayKind
    words: str

    @property
    def dates(self) -> str:
        weekday = _(WEEKDAYS[self.first.weekday()])
        one = f"{self.first:%Y-%m-%d} {weekday}"
        if self.first == self.last:
            return one
        return f"{one} – {self.last:%m-%d} {_(WEEKDAYS[self.last.weekday()])}"


@needs("sites.see")
@require_safe
def workdays(request: HttpRequest) -> HttpResponse:
    return _show(request)


@needs(MANAGE)
@require_POST
def workday_set(request: HttpRequest) -> HttpResponse:
    form = WorkdayForm(request.POST)

    def act(given: dict[str, Any]) -> None:
        set_workday(given["on"], given["is_workday"], given["reason"], **who(request))

    if submitted(form, act):
        return _done(request, _("已登记。"))
    return _show(request, form, status=422)


@needs(MANAGE)
@require_POST
def workday_forget(request: HttpRequest) -> HttpResponse:
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        raise Http404 from None
    with doors():
        forget_workday(on, **who(request))
    return _done(request, _("已取消登记，改按日历。"))


def _done(request: HttpRequest, said: str) -> HttpResponse:
    return done(request, reverse("office:workdays"), said)


def _show(request: HttpRequest, form: WorkdayForm | None = None, status: int = 200) -> HttpResponse:
    viewer, today = viewer_of(request), centre_day()
    overrides = overridden_days(viewer)
    calendar = Workdays({day.on: day.is_workday for day in overrides})
    first = today.replace(month=1, day=1)
    days = [first + timedelta(days=step) for step in range((today - first).days + DAYS_AHEAD)]
    named = [named_day(day, calendar, {day.on: day.reason for day in overrides}) for day in days]
    unknown = next((day.day.year for day in named if day.guess), None)
    context = surroundings(request, "workdays") | {
        "spans": _spans([(day.day, day.kind, words(day.words, _)) for day in named if day.words]),
        "unknown_year": unknown,
        "overrides": overrides,
        "today": today,
        "may_manage": viewer.scope(MANAGE).holds(INSTALLATION),
        "form": form or WorkdayForm(),
    }
    return show(request, "office/workdays.html", context, status)


def _spans(named: list[tuple[date, DayKind, str]]) -> list[Span]:
    spans: list[Span] = []
    for day, kind, said in named:
        last = spans[-1] if spans else None
        if last and (last.kind, last.words) == (kind, said) and last.last + timedelta(days=1) == day:
            spans[-1] = Span(last.first, day, kind, said)
        else:
            spans.append(Span(day, day, kind, said))
    return spans
