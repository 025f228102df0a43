"""值班: signing on at a named desk, and off; who else is there."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.incidents.leaving import leave_desk
from lianjing.domain.incidents.moving import Refused
from lianjing.domain.incidents.queue_lists import cases_of, offers_to
from lianjing.domain.people.duties import DESK_LIMIT, DutyRefused, sign_on_duty
from lianjing.domain.people.duty_list import duty_of, open_duties
from lianjing.domain.people.gate_list import marks, own_mark
from lianjing.domain.people.gate_policy import told
from lianjing.terms.sentences import words
from lianjing.web.acting import found, who
from lianjing.web.console.acting import ActionForm, text
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show

STAND = "duty.stand"


class DutyForm(ActionForm):
    """At which desk; for which company when there are several."""

    desk = text(later("席位（如 1 号席，可不填）"), DESK_LIMIT)
    company = forms.TypedChoiceField(label=later("为哪家单位"), coerce=int, widget=forms.RadioSelect)

    def offer(self, mine: list[Company]) -> None:
        self.fields["company"].choices = [(one.pk, one.name) for one in mine]  # type: ignore[attr-defined]
        if mine:
            self.fields["company"].initial = mine[0].pk


@needs(STAND)
@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: HttpRequest) -> HttpResponse:
    """Signs on with POST; on duty already, it moves to the desk that is named."""
    mine = _companies(request)
    form = DutyForm(request.POST or None)
    form.offer(mine)
    if request.method == "POST" and form.is_valid():
        company = found(next((one for one in mine if one.pk == form.cleaned_data["company"]), None))
        try:
            sign_on_duty(company.pk, desk=form.cleaned_data["desk"], **who(request))
        except DutyRefused as refused:
            return _show(request, form, refused_by=refused, status=409 if refused.entitled else 422)
        else:
            messages.success(request, _("已签到。"))
            return HttpResponseRedirect(reverse("console:duty"))
    return _show(request, form, status=422 if form.errors else 200)


@needs(STAND)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    try:
        leave_desk(**who(request))
    except Refused as refused:
        form = DutyForm()
        form.offer(_companies(request))
        return _show(request, form, refused=str(refused), status=409)
    messages.success(request, _("已签退。"))
    return HttpResponseRedirect(reverse("console:duty"))


@needs("incidents.see")
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """What somebody asks the viewer to take over, for the bar above every page."""
    return show(request, "desk/_offers.html", {"offers": offers_to(viewer_of(request))})


def _companies(request: HttpRequest) -> list[Company]:
    return companies_with(viewer_of(request), STAND)


@needs(STAND)
@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """What the viewer is to be told of his own duty: that his entitlement has ended, that he is there by a pass."""
    return show(request, "desk/_standing.html", {"mark": own_mark(viewer_of(request), timezone.now())})


def _show(
    request: HttpRequest,
    form: DutyForm,
    *,
    refused: str = "",
    refused_by: DutyRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = viewer_of(request)
    context = surroundings(request, "duty") | {"form": form, "own": duty_of(viewer), "cases": cases_of(viewer)}
    context |= {"refused": refused or str(refused_by or ""), "reasons": _reasons(refused_by)}
    duties = open_duties(viewer, kind=None)
    found = marks(viewer, duties, context["now"])
    context["others"] = [(duty, found.get(duty.pk)) for duty in duties]
    return show(request, "desk/duty.html", context, status)


def _reasons(refused: DutyRefused | None) -> list[str]:
    """All that the gate said, when it was more than its first sentence."""
    if refused is None or refused.entitled is None or len(refused.entitled.reasons) < 2:
        return []
    return [words(told(reason), _) for reason in refused.entitled.reasons]
