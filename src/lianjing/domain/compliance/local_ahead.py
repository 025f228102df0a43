"""On which days clauses of local texts will turn: when one that they are mapped to does, when evidence of their own
begins or is over, and when a text that they lead to is no longer in force."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lianjing.domain.compliance.attested_rule import Attested
from lianjing.domain.compliance.catalogue import Clause
from lianjing.domain.compliance.clause_courses import Asked, Course
from lianjing.domain.compliance.judging import Evidence, Judgement
from lianjing.domain.compliance.local_day import Entries, LocalDay, entries_of, own_of, own_rule
from lianjing.domain.compliance.local_rule import Own
from lianjing.domain.compliance.local_text import LocalText, in_force
from lianjing.domain.compliance.looking_ahead import Ahead, Span, ends
from lianjing.terms.verdicts import ClauseKind

LocalTurn = tuple[Clause, date, tuple[Judgement, Judgement], tuple[Evidence, ...], bool]
"""Clause, day, how it stood and stands, by which records, and whether it turns only because nothing more occurs."""


def local_ahead(editions: Sequence[LocalText], stands: Mapping[str, Course], asked: Asked) -> Iterator[LocalTurn]:
    """`stands`: the clauses of the specification that these are mapped to, over the span. Evidence is read once, within
    the sweep of the caller; two queries at most, however many texts, clauses and days."""
    return _Texts(editions, stands, asked).turns() if editions else iter(())


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What a clause rests on, and whatever it is mapped to rests on: clauses of the specification, and its own."""

    specified: frozenset[str]
    local: frozenset[str]


class _Texts:
    def __init__(self, editions: Sequence[LocalText], stands: Mapping[str, Course], asked: Asked) -> None:
        self._editions, self._stands, self._asked = editions, stands, asked
        self._all = entries_of(editions)
        self._turned = {
            number: {day for day, had, has in course.turns if had.verdict != has.verdict}
            for number, course in stands.items()
        }
        self._own = {key: own_rule(entry).ahead(*asked) for key, entry in self._attested()}
        self._in_force: dict[tuple[str, ...], Entries] = {}

    def _attested(self) -> Iterator[tuple[str, Clause]]:
        for key, (clause, entry) in self._all.items():
            if clause.kind == ClauseKind.ATTESTED:
                yield key, entry

    def turns(self) -> Iterator[LocalTurn]:
        span: Span = self._asked[2]
        inputs = {key: self._inputs(key) for key, (_clause, entry) in self._all.items() if entry.kind.is_judged}
        days = {key: self._days(one) for key, one in inputs.items()}
        stood = {key: found for key in inputs if (found := self._on(span.first).of(key)) is not None}
        for day in span.turns(set().union(*days.values())):
            today = self._on(day)
            for key in (key for key in inputs if day in days[key]):
                had, has = stood.pop(key, None), today.of(key)
                if has is None:
                    continue
                stood[key] = has
                if had is not None and had.verdict != has.verdict:
                    causes, looks_back = self._why(inputs[key], day)
                    yield self._all[key][1], day, (had, has), causes, looks_back

    def _inputs(self, key: str) -> _Inputs:
        specified, local, waiting = set[str](), set[str](), [key]
        while waiting:
            here = waiting.pop()
            if here in local or here not in self._all:
                specified |= {here} & self._stands.keys()
                continue
            local.add(here)
            waiting += [one.to for one in self._all[here][0].mappings]
        return _Inputs(frozenset(specified), frozenset(local))

    def _days(self, inputs: _Inputs) -> set[date]:
        """On which it may be another: a text begins or ends, or something that it rests on turns."""
        texts = (ends(text.valid_from, text.valid_until) for text in self._editions)
        specified = (self._turned[number] for number in inputs.specified)
        own = (self._own[key].days for key in inputs.local if key in self._own)
        return set().union(*texts, *specified, *own)

    def _on(self, day: date) -> LocalDay:
        held = in_force(self._editions, day)
        place = tuple(text.cited for text in held)
        if place not in self._in_force:
            self._in_force[place] = entries_of(held)
        entries = self._in_force[place]
        return LocalDay(entries, lambda number: self._specified(number, day), lambda entry: self._own_on(entry, day))

    def _specified(self, number: str, day: date) -> Judgement | None:
        course = self._stands.get(number)
        return course.on(day) if course is not None else None

    def _own_on(self, entry: Clause, day: date) -> Own:
        ahead: Ahead[Attested] = self._own[entry.number]
        return own_of(entry, ahead.on(day))

    def _why(self, inputs: _Inputs, day: date) -> tuple[tuple[Evidence, ...], bool]:
        """Each record once: one piece of evidence serves several clauses."""
        turned = [self._stands[number] for number in sorted(inputs.specified) if day in self._turned[number]]
        own = [one for key in sorted(inputs.local) if key in self._own for one in self._own[key].causes(day)]
        found = [*own, *(one for course in turned for one in course.causes(day))]
        causes = tuple(one for place, one in enumerate(found) if one not in found[:place])
        by_text = any(day in ends(text.valid_from, text.valid_until) for text in self._editions)
        return causes, bool(turned) and not own and not by_text and all(course.looks_back for course in turned)
