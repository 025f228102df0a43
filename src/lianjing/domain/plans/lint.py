"""What is wrong, or unwise, in a plan. No Django, no clock. Errors keep a version from being approved."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lianjing.domain.plans.policy import CALLS_PREMISES, SERVICES, VERIFYING, Step, StepKind, reachable
from lianjing.terms.codes import EventClass
from lianjing.terms.sentences import marked as _

DELAYING = VERIFYING | {StepKind.WAIT}
ASKS_PREMISES = CALLS_PREMISES | {StepKind.NOTIFY_CUSTOMER}
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """`step` is the key of the step that it is about, "" for the whole plan."""

    level: str
    step: str
    sentence: str
    figures: dict[str, object] = field(default_factory=dict)


Rule = Callable[[Sequence[Step], str], Iterable[Finding]]


def lint(steps: Sequence[Step], event_class: str) -> list[Finding]:
    """All findings in a plan for cases of this class: errors first, then in the order of the steps."""
    if not steps:
        return [Finding(ERROR, "", _("预案里没有步骤。"))]
    found = [finding for rule in RULES for finding in rule(steps, event_class)]
    place = {step.key: number for number, step in enumerate(steps)}
    return sorted(found, key=lambda finding: (finding.level != ERROR, place.get(finding.step, -1)))


def _error(step: Step, sentence: str, **figures: object) -> Finding:
    return Finding(ERROR, step.key, sentence, {"title": step.title or step.key, **figures})


def _warning(step: Step, sentence: str, **figures: object) -> Finding:
    return Finding(WARNING, step.key, sentence, {"title": step.title or step.key, **figures})


def _names(steps: Sequence[Step], event_class: str) -> Iterator[Finding]:
    counted = Counter(step.key for step in steps)
    for step in steps:
        if not step.key:
            yield _error(step, _("“%(title)s”没有步骤代号。"))
        if not step.title:
            yield _error(step, _("步骤 %(title)s 没有写做什么。"))
        if counted[step.key] > 1:
            yield _error(step, _("步骤代号 %(key)s 用了 %(count)d 次。"), key=step.key, count=counted[step.key])


def _what_steps_need(steps: Sequence[Step], event_class: str) -> Iterator[Finding]:
    for step in steps:
        if step.kind is StepKind.NOTIFY_POLICE and step.service not in SERVICES:
            yield _error(step, _("“%(title)s”没有写报给 110、119 还是 120。"))
        if step.kind is StepKind.WAIT and not step.wait_s:
            yield _error(step, _("“%(title)s”没有写等多久。"))
        if step.kind is StepKind.DECIDE and len(step.branches) < 2:
            yield _error(step, _("“%(title)s”要人判断，却不到两个分支。"))
        outcomes = [branch.outcome for branch in step.branches]
        if len(set(outcomes)) < len(outcomes) or "" in outcomes:
            yield _error(step, _("“%(title)s”的分支结果有空白或重复。"))


def _ways(steps: Sequence[Step], event_class: str) -> Iterator[Finding]:
    keys = {step.key for step in steps}
    for step in steps:
        for target in step.targets:
            if target not in keys:
                yield _error(step, _("“%(title)s”的下一步 %(target)s 不存在。"), target=target)
        if step.kind is StepKind.END:
            if step.targets:
                yield _warning(step, _("“%(title)s”是结束，后面的步骤不会执行。"))
        elif any(not branch.next for branch in step.branches) or not step.targets:
            yield _error(step, _("“%(title)s”没有写下一步。"))
        elif step.branches and not step.required and not step.next:
            yield _error(step, _("“%(title)s”不是必做，却没有写跳过以后做什么。"))


def _ends(steps: Sequence[Step], event_class: str) -> Iterator[Finding]:
    ends = {step.key for step in steps if step.kind is StepKind.END}
    if not ends:
        yield Finding(ERROR, "", _("预案没有结束步骤。"))
        return
    from_start = reachable(steps, steps[0].key)
    for step in steps:
        if step.key not in from_start:
            if step.required:
                yield _error(step, _("必做步骤“%(title)s”走不到。"))
            else:
                yield _warning(step, _("“%(title)s”走不到，是死分支。"))
        elif not ends & reachable(steps, step.key):
            yield _error(step, _("从“%(title)s”起走不到结束：在兜圈子，或断了路。"))


def _hold_up_stays_silent(steps: Sequence[Step], event_class: str) -> Iterator[Finding]:
    """Whoever answers on the spot may be under threat: nobody calls there before police or patrol have looked."""
    if event_class != EventClass.HOLD_UP:
        return
    yield from _help_is_called(steps, "110")
    for step in _before_help_has_decided(steps):
        if step.kind in CALLS_PREMISES:
            yield _error(step, _("“%(title)s”会致电现场：紧急警情须先报警，民警或巡逻确认之前不致电现场。"))
        elif step.kind is StepKind.NOTIFY_CUSTOMER:
            yield _warning(step, _("“%(title)s”排在现场确认之前：客户可能就在现场。"))


def _before_help_has_decided(steps: Sequence[Step]) -> list[Step]:
    """What can be come to without first calling 110 and then deciding by what they or the patrol have found."""
    before_police = _before_telling(steps, steps[0].key, "110")
    after_police: set[str] = set()
    decisions = frozenset(step.key for step in steps if step.kind is StepKind.DECIDE)
    by_key = {step.key: step for step in steps}
    for key in before_police:
        if _tells(by_key[key], "110"):
            for target in by_key[key].targets:
                after_police |= reachable(steps, target, stop=decisions)
    return [step for step in steps if step.key in before_police | after_police]


def _fire_goes_out_first(steps: Sequence[Step], event_class: str) -> Iterator[Finding]:
    if event_class != EventClass.FIRE:
        return
    yield from _help_is_called(steps, "119")
    before = _before_telling(steps, steps[0].key, "119")
    for step in steps:
        if step.key in before and step.kind in DELAYING:
            yield _error(step, _("“%(title)s”排在报警之前：火警先转发，复核不能耽误。"))


def _help_is_called(steps: Sequence[Step], service: str) -> Iterator[Finding]:
    before = _before_telling(steps, steps[0].key, service)
    if any(step.kind is StepKind.END and step.key in before for step in steps):
        yield Finding(
            ERROR, "", _("有的走法不报 %(service)s 就结束：报 %(service)s 须是必做步骤。"), {"service": service}
        )


def _tells(step: Step, service: str) -> bool:
    """What may be skipped tells nobody."""
    return step.kind is StepKind.NOTIFY_POLICE and step.required and step.service == service


def _before_telling(steps: Sequence[Step], start: str, service: str) -> set[str]:
    """Keys that can be come to without telling them; the telling steps themselves included."""
    return reachable(steps, start, stop=frozenset(step.key for step in steps if _tells(step, service)))


def _duress_stays_silent(steps: Sequence[Step], event_class: str) -> Iterator[Finding]:
    by_key = {step.key: step for step in steps}
    for step in steps:
        if step.kind is not StepKind.PASS_WORD:
            continue
        silent = next((branch.next for branch in step.branches if branch.outcome == "duress"), "")
        if not silent:
            yield _warning(step, _("“%(title)s”没有胁迫口令（duress）的静默分支。"))
            continue
        for key in sorted(_before_telling(steps, silent, "110")):
            if by_key[key].kind in ASKS_PREMISES:
                yield _error(by_key[key], _("“%(title)s”在胁迫分支里又联系现场：须先报 110。"))
            elif by_key[key].kind is StepKind.END:
                yield _error(step, _("“%(title)s”的胁迫分支不报 110 就结束：报 110 须是必做步骤。"))


RULES: tuple[Rule, ...] = (
    _names,
    _what_steps_need,
    _ways,
    _ends,
    _hold_up_stays_silent,
    _fire_goes_out_first,
    _duress_stays_silent,
)
