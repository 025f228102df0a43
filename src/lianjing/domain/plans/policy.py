"""What a plan is, and how far along it a case is. No Django, no clock.

A plan is a graph of steps, kept as JSON; the first of the list is where it begins. Where a case stands follows from
the outcomes of its steps alone, so that nothing has to be kept twice.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lianjing.terms.sentences import marked as _


class StepKind(StrEnum):
    """What a step asks of whoever handles the case."""

    DIAL_LIST = "dial_list"
    PASS_WORD = "pass_word"  # noqa: S105 the name of a kind
    WATCH_CLIP = "watch_clip"
    DISPATCH = "dispatch"
    NOTIFY_POLICE = "notify_police"
    NOTIFY_CUSTOMER = "notify_customer"
    WAIT = "wait"
    DECIDE = "decide"
    NOTE = "note"
    END = "end"


VERIFYING = frozenset({StepKind.WATCH_CLIP, StepKind.DIAL_LIST, StepKind.PASS_WORD, StepKind.DECIDE})
"""Steps by which somebody finds out whether it is true (复核)."""
CALLS_PREMISES = frozenset({StepKind.DIAL_LIST, StepKind.PASS_WORD})
SENDS_HELP = frozenset({StepKind.NOTIFY_POLICE, StepKind.DISPATCH})
SERVICES = ("110", "119", "120")
DURESS = "duress"
"""The outcome of a pass-word check that was said under threat: its branch is silent."""

DONE, SKIPPED, COVERED, WAIVED = "done", "skipped", "covered", "waived"
"""Outcomes that every plan knows: done; left out, of what is not required; settled by a verification as a whole;
not told to the police, for a written reason."""
NEEDS_REASON = frozenset({WAIVED})

STEPS_AT_MOST = 60
TITLE_LIMIT, DETAIL_LIMIT, KEY_LIMIT, WORDS_LIMIT = 60, 300, 24, 30


@dataclass(frozen=True, slots=True)
class Branch:
    """Where an outcome leads; `words` is what stands on its button."""

    outcome: str
    words: str
    next: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `next` leads on when no branch fits the outcome, as when it was skipped."""

    key: str
    kind: StepKind
    title: str
    detail: str = ""
    required: bool = False
    branches: tuple[Branch, ...] = ()
    next: str = ""
    wait_s: int = 0
    service: str = ""

    @property
    def can_be_skipped(self) -> bool:
        return not self.required and bool(self.next)

    @property
    def targets(self) -> list[str]:
        """Keys that it may lead to, each once, in the order in which they are written."""
        return list(dict.fromkeys(filter(None, [*(branch.next for branch in self.branches), self.next])))


class BadSteps(Exception):
    """The JSON is no list of steps; a sentence with figures says where."""

    def __init__(self, sentence: str, **figures: object) -> None:
        super().__init__(sentence % figures)
        self.sentence, self.figures = sentence, figures


def read_steps(raw: object) -> list[Step]:
    """The steps as they are stored or were sent. Raises `BadSteps` for what is no step; what is unwise is `lint`'s."""
    if not isinstance(raw, list) or len(raw) > STEPS_AT_MOST:
        raise BadSteps(_("预案须是步骤的列表，最多 %(most)d 步。"), most=STEPS_AT_MOST)
    return [_read_step(number, row) for number, row in enumerate(raw, 1)]


def _read_step(number: int, row: object) -> Step:
    if not isinstance(row, Mapping):
        raise BadSteps(_("第 %(number)d 步读不出来。"), number=number)
    kind = row.get("kind")
    if not isinstance(kind, str) or kind not in list(StepKind):
        raise BadSteps(_("第 %(number)d 步的类型不认识。"), number=number)
    branches = row.get("branches", [])
    if not isinstance(branches, list) or not all(isinstance(branch, Mapping) for branch in branches):
        raise BadSteps(_("第 %(number)d 步的分支读不出来。"), number=number)
    wait = row.get("wait_s", 0)
    if not isinstance(wait, int) or isinstance(wait, bool) or not 0 <= wait <= 86_400:
        raise BadSteps(_("第 %(number)d 步的等待须在 0 至 86400 秒之间。"), number=number)
    return Step(
        key=_text(number, row, "key", KEY_LIMIT),
        kind=StepKind(kind),
        title=_text(number, row, "title", TITLE_LIMIT),
        detail=_text(number, row, "detail", DETAIL_LIMIT),
        required=row.get("required") is True,
        branches=tuple(_read_branch(number, branch) for branch in branches),
        next=_text(number, row, "next", KEY_LIMIT),
        wait_s=wait,
        service=_text(number, row, "service", 3),
    )


def _read_branch(number: int, branch: Mapping[str, Any]) -> Branch:
    return Branch(
        outcome=_text(number, branch, "outcome", KEY_LIMIT),
        words=_text(number, branch, "words", WORDS_LIMIT),
        next=_text(number, branch, "next", KEY_LIMIT),
    )


def _text(number: int, row: Mapping[str, Any], name: str, limit: int) -> str:
    value = row.get(name, "")
    if not isinstance(value, str) or "\0" in value or len(value.strip()) > limit:
        where = {"number": number, "name": name, "limit": limit}
        raise BadSteps(_("第 %(number)d 步的 %(name)s 读不出来，或超过 %(limit)d 个字。"), **where)
    return value.strip()


def steps_as_json(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """As they are stored, hashed and shown to programs; what is empty is left out."""
    return [_as_json(step) for step in steps]


def _as_json(step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {"key": step.key, "kind": step.kind.value, "title": step.title}
    if step.branches:
        told["branches"] = [{"outcome": b.outcome, "words": b.words, "next": b.next} for b in step.branches]
    more = {"detail": step.detail, "required": step.required, "next": step.next}
    more |= {"wait_s": step.wait_s, "service": step.service}
    return told | {name: value for name, value in more.items() if value}


# Walking


def outcomes_of(step: Step) -> list[str]:
    """What may be said of a step when it is left behind."""
    said = [branch.outcome for branch in step.branches] or [DONE]
    return [*said, SKIPPED] if step.can_be_skipped and SKIPPED not in said else said


def follow(step: Step, outcome: str) -> str:
    """The key that an outcome leads to. What no branch names goes the plain way, or else by the first branch."""
    for branch in step.branches:
        if branch.outcome == outcome:
            return branch.next
    return step.next or (step.branches[0].next if step.branches else "")


class StepState(StrEnum):
    """How a step of a running plan stands."""

    LATER = "later"
    NOW = "now"
    DONE = "done"
    SKIPPED = "skipped"
    NOT_NEEDED = "not_needed"
    LEFT = "left"
    """The case has ended without it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was said of a step, in the order in which it happened."""

    key: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Path:
    """Where a case stands in its plan. `now` is None when the plan has come to its end, or leads nowhere."""

    now: Step | None
    states: Mapping[str, StepState]


def walk(steps: Sequence[Step], outcomes: Iterable[Outcome]) -> Step | None:
    """The step at which the plan stands; an end step is told as itself, a way that leads nowhere as None.

    Each outcome is used up once: a loop needs a new one every time round, and what was done out of turn counts when
    its turn comes.
    """
    by_key = {step.key: step for step in steps}
    said: dict[str, deque[str]] = defaultdict(deque)
    for outcome in outcomes:
        said[outcome.key].append(outcome.outcome)
    step = steps[0] if steps else None
    while step is not None and step.kind is not StepKind.END and said[step.key]:
        step = by_key.get(follow(step, said[step.key].popleft()))
    return step


def path_of(steps: Sequence[Step], outcomes: Sequence[Outcome]) -> Path:
    """The state of every step."""
    here = walk(steps, outcomes)
    ended = here is None or here.kind is StepKind.END
    last = {outcome.key: outcome.outcome for outcome in outcomes}
    ahead = reachable(steps, here.key) if here is not None else set()
    states = {step.key: _state(step, here, last, ahead) for step in steps}
    return Path(None if ended else here, states)


def _state(step: Step, here: Step | None, last: Mapping[str, str], ahead: set[str]) -> StepState:
    if here is not None and step.key == here.key:
        return StepState.DONE if step.kind is StepKind.END else StepState.NOW
    if step.key in last:
        return StepState.SKIPPED if last[step.key] == SKIPPED else StepState.DONE
    return StepState.LATER if step.key in ahead else StepState.NOT_NEEDED


def reachable(steps: Sequence[Step], start: str, *, stop: frozenset[str] = frozenset()) -> set[str]:
    """Keys that can be come to from `start`, itself included; not past the steps in `stop`."""
    by_key = {step.key: step for step in steps}
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        step = by_key.get(waiting.pop())
        if step is None or step.key in seen:
            continue
        seen.add(step.key)
        if step.key not in stop:
            waiting.extend(step.targets)
    return seen


def main_line(steps: Sequence[Step]) -> set[str]:
    """Keys from the first step to the end, by the first branch of each: what is beside it is shown indented."""
    by_key = {step.key: step for step in steps}
    key, seen = steps[0].key if steps else "", set[str]()
    while key in by_key and key not in seen:
        seen.add(key)
        step = by_key[key]
        key = step.branches[0].next if step.branches else step.next
    return seen


def plain_way(steps: Sequence[Step], outcomes: Sequence[Outcome]) -> Iterable[Step]:
    """The steps from here on that nobody has done, as far as no open choice parts the way; none twice."""
    by_key = {step.key: step for step in steps}
    last = {outcome.key: outcome.outcome for outcome in outcomes}
    step, seen = walk(steps, outcomes), set[str]()
    while step is not None and step.kind is not StepKind.END and step.key not in seen:
        seen.add(step.key)
        if step.key in last and len(seen) > 1:
            step = by_key.get(follow(step, last[step.key]))
            continue
        yield step
        if step.branches and not step.can_be_skipped:
            return
        step = by_key.get(follow(step, SKIPPED))


def open_required(steps: Sequence[Step], outcomes: Sequence[Outcome]) -> list[Step]:
    """What must still be done before the case may be disposed of: as far as can be told without deciding anything."""
    return [step for step in plain_way(steps, outcomes) if step.required]


def police_asked(steps: Sequence[Step], outcomes: Sequence[Outcome]) -> bool:
    """Whether one of them tells 110, 119 or 120."""
    return any(step.kind is StepKind.NOTIFY_POLICE for step in open_required(steps, outcomes))
