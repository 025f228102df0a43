"""A plan as the office shows and edits it: its steps with what leads where, its findings, its branches as one text."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.plans.basis import as_read
from lianjing.domain.plans.lint import ERROR, Finding, lint
from lianjing.domain.plans.models import Plan, PlanReview
from lianjing.domain.plans.policy import Branch, Step, main_line
from lianjing.domain.plans.queries import place_name
from lianjing.terms.plans import ReviewConclusion, ReviewKind
from lianjing.web.words import CLASSES, GRADES, Words, label, word

ARROW = "→"
OUTCOMES: Words = {
    "right": later("正常口令"),
    "duress": later("胁迫口令"),
    "wrong": later("口令不符"),
    "real": later("属实"),
    "false": later("误报"),
    "unclear": later("不明"),
    "reached": later("已接通"),
    "no_answer": later("无人接听"),
    "person": later("有人"),
    "nobody": later("没有人"),
    "none": later("没有画面"),
    "done": later("完成"),
    "waived": later("免办"),
}
"""Outcomes of the templates, where two branches have the same words on their buttons."""
_BRANCH = re.compile(r"(?P<outcome>[A-Za-z0-9_]+)\s+(?P<words>.+?)\s*(?:→|->|>)\s*(?P<next>\S*)")


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words; `number`: of the step, 0 for the whole plan."""

    is_error: bool
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A step in the preview; `ways`: words and number of the step that follows."""

    number: int
    step: Step
    beside: bool
    ways: Sequence[tuple[str, int]]
    findings: Sequence[Told]


def findings_of(steps: Sequence[Step], event_class: str) -> list[Told]:
    """What is wrong with the plan: errors first."""
    numbers = _numbers(steps)
    return [_told(finding, numbers) for finding in lint(steps, event_class)]


def _numbers(steps: Sequence[Step]) -> dict[str, int]:
    return {step.key: number for number, step in enumerate(steps, 1)}


def _told(finding: Finding, numbers: dict[str, int]) -> Told:
    return Told(finding.level == ERROR, numbers.get(finding.step, 0), _(finding.sentence) % finding.figures)


def preview(steps: Sequence[Step], findings: Sequence[Told]) -> list[Drawn]:
    """The steps as a tree: what is beside the plain way is indented."""
    numbers, plain = _numbers(steps), main_line(steps)
    beside = defaultdict(list)
    for told in findings:
        beside[told.number].append(told)
    return [
        Drawn(number, step, step.key not in plain, _ways(step, numbers), beside[number])
        for number, step in enumerate(steps, 1)
    ]


def _ways(step: Step, numbers: dict[str, int]) -> list[tuple[str, int]]:
    said = Counter(branch.words for branch in step.branches)
    ways = [(_way_words(branch, said), numbers.get(branch.next, 0)) for branch in step.branches]
    if step.next and (step.branches or numbers.get(step.next) != numbers.get(step.key, 0) + 1):
        words = (_("其他") if step.required else _("跳过")) if step.branches else _("下一步")
        ways.append((words, numbers.get(step.next, 0)))
    return ways


def _way_words(branch: Branch, said: Counter[str]) -> str:
    """The words of its button; with the outcome where two say the same, as those of a right and a duress word do."""
    outcome = str(OUTCOMES.get(branch.outcome, branch.outcome))
    if not branch.words:
        return outcome
    return f"{branch.words} · {outcome}" if said[branch.words] > 1 else branch.words


def branches_text(branches: Sequence[Branch]) -> str:
    """real 属实 → police；false 误报 → tell"""
    return "；".join(f"{branch.outcome} {branch.words} {ARROW} {branch.next}" for branch in branches)


def branches_of(text: str) -> list[Branch] | None:
    """The branches that the text tells; None when it cannot be read."""
    parts = [part.strip() for part in text.replace(";", "；").split("；") if part.strip()]
    read = [_BRANCH.fullmatch(part) for part in parts]
    if None in read:
        return None
    return [Branch(told["outcome"], told["words"], told["next"]) for told in read if told]


def where_words(plan: Plan) -> str:
    """For which cases the plan is, in words."""
    grade = str(GRADES[plan.grade]) if plan.grade else _("不分级")
    name = place_name(plan)
    scope = {"site": _("场所"), "contract": _("合同"), "kind": _("场所类型")}.get(plan.scope, "")
    told = [word(CLASSES, plan.event_class), grade]
    return " · ".join([f"{scope} {name}", *told] if scope else told)


@dataclass(frozen=True, slots=True)
class ShownReview:
    """A review on its plan's page."""

    row: PlanReview
    kind: str
    sign: str
    tone: str
    conclusion: str
    bases: str


def shown_review(row: PlanReview) -> ShownReview:
    fine = row.conclusion in (ReviewConclusion.FITS, ReviewConclusion.NO_CHANGE)
    sign, tone = ("✓", "tone-ok") if fine else ("✕", "tone-bad")
    kind, conclusion = label(ReviewKind, row.kind), label(ReviewConclusion, row.conclusion)
    return ShownReview(row, kind, sign, tone, conclusion, _("；").join(one.words for one in as_read(row.bases)))
