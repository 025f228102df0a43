"""What the rules share of clauses of which the system sees one part, and people the other.

As far as the system sees the part is judged by its records; the other is said by accepted evidence, as everywhere where
only people can say. Without any the clause is mostly met at best; with it the worse of both parts counts. So the best
verdict can be reached, and a finding about it closed (docs/decisions/0027).
"""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Generic, TypeVar

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.attested_rule import (
    Attested,
    accepted_told,
    attested_ahead,
    attested_on,
    line_of,
    why_none,
)
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.terms.evidence import EvidenceState
from lianjing.terms.verdicts import WORST_FIRST, Verdict

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class PartlySeen(Generic[S]):
    """What the system sees, and what was submitted of the part that it does not see."""

    seen: S
    attested: Attested


class PartlySeenRule(Rule[PartlySeen[S]]):
    """A clause of which `unseen` says which part only accepted evidence shows."""

    unseen: ClassVar[str]

    @abstractmethod
    def seen_facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> S:
        """As `facts`, of the part that the system sees."""

    @abstractmethod
    def seen_ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[S]:
        """As `ahead`, of that part."""

    @abstractmethod
    def judge_seen(self, seen: S) -> Judgement:
        """As if the other part were shown. Pure."""

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> PartlySeen[S]:
        attested = attested_on(viewer, company_id, self.clause, on, known)
        return PartlySeen(self.seen_facts(viewer, company_id, on, known), attested)

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[PartlySeen[S]]:
        seen = self.seen_ahead(viewer, company_id, span, known)
        attested = attested_ahead(viewer, company_id, self.clause, span, known)

        def on(day: date) -> PartlySeen[S]:
            return PartlySeen(seen.on(day), attested.on(day))

        def causes(day: date) -> tuple[Evidence, ...]:
            return (*seen.causes(day), *attested.causes(day))

        return Ahead(on, {*seen.days, *attested.days}, causes)

    def judge(self, facts: PartlySeen[S]) -> Judgement:
        part = self.judge_seen(facts.seen)
        counting = facts.attested.of(EvidenceState.ACCEPTED)
        figures = {**part.figures, "in_force": len(counting)}
        if not counting:
            why = why_none(facts.attested)
            told = (*part.sentences, said(self.unseen), *([why] if why else []))
            return Judgement(_worst(part.verdict, Verdict.MOSTLY), told, figures, part.evidence)
        shown = _worst(*(one.shows for one in counting))
        told = (*part.sentences, *accepted_told(counting, shown))
        evidence = (*part.evidence, *(line_of(one) for one in counting))
        return Judgement(_worst(part.verdict, shown), told, figures, evidence)


def _worst(*verdicts: Verdict) -> Verdict:
    return min(verdicts, key=WORST_FIRST.index)
