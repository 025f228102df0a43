"""班组: the teams, taking a pattern over, one team with its people."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.people.models import Team
from lianjing.domain.people.shift_lists import membership_by_id, shift_kinds, team_by_id, team_members, teams
from lianjing.domain.people.shift_patterns import PATTERNS, code_on
from lianjing.domain.people.shifts import EDIT, take_over_pattern
from lianjing.domain.people.teams import add_team, change_team, join_team, leave_team
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.forms import OfficeForm, date, text
from lianjing.web.office.roster import fields
from lianjing.web.office.roster.around import TAB, around
from lianjing.web.office.whose import shown_company
from lianjing.web.pages import show

OFF_TYPED = frozenset({"-", "休", "－", "—", "0"})
"""How people type a day off."""


class TeamForm(OfficeForm):
    name = text(later("名称"), 50, required=True)
    post_kind = fields.post_kind()
    place = fields.place()
    cycle = text(
        later("轮班"), 300, required=True, hint=later("逐日写班次代码，空格隔开，休息写“休”：如 A A B B C C 休 休。")
    )
    anchor_on = date(later("第一天在"), required=True, hint=later("这个班组轮到上面第一天的日子。"))
    is_active = forms.BooleanField(label=later("在用"), required=False, initial=True)

    def clean_cycle(self) -> list[str]:
        return ["" if code in OFF_TYPED else code for code in fields.BETWEEN.split(self.cleaned_data["cycle"]) if code]


class PatternForm(OfficeForm):
    """A whole pattern at once."""

    pattern = forms.ChoiceField(
        label=later("轮班方式"),
        choices=lambda: [(one.code, f"{_(one.name)}：{_(one.does)}") for one in PATTERNS.values()],
        error_messages=fields.CHOOSE,
    )
    name = text(later("名称"), 40, required=True, hint=later("如“值守”：得到值守甲班、值守乙班……"))
    post_kind = fields.post_kind()
    place = fields.place()
    pattern.wide = True  # type: ignore[attr-defined]
    first_on = date(later("从哪天起"), required=True, hint=later("甲班从这一天开始轮的第一天。"))


@needs(EDIT)
@require_safe
def team_list(request: HttpRequest) -> HttpResponse:
    company, mine = shown_company(request, EDIT)
    viewer, today = viewer_of(request), timezone.localdate()
    members = team_members(viewer, company.pk, today)
    names = {row.code: _(row.name) for row in shift_kinds(viewer, company.pk)}
    rows = [
        {
            "team": team,
            "cycle": cycle_words(team.cycle),
            "today": names.get(code_on(team.cycle, team.anchor_on, today)) or _("休"),
            "people": [row.member.name for row in members if row.team_id == team.pk and row.starts_on <= today],
        }
        for team in teams(viewer, company.pk)
    ]
    context = around(request, "roster_teams", company) | {"rows": rows, "companies": mine}
    return show(request, "office/roster/teams.html", context)


def cycle_words(cycle: list[str]) -> str:
    return " ".join(code or _("休") for code in cycle)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def pattern(request: HttpRequest) -> HttpResponse:
    company, _mine = shown_company(request, EDIT)
    initial = {"first_on": timezone.localdate() + timedelta(days=1), "pattern": "four_three_2"}
    form = PatternForm(request.POST or None, initial=initial)

    def act(told: dict[str, Any]) -> None:
        take_over_pattern(company.pk, told.pop("pattern"), told, **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _list_href(company.pk), _("班组已建立。接着把人排进班组。"))
    lead = _("一次建好一种轮班方式的全部班组，缺的班次一并登记；已有的同代码班次不动。")
    page = FormPage(TAB, _("套用轮班方式"), _("建立班组"), _list_href(company.pk), lead, "office/roster/form.html")
    return show_form(request, page, form, fields.offers(viewer_of(request), company))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    company, _mine = shown_company(request, EDIT)
    form = TeamForm(request.POST or None, initial={"anchor_on": timezone.localdate() + timedelta(days=1)})
    if request.method == "POST" and submitted(form, lambda told: add_team(company.pk, told, **who(request))):
        return done(request, _list_href(company.pk), _("班组已登记。"))
    page = FormPage(TAB, _("登记班组"), _("登记"), _list_href(company.pk), template="office/roster/form.html")
    return show_form(request, page, form, fields.offers(viewer_of(request), company))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, team_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    row = found(team_by_id(viewer, team_id))
    names = ("name", "post_kind", "place", "anchor_on", "is_active")
    initial = {name: getattr(row, name) for name in names} | {"cycle": cycle_words(row.cycle)}
    form = TeamForm(request.POST or None, initial=initial)
    if request.method == "POST" and submitted(form, lambda told: change_team(team_id, told, **who(request))):
        return done(request, _href(team_id), _("已保存。已经排好的班次不变。"))
    title = _("修改班组：%(name)s") % {"name": row.name}
    page = FormPage(TAB, title, _("保存"), _href(team_id), template="office/roster/form.html")
    return show_form(request, page, form, fields.offers(viewer, row.company))


class JoinForm(OfficeForm):
    people = text(
        later("工号或姓名"), 2000, required=True, lines=3, hint=later("可以一次写几个，用逗号、空格或换行隔开。")
    )
    starts_on = date(later("从"), required=True)
    ends_on = date(later("到"), hint=later("最后一天；不填：一直。"))

    def __init__(self, data: object = None, *, viewer: Viewer, company: Company, **more: Any) -> None:
        super().__init__(data, **more)
        self._viewer, self._company = viewer, company

    def clean_people(self) -> list[int]:
        return [one.pk for one in fields.found_people(self._viewer, self._company, self.cleaned_data["people"])]

    def refuse(self, refused: Refused) -> None:
        refused.field = {"members": "people"}.get(refused.field, refused.field)
        super().refuse(refused)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """The team with its people; posted: more of them."""
    viewer = viewer_of(request)
    row = found(team_by_id(viewer, team_id))
    initial = {"starts_on": timezone.localdate()}
    form = JoinForm(request.POST or None, viewer=viewer, company=row.company, initial=initial)

    def act(told: dict[str, Any]) -> None:
        join_team(team_id, told["people"], (told["starts_on"], told["ends_on"]), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(team_id), _("已排进班组。"))
    return _show_team(request, row, form)


def _show_team(request: HttpRequest, row: Team, form: JoinForm) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    members = [one for one in team_members(viewer, row.company_id, today) if one.team_id == row.pk]
    coming = [
        {"day": today + timedelta(days=place), "code": code_on(row.cycle, row.anchor_on, today + timedelta(days=place))}
        for place in range(14)
    ]
    context = around(request, "roster_teams", row.company) | {"team": row, "form": form, "members": members}
    context |= {"cycle": cycle_words(row.cycle), "coming": coming, "today": today}
    return show(request, "office/roster/team.html", context, 422 if request.method == "POST" else 200)


@needs(EDIT)
@require_POST
def leave(request: HttpRequest, membership_id: int) -> HttpResponse:
    """He belongs to the team until today, or never did."""
    row = found(membership_by_id(viewer_of(request), membership_id))
    today = timezone.localdate()
    last = today if row.starts_on <= today else row.starts_on - timedelta(days=1)
    try:
        with doors():
            leave_team(membership_id, last, **who(request))
    except Refused as refusal:
        return refused(request, _href(row.team_id), refusal)
    said = _("%(name)s 今后不在这个班组；已经排好的班次不变。") % {"name": row.member.name}
    return done(request, _href(row.team_id), said)


def _href(team_id: int) -> str:
    return reverse("office:roster_team", args=[team_id])


def _list_href(company_id: int) -> str:
    return f"{reverse('office:roster_teams')}?company={company_id}"
