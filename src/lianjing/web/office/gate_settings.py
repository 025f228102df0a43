"""门禁设置: what a company asks of whoever signs on for duty."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies
from lianjing.domain.people.gate_list import asks_of
from lianjing.domain.people.gate_setting import MINUTES_AT_MOST, GateAsks, set_gate
from lianjing.domain.people.passing import PASS
from lianjing.web.acting import submitted, who
from lianjing.web.office.acting import done
from lianjing.web.office.forms import NOT_FILLED, OfficeForm
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import asked_id


def _minutes(label: Any, hint: Any) -> forms.IntegerField:
    said = _("须在 0 至 %(limit)d 分钟之间。") % {"limit": MINUTES_AT_MOST}
    wrong = {**NOT_FILLED, "invalid": later("请填整数。"), "min_value": said, "max_value": said}
    return forms.IntegerField(label=label, min_value=0, max_value=MINUTES_AT_MOST, help_text=hint, error_messages=wrong)


class GateForm(OfficeForm):
    asks_eligibility = forms.BooleanField(
        label=later("核对上岗资格"),
        required=False,
        help_text=later("当天在职、证件有效、审查和培训齐全（5.1、3.1.2）。"),
    )
    asks_training = forms.BooleanField(
        label=later("核对逾期培训"), required=False, help_text=later("布置的培训过了期限没有通过，不能签到。")
    )
    asks_roster = forms.BooleanField(
        label=later("核对排班"), required=False, help_text=later("从第一个已发布的班次开始起核对。")
    )

    def __init__(self, data: object = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["early_minutes"] = _minutes(_("上班前多久可以签到（分钟）"), _("默认 30。"))
        self.fields["late_minutes"] = _minutes(_("下班后多久还可以签到（分钟）"), _("默认 60：交接班需要时间。"))


@needs(PASS)
@require_http_methods(["GET", "HEAD", "POST"])
def gate_settings(request: HttpRequest) -> HttpResponse:
    """`?company=`: whose; without it the first that the viewer sets the gate of."""
    viewer = viewer_of(request)
    mine = [company for company in companies(viewer) if viewer.scope(PASS).holds(company.pk)]
    wanted = asked_id(request, "company")
    company = next((one for one in mine if wanted in (None, one.pk)), None)
    if company is None and (mine or wanted is not None):
        raise Http404
    if request.method != "POST" or company is None:
        return _show(request, company, mine)
    form = GateForm(request.POST)
    changed: list[bool] = []

    def act(given: Mapping[str, Any]) -> None:
        changed.append(set_gate(company.pk, GateAsks(**given), **who(request)))

    if submitted(form, act):
        said = _("门禁设置已保存，此后签到按它核对。") if changed[0] else _("门禁设置没有变化。")
        return done(request, f"{reverse('office:gate_settings')}?company={company.pk}", said)
    return _show(request, company, mine, form, status=422)


def _show(
    request: HttpRequest, company: Company | None, mine: list[Company], form: GateForm | None = None, status: int = 200
) -> HttpResponse:
    context = surroundings(request, "duty_gate") | {"company": company, "companies": mine}
    if company is not None:
        asks = asks_of(viewer_of(request), company.pk)
        context |= {"asks": asks, "form": form or GateForm(initial=asdict(asks) if asks else None)}
    return show(request, "office/gate_settings.html", context, status)
