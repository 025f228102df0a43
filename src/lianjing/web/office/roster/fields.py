"""Fields that several forms of the roster have: people by number or name, places, times, days of the week."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.people.models import StaffMember
from lianjing.domain.people.models.rosters import DUTY_KINDS
from lianjing.domain.people.shift_lists import people_to_plan, person_called, places
from lianjing.domain.people.shift_patterns import instant
from lianjing.terms.staffing import PostKind
from lianjing.web.office.forms import NOT_FILLED, text
from lianjing.web.office.roster.grid import weekday_names
from lianjing.web.words import label

OFFERED = 500
"""So many people are offered while one types."""
BETWEEN = re.compile(r"[\s,，、;；]+")
CHOOSE = {"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")}


def post_kind() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=later("岗位类别"),
        choices=lambda: [(kind, label(PostKind, kind)) for kind, _zh in DUTY_KINDS],
        error_messages=CHOOSE,
    )


def place() -> forms.CharField:
    field = text(later("席位或片区"), 50, required=True, hint=later("如“1 号席”“东片区”；同一处每次写同样的名字。"))
    field.widget.attrs["list"] = "places"
    return field


def person() -> forms.CharField:
    field = text(later("工号或姓名"), 50, required=True)
    field.widget.attrs["list"] = "people"
    return field


def whole(label: Any, hint: Any = "") -> forms.IntegerField:
    wrong = {
        **NOT_FILLED,
        "invalid": later("请填整数。"),
        "min_value": later("请填整数。"),
        "max_value": later("数字太大。"),
    }
    return forms.IntegerField(label=label, min_value=0, max_value=10_000, help_text=hint, error_messages=wrong)


def weekdays() -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=later("星期"),
        coerce=int,
        choices=lambda: list(weekday_names().items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": later("请选择至少一天。"), "invalid_choice": later("没有这个选项。")},
    )


def offers(viewer: Viewer, company: Company) -> dict[str, Any]:
    """Context of office/roster/_offers.html: what may be typed for places and people."""
    people = people_to_plan(viewer, company.pk, timezone.localdate())[:OFFERED]
    return {"places": places(viewer, company.pk), "people": people}


def found_person(viewer: Viewer, company: Company, typed: str) -> StaffMember:
    """Whom the planner typed. Raises ValidationError naming what was typed."""
    found = person_called(viewer, company.pk, typed)
    if not found:
        raise forms.ValidationError(_("本单位没有“%(typed)s”这个工号或姓名。") % {"typed": typed})
    if len(found) > 1:
        raise forms.ValidationError(_("不止一个人叫“%(typed)s”，请写工号。") % {"typed": typed})
    return found[0]


def found_people(viewer: Viewer, company: Company, typed: str) -> list[StaffMember]:
    """Several, with commas, blanks or lines between them."""
    return [found_person(viewer, company, one) for one in BETWEEN.split(typed.strip()) if one]


def span_of(day: date, begins: time, ends: time) -> tuple[datetime, datetime]:
    """A shift that does not end after it begins ends on the next day."""
    zone = timezone.get_default_timezone()
    last = day if ends > begins else day + timedelta(days=1)
    return instant(day, begins, zone), instant(last, ends, zone)
