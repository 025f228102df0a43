"""Verdicts of another day or of other knowledge than now's, remembered until something wakes their clause.

What is remembered was judged when the company's kept verdicts had some revision. It is taken while the kept verdict of
its clause has not been judged anew since: a wake judges it anew, and so does the sweep of a new day. No clock is asked.
Evidence is not remembered: it names people, and depends on who asks.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.cache import BaseCache, caches

from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.judging import Judgement
from lianjing.domain.compliance.models import JudgedCompany, StandingVerdict
from lianjing.domain.compliance.queries import Judged
from lianjing.domain.compliance.registry import rules
from lianjing.domain.compliance.waking import fingerprint
from lianjing.terms.sentences import Phrase
from lianjing.terms.verdicts import Verdict

MEMORY = "past_days"
"""Of this process; settings say how many days fit in."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which company, on which day, by what was known when (None: is now)."""

    company_id: int
    on: date
    known: datetime | None

    @property
    def key(self) -> str:
        # Without blanks: other memories than this process's take none.
        known = "now" if self.known is None else self.known.isoformat()
        return f"{self.company_id}:{self.on}:{known}:{fingerprint()}"


@dataclass(frozen=True, slots=True)
class _Answer:
    revision: int
    verdict: str
    sentences: tuple[Phrase, ...]
    figures: dict[str, Any]


def revision_of(company_id: int) -> int | None:
    """How far the company's verdicts are kept: to be asked before anything is judged. None: they are not."""
    return JudgedCompany.objects.filter(pk=company_id).values_list("revision", flat=True).first()


def remembered(asked: Asked, woken: Collection[str]) -> dict[str, Judged]:
    """By clause what still holds; one query, none where nothing is remembered. `woken`, to be asked before: clauses
    that something has woken since."""
    answers: dict[str, _Answer] = _memory().get(asked.key, {})
    if not answers:
        return {}
    rows = StandingVerdict.objects.filter(company_id=asked.company_id, clause__in=answers)
    judged = dict(rows.values_list("clause", "revision"))
    return {
        number: _judged(number, answer)
        for number, answer in answers.items()
        if number not in woken and number in judged and judged[number] <= answer.revision
    }


def remember(asked: Asked, revision: int | None, judged: Iterable[Judged]) -> None:
    """`revision`: the company's before they were judged. Of a rule that gave no answer nothing is remembered."""
    if revision is None:
        return
    new = {one.clause.number: _answer(revision, one.judgement) for one in judged if not one.defect}
    _memory().set(asked.key, _memory().get(asked.key, {}) | new)


def _answer(revision: int, found: Judgement) -> _Answer:
    return _Answer(revision, found.verdict.value, found.sentences, dict(found.figures))


def _judged(number: str, answer: _Answer) -> Judged:
    judgement = Judgement(Verdict(answer.verdict), answer.sentences, answer.figures)
    return Judged(catalogue().clauses[number], judgement, number in rules())


def _memory() -> BaseCache:
    return caches[MEMORY]
