"""等待: the clock of a plan's step that waits. Steps of the actions of this app, and no actions themselves."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from lianjing.domain.incidents.models import PlanRun
from lianjing.domain.incidents.moving import BadChoice, written
from lianjing.domain.incidents.plan_facts import outcomes_of_run, steps_of_run
from lianjing.domain.plans.policy import Step, StepKind, walk


def keep_wait(run: PlanRun, at: datetime) -> None:
    """Begins the clock when the plan has come to a step that waits, and ends it when it has left that.

    A plan that never waits costs nothing here.
    """
    due = _wait_of(run)
    key = due.key if due is not None else ""
    if key == run.wait_step:
        return
    run.wait_step, run.wait_told = key, False
    run.wait_until = at + timedelta(seconds=due.wait_s) if due is not None else None
    run.save(update_fields=["wait_step", "wait_until", "wait_told"])


def _wait_of(run: PlanRun) -> Step | None:
    """The step at which the plan stands, when that one waits."""
    steps = steps_of_run(run)
    if not any(step.kind is StepKind.WAIT for step in steps):
        return None
    here = walk(steps, outcomes_of_run(run))
    return here if here is not None and here.kind is StepKind.WAIT else None


def refuse_impatience(run: PlanRun, step: Step, note: str, at: datetime) -> None:
    """Whoever does not wait as long as the plan asks says why. Raises BadChoice for `note`."""
    if step.kind is not StepKind.WAIT or written("note", note):
        return
    if run.wait_step != step.key or run.wait_until is None:
        raise BadChoice("note", _("还没有开始等待；现在跳过，请写明原因。"))
    if at < run.wait_until:
        until = timezone.localtime(run.wait_until, timezone.get_default_timezone())
        raise BadChoice("note", _("要等到 %(until)s；提前继续，请写明原因。") % {"until": f"{until:%H:%M:%S}"})
