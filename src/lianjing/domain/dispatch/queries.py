"""Reading tasks: the guard's own, and those of a case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.dispatch.models import Task
from lianjing.domain.dispatch.permissions import SEE, WORK
from lianjing.domain.dispatch.policy import ACCEPT_AMBER, ACCEPT_RED, OPEN_TASK, OUT
from lianjing.domain.incidents.joined_cases import with_joined

TASKS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with its clock: while nobody has accepted it, when it turns amber, and red."""

    task: Task
    guard_name: str
    is_out: bool
    waits_since: datetime | None
    amber_at: datetime | None
    red_at: datetime | None


def tasks_of_case(viewer: Viewer, incident_id: int) -> list[TaskLine]:
    """Of the case and of what was joined into it, latest first."""
    rows = visible(Task.objects.all(), viewer, SEE).filter(incident__in=with_joined(incident_id))
    return lines_of(viewer, rows.select_related("guard", "incident").order_by("-pk")[:TASKS_SHOWN])


def lines_of(viewer: Viewer, tasks: Iterable[Task]) -> list[TaskLine]:
    """Tasks that `viewer` was given, with their clocks."""
    return [_line(task) for task in tasks]


def last_callback(viewer: Viewer, company_id: int | None) -> str:
    """The number that this person gave to guards last: he need not type it again."""
    mine = visible(Task.objects.exclude(callback=""), viewer, SEE).filter(created_by_id=person_id(viewer))
    last = mine.filter(company_id=company_id).order_by("-pk").values_list("callback", flat=True).first()
    return last or ""


def tasks_out(viewer: Viewer) -> int:
    """How many tasks have neither a result nor an end."""
    return visible(Task.objects.filter(state__in=OUT), viewer, "tasks.see").count()


def open_tasks_of(viewer: Viewer, user_id: int) -> list[Task]:
    """What somebody else still has to do, as far as the viewer sees it."""
    rows = visible(Task.objects.all(), viewer, SEE).filter(guard_id=user_id, state__in=OPEN_TASK)
    return list(rows.order_by("pk")[:TASKS_SHOWN])


def my_tasks(viewer: Viewer) -> list[Task]:
    """A guard's tasks that are not over, what he must accept first, then the latest first."""
    rows = _mine(viewer).filter(state__in=OPEN_TASK).order_by("-pk")[:TASKS_SHOWN]
    return sorted(rows, key=lambda task: task.state != "assigned")


def my_past_tasks(viewer: Viewer, *, after: int | None = None, limit: int = 50) -> list[Task]:
    """A guard's tasks that are over, latest first, from before `after` (a task's id)."""
    rows = _mine(viewer).exclude(state__in=OPEN_TASK)
    rows = rows.filter(pk__lt=after) if after is not None else rows
    return list(rows.order_by("-pk")[:limit])


def my_task(viewer: Viewer, task_id: int) -> Task | None:
    """None when it is not the guard's own."""
    return _mine(viewer).filter(pk=task_id).first()


def _mine(viewer: Viewer) -> "QuerySet[Task]":
    rows = visible(Task.objects.all(), viewer, WORK).filter(guard_id=person_id(viewer))
    return rows.select_related(
        "incident__site", "incident__lane", "incident__joined_into", "company", "created_by", "guard"
    )


def _line(task: Task) -> TaskLine:
    waits = task.sent_at if task.state == "assigned" else None
    return TaskLine(
        task=task,
        guard_name=task.guard.shown_name,
        is_out=task.state in OUT,
        waits_since=waits,
        amber_at=waits and waits + timedelta(seconds=ACCEPT_AMBER),
        red_at=waits and waits + timedelta(seconds=ACCEPT_RED),
    )
