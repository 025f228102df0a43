"""What a clause's rule is, and what it answers. No Django."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import Clause
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.terms.sentences import Figure, Figures, Phrase
from lianjing.terms.verdicts import Verdict

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that decides, or a list of them, with what it says. `id` None: a list, or somebody who is not named."""

    kind: str
    """person, company_fact, department, post, plan, case, record, evidence, contract; contracts, people, cases: of
    several."""
    id: int | None
    name: str
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    is_private: bool = False
    """What it says is for whoever may read the person's file."""
    key: str = ""
    """Of a list: which part of it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reasons. `sentences` are read one after the other; `figures` are the numbers, as the API gives
    them."""

    verdict: Verdict
    sentences: tuple[Phrase, ...]
    figures: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


class Rule(ABC, Generic[F]):
    """One clause. A module of `clauses` holds one such class; the registry finds it there."""

    clause: str
    wakes_on: ClassVar[tuple[str, ...]]
    """Topics of the outbox after which its verdict may be another one."""
    evidence_kinds: ClassVar[tuple[str, ...]] = ()
    """Kinds of records that it names as deciding, for the table of clauses."""
    looks_back: ClassVar[bool] = False
    """Judges by what occurred lately: ahead it says what it will say when nothing more occurs."""
    reads: ClassVar[frozenset[str]] = frozenset()
    """Kinds of records by which it judges, as `dated_entries` calls them; empty: all that its topics tell of. Only for
    the list of late entries."""

    @abstractmethod
    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> F:
        """What it judges by: as it held on day `on`, by what was known at `known` (None: is now)."""

    @abstractmethod
    def judge(self, facts: F) -> Judgement:
        """Pure: no database, no clock."""

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[F]:
        """What it will judge by on the days of a span. Here each day is read by itself, which is right and slow: a rule
        that is asked often reads once."""
        return Ahead(lambda day: self.facts(viewer, company_id, day, known), span.days)

    def turning(self, judgement: Judgement) -> Hashable:
        """What has to be another one for a day to count as one on which the clause turns."""
        return judgement.verdict


def nothing_on_record(clause: Clause) -> Judgement:
    """Of a clause without a rule, on any day."""
    return Judgement(Verdict.INSUFFICIENT, (Phrase(clause.lacking.replace("%", "%%")),))


def said(sentence: str, **figures: Figure) -> Phrase:
    return Phrase(sentence, figures)
