"""Reading tasks: the guard's own, and those of a case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.dispatch.models import Task
from lianjing.domain.dispatch.permissions import SEE, WORK
from lianjing.domain.dispatch.policy import ACCEPT_AMBER, ACCEPT_RED, OPEN_TASK, OUT
from lianjing.domain.people.models import User
from lianjing.terms.roles import Role

GUARDS_SHOWN = 100
TASKS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class GuardLine:
    """A guard who may be sent, and how many tasks he has open. Units, place and rest come with their own tables."""

    username: str
    name: str
    open_tasks: int


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with its clock: while nobody has accepted it, when it turns amber, and red."""

    task: Task
    guard_name: str
    is_out: bool
    waits_since: datetime | None
    amber_at: datetime | None
    red_at: datetime | None


def guards_of(viewer: Viewer, company_id: int | None) -> list[GuardLine]:
    """The guards of a company whom the viewer may send, those with the least to do first."""
    rows = _guards(viewer, company_id).annotate(n=Count("tasks", filter=Q(tasks__state__in=OPEN_TASK), distinct=True))
    return [GuardLine(guard.username, guard.shown_name, guard.n) for guard in rows.order_by("n", "pk")[:GUARDS_SHOWN]]


def guard_called(viewer: Viewer, company_id: int | None, username: str) -> User | None:
    """A guard of the company whom the viewer may send; None when there is none of this user name."""
    return _guards(viewer, company_id).filter(username=username).first()


def tasks_of_case(viewer: Viewer, incident_id: int) -> list[TaskLine]:
    """Latest first."""
    rows = visible(Task.objects.all(), viewer, SEE).filter(incident_id=incident_id)
    return lines_of(viewer, rows.select_related("guard").order_by("-pk")[:TASKS_SHOWN])


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
    return rows.select_related("incident__site", "incident__lane", "company", "created_by", "guard")


def _guards(viewer: Viewer, company_id: int | None) -> "QuerySet[User]":
    if company_id is None or not viewer.scope("tasks.send").holds(company_id):
        return User.objects.none()
    return User.objects.filter(is_active=True, memberships__company_id=company_id, memberships__role=Role.GUARD.value)


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
