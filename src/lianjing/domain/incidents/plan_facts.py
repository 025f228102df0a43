"""What the run of a case's plan says: rows read as the plan's own terms."""

from lianjing.domain.incidents.models import Incident, PlanRun
from lianjing.domain.plans.policy import Outcome, Step, StepKind, open_required, read_steps
from lianjing.domain.plans.step_words import plan_words


def outcomes_of_run(run: PlanRun) -> list[Outcome]:
    """What counts of what was done, oldest first: one query."""
    rows = run.done.filter(undone_at=None).order_by("pk").values_list("step", "outcome")
    return [Outcome(*row) for row in rows]


def steps_of_run(run: PlanRun) -> list[Step]:
    """The plan as it was when the case was taken."""
    return read_steps(run.steps)


def is_stale(run: PlanRun, incident: Incident) -> bool:
    """Whether the case has another class or grade than the one for which its plan was looked up."""
    return (run.event_class, run.grade) != (incident.event_class, incident.grade)


def title_of_wait(run: PlanRun) -> str:
    """What the plan waits for, "" when it does not."""
    return next((step.title for step in steps_of_run(run) if step.key == run.wait_step), "")


def titles_open(incident: Incident) -> tuple[str, ...]:
    """The required steps that are open, by title; none for a case that never had a plan: two queries."""
    return tuple(plan_words(step.title) for step in _open(incident))


def calls_open(incident: Incident) -> tuple[str, ...]:
    """Of those the ones that call 110, 119 or 120."""
    return tuple(plan_words(step.title) for step in _open(incident) if step.kind is StepKind.NOTIFY_POLICE)


def _open(incident: Incident) -> list[Step]:
    run = PlanRun.objects.filter(incident=incident).first()
    return open_required(steps_of_run(run), outcomes_of_run(run)) if run is not None else []
