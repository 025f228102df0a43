"""值班门禁: who wants to sign on and may not, who is there though he may not any more, and the pass that opens."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import may, needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Person
from lianjing.domain.companies.queries import companies
from lianjing.domain.incidents.leaving import relieve
from lianjing.domain.incidents.moving import Refused as RefusedCase
from lianjing.domain.people.duty_list import open_duties
from lianjing.domain.people.gate_list import (
    member_of_company,
    not_entitled,
    passes_now,
    past_passes,
    standing_of,
    ungated,
    wants_in,
)
from lianjing.domain.people.passing import PASS, end_pass, give_pass
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office import forms as fields
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.forms import OfficeForm
from lianjing.web.office.surroundings import surroundings
from lianjing.web.once import StoresNothing
from lianjing.web.pages import show

SEE = "people.see"
USUAL = timedelta(hours=8)
RELIEVE = "roster.edit"


class PassForm(OfficeForm):
    reason = fields.reason()
    until = fields.moment(
        later("到何时为止"),
        required=True,
        hint=later("一次最多 24 小时；到时自动结束。"),
    )


class RelieveForm(OfficeForm):
    reason = fields.reason()


@needs(SEE)
@require_safe
def duty_gate(request: HttpRequest) -> HttpResponse:
    """Leaders look; a manager acts."""
    viewer, context = viewer_of(request), surroundings(request, "duty_gate")
    now = context["now"]
    context |= {
        "wants_in": wants_in(viewer, now) if may(viewer, PASS) else [],
        "not_entitled": not_entitled(viewer, now),
        "passes": passes_now(viewer, now),
        "past": past_passes(viewer, now),
        "ungated": ungated(viewer),
        "may_pass": may(viewer, PASS),
        "may_relieve": may(viewer, RELIEVE),
        "several_companies": len(companies(viewer)) > 1,
    }
    return show(request, "office/duty_gate.html", context)


@needs(PASS)
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, company_id: int, user_id: int) -> HttpResponse:
    """The form says what the gate says of him now."""
    viewer, now = viewer_of(request), timezone.now()
    user = found(member_of_company(viewer, user_id, company_id))
    ends = timezone.localtime(now + USUAL, timezone.get_default_timezone())
    form = PassForm(request.POST or None, initial={"until": ends.replace(second=0, microsecond=0, tzinfo=None)})
    home = reverse("office:duty_gate")

    def act(given: dict[str, Any]) -> None:
        give_pass(user_id, company_id, given["reason"], given["until"], **who(request))

    if request.method == "POST" and submitted(form, act):
        until = timezone.localtime(form.cleaned_data["until"], timezone.get_default_timezone())
        figures = {"name": user.shown_name, "until": f"{until:%m-%d %H:%M}"}
        return done(request, home, _("已放行 %(name)s，至 %(until)s。") % figures)
    title = _("放行 %(name)s") % {"name": user.shown_name}
    lead = _("放行、原因和门禁当时所说一并封存；在看板、值班名单和本人席位上显示。")
    said = standing_of(viewer, user_id, company_id, now)
    page = FormPage("duty_gate", title, _("放行"), home, lead, "office/duty_pass.html")
    return show_form(request, page, form, {"reasons": said})


@needs(PASS)
@require_POST
def end(request: HttpRequest, pass_id: int) -> HttpResponse:
    home = reverse("office:duty_gate")
    try:
        with doors():
            end_pass(pass_id, **who(request))
    except Refused as refusal:
        return refused(request, home, refusal)
    return done(request, home, _("放行已结束。"))


@needs(RELIEVE)
@require_http_methods(["GET", "HEAD", "POST"])
def end_duty(request: HttpRequest, duty_id: int) -> HttpResponse:
    """换下: ends somebody's duty, for a reason; while he has cases it is refused and they are named."""
    viewer = viewer_of(request)
    duty = found(_duty(viewer, duty_id))
    form, home = RelieveForm(request.POST or None), reverse("office:on_duty")
    try:
        if request.method == "POST" and submitted(form, lambda given: relieve(duty_id, **given, **who(request))):
            return done(request, home, _("%(name)s 的值班已结束。") % {"name": duty.user.shown_name})
    except RefusedCase as refusal:
        messages.error(request, str(refusal))
        return StoresNothing(home)
    title = _("换下 %(name)s") % {"name": duty.user.shown_name}
    lead = _("结束他的值班。名下还有警情时不能换下：先移交或退回队列。")
    return show_form(request, FormPage("on_duty", title, _("结束值班"), home, lead), form)


def _duty(viewer: Person, duty_id: int) -> Any:
    mine = (duty for duty in open_duties(viewer, 1000, None) if viewer.scope(RELIEVE).holds(duty.company_id))
    return next((duty for duty in mine if duty.pk == duty_id), None)
