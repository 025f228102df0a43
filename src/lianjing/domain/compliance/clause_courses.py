"""How the specification's clauses stand from day to day: each rule is read once, and asked on the days on which what it
reads may be another, and on no others."""

from bisect import bisect_right
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import Clause
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, nothing_on_record
from lianjing.domain.compliance.looking_ahead import Span, no_causes
from lianjing.domain.compliance.queries import answer_of
from lianjing.domain.compliance.registry import rules
from lianjing.terms.verdicts import Verdict

Asked = tuple[Viewer, int, Span, datetime | None]
"""Whose eyes, of which company, on which days, by what was known when."""


@dataclass(frozen=True, slots=True)
class Course:
    """One clause over a span. `steps`: how it stands on the first day, and on each day on which it may be otherwise,
    with what has to be another one for it to turn."""

    clause: Clause
    looks_back: bool
    steps: tuple[tuple[date, Judgement, Hashable], ...]
    causes: Callable[[date], tuple[Evidence, ...]] = no_causes

    def on(self, day: date) -> Judgement:
        place = bisect_right(self.steps, day, key=lambda step: step[0])
        return self.steps[max(0, place - 1)][1]

    @property
    def turns(self) -> list[tuple[date, Judgement, Judgement]]:
        """Each day on which it turns, with how it stood and how it stands."""
        pairs = zip(self.steps, self.steps[1:], strict=False)
        return [(day, had, has) for (_day, had, was), (day, has, now) in pairs if was != now]


def course_of(clause: Clause, asked: Asked) -> Course:
    rule = rules().get(clause.number)
    if rule is None:
        return Course(clause, False, ((asked[2].first, nothing_on_record(clause), Verdict.INSUFFICIENT),))
    ahead, span = rule.ahead(*asked), asked[2]
    steps = []
    for day in (span.first, *span.turns(ahead.days)):
        found = _judgement(clause, rule, asked[1], partial(ahead.on, day))
        steps.append((day, found, _turning(rule, found)))
    return Course(clause, rule.looks_back, tuple(steps), ahead.causes)


def held(clause: Clause, asked: Asked) -> Course:
    """As it stands on the first day, and goes on."""
    viewer, company_id, span, known = asked
    one_day = course_of(clause, (viewer, company_id, Span(span.first, span.first), known))
    return replace(one_day, looks_back=False)


def _judgement(clause: Clause, rule: Rule[Any], company_id: int, facts: Callable[[], Any]) -> Judgement:
    """A rule that fails says so here as it does on its day."""
    return answer_of(clause.number, company_id, lambda: rule.judge(facts()))[0]


def _turning(rule: Rule[Any], judgement: Judgement) -> Hashable:
    """A failed rule's answer has no figures to compare."""
    return rule.turning(judgement) if judgement.figures else judgement.verdict
