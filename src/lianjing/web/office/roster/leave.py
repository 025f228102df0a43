"""请假: what waits, what is granted, what was planned into it; entering it for somebody."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.people.leave import NewLeave, cancel_leave, decide_leave, enter_leave, is_own
from lianjing.domain.people.leave_list import (
    leave_fact_by_id,
    leave_request_by_id,
    leave_requests,
    leaves_between,
    shifts_in_leave,
)
from lianjing.domain.people.roster_obstacles import span_of
from lianjing.domain.people.roster_policy import span_words
from lianjing.domain.people.shifts import EDIT
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import done, refused
from lianjing.web.office.effects import AWAY, of_days
from lianjing.web.office.forms import OfficeForm, date, text
from lianjing.web.office.roster import fields
from lianjing.web.office.roster.around import around
from lianjing.web.office.whose import shown_company
from lianjing.web.pages import show

AHEAD_DAYS = 92


def leave_kind() -> Any:
    field = text(later("假别"), 40, required=True, hint=later("如年假、事假、病假、婚假。"))
    field.widget.attrs["list"] = "leave-kinds"
    return field


class LeaveForm(OfficeForm):
    kind = leave_kind()
    first_on = date(later("从"), required=True)
    last_on = date(later("到"), required=True, hint=later("含这一天。"))
    reason = text(later("说明"), 200, lines=2, hint=later("只有批准的人和本人看得到。"))

    def new_leave(self) -> NewLeave:
        return NewLeave(**{name: self.cleaned_data[name] for name in ("kind", "first_on", "last_on", "reason")})


class EnterForm(LeaveForm):
    """For somebody who did not ask by himself."""

    person = fields.person()
    field_order = ("person", "kind", "first_on", "last_on", "reason")

    def __init__(self, data: object = None, *, viewer: Viewer, company: Company, **more: Any) -> None:
        super().__init__(data, **more)
        self._viewer, self._company = viewer, company

    def clean_person(self) -> int:
        return fields.found_person(self._viewer, self._company, self.cleaned_data["person"]).pk


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    company, mine = shown_company(request, EDIT)
    viewer, today = viewer_of(request), timezone.localdate()
    form = EnterForm(request.POST or None, viewer=viewer, company=company)

    def act(told: dict[str, Any]) -> None:
        enter_leave(told["person"], form.new_leave(), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(company.pk), _("请假已登记。"))
    asked = leave_requests(viewer, company.pk)
    granted = leaves_between(viewer, company.pk, today, today + timedelta(days=AHEAD_DAYS))
    spans = [(one.member_id, one.first_on, one.last_on) for one in asked]
    spans += [(one.member_id, one.valid_from, one.valid_until) for one in granted if one.valid_from and one.valid_until]
    planned = shifts_in_leave(viewer, spans)
    context = around(request, "roster_leave", company) | {"form": form, "companies": mine, "ahead": AHEAD_DAYS}
    context |= {
        "asked": [
            {
                "one": one,
                "shifts": _shifts(planned.get((one.member_id, one.first_on), [])),
                "is_own": is_own(one, viewer),
            }
            for one in asked
        ],
        "granted": [
            {"one": one, "shifts": _shifts(planned.get((one.member_id, one.valid_from), []))}  # type: ignore[arg-type]
            for one in granted
        ],
    }
    context |= fields.offers(viewer, company)
    context |= of_days(request, company.pk, today, today + timedelta(days=AHEAD_DAYS), AWAY)
    return show(request, "office/roster/leave.html", context, 422 if request.method == "POST" else 200)


def _shifts(rows: list[Any]) -> list[dict[str, Any]]:
    zone = timezone.get_default_timezone()
    return [{"id": row.pk, "words": span_words(span_of(row), zone)} for row in rows]


@needs(EDIT)
@require_POST
def decide(request: HttpRequest, request_id: int) -> HttpResponse:
    """`grant` or `refuse`, the name of the button; refusing wants a reason."""
    asked = found(leave_request_by_id(viewer_of(request), request_id))
    grants = "grant" in request.POST
    try:
        with doors():
            decide_leave(request_id, grants, request.POST.get("decision", ""), **who(request))
    except Refused as refusal:
        return refused(request, _href(asked.company_id), refusal)
    said = _("已批准 %(name)s 请假。") if grants else _("已拒绝 %(name)s 的请假申请。")
    return done(request, _href(asked.company_id), said % {"name": asked.member.name})


@needs(EDIT)
@require_POST
def cancel(request: HttpRequest, fact_id: int) -> HttpResponse:
    """Takes granted leave back."""
    fact = found(leave_fact_by_id(viewer_of(request), fact_id))
    try:
        with doors():
            cancel_leave(fact_id, request.POST.get("reason", ""), **who(request))
    except Refused as refusal:
        return refused(request, _href(fact.company_id), refusal)
    return done(request, _href(fact.company_id), _("已销假，记录仍在。"))


def _href(company_id: int) -> str:
    return f"{reverse('office:roster_leave')}?company={company_id}"
