"""What the operator does to a case: one view a move, each with its own row of the permission table."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lianjing.core.access import needs
from lianjing.core.viewer import Forbidden
from lianjing.domain.dispatch import actions as dispatch
from lianjing.domain.incidents import actions, joining, police_reporting, stepping
from lianjing.domain.incidents.drafting import drop_adopted, drop_draft
from lianjing.domain.incidents.handing_over import accept_incident, decline_incident, offer_incident, withdraw_offer
from lianjing.domain.incidents.holding import hold_incident, wake_incident
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.domain.incidents.next_case import take_next_incident
from lianjing.domain.incidents.policy import MOVES
from lianjing.web.acting import who
from lianjing.web.console.customer_forms import CUSTOMER_ACTS
from lianjing.web.console.desk import show_case, wants_part
from lianjing.web.console.forms import FORMS
from lianjing.web.console.joining import take_in
from lianjing.web.console.move_form import MoveForm

View = Callable[..., HttpResponse]


def _take_by_force(incident_id: int, **who: Any) -> object:

    return actions.take_incident(incident_id, force=True, **who)


def _note(incident_id: int, *, text: str, **who: Any) -> object:
    return actions.note_incident(incident_id, text, **who)


def _step(incident_id: int, *, step: str, outcome: str, note: str, word: str, **who: Any) -> object:
    """A word that was said decides by itself; without one the outcome that was chosen counts."""
    if word.strip():
        return stepping.do_word_step(incident_id, word, **who)
    return stepping.do_step(incident_id, step, outcome, note=note, **who)


def _hold(incident_id: int, *, lasts: str, until: datetime | None, at: datetime, **told: Any) -> object:
    ends = until or (at + timedelta(minutes=int(lasts)) if lasts else None)
    level = int(told.pop("return_level") or 0) or None
    return hold_incident(incident_id, until=ends, return_level=level, at=at, **told)


ACTS: dict[str, Callable[..., object]] = {
    "take": actions.take_incident,
    "break_lock": _take_by_force,
    "release": actions.release_incident,
    "note": _note,
    "acknowledge": actions.acknowledge_signals,
    "verify": actions.verify_incident,
    "forward": actions.forward_incident,
    "dispose": actions.dispose_incident,
    "close": actions.close_incident,
    "reopen": actions.reopen_incident,
    "step": _step,
    "reopen_step": stepping.reopen_step,
    "read_notices": stepping.read_notices,
    "hold": _hold,
    "wake": wake_incident,
    "offer": offer_incident,
    "withdraw": withdraw_offer,
    "accept": accept_incident,
    "decline": decline_incident,
    "send_task": dispatch.send_task,
    "cancel_task": dispatch.cancel_task,
    "police": police_reporting.prepare_notice,
    "police_sent": police_reporting.send_notice,
    "police_accepted": police_reporting.accept_notice,
    "police_received": police_reporting.confirm_notice,
    "police_rejected": police_reporting.reject_notice,
    "police_dispatched": police_reporting.note_police_dispatched,
    "police_arrived": police_reporting.note_police_arrived,
    "police_closed": police_reporting.note_police_closed,
    "waive_police": police_reporting.waive_police,
    **CUSTOMER_ACTS,
    "join": take_in,
    "split": joining.split_incident,
}


SEEING = ("take", "break_lock", "acknowledge", "accept")
"""Moves that mark alarms as seen: those that the page has shown."""


def move_view(name: str) -> View:
    """The view of one move: its form when it asks something, the domain's answer as a sentence when it refuses."""

    @sensitive_post_parameters("word")
    @needs(MOVES[name].permission)
    @require_POST
    def view(request: HttpRequest, incident_id: int) -> HttpResponse:
        form = FORMS[name](request.POST) if name in FORMS else None
        if form is not None and not form.is_valid():
            return show_case(request, incident_id, given=_marked(form), status=422)
        return _act(request, name, incident_id, form)

    view.__name__ = f"{name}_view"
    return view


def _act(request: HttpRequest, name: str, incident_id: int, form: MoveForm | None) -> HttpResponse:
    fields = form.cleaned_data if form is not None else {}
    if name in SEEING and request.POST.get("up_to", "").isdecimal():
        fields = {"up_to": int(request.POST["up_to"])}
    try:
        ACTS[name](incident_id, **fields, **who(request))
    except Missing as missing:
        raise Http404 from missing
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except BadChoice as bad:
        if form is None or bad.field == "step":
            return show_case(request, incident_id, refused=str(bad), status=422)
        # What programs may send stands on the page as choices in words.
        form.refuse(bad.field, _("请选择一项。") if bad.of_list else str(bad))
        return show_case(request, incident_id, given=_marked(form), status=422)
    except Refused as refused:
        return show_case(request, incident_id, refused=str(refused), given=form, status=409)
    if form is not None:
        drop_draft(incident_id, request.POST.get("draft") or name, **who(request))
        if (adopted := request.POST.get("adopted", "")).isdecimal() and len(adopted) < 19:
            drop_adopted(incident_id, int(adopted), **who(request))
    if wants_part(request):
        return show_case(request, incident_id)
    return HttpResponseRedirect(reverse("console:incident", args=[incident_id]))


def _marked(form: MoveForm) -> MoveForm:
    """Tells readers of the screen which fields are wrong and where the sentence stands."""
    for name in form.errors:
        if name in form.fields:
            form.fields[name].widget.attrs |= {
                "aria-invalid": "true",
                "aria-describedby": f"{form.move}-{name}-problem",
            }
    return form


@needs("incidents.take")
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Takes the most urgent case that nobody holds and opens it."""
    try:
        taken = take_next_incident(**who(request))
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except Refused as refused:
        return _nothing(request, str(refused))
    if taken is None:
        return _nothing(request, _("没有可派给您的警情：队列已空，或您手上的已到上限。"))
    if not wants_part(request):
        return HttpResponseRedirect(reverse("console:incident", args=[taken.pk]))
    response = show_case(request, taken.pk)
    response["HX-Push-Url"] = reverse("console:incident", args=[taken.pk])
    return response


def _nothing(request: HttpRequest, sentence: str) -> HttpResponse:
    """There is no case for him: the page says why and stays as it is."""
    if not wants_part(request):
        return HttpResponseRedirect(reverse("console:desk"))
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"lianjing:said": {"text": sentence}})
    return response
