"""The guard signs on for patrol, and off; why not, when the gate refuses."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.dispatch.patrol_duty import PATROL, end_patrol, start_patrol
from lianjing.domain.incidents.moving import Refused
from lianjing.domain.people.duties import DutyRefused
from lianjing.domain.people.gate_list import own_mark
from lianjing.domain.people.gate_policy import told
from lianjing.terms.sentences import words
from lianjing.web.acting import who
from lianjing.web.pages import show
from lianjing.web.patrol.tasks import show_home


@needs(PATROL)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    asked = request.POST.get("company", "")
    company_id = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    place = request.POST.get("place", "")
    try:
        start_patrol(company_id, place=place, **who(request))
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except DutyRefused as refused:
        found = refused.entitled.reasons if refused.entitled else ()
        reasons = [words(told(reason), _) for reason in found] if len(found) > 1 else []
        shown = {"refused": str(refused), "reasons": reasons, "place": place, "by_gate": bool(found)}
        return show_home(request, shown, status=409 if found else 422)
    return HttpResponseRedirect(reverse("patrol:home"))


@needs(PATROL)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    try:
        end_patrol(**who(request))
    except Refused as refused:
        return show_home(request, {"refused": str(refused)}, status=409)
    return HttpResponseRedirect(reverse("patrol:home"))


@needs(PATROL)
@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """Whether he still may: the page asks while he is on duty."""
    return show(request, "patrol/_standing.html", {"mark": own_mark(viewer_of(request), timezone.now())})
