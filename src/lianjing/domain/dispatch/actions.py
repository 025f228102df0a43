"""派单: an operator sends a guard to a case, and the guard tells every step back to it.

All raise `Missing`, `Forbidden`, `Refused` and `BadChoice` as the actions of a case do. Every step is told on the bus
with the case's id, so that its page changes at once.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.dispatch import policy
from lianjing.domain.dispatch.guard_list import guard_called
from lianjing.domain.dispatch.models import Task
from lianjing.domain.dispatch.permissions import is_his
from lianjing.domain.incidents.actions import forward_incident
from lianjing.domain.incidents.joined_cases import case_that_stays, lock_case_that_stays, with_joined
from lianjing.domain.incidents.media_files import MediaFile
from lianjing.domain.incidents.media_store import files_of, store_media
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.moving import (
    Actor,
    BadChoice,
    Missing,
    Refused,
    chosen,
    finish_move,
    start_move,
    written,
)
from lianjing.domain.incidents.plan_running import sending_failed
from lianjing.domain.incidents.reporting_duty import NOT_REAL, SCENE_CONFIRMS, SCENES
from lianjing.domain.incidents.restarting import DISPOSITION_FIELDS, withdraw_disposition
from lianjing.domain.people.gate_facts import Stand, entitlement
from lianjing.domain.people.models import User
from lianjing.domain.records.actions import Deed, write_records
from lianjing.terms.sentences import words
from lianjing.terms.staffing import PostKind

NEEDS_WORDS = frozenset({"false_cause", "crime", "no_access"})
"""Results that say too little by themselves."""


@transaction.atomic
def send_task(
    incident_id: int,
    *,
    guard: str,
    by: Viewer,
    at: datetime,
    instructions: str = "",
    callback: str = "",
    source: str = "",
) -> Task:
    """转发巡逻: forwards the case to patrol and gives the guard (by user name) a task. Another guard: send again.

    Whom the duty gate would not let in needs a manager's pass, but for the most urgent cases: there he is sent at once,
    and the record says what the gate said (docs/decisions/0024).
    """
    incident = start_move("send_task", incident_id, by)
    text = written("instructions", instructions)
    number = written("callback", callback, limit=policy.CALLBACK_LIMIT)
    person = guard_called(by, incident.company_id, guard)
    if person is None:
        raise BadChoice("guard", _("请选择一名巡逻员。"))
    if _tasks(incident).filter(guard=person, state__in=policy.OPEN_TASK).exists():
        raise Refused(_("%(guard)s 已有此警情的任务。") % {"guard": person.shown_name})
    against = _against(person, incident, at)
    # Read again: forwarding has a row of its own, and both write this one.
    incident = forward_incident(incident_id, to="patrol", note=text, by=by, at=at, source=source)
    task = Task.objects.create(
        incident=incident,
        company_id=incident.company_id,
        guard=person,
        instructions=text,
        callback=number,
        sent_at=at,
        created_by_id=person_id(by),
    )
    incident.tasks_out = _count_out(incident)
    told = {"task": task.pk, "guard": person.shown_name, "text": text, **against}
    finish_move(incident, "incident.task_sent", Actor(by, at, source), told)
    return task


def _against(guard: User, incident: Incident, at: datetime) -> dict[str, str]:
    """What the gate says against sending him, for the record. Raises BadChoice when the case can wait for another."""
    standing = entitlement(Stand(guard.pk, incident.company_id or 0, PostKind.PATROL), at)
    if standing.allowed:
        return {}
    if not policy.goes_at_once(incident.event_class, incident.grade):
        said = _("不能派%(guard)s：%(reason)s请另派他人，或由经理放行。")
        raise BadChoice("guard", said % {"guard": guard.shown_name, "reason": words(standing, _)})
    return {"against_gate": words(standing)}


@transaction.atomic
def cancel_task(incident_id: int, *, task: int, by: Viewer, at: datetime, reason: str = "", source: str = "") -> Task:
    """撤回: the operator calls a guard back who has not reported yet."""
    incident = start_move("cancel_task", incident_id, by)
    row = _tasks(incident).select_for_update(of=("self",), no_key=True).filter(pk=task).first()
    if row is None:
        raise Missing(_("没有这个任务。"))
    row.reason = written("reason", reason)
    return _go("cancel", row, incident, Actor(by, at, source), text=row.reason)


@transaction.atomic
def accept_task(task_id: int, *, by: Viewer, at: datetime, source: str = "") -> Task:
    """接受."""
    task, incident = _locked(task_id, by)
    return _go("accept", task, incident, Actor(by, at, source))


@transaction.atomic
def depart_for_task(task_id: int, *, by: Viewer, at: datetime, source: str = "") -> Task:
    """出发."""
    task, incident = _locked(task_id, by)
    return _go("depart", task, incident, Actor(by, at, source))


@transaction.atomic
def arrive_at_task(task_id: int, *, by: Viewer, at: datetime, source: str = "") -> Task:
    """到达."""
    task, incident = _locked(task_id, by)
    return _go("arrive", task, incident, Actor(by, at, source))


def report_task(
    task_id: int,
    *,
    result: str,
    by: Viewer,
    at: datetime,
    words: str = "",
    photos: Iterable[BinaryIO] = (),
    source: str = "",
) -> Task:
    """结果: one of SCENES, in words where it says too little, and pictures. All of it or nothing.

    What confirms the alarm founds the duty to report it (incidents/reporting_duty.py).
    """
    _mine(task_id, by)
    files = files_of(photos)
    return _report(task_id, result, words, files, Actor(by, at, source))


@transaction.atomic
def _report(task_id: int, result: str, words: str, files: list[MediaFile], actor: Actor) -> Task:
    task, incident = _locked(task_id, actor.by)
    task.result = chosen("result", result, SCENES)
    task.result_words = written("words", words, required=result in NEEDS_WORDS)
    incident.scene = result
    told: dict[str, Any] = {"result": result, "text": task.result_words, "pictures": len(files)}
    if result in SCENE_CONFIRMS and incident.disposition in NOT_REAL:
        told["withdrawn"] = _withdraw_disposition(incident)
    _go("report", task, incident, actor, **told)
    store_media(incident, files, "guard", actor)
    return task


def _withdraw_disposition(incident: Incident) -> str:
    """Whoever is there knows better: the case is disposed of anew. What was decided, which the record keeps."""
    was = withdraw_disposition(incident)
    incident.state = "forwarded"
    incident.save(update_fields=["state", *DISPOSITION_FIELDS])
    return was


def add_task_photos(task_id: int, *, photos: Iterable[BinaryIO], by: Viewer, at: datetime, source: str = "") -> Task:
    """More pictures, from accepting until the guard has left."""
    task = _mine(task_id, by)
    if task.state not in policy.OPEN_TASK - {"assigned"}:
        raise Refused(_("此任务现在不能添加照片。"))
    store_media(case_that_stays(task.incident), files_of(photos), "guard", Actor(by, at, source))
    return task


@transaction.atomic
def leave_task(task_id: int, *, by: Viewer, at: datetime, source: str = "") -> Task:
    """离开: the task is over."""
    task, incident = _locked(task_id, by)
    return _go("leave", task, incident, Actor(by, at, source))


@transaction.atomic
def refuse_task(task_id: int, *, reason: str, by: Viewer, at: datetime, source: str = "") -> Task:
    """拒绝, with the reason; the operator sends somebody else."""
    task, incident = _locked(task_id, by)
    task.reason = written("reason", reason, required=True)
    return _go("refuse", task, incident, Actor(by, at, source), text=task.reason)


def _mine(task_id: int, by: Viewer) -> Task:
    """The guard's own task. Another's is missing to him, as is what he no longer guards."""
    task = Task.objects.select_related("incident__joined_into").filter(pk=task_id).first()
    if task is None or not is_his(by, task):
        raise Missing(_("没有这个任务。"))
    return task


def _locked(task_id: int, by: Viewer) -> tuple[Task, Incident]:
    """Case first, then task: in this order everybody locks them. The case is the one that goes on."""
    incident = lock_case_that_stays(_mine(task_id, by).incident_id)
    return Task.objects.select_for_update(no_key=True).get(pk=task_id), incident


def _go(move_name: str, task: Task, incident: Incident, actor: Actor, **told: Any) -> Task:
    """Task and case saved, with the record and the news."""
    why_not = policy.refusal(move_name, task.state)
    if why_not is not None:
        raise Refused(_(why_not))
    move = policy.TASK_MOVES[move_name]
    task.state = move.to
    setattr(task, move.instant, actor.at)
    task.save()
    incident.tasks_out = _count_out(incident)
    incident.save(update_fields=["tasks_out", "scene"])
    if move.to in policy.FAILED and _nobody_went(incident):
        sending_failed(incident, "patrol", actor)
    after = {"task": task.pk, "guard": task.guard.shown_name, **told}
    deed = Deed(move.topic, "incident", incident.pk, incident.company_id, after)
    write_records([deed], by=actor.by, at=actor.at, source=actor.source)
    emit([News(move.topic, incident.company_id, {"incident": incident.pk})], at=actor.at)
    return task


def _nobody_went(incident: Incident) -> bool:
    return not _tasks(incident).exclude(state__in=policy.FAILED).exists()


def _count_out(incident: Incident) -> int:
    return _tasks(incident).filter(state__in=policy.OUT).count()


def _tasks(incident: Incident) -> "QuerySet[Task]":
    """Of the case and of what was joined into it."""
    return Task.objects.filter(incident__in=with_joined(incident.pk))
