"""What a move of a case, or a duress word, says of the steps of its plan. No Django, no clock."""

from collections import deque
from collections.abc import Mapping, Sequence

from lianjing.domain.plans.policy import (
    COVERED,
    DONE,
    DURESS,
    SENDS_HELP,
    VERIFYING,
    WAIVED,
    Outcome,
    Step,
    StepKind,
    follow,
    outcomes_of,
    reachable,
    walk,
)


def covered_by_verification(steps: Sequence[Step], outcomes: Sequence[Outcome], verified: str) -> list[Outcome]:
    """What a verification (复核) of the whole case says of its steps: those before the next decision are settled by
    it, and the decision has its outcome. What sends help is passed by and stays open."""
    by_key = {step.key: step for step in steps}
    done = {outcome.key for outcome in outcomes}
    step, seen, said = walk(steps, outcomes), set[str](), list[Outcome]()
    while step is not None and step.kind is not StepKind.END and step.key not in seen:
        seen.add(step.key)
        if step.kind is StepKind.DECIDE:
            outcome = _decided(step, verified)
            return [*said, Outcome(step.key, outcome)] if outcome and step.key not in done else []
        if step.kind in VERIFYING and step.key not in done:
            said.append(Outcome(step.key, COVERED))
        step = by_key.get(follow(step, COVERED))
    return said


LIKE = {"duress": "real", "no_answer": "unclear"}
"""A decision that does not know a verification's outcome takes it for this one."""


def _decided(step: Step, verified: str) -> str:
    known = [branch.outcome for branch in step.branches]
    return next((outcome for outcome in (verified, LIKE.get(verified, "")) if outcome in known), "")


def led_by_duress(steps: Sequence[Step], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """What has to be said anew so that the plan goes its silent way: of the steps that lead to the first check of a
    pass-word otherwise than they ended, and of the check. [] when it goes that way already, or has none."""
    last = {outcome.key: outcome.outcome for outcome in outcomes}
    word = next((step for step in steps if step.kind is StepKind.PASS_WORD and DURESS in outcomes_of(step)), None)
    if word is None or last.get(word.key) == DURESS:
        return []
    way = _way_to(steps, word.key)
    turned = [Outcome(step.key, _leading_to(step, target)) for step, target in way if _is_turned(step, target, last)]
    return [*turned, Outcome(word.key, DURESS)]


def _is_turned(step: Step, target: str, last: Mapping[str, str]) -> bool:
    """Whether it ended otherwise than towards `target`. Help that nobody has called is never said to be called."""
    if step.key in last:
        return follow(step, last[step.key]) != target
    return step.kind not in SENDS_HELP


def _leading_to(step: Step, target: str) -> str:
    if follow(step, COVERED) == target:
        return COVERED
    return next(branch.outcome for branch in step.branches if branch.next == target)


def _way_to(steps: Sequence[Step], goal: str) -> list[tuple[Step, str]]:
    """The shortest way from the first step to the one with this key: each step on it with the key that follows."""
    by_key = {step.key: step for step in steps}
    ways: dict[str, list[tuple[Step, str]]] = {steps[0].key: []}
    waiting = deque([steps[0].key])
    while waiting and goal not in ways:
        step = by_key[waiting.popleft()]
        for target in step.targets:
            if target in by_key and target not in ways:
                ways[target] = [*ways[step.key], (step, target)]
                waiting.append(target)
    return ways.get(goal, [])


def covered_by_forwarding(steps: Sequence[Step], outcomes: Sequence[Outcome], to: str) -> Outcome | None:
    """The step that handing the case to `to` (patrol, 110, 119, 120) has done: the one that is due, or the first ahead
    unless one that asks for the same is done already. None when there is none."""
    here = walk(steps, outcomes)
    if here is not None and _sends_to(here) == to:
        return Outcome(here.key, _sent(here))
    if sending_done(steps, outcomes, to):
        return None
    done = {outcome.key for outcome in outcomes}
    ahead = reachable(steps, here.key) if here is not None else set()
    for step in steps:
        if step.key in ahead and step.key not in done and _sends_to(step) == to:
            return Outcome(step.key, _sent(step))
    return None


def covered_by_waiving(steps: Sequence[Step], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The steps ahead that a written reason for not telling the police has settled."""
    done = {outcome.key for outcome in outcomes}
    here = walk(steps, outcomes)
    ahead = reachable(steps, here.key) if here is not None else set()
    telling = (step for step in steps if step.kind is StepKind.NOTIFY_POLICE and step.key in ahead - done)
    return [Outcome(step.key, WAIVED) for step in telling]


def sending_done(steps: Sequence[Step], outcomes: Sequence[Outcome], to: str) -> list[str]:
    """Keys of the steps by which the case was handed to `to`."""
    last = {outcome.key: outcome.outcome for outcome in outcomes}
    return [step.key for step in steps if step.key in last and sent_to(step, last[step.key]) == to]


def _sends_to(step: Step) -> str:
    return {StepKind.NOTIFY_POLICE: step.service, StepKind.DISPATCH: "patrol"}.get(step.kind, "")


def _sent(step: Step) -> str:
    return DONE if not step.branches or DONE in outcomes_of(step) else step.branches[0].outcome


def sent_to(step: Step, outcome: str) -> str:
    """To whom doing this step hands the case over; "" for nobody."""
    return _sends_to(step) if outcome == _sent(step) else ""


def carried_over(former: Sequence[Step], outcomes: Sequence[Outcome], steps: Sequence[Step]) -> list[Outcome]:
    """What of the former plan's outcomes holds in the one that takes its place: steps of one key that ask the same,
    and whoever was called for help has been called."""
    now = {step.key: step for step in steps}
    was = {step.key: step for step in former}
    kept: list[Outcome] = []
    for outcome in outcomes:
        old, new = was.get(outcome.key), now.get(outcome.key)
        if old and new and (old.kind, old.service) == (new.kind, new.service):
            if outcome.outcome in {*outcomes_of(new), COVERED}:
                kept.append(outcome)
        elif old and (to := sent_to(old, outcome.outcome)) and (told := covered_by_forwarding(steps, kept, to)):
            kept.append(told)
    return kept
