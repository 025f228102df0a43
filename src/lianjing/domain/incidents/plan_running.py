"""How the moves of a case and its plan go together. Steps of the actions of this app, and no actions themselves.

The plan is looked up when the case is first taken, and again by the first act after the case has become more urgent;
what was done of the former one counts as far as the new one asks the same.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.incidents import policy
from lianjing.domain.incidents.customer_policy import REACHED
from lianjing.domain.incidents.models import Incident, PlanRun, StepRun
from lianjing.domain.incidents.moving import Actor
from lianjing.domain.incidents.plan_facts import is_stale, outcomes_of_run, steps_of_run
from lianjing.domain.incidents.plan_waits import keep_wait
from lianjing.domain.plans.covering import (
    carried_over,
    covered_by_forwarding,
    covered_by_verification,
    covered_by_waiving,
    led_by_duress,
    sending_done,
)
from lianjing.domain.plans.policy import (
    DURESS,
    Outcome,
    Step,
    StepKind,
    outcomes_of,
    plain_way,
    police_asked,
    steps_as_json,
    walk,
)
from lianjing.domain.plans.queries import ChosenPlan, plan_for
from lianjing.domain.records.actions import Deed, write_records
from lianjing.terms.codes import EventClass


def plan_of(incident: Incident, actor: Actor) -> ChosenPlan:
    """The plan that a case as it is now should run along."""
    return plan_for(actor.by, incident.company_id, incident.site, incident.event_class, incident.grade)


def run_of(incident: Incident, actor: Actor) -> PlanRun:
    """The case's run, begun or looked up anew when it is time. The case is locked."""
    run = PlanRun.objects.filter(incident=incident).first()
    if run is None:
        run = PlanRun(incident=incident, started_at=actor.at)
        _take_plan(run, incident, plan_of(incident, actor))
        keep_wait(run, actor.at)
    elif is_stale(run, incident):
        _replan(run, incident, actor)
    return run


def due_step(incident: Incident, kind: StepKind, by: Viewer) -> Step | None:
    """The step at which the plan of the case stands, when it is of this kind and the case is in `by`'s hands."""
    run = PlanRun.objects.filter(incident=incident).first()
    if run is None or incident.holder_id is None or incident.holder_id != person_id(by):
        return None
    here = walk(steps_of_run(run), outcomes_of_run(run))
    return here if here is not None and here.kind is kind else None


def _take_plan(run: PlanRun, incident: Incident, plan: ChosenPlan) -> None:
    run.version, run.template, run.title = plan.version, plan.template, plan.title
    run.event_class, run.grade = incident.event_class, incident.grade
    run.steps = steps_as_json(plan.steps)
    run.looks = [[look.sentence, look.figures] for look in plan.looks]
    run.save()


def _replan(run: PlanRun, incident: Incident, actor: Actor) -> None:
    former, before, outcomes = steps_of_run(run), told_of(run), outcomes_of_run(run)
    plan = plan_of(incident, actor)
    _take_plan(run, incident, plan)
    if list(plan.steps) == former:
        return
    undo(run, actor)
    say(run, carried_over(former, outcomes, list(plan.steps)), actor)
    deed = Deed("incident.replanned", "incident", incident.pk, incident.company_id, told_of(run), before)
    write_records([deed], by=actor.by, at=actor.at, source=actor.source)


def told_of(run: PlanRun) -> dict[str, Any]:
    """What the records say of a plan."""
    version = run.version
    if version is None:
        return {"plan": run.title, "template": run.template}
    return {"plan": run.title, "version": version.number, "hash": version.content_hash}


def say(run: PlanRun, outcomes: Iterable[Outcome], actor: Actor, note: str = "") -> None:
    """Writes outcomes of steps."""
    who = person_id(actor.by)
    StepRun.objects.bulk_create(
        StepRun(run=run, step=said.key, outcome=said.outcome, note=note, by_id=who, at=actor.at) for said in outcomes
    )
    keep_wait(run, actor.at)


def undo(run: PlanRun, actor: Actor, step: str = "") -> int:
    """Takes back what was done of a step, "" of all; how many outcomes that were."""
    rows = run.done.filter(undone_at=None)
    count = (rows.filter(step=step) if step else rows).update(undone_at=actor.at)
    keep_wait(run, actor.at)
    return count


def verification_covers(incident: Incident, actor: Actor) -> None:
    """A verification that was made as a whole: it settles the plan's steps up to its decision.

    A decision that says otherwise is taken back: the latest verification holds. Duress leads the plan its silent way.
    A hold-up's decision is whoever's has seen the premises, so that no word of others settles it.
    """
    run = run_of(incident, actor)
    if incident.verified_outcome == DURESS and goes_silent(run):
        duress_covers(incident, run, actor)
        return
    if incident.event_class == EventClass.HOLD_UP and incident.verified_how not in policy.SEEN_THERE:
        return
    steps, outcomes = steps_of_run(run), outcomes_of_run(run)
    judged = _judged(steps, outcomes)
    covered = covered_by_verification(steps, [said for said in outcomes if said != judged], incident.verified_outcome)
    if judged is None:
        say(run, covered, actor)
    elif judged not in covered and covered:
        undo(run, actor, judged.key)
        say(run, covered, actor)


def _judged(steps: Sequence[Step], outcomes: Sequence[Outcome]) -> Outcome | None:
    """The first decision that said whether it is true."""
    deciding = {step.key for step in steps if step.kind is StepKind.DECIDE}
    return next((said for said in outcomes if said.key in deciding and said.outcome in policy.OUTCOMES), None)


def goes_silent(run: PlanRun) -> bool:
    """Whether the plan has a silent way for who is under threat."""
    return any(step.kind is StepKind.PASS_WORD and DURESS in outcomes_of(step) for step in steps_of_run(run))


def duress_covers(incident: Incident, run: PlanRun, actor: Actor, note: str = "") -> None:
    """A duress word leads the plan its silent way, from wherever it stands; whom it asks to tell and who has been told
    already is not told twice."""
    steps = steps_of_run(run)
    said = led_by_duress(steps, outcomes_of_run(run))
    for outcome in said:
        undo(run, actor, outcome.key)
    say(run, said, actor, note)
    for service in incident.police_told:
        told = covered_by_forwarding(steps, outcomes_of_run(run), service)
        say(run, [told] if told is not None else [], actor)


def sending_failed(incident: Incident, to: str, actor: Actor) -> None:
    """Nobody of those to whom the case was handed has taken it: the steps by which it was are open again."""
    run = PlanRun.objects.filter(incident=incident).first()
    if run is not None:
        for key in sending_done(steps_of_run(run), outcomes_of_run(run), to):
            undo(run, actor, key)


def forwarding_covers(incident: Incident, to: str, actor: Actor) -> None:
    """Handing the case over does the step that asks for it."""
    run = run_of(incident, actor)
    said = covered_by_forwarding(steps_of_run(run), outcomes_of_run(run), to)
    if said is not None:
        say(run, [said], actor)


def call_covers(incident: Incident, came_of_it: str, actor: Actor) -> None:
    """Whoever was reached before its turn need not be called again: the list of calls that the plan comes to next is
    done. That nobody answers is no reason yet to leave it out."""
    run = PlanRun.objects.filter(incident=incident).first()
    if run is None or came_of_it != REACHED:
        return
    ahead = plain_way(steps_of_run(run), outcomes_of_run(run))
    asks = (step for step in ahead if step.kind is StepKind.DIAL_LIST and REACHED in outcomes_of(step))
    if (step := next(asks, None)) is not None:
        say(run, [Outcome(step.key, REACHED)], actor)


def asks_police(incident: Incident, actor: Actor) -> bool:
    """Whether the plan will not end before 110, 119 or 120 was told."""
    run = run_of(incident, actor)
    return police_asked(steps_of_run(run), outcomes_of_run(run))


def waiving_covers(incident: Incident, reason: str, actor: Actor) -> None:
    """Why nobody tells the police settles the steps that would have."""
    run = run_of(incident, actor)
    say(run, covered_by_waiving(steps_of_run(run), outcomes_of_run(run)), actor, reason)


def begin_anew(incident: Incident, actor: Actor) -> None:
    """A case that was opened again is led through every step again."""
    run = PlanRun.objects.filter(incident=incident).first()
    if run is not None:
        undo(run, actor)
