"""The plan of a case as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.customer_policy import is_silent
from lianjing.domain.incidents.models import Incident, PlanRun, State, StepRun
from lianjing.domain.incidents.plan_facts import is_stale, steps_of_run
from lianjing.domain.plans.covering import carried_over
from lianjing.domain.plans.policy import (
    Outcome,
    Step,
    StepKind,
    StepState,
    main_line,
    open_required,
    path_of,
    police_asked,
)
from lianjing.domain.plans.queries import look_words, plan_for
from lianjing.domain.plans.step_words import plan_words, step_in_words


@dataclass(frozen=True, slots=True)
class Way:
    """Where an outcome leads: the number of the step in the list."""

    words: str
    number: int


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step with how it stands. `beside`: it is not on the plain way. `due_at`: until when it waits."""

    number: int
    step: Step
    state: StepState
    beside: bool
    outcome: str = ""
    said: str = ""
    by: str = ""
    at: datetime | None = None
    note: str = ""
    due_at: datetime | None = None
    ways: Sequence[Way] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CasePlan:
    """`version` None: the template runs, 未批准. `running`: the case has taken it; else it is what it would take."""

    title: str
    version: int | None
    looks: Sequence[str]
    lines: Sequence[StepLine]
    now: Step | None
    open_required: tuple[str, ...]
    running: bool
    asks_police: bool
    """It does not end before 110, 119 or 120 was told."""
    silent: bool
    """Nobody calls the premises (`customer_policy.is_silent`)."""

    @property
    def now_line(self) -> StepLine | None:
        return next((line for line in self.lines if line.state is StepState.NOW), None)

    @property
    def last_done(self) -> StepLine | None:
        """The step that was done last: what can be taken back with one key."""
        done = [line for line in self.lines if line.at is not None]
        return max(done, key=lambda line: (line.at, line.number), default=None)


def case_plan(viewer: Viewer, incident: Incident) -> CasePlan:
    """The plan of a case that the viewer was shown: the one that it runs along, or the one that the next act will
    take. Two queries, three when it has to be looked up. Needs `site` loaded."""
    rows = visible(PlanRun.objects.filter(incident=incident), viewer, "incidents.see", "incident__company_id")
    run = rows.select_related("version").first()
    done = list(run.done.filter(undone_at=None).select_related("by").order_by("pk")) if run else []
    if run is not None and not is_stale(run, incident):
        version = run.version.number if run.version else None
        return _plan(incident, steps_of_run(run), done, _Told(run.title, version, run.looks, True, run.wait_until))
    chosen = plan_for(viewer, incident.company_id, incident.site, incident.event_class, incident.grade)
    steps = list(chosen.steps)
    if run is not None:
        said = [Outcome(row.step, row.outcome) for row in done]
        kept = {outcome.key for outcome in carried_over(steps_of_run(run), said, steps)}
        done = [row for row in done if row.step in kept]
    looks = [[look.sentence, look.figures] for look in chosen.looks]
    number = chosen.version.number if chosen.version else None
    return _plan(incident, steps, done, _Told(chosen.title, number, looks, False))


@dataclass(frozen=True, slots=True)
class _Told:
    title: str
    version: int | None
    looks: Sequence[Sequence[object]]
    running: bool
    wait_until: datetime | None = None


def _plan(incident: Incident, written: list[Step], done: list[StepRun], told: _Told) -> CasePlan:
    steps = [step_in_words(step) for step in written]
    outcomes = [Outcome(row.step, row.outcome) for row in done]
    path = path_of(steps, outcomes)
    ended = incident.state in (State.DISPOSED, State.CLOSED)
    states = _at_the_end(path.states) if ended else path.states
    return CasePlan(
        title=plan_words(told.title),
        version=told.version,
        looks=[look_words(str(sentence), figures) for sentence, figures in told.looks],  # type: ignore[arg-type]
        lines=_lines(steps, states, {row.step: row for row in done}, told.wait_until),
        now=None if ended else path.now,
        open_required=tuple(step.title for step in open_required(steps, outcomes)),
        running=told.running,
        asks_police=police_asked(steps, outcomes),
        silent=is_silent(incident.event_class, incident.verified_how, incident.verified_outcome),
    )


def _at_the_end(states: Mapping[str, StepState]) -> dict[str, StepState]:
    due = (StepState.NOW, StepState.LATER)
    return {key: StepState.LEFT if state in due else state for key, state in states.items()}


def _lines(
    steps: Sequence[Step], states: Mapping[str, StepState], done: Mapping[str, StepRun], until: datetime | None
) -> list[StepLine]:
    numbers = {step.key: number for number, step in enumerate(steps, 1)}
    plain = main_line(steps)
    return [_line(step, states[step.key], numbers, plain, done.get(step.key), until) for step in steps]


def _line(
    step: Step,
    state: StepState,
    numbers: Mapping[str, int],
    plain: set[str],
    row: StepRun | None,
    until: datetime | None,
) -> StepLine:
    shown = row if state is not StepState.NOW else None
    outcome = shown.outcome if shown else ""
    said = next((branch.words for branch in step.branches if branch.outcome == outcome), "")
    ways = [Way(branch.words, numbers.get(branch.next, 0)) for branch in step.branches]
    waits = step.kind is StepKind.WAIT and state is StepState.NOW
    return StepLine(
        number=numbers[step.key],
        step=step,
        state=state,
        beside=step.key not in plain,
        outcome=outcome,
        said=said,
        by=shown.by.shown_name if shown and shown.by else "",
        at=shown.at if shown else None,
        note=shown.note if shown else "",
        due_at=until if waits else None,
        ways=ways if len({way.number for way in ways}) > 1 else [],
    )
