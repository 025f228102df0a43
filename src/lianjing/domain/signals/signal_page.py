"""One signal: what it was, what became of it, and every step on the way there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.signals.models import Condition, Decision, Fate, SuppressionRule, Treatment
from lianjing.domain.signals.policy import PIPELINE
from lianjing.domain.signals.queries import SignalLine, signals_by_id
from lianjing.domain.signals.suppressions import RULE
from lianjing.domain.signals.test_lines import covering_tests
from lianjing.domain.signals.test_periods import span_of
from lianjing.domain.sites.policy import normal_number

ON_TEST = "site_on_test"


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step of the pipeline. `standing`: `passed`, `decided`, or `unasked` when an earlier one had decided."""

    name: str
    sentence: str
    standing: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a signal became what it did: who answers for the rule, and the sentences of all steps that had one."""

    author: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignalPage:
    """All that the page of a signal shows. Until it is treated there is neither treatment nor path."""

    line: SignalLine
    treated: Treatment | None
    author: str
    decided_at: datetime | None
    steps: tuple[PathStep, ...]
    condition: Condition | None
    """What it began, where a restoral is waited for."""
    test_id: int | None
    suppression: SuppressionRule | None


def signal_page(viewer: Viewer, signal_id: int) -> SignalPage | None:
    """None when it is not the viewer's to see."""
    line = next(iter(signals_by_id(viewer, [signal_id])), None)
    if line is None:
        return None
    treated = Treatment.objects.select_related("company", "site", "panel", "zone").filter(pk=signal_id).first()
    decision = Decision.objects.filter(pk=signal_id).first()
    return SignalPage(
        line=line,
        treated=treated,
        author=decision.author if decision else "",
        decided_at=decision.decided_at if decision else treated.treated_at if treated else None,
        steps=_path_steps(decision.steps) if decision else (),
        condition=Condition.objects.filter(pk=signal_id).first(),
        test_id=_test_id(viewer, line, treated) if treated else None,
        suppression=_suppression(viewer, line.rule),
    )


def _path_steps(steps: Iterable[Iterable[str]]) -> tuple[PathStep, ...]:
    """The stored steps, the last of which decided, and those of the pipeline that were not asked any more."""
    told = [(name, sentence) for name, sentence in steps]
    reached = [PathStep(name, sentence, "passed") for name, sentence in told]
    if reached:
        reached[-1] = PathStep(*told[-1], "decided")
    names = {name for name, _ in told}
    return (*reached, *(PathStep(name, "", "unasked") for name, _ in PIPELINE if name not in names))


def reasons_of(viewer: Viewer, signal_ids: Iterable[int]) -> dict[int, Reasons]:
    """Author and reasons by signal, for as many as were decided: two queries, however many."""
    own = visible(Treatment.objects.filter(pk__in=set(signal_ids)), viewer, "signals.see")
    rows = Decision.objects.in_bulk(list(own.values_list("pk", flat=True)))
    return {pk: Reasons(row.author, tuple(said for _, said in row.steps if said)) for pk, row in rows.items()}


def _test_id(viewer: Viewer, line: SignalLine, treated: Treatment) -> int | None:
    if treated.fate != Fate.ON_TEST or treated.site_id is None:
        return None
    for test in covering_tests(viewer, treated.site_id, treated.received_at):
        covered = span_of(test).covers(
            treated.received_at,
            panel_id=treated.panel_id,
            zone_id=treated.zone_id,
            area=normal_number(line.area),
            event_class=treated.event_class,
        )
        if covered:
            return test.pk
    return None


def _suppression(viewer: Viewer, rule: str) -> SuppressionRule | None:
    number = rule.removeprefix(RULE)
    if number == rule or not number.isdigit():
        return None
    return visible(SuppressionRule.objects.filter(pk=int(number)), viewer, "signals.see").first()
