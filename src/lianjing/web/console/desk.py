"""The desk itself: the queue, and the case beside it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianjing.core.access import may, needs, viewer_of
from lianjing.core.viewer import Person
from lianjing.domain.incidents.case_zones import alarmed_zones
from lianjing.domain.incidents.queries import incident_page, queue, queue_counts
from lianjing.domain.signals.pass_words import PERMISSION as CHECK_WORDS
from lianjing.domain.sites.drawings import plans_with
from lianjing.web.console.casefile import Casefile
from lianjing.web.console.forms import MoveForm
from lianjing.web.console.rows import rows_html
from lianjing.web.console.surroundings import surroundings
from lianjing.web.drawn import Drawn, drawn
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
    page = incident_page(viewer_of(request), incident_id, at=timezone.now())
    if page is None:
        raise Http404
    context: dict[str, Any] = {"case": Casefile(page, given), "refused": refused}
    context["plans"] = _plans(viewer_of(request), incident_id)
    if viewer_of(request).scope(CHECK_WORDS).holds(page.incident.company_id):
        context["word_href"] = reverse("console:check_word", args=[incident_id])
    if wants_part(request):
        context |= {"may_see_frames": may_see_frames(request), "may_test": may(viewer_of(request), "tests.start")}
        return show(request, "desk/_case.html", context, status)
    return show(request, "desk/desk.html", _desk_context(request) | context, status)


def _plans(viewer: Person, incident_id: int) -> list[Drawn]:
    """The drawings on which a zone of the case has its place."""
    alarmed = alarmed_zones(viewer, incident_id)
    return [drawn(plan, alarmed) for plan in plans_with(viewer, alarmed)]


def may_see_frames(request: HttpRequest) -> bool:
    return bool(viewer_of(request).scope("frames.see"))
