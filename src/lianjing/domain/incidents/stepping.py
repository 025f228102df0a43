"""What the holder of a case does along its plan. They raise what the actions of this app raise.

A step that verifies or hands the case over makes that move too, so that the state of the case stays true.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lianjing.core import refusals
from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.incidents import actions, policy
from lianjing.domain.incidents.models import Incident, NoticeRead, PlanRun, State
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
from lianjing.domain.incidents.notices import unread_notices
from lianjing.domain.incidents.plan_facts import outcomes_of_run, steps_of_run
from lianjing.domain.incidents.plan_running import due_step, duress_covers, run_of, say, undo
from lianjing.domain.incidents.plan_waits import refuse_impatience
from lianjing.domain.incidents.police_steps import waive_duties
from lianjing.domain.plans.covering import sent_to
from lianjing.domain.plans.policy import (
    DURESS,
    NEEDS_REASON,
    WAIVED,
    Outcome,
    Step,
    StepKind,
    StepState,
    outcomes_of,
    path_of,
)
from lianjing.domain.plans.step_words import plan_words
from lianjing.domain.signals.pass_words import check_word
from lianjing.domain.sites.pass_words import Checked

HOWS = {
    StepKind.WATCH_CLIP: "video",
    StepKind.DIAL_LIST: "call",
    StepKind.PASS_WORD: "call",
    StepKind.DISPATCH: "patrol",
    StepKind.NOTIFY_POLICE: "patrol",
}
"""How it was verified, by the latest step of one of these kinds (whoever was called there reports); else by what the
platform shows."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A step of a case's plan that somebody wants to do."""

    run: PlanRun
    step: Step
    steps: Sequence[Step]
    outcomes: Sequence[Outcome]


@transaction.atomic
def do_step(
    incident_id: int, step: str, outcome: str, *, by: Viewer, at: datetime, note: str = "", source: str = ""
) -> Incident:
    """Says how a step (by key) that is due, or comes later, ended: an outcome of its branches, `done` or `skipped`."""
    incident = start_move("step", incident_id, by, at)
    actor = Actor(by, at, source)
    asked = _asked(run_of(incident, actor), step)
    state = path_of(asked.steps, asked.outcomes).states[asked.step.key]
    if state not in (StepState.NOW, StepState.LATER) or asked.step.kind is StepKind.END:
        raise Refused(_("步骤“%(title)s”已完成，或不在当前分支上。") % {"title": plan_words(asked.step.title)})
    chosen("outcome", outcome, outcomes_of(asked.step))
    text = written("note", note, required=outcome in NEEDS_REASON)
    refuse_impatience(asked.run, asked.step, text, at)
    if asked.step.kind is StepKind.PASS_WORD and outcome == DURESS:
        # Nothing on the screen says so; the duty to report does not wait for a verification.
        incident.verified_how, incident.verified_outcome = "call", outcome
        duress_covers(incident, asked.run, actor, text)
    else:
        say(asked.run, [Outcome(asked.step.key, outcome)], actor, text)
    if outcome == WAIVED:
        waive_duties(incident, "other", text, actor)
    incident = _moved(incident, asked, outcome, actor)
    told = {"step": asked.step.key, "title": asked.step.title, "outcome": outcome}
    told |= {"said": _said(asked.step, outcome), "text": text}
    return finish_move(incident, "incident.step_done", actor, told)


def _asked(run: PlanRun, key: str) -> _Asked:
    steps = steps_of_run(run)
    step = next((step for step in steps if step.key == key), None)
    if step is None:
        raise BadChoice("step", _("预案里没有步骤“%(step)s”。") % {"step": key[:40]})
    return _Asked(run, step, steps, outcomes_of_run(run))


def _moved(incident: Incident, asked: _Asked, outcome: str, actor: Actor) -> Incident:
    """The case after the move that the step stands for, if it stands for one."""
    who = {"by": actor.by, "at": actor.at, "source": actor.source}
    to = sent_to(asked.step, outcome)
    if to:
        return actions.forward_incident(incident.pk, to=to, as_step=True, **who)  # type: ignore[arg-type]
    if asked.step.kind is StepKind.DECIDE and outcome in policy.OUTCOMES:
        how = _how(asked.steps, asked.outcomes)
        return actions.verify_incident(incident.pk, how=how, outcome=outcome, as_step=True, **who)  # type: ignore[arg-type]
    return incident


def _how(steps: Sequence[Step], outcomes: Sequence[Outcome]) -> str:
    kinds = {step.key: step.kind for step in steps}
    told = [HOWS[kinds[o.key]] for o in outcomes if o.outcome not in ("skipped", "none") and kinds.get(o.key) in HOWS]
    return told[-1] if told else "platform"


def _said(step: Step, outcome: str) -> str:
    return next((branch.words for branch in step.branches if branch.outcome == outcome), "")


@transaction.atomic
def reopen_step(incident_id: int, step: str, *, by: Viewer, at: datetime, source: str = "") -> Incident:
    """Takes back what was said of a step; the moves that it made stay in the records."""
    incident = start_move("reopen_step", incident_id, by)
    actor = Actor(by, at, source)
    asked = _asked(run_of(incident, actor), step)
    if not undo(asked.run, actor, asked.step.key):
        raise Refused(_("步骤“%(title)s”还没有做。") % {"title": plan_words(asked.step.title)})
    return finish_move(incident, "incident.step_reopened", actor, {"step": asked.step.key, "title": asked.step.title})


@transaction.atomic
def read_notices(incident_id: int, *, by: Viewer, at: datetime, source: str = "") -> Incident:
    """The holder has read the site's notices that must be read (须确认的提示)."""
    incident = start_move("read_notices", incident_id, by, at)
    unread, who = unread_notices(incident, at), person_id(by)
    NoticeRead.objects.bulk_create(NoticeRead(incident=incident, note_id=pk, by_id=who, at=at) for pk in unread)
    return finish_move(incident, "incident.notices_read", Actor(by, at, source), {"notices": unread})


def check_case_word(incident_id: int, word: str, *, by: Viewer, at: datetime, source: str = "") -> Checked:
    """Whose word it is (核对口令); for the holder, whose plan stands at checking it, the plan goes on by the answer.
    A duress word turns the case he holds to its silent way wherever the plan stands.

    Not to be called inside a transaction: that a check began is recorded even if the rest fails.
    """
    rows = visible(Incident.objects.exclude(site=None), by, "incidents.see")
    incident = rows.filter(pk=incident_id).first()
    if incident is None or incident.site_id is None:
        raise Missing(_("没有这件警情。"))
    due = due_step(incident, StepKind.PASS_WORD, by)
    if due is not None and unread_notices(incident, at):
        raise refusals.Refused("word", _("请先确认已读该场所的提示。"))
    found = check_word(incident.site_id, word, by=by, at=at, source=source)
    said = found.word_is.value
    if due is not None and said in outcomes_of(due):
        do_step(incident_id, due.key, said, by=by, at=at, source=source)
    elif said == DURESS and _is_working(incident, by):
        actions.verify_incident(incident_id, how="call", outcome=DURESS, by=by, at=at, source=source)
    return found


def _is_working(incident: Incident, by: Viewer) -> bool:
    return incident.holder_id == person_id(by) and incident.state not in (State.DISPOSED, State.CLOSED)


def do_word_step(incident_id: int, word: str, *, by: Viewer, at: datetime, source: str = "") -> Checked:
    """As `check_case_word`, with the refusals of a case: what is wrong with the word is told beside its field."""
    try:
        return check_case_word(incident_id, word, by=by, at=at, source=source)
    except refusals.Refused as refused:
        raise BadChoice(refused.field, _(refused.sentence) % refused.figures) from refused
