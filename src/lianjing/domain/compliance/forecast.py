"""The days on which clauses will turn if nothing is done: each rule is asked on the days on which what it reads may be
another, and on no others."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import Clause, catalogue
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule
from lianjing.domain.compliance.looking_ahead import DAYS, DAYS_AT_MOST, Span
from lianjing.domain.compliance.queries import SEE, answer_of
from lianjing.domain.compliance.registry import rules
from lianjing.domain.compliance.sharing import one_sweep

CAUSES_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Turn:
    """On a day a clause no longer stands as on the day before."""

    clause: Clause
    on: date
    before: Judgement
    after: Judgement
    causes: tuple[Evidence, ...]
    """The records by which it turns, at most so many; `more_causes`: how many are not listed."""
    more_causes: int
    looks_back: bool
    """Only because nothing more occurs: of what occurred something is too old by then."""


def forecast(
    viewer: Viewer,
    company_id: int,
    on: date,
    days: int = DAYS,
    known: datetime | None = None,
    *,
    looks_back: bool = True,
) -> list[Turn]:
    """Every turn after day `on` and up to `days` later, in order of days and of the text, by what was known at `known`
    (None: is now). Each verdict is that of `judged_clauses` on its day. [] for who may not see it. `looks_back` False:
    without the rules that judge by what occurred lately; they read long for what the asker would not show."""
    if not viewer.scope(SEE).holds(company_id):
        return []
    span = Span(on, on + min(timedelta(days=min(days, DAYS_AT_MOST)), date.max - on))
    with one_sweep():
        found = [
            turn
            for clause in catalogue().judged
            if (rule := rules().get(clause.number)) is not None and (looks_back or not rule.looks_back)
            for turn in _turns(clause, rule, (viewer, company_id, span, known))
        ]
    return sorted(found, key=lambda turn: turn.on)


def _turns(clause: Clause, rule: Rule[Any], asked: tuple[Viewer, int, Span, datetime | None]) -> Iterator[Turn]:
    _viewer, company_id, span, _known = asked
    ahead = rule.ahead(*asked)
    before = _judgement(clause, rule, company_id, lambda: ahead.on(span.first))
    for day in span.turns(ahead.days):
        after = _judgement(clause, rule, company_id, partial(ahead.on, day))
        if _turning(rule, after) != _turning(rule, before):
            causes = ahead.causes(day)
            listed, more = causes[:CAUSES_AT_MOST], max(0, len(causes) - CAUSES_AT_MOST)
            yield Turn(clause, day, before, after, listed, more, rule.looks_back)
        before = after


def _judgement(clause: Clause, rule: Rule[Any], company_id: int, facts: Callable[[], Any]) -> Judgement:
    """A rule that fails says so here as it does on its day."""
    return answer_of(clause.number, company_id, lambda: rule.judge(facts()))[0]


def _turning(rule: Rule[Any], judgement: Judgement) -> Hashable:
    """A failed rule's answer has no figures to compare."""
    return rule.turning(judgement) if judgement.figures else judgement.verdict
