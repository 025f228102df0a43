"""The guard's list, and one task with what it needs of the premises."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Person
from lianjing.domain.dispatch.models import Task
from lianjing.domain.dispatch.permissions import WORK
from lianjing.domain.dispatch.policy import NEXT, OPEN_TASK, allows
from lianjing.domain.dispatch.queries import my_past_tasks, my_task, my_tasks
from lianjing.domain.dispatch.scene import Scene, scene_of
from lianjing.domain.incidents.joined_cases import case_that_stays
from lianjing.domain.signals.queries import code_words
from lianjing.web.acting import found
from lianjing.web.drawn import drawn
from lianjing.web.pages import show, signed_on_words
from lianjing.web.paging import asked_id, pager
from lianjing.web.patrol.duty_words import duty_words
from lianjing.web.patrol.forms import RefuseForm, ResultForm, StepForm

PAGE = 30


def surroundings(request: HttpRequest) -> dict[str, Any]:
    return {**signed_on_words(request), "now": timezone.now(), "zone": str(timezone.get_default_timezone())}


@needs(WORK)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return show_home(request, {})


def show_home(request: HttpRequest, said: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """His duty and his tasks. `said`: why a sign-on or sign-off was refused."""
    context = surroundings(request) | duty_words(viewer_of(request)) | _rows(request) | dict(said)
    return show(request, "patrol/home.html", context, status)


@needs(WORK)
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The list alone: the page fetches it every few seconds."""
    return show(request, "patrol/_rows.html", _rows(request))


def _rows(request: HttpRequest) -> dict[str, Any]:
    return {"rows": [_row(task) for task in my_tasks(viewer_of(request))]}


def _row(task: Task) -> dict[str, Any]:
    incident, sent_to = case_that_stays(task.incident), task.incident
    return {
        "task": task,
        "grade": incident.grade,
        "what": code_words(incident.scheme, incident.code, incident.qualifier),
        "site_name": sent_to.site.name if sent_to.site else sent_to.lane.account,
        "address": sent_to.site.address if sent_to.site else "",
    }


@needs(WORK)
@require_safe
def past(request: HttpRequest) -> HttpResponse:
    """Tasks that are over, in outline."""
    tasks = my_past_tasks(viewer_of(request), after=asked_id(request), limit=PAGE + 1)
    shown = tasks[:PAGE]
    context = surroundings(request) | {"rows": [_row(task) for task in shown]}
    return show(request, "patrol/past.html", context | pager(request, shown[-1].pk if len(tasks) > PAGE else None))


@needs(WORK)
@require_safe
def task_page(request: HttpRequest, task_id: int) -> HttpResponse:
    return show_task(request, task_id)


@needs(WORK)
@require_safe
def live(request: HttpRequest, task_id: int) -> HttpResponse:
    """Only how the task stands: 204 while nothing has changed, so that nothing moves under a thumb."""
    task = found(my_task(viewer_of(request), task_id))
    if request.GET.get("state") == task.state:
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Refresh": "true"})


def show_task(
    request: HttpRequest,
    task_id: int,
    *,
    refused: str = "",
    result: StepForm | None = None,
    refuse: StepForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a task. `refused` is a sentence; `result` and `refuse` are forms to be mended."""
    viewer, now = viewer_of(request), timezone.now()
    task = found(my_task(viewer, task_id))
    scene = scene_of(viewer, task, now)
    context = surroundings(request) | _row(task) | _places(scene)
    context |= {
        "refused": refused,
        "next": NEXT.get(task.state),
        "may_refuse": allows("refuse", task.state),
        "may_add": task.state in OPEN_TASK - {"assigned"},
        "result_form": result or ResultForm(),
        "refuse_form": refuse or RefuseForm(),
        "desk_name": _desk_name(viewer, task),
    }
    return show(request, "patrol/task.html", context, status)


def _places(scene: Scene | None) -> dict[str, Any]:
    if scene is None:
        return {"scene": None}
    return {"scene": scene, "plans": [drawn(plan, {zone.pk for zone in plan.zones}) for plan in scene.plans]}


def _desk_name(viewer: Person, task: Task) -> str:
    return task.created_by.shown_name if task.created_by else task.company.name
