"""最低在岗 and 疲劳规则: what a roster is measured by, and where it falls short."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.people.cover import (
    RANGES,
    add_cover_rule,
    change_cover_rule,
    remove_cover_rule,
    set_fatigue_rules,
)
from lianjing.domain.people.models import CoverRule
from lianjing.domain.people.roster_obstacles import RULE_NAMES
from lianjing.domain.people.roster_policy import Rules
from lianjing.domain.people.shift_lists import cover_rule_by_id, cover_rules, gaps_ahead, own_rules
from lianjing.domain.people.shifts import EDIT
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.forms import OfficeForm, text, time_of_day
from lianjing.web.office.roster import fields
from lianjing.web.office.roster.around import TAB, around
from lianjing.web.office.roster.calendar import gap_words
from lianjing.web.office.roster.grid import weekday_names
from lianjing.web.office.whose import shown_company
from lianjing.web.pages import show

COVER_FIELDS = ("post_kind", "place", "weekdays", "begins", "ends", "at_least")
OURS = Rules()
LABELS: dict[str, Promise] = {
    "shift_hours_at_most": later("一班最多（小时）"),
    "rest_hours_at_least": later("两班之间至少休息（小时）"),
    "week_hours_at_most": later("任意 7 天最多（小时）"),
    "days_in_a_row_at_most": later("最多连续上班（天）"),
}


class CoverForm(OfficeForm):
    post_kind = fields.post_kind()
    place = fields.place()
    weekdays = fields.weekdays()
    begins = time_of_day(later("从"), required=True)
    ends = time_of_day(later("到"), required=True, hint=later("不晚于“从”的，算到第二天；相同：全天。"))
    at_least = fields.whole(later("至少（人）"))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def cover(request: HttpRequest) -> HttpResponse:
    """The rules, a form for one more, and the gaps of the next 14 days."""
    company, mine = shown_company(request, EDIT)
    viewer = viewer_of(request)
    initial = {"weekdays": list(range(1, 8)), "begins": "00:00", "ends": "00:00", "at_least": 1}
    form = CoverForm(request.POST or None, initial=initial)
    if request.method == "POST" and submitted(form, lambda told: add_cover_rule(company.pk, told, **who(request))):
        return done(request, _cover_href(company.pk), _("已登记。"))
    gaps = gaps_ahead(viewer, company.pk, timezone.now())
    context = around(request, "roster_cover", company) | {"form": form, "companies": mine}
    context |= {"rules": [_rule(row) for row in cover_rules(viewer, company.pk)], "gap_count": len(gaps)}
    context["gaps"] = [
        {"words": gap_words(gap), "href": _fill_href(company.pk, gap.post_kind, gap.place, gap.begins_at)}
        for gap in gaps[:100]
    ]
    context |= fields.offers(viewer, company)
    return show(request, "office/roster/cover.html", context, 422 if request.method == "POST" else 200)


def _fill_href(company_id: int, kind: str, place: str, begins: Any) -> str:
    told = {"company": company_id, "post_kind": kind, "place": place, "day": timezone.localdate(begins)}
    return f"{reverse('office:roster_add')}?{urlencode(told)}"


def _rule(row: CoverRule) -> dict[str, Any]:
    names = weekday_names()
    days = _("每天") if len(row.weekdays) == 7 else _("、").join(names[day] for day in row.weekdays)
    whole = row.begins == row.ends
    return {"rule": row, "days": days, "times": _("全天") if whole else f"{row.begins:%H:%M}–{row.ends:%H:%M}"}


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def cover_edit(request: HttpRequest, rule_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    row = found(cover_rule_by_id(viewer, rule_id))
    form = CoverForm(request.POST or None, initial={name: getattr(row, name) for name in COVER_FIELDS})
    if request.method == "POST" and submitted(form, lambda told: change_cover_rule(rule_id, told, **who(request))):
        return done(request, _cover_href(row.company_id), _("已保存。"))
    title = _("修改最低在岗：%(place)s") % {"place": row.place}
    page = FormPage(TAB, title, _("保存"), _cover_href(row.company_id), template="office/roster/form.html")
    return show_form(request, page, form, fields.offers(viewer, row.company))


@needs(EDIT)
@require_POST
def cover_remove(request: HttpRequest, rule_id: int) -> HttpResponse:
    row = found(cover_rule_by_id(viewer_of(request), rule_id))
    try:
        with doors():
            remove_cover_rule(rule_id, **who(request))
    except Refused as refusal:
        return refused(request, _cover_href(row.company_id), refusal)
    return done(request, _cover_href(row.company_id), _("已删除，记录仍在。"))


class RulesForm(OfficeForm):
    """A field a figure, each with ours and what may be set."""

    source = text(later("出处"), 200, required=True, lines=2, hint=later("本单位的哪项规定、哪份批复。"))

    def __init__(self, data: object = None, **more: Any) -> None:
        super().__init__(data, **more)
        for name in RULE_NAMES:
            allowed = RANGES[name]
            hint = _("产品默认 %(usual)d，可设 %(low)d 至 %(high)d。") % {
                "usual": getattr(OURS, name),
                "low": allowed.start,
                "high": allowed.stop - 1,
            }
            self.fields[name] = fields.whole(LABELS[name], hint)
        self.order_fields([*RULE_NAMES, "source"])


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    company, mine = shown_company(request, EDIT)
    row = own_rules(viewer_of(request), company.pk)
    held: Any = row or OURS
    initial = {name: getattr(held, name) for name in RULE_NAMES} | {"source": row.source if row else ""}
    form = RulesForm(request.POST or None, initial=initial)
    if request.method == "POST" and submitted(form, lambda told: set_fatigue_rules(company.pk, told, **who(request))):
        return done(request, f"{reverse('office:roster_rules')}?company={company.pk}", _("疲劳规则已保存。"))
    context = around(request, "roster_rules", company) | {"form": form, "companies": mine, "own": row}
    return show(request, "office/roster/rules.html", context, 422 if request.method == "POST" else 200)


def _cover_href(company_id: int) -> str:
    return f"{reverse('office:roster_cover')}?company={company_id}"
