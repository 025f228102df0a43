"""The desk itself: the queue, and the case beside it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianjing.core.access import is_police_only, may, needs, viewer_of
from lianjing.domain.incidents.case_page import incident_page
from lianjing.domain.incidents.queries import queue, queue_counts
from lianjing.terms.roles import SIGNED_ON
from lianjing.web.console.case_parts import case_parts
from lianjing.web.console.casefile import Casefile
from lianjing.web.console.move_form import MoveForm
from lianjing.web.console.rows import rows_html
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show

QUEUE_LIMIT = 100
"""Rows on the page; what is beyond them moves up as cases leave. A screen shows about fifteen."""


def _desk_context(request: HttpRequest) -> dict[str, Any]:
    context = surroundings(request, "desk")
    context["rows"] = rows_html(queue(viewer_of(request), limit=QUEUE_LIMIT))
    context["limit"] = QUEUE_LIMIT
    context["total"] = sum(context["counts"].values())
    return context


def wants_part(request: HttpRequest) -> bool:
    """Whether only the case is asked for; a step back in history wants the whole page and takes its part."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


@needs(SIGNED_ON)
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The address of the house: everybody comes to his own desk, a guard to the page for his phone."""
    viewer = viewer_of(request)
    if is_police_only(viewer):
        return HttpResponseRedirect(reverse("police:start"))
    if not may(viewer, "incidents.see") and may(viewer, "tasks.work"):
        return HttpResponseRedirect(reverse("patrol:home"))
    return desk(request)


@needs("incidents.see")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    return show(request, "desk/desk.html", _desk_context(request))


@needs("incidents.see")
@require_safe
def queue_rows(request: HttpRequest) -> HttpResponse:
    """The rows alone, for a page that has missed too much to catch up event by event."""
    viewer = viewer_of(request)
    response = show(request, "desk/_rows.html", {"rows": rows_html(queue(viewer, limit=QUEUE_LIMIT))})
    response["X-Total"] = str(sum(queue_counts(viewer).values()))
    return response


@needs("incidents.see")
@require_safe
def incident(request: HttpRequest, incident_id: int) -> HttpResponse:
    return show_case(request, incident_id)


def show_case(
    request: HttpRequest, incident_id: int, *, refused: str = "", given: MoveForm | None = None, status: int = 200
) -> HttpResponse:
    """The case alone for htmx, the whole desk otherwise. `refused` is a sentence, `given` a form to be mended."""
    viewer, now = viewer_of(request), timezone.now()
    page = incident_page(viewer, incident_id, at=now)
    if page is None:
        raise Http404
    parts = case_parts(viewer, page, now)
    context = {"case": Casefile(page, given, parts), "refused": refused, **parts}
    if wants_part(request):
        context |= {"may_see_frames": may_see_frames(request), "may_test": may(viewer, "tests.start")}
        return show(request, "desk/_case.html", context, status)
    return show(request, "desk/desk.html", _desk_context(request) | context, status)


def may_see_frames(request: HttpRequest) -> bool:
    return bool(viewer_of(request).scope("frames.see"))
