"""What the four clauses of 8.2 have in common: documents in force, each with an owner at work and reviewed in time.

While a company has registered none of a kind, accepted evidence for the clause says how it stands, as for any clause
that only people can judge. Registered ones go before it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.attested_rule import CHANGED as EVIDENCE_CHANGED
from lianjing.domain.compliance.attested_rule import Attested, AttestedRule
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.documents_known import (
    DocumentKnown,
    DocumentsKnown,
    document_rows,
    documents_known,
)
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import DAY, Ahead, Span
from lianjing.domain.documents.policy import CHANGED
from lianjing.terms.documents import DocumentKind
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

SHOWN_AT_MOST, NAMED_AT_MOST = 50, 5


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """Everything in force on the day, and what was submitted as evidence for the clause."""

    known: DocumentsKnown
    attested: Attested


@dataclass(frozen=True, slots=True)
class Gap:
    """What is wanting of some documents: its sentence has `count` and `names`. `key` names its figure."""

    key: str
    sentence: str
    documents: tuple[DocumentKnown, ...]
    told: Callable[[DocumentKnown], Phrase]
    """Of one of them."""


class DocumentRule(Rule[DocumentFacts]):
    """Judges one kind."""

    kind: ClassVar[DocumentKind]
    wakes_on = (CHANGED, EVIDENCE_CHANGED, "staff.changed")
    evidence_kinds = ("document", "evidence")
    reads = frozenset({"document", "evidence", "staff:employment"})

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> DocumentFacts:
        attested = self._attested().facts(viewer, company_id, on, known)
        return DocumentFacts(documents_known(viewer, company_id, on, known), attested)

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[DocumentFacts]:
        rows = document_rows(viewer, company_id, span, known)
        attested = self._attested().ahead(viewer, company_id, span, known)

        def on(day: date) -> DocumentFacts:
            return DocumentFacts(rows.on(day), attested.on(day))

        def causes(day: date) -> tuple[Evidence, ...]:
            had = {one for gap in self.gaps(rows.on(day - DAY)) for one in gap.documents}
            new = (gap_line(gap, one) for gap in self.gaps(rows.on(day)) for one in gap.documents if one not in had)
            return (*new, *attested.causes(day))

        return Ahead(on, rows.days | set(attested.days), causes)

    def _attested(self) -> AttestedRule:
        return AttestedRule(catalogue().clauses[self.clause])

    def judge(self, facts: DocumentFacts) -> Judgement:
        """Never a pass by absence: without a document in force accepted evidence counts, and else nobody knows."""
        documents, gaps = facts.known.of(self.kind), self.gaps(facts.known)
        figures = {"in_force": len(documents), **{gap.key: len(gap.documents) for gap in gaps}}
        if not documents:
            return self._by_evidence(facts.attested, figures)
        wanting = [gap for gap in gaps if gap.documents]
        sentence = _("现行的%(kind)s %(count)d 份，都经他人批准。")
        told = [said(sentence, kind=Phrase(self.kind.zh), count=len(documents))]
        told += [_gap_said(gap) for gap in wanting] or [_all_well(documents)]
        told += self.more_said(facts.known)
        is_whole = not wanting and not self.more_said(facts.known)
        return Judgement(
            Verdict.MET if is_whole else Verdict.MOSTLY, tuple(told), figures, _evidence(documents, wanting)
        )

    def _by_evidence(self, attested: Attested, figures: dict[str, int]) -> Judgement:
        found = self._attested().judge(attested)
        none = said(_("没有登记现行的%(kind)s。"), kind=Phrase(self.kind.zh))
        told = (one for one in found.sentences if one.sentence)
        return Judgement(found.verdict, (none, *told), {**found.figures, **figures}, found.evidence)

    def gaps(self, known: DocumentsKnown) -> list[Gap]:
        """What may be wanting, whether or not it is."""
        documents = known.of(self.kind)
        late = tuple(one for one in documents if one.review_by < known.on)
        return [
            Gap("review_overdue", _("复审逾期 %(count)d 份：%(names)s。"), late, _late),
            Gap("owner_gone", _("责任人已不在职 %(count)d 份：%(names)s。"), _ownerless(documents), _gone),
        ]

    def more_said(self, known: DocumentsKnown) -> list[Phrase]:
        """What is wanting besides, of no document that is there."""
        return []


def _ownerless(documents: Iterable[DocumentKnown]) -> tuple[DocumentKnown, ...]:
    return tuple(one for one in documents if not one.has_owner)


def _late(one: DocumentKnown) -> Phrase:
    return said(_("%(day)s 前应复审"), day=str(one.review_by))


def _gone(_one: DocumentKnown) -> Phrase:
    return said(_("责任人已不在职"))


def _gap_said(gap: Gap) -> Phrase:
    return said(gap.sentence, count=len(gap.documents), names=names_of(one.number for one in gap.documents))


def names_of(numbers: Iterable[str]) -> str:
    """The first few, as they stand."""
    found = list(numbers)
    return "、".join(found[:NAMED_AT_MOST]) + ("……" if len(found) > NAMED_AT_MOST else "")


def _all_well(documents: Iterable[DocumentKnown]) -> Phrase:
    first = min(documents, key=lambda one: one.review_by)
    return said(
        _("责任人都在职，复审都没有逾期；最早的 %(day)s 前复审（%(number)s）。"),
        day=str(first.review_by),
        number=first.number,
    )


def gap_line(gap: Gap, one: DocumentKnown) -> Evidence:
    told = gap.told(one)
    return Evidence("document", one.id, f"{one.number} {one.title}", told.sentence, told.figures)


def _evidence(documents: Iterable[DocumentKnown], gaps: Iterable[Gap]) -> tuple[Evidence, ...]:
    """What is wanting first, then what is well."""
    wanting = [gap_line(gap, one) for gap in gaps for one in gap.documents]
    named = {one.id for one in wanting}
    well = [
        Evidence("document", one.id, f"{one.number} {one.title}", _("%(label)s，现行"), {"label": one.label})
        for one in documents
        if one.id not in named
    ]
    return tuple([*wanting, *well][:SHOWN_AT_MOST])
