"""A rule by records, beside which accepted evidence counts: what a company keeps on paper is not unknown.

Where nothing at all is recorded, the clause is judged by its evidence as any attested one. Where records say something,
they decide; evidence fills what they leave open (证据不足), and never makes better what they say.
"""

from abc import abstractmethod
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Generic, TypeVar

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.attested_rule import SHOWN_AT_MOST, WORST_FIRST, Attested, AttestedRule
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.evidence_known import evidence_for
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.terms.evidence import EvidenceState
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

F = TypeVar("F")
WORST = (Verdict.NOT_MET, Verdict.INSUFFICIENT, Verdict.MOSTLY, Verdict.MET)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[F]):
    """What is on record, and what was submitted beside it."""

    own: F
    attested: Attested


class RecordedRule(Rule[Recorded[F]]):
    """`lacking`: what is said when there is neither a record nor evidence."""

    lacking: ClassVar[str]

    @abstractmethod
    def read(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> F:
        """The records as they hold on the day."""

    @abstractmethod
    def read_ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[F]:
        """The same on each day of a span, from one reading."""

    @abstractmethod
    def judge_records(self, facts: F) -> Judgement | None:
        """Pure. None: nothing is on record, by which anything could be said."""

    @property
    def _by_evidence(self) -> AttestedRule:
        return AttestedRule(replace(catalogue().clauses[self.clause], lacking=self.lacking))

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Recorded[F]:
        pieces = evidence_for(viewer, company_id, self.clause, on, known)
        return Recorded(self.read(viewer, company_id, on, known), Attested(on, pieces))

    def judge(self, facts: Recorded[F]) -> Judgement:
        found = self.judge_records(facts.own)
        by_evidence = self._by_evidence.judge(facts.attested)
        if found is None:
            return by_evidence
        evidence = (*found.evidence, *by_evidence.evidence)[:SHOWN_AT_MOST]
        counting = facts.attested.of(EvidenceState.ACCEPTED)
        if not counting:
            return replace(found, evidence=evidence)
        shown = min((one.shows for one in counting), key=WORST_FIRST.index)
        fills = found.verdict is Verdict.INSUFFICIENT
        verdict = shown if fills else min(found.verdict, shown, key=WORST.index)
        told = said(_("另有有效证据 %(count)d 份，表明%(verdict)s。"), count=len(counting), verdict=Phrase(shown.zh))
        figures = {**found.figures, "in_force": len(counting)}
        return Judgement(verdict, (*found.sentences, told), figures, evidence)

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Recorded[F]]:
        own = self.read_ahead(viewer, company_id, span, known)
        attested = self._by_evidence.ahead(viewer, company_id, span, known)

        def causes(day: date) -> tuple[Evidence, ...]:
            return (*own.causes(day), *attested.causes(day))

        return Ahead(lambda day: Recorded(own.on(day), attested.on(day)), {*own.days, *attested.days}, causes)
