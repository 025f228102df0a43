"""按班组排班: teams, from a day to a day; what stands in the way is shown before anything is planned."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.people.planning import Draft, Plan, draft_of, plan_teams
from lianjing.domain.people.roster_obstacles import Judged
from lianjing.domain.people.shift_lists import teams
from lianjing.domain.people.shifts import EDIT
from lianjing.web.acting import submitted, who
from lianjing.web.office.acting import done
from lianjing.web.office.forms import OfficeForm, date, text
from lianjing.web.office.roster.around import around
from lianjing.web.office.roster.calendar import conflict_words
from lianjing.web.office.whose import shown_company
from lianjing.web.pages import show

TOLD_AT_ONCE = 100


class PlanForm(OfficeForm):
    teams = forms.TypedMultipleChoiceField(
        label=later("班组"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": later("请选择至少一个班组。"), "invalid_choice": later("没有这个选项。")},
    )
    first = date(later("从"), required=True)
    last = date(later("到"), required=True, hint=later("含这一天，一次最多 62 天。"))
    reason = text(
        later("违反疲劳规则仍要排的原因"),
        200,
        lines=2,
        hint=later("不填：违反疲劳规则的班次不排。填了：照排，原因随班次存档。"),
    )

    def __init__(self, data: object = None, *, viewer: Viewer, company: Company, **more: Any) -> None:
        super().__init__(data, **more)
        mine = [team for team in teams(viewer, company.pk) if team.is_active]
        self.fields["teams"].choices = [(team.pk, f"{team.name} · {team.place}") for team in mine]  # type: ignore[attr-defined]

    def plan(self) -> Plan:
        told = self.cleaned_data
        return Plan(tuple(told["teams"]), told["first"], told["last"])


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """The form; with the button "look" what would be planned; with the other one it is."""
    company, mine = shown_company(request, EDIT)
    viewer, today = viewer_of(request), timezone.localdate()
    initial = {"first": today + timedelta(days=1), "last": today + timedelta(days=28)}
    form = PlanForm(request.POST or None, viewer=viewer, company=company, initial=initial)
    drafts: list[Draft] = []
    looks = "look" in request.POST

    def act(told: dict[str, Any]) -> None:
        if looks:
            drafts.append(draft_of(viewer, company.pk, form.plan()))
        else:
            drafts.append(plan_teams(company.pk, form.plan(), told["reason"], **who(request)))

    if request.method == "POST" and submitted(form, act) and not looks:
        told = form.cleaned_data
        href = f"{reverse('office:roster')}?company={company.pk}&on={told['first']}&view=month"
        return done(request, href, _done_words(drafts[0], bool(told["reason"].strip())))
    context = around(request, "roster_plan", company) | {"form": form, "companies": mine}
    context["preview"] = _preview(drafts[0]) if drafts else None
    return show(request, "office/roster/plan.html", context, 200 if request.method != "POST" or drafts else 422)


def _done_words(draft: Draft, with_tiring: bool) -> str:
    planned = len(draft.free) + (len(draft.tiring) if with_tiring else 0)
    told = {"count": planned, "out": draft.count - draft.already - planned, "already": draft.already}
    said = _("已排 %(count)d 班草稿，看过再发布。") % told
    if told["already"]:
        said += _("原来已排 %(already)d 班。") % told
    return said + (_("没有排的 %(out)d 班：不能上岗、请假、重叠或太疲劳。") % told if told["out"] else "")


def _preview(draft: Draft) -> dict[str, Any]:
    return {
        "free": len(draft.free),
        "already": draft.already,
        "tiring": _sentences(draft.tiring),
        "tiring_count": len(draft.tiring),
        "barred": _sentences(draft.barred),
        "barred_count": len(draft.barred),
        "is_empty": draft.count == 0,
    }


def _sentences(judged: tuple[Judged, ...]) -> list[str]:
    return [conflict_words(one) for one in judged[:TOLD_AT_ONCE]]
