"""A guard's own tasks, for a program that he uses instead of the page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from lianjing.domain.dispatch import actions
from lianjing.domain.dispatch.models import Task
from lianjing.domain.dispatch.permissions import WORK
from lianjing.domain.dispatch.queries import my_past_tasks, my_task, my_tasks
from lianjing.domain.incidents.moving import Missing
from lianjing.web.api.door import needs, now, source_of, viewer_of
from lianjing.web.api.reading import page, page_size
from lianjing.web.api.schemas import ActionIn

router = Router()


def task_item(task: Task) -> dict[str, Any]:
    """A task as the API tells it; of the premises it says nothing."""
    instants = ("sent", "accepted", "on_the_way", "arrived", "done", "left", "refused", "cancelled")
    return {
        "id": task.pk,
        "incident": task.incident.joined_into_id or task.incident_id,
        "guard": task.guard.username,
        "state": task.state,
        "instructions": task.instructions,
        "reason": task.reason or None,
        "result": task.result or None,
        "words": task.result_words or None,
        **{f"{name}_at": getattr(task, f"{name}_at") for name in instants},
    }


@router.get("tasks", summary="The guard's own tasks; `over`: those that are over")
@needs(WORK)
def list_tasks(request: HttpRequest, over: bool = False, after: int | None = None, limit: int = 100) -> dict[str, Any]:
    viewer, size = viewer_of(request), page_size(limit)
    if not over:
        return {"items": [task_item(task) for task in my_tasks(viewer)], "next": None}
    return page([task_item(task) for task in my_past_tasks(viewer, after=after, limit=size)], size)


STEPS: dict[str, tuple[Callable[..., Task], tuple[str, ...]]] = {
    "accept": (actions.accept_task, ()),
    "depart": (actions.depart_for_task, ()),
    "arrive": (actions.arrive_at_task, ()),
    "report": (actions.report_task, ("result", "words")),
    "leave": (actions.leave_task, ()),
    "refuse": (actions.refuse_task, ("reason",)),
}
"""Step by name, and the fields of `ActionIn` that it reads."""


@router.post(
    "tasks/{int:task_id}/actions/{action}", summary="A step of the guard: accept, depart, arrive, report, leave"
)
@needs(WORK)
def step(request: HttpRequest, task_id: int, action: str, body: ActionIn | None = None) -> dict[str, Any]:
    """`report`: result (nothing, false_cause, trace, person, crime, fire, ill, no_access), words · `refuse`: reason."""
    if action not in STEPS:
        raise Missing(_("没有这个操作：%(action)s。") % {"action": action})
    call, names = STEPS[action]
    fields = {name: getattr(body or ActionIn(), name) for name in names}
    call(task_id, **fields, by=viewer_of(request), at=now(), source=source_of(request))
    task = my_task(viewer_of(request), task_id)
    if task is None:
        raise Missing(_("没有这个任务。"))
    return task_item(task)
