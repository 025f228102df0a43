"""The one rule of every clause of which only people can say how it stands: accepted evidence says it.

The registry makes one of it for each clause of the catalogue that is `attested` and has no module of its own.
"""

from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import Clause
from lianjing.domain.compliance.evidence_known import EvidenceKnown, evidence_for
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import Ahead, Span, ends
from lianjing.terms.evidence import EvidenceState
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import WORST_FIRST, Verdict

CHANGED = "evidence.changed"
SHOWN_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Attested:
    """What was submitted for the clause, and the day that is asked about."""

    on: date
    pieces: tuple[EvidenceKnown, ...]

    def of(self, *states: EvidenceState) -> list[EvidenceKnown]:
        """Those in these states that say what was submitted; of undecided and rejected ones, those of this day."""
        by_day = {EvidenceState.EXPIRED, EvidenceState.UPCOMING}
        return [
            one
            for one in self.pieces
            if one.state in states and one.intact and (one.state in by_day or one.covers(self.on))
        ]


class AttestedRule(Rule[Attested]):
    """Judges one clause by its evidence: as the worst of what was accepted for the day."""

    wakes_on = (CHANGED,)
    evidence_kinds = ("evidence",)

    def __init__(self, clause: Clause) -> None:
        self.clause = clause.number
        self.lacking = clause.lacking

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Attested:
        return attested_on(viewer, company_id, self.clause, on, known)

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Attested]:
        return attested_ahead(viewer, company_id, self.clause, span, known)

    def judge(self, facts: Attested) -> Judgement:
        """Never a pass by absence, nor by what nobody has looked at yet."""
        counting = facts.of(EvidenceState.ACCEPTED)
        waiting = facts.of(EvidenceState.SUBMITTED)
        altered = [one for one in facts.pieces if not one.intact]
        figures = {"in_force": len(counting), "waiting": len(waiting), "altered": len(altered)}
        figures["not_listed"] = max(0, len(facts.pieces) - SHOWN_AT_MOST)
        evidence = _evidence(facts)
        told = [_altered(altered)] if altered else []
        if not counting:
            return Judgement(Verdict.INSUFFICIENT, (*told, self._missing(facts)), figures, evidence)
        verdict = min((one.shows for one in counting), key=WORST_FIRST.index)
        told += accepted_told(counting, verdict)
        told += [said(_("另有待审核 %(count)d 份。"), count=len(waiting))] if waiting else []
        return Judgement(verdict, tuple(told), figures, evidence)

    def _missing(self, facts: Attested) -> Phrase:
        return why_none(facts) or Phrase(self.lacking.replace("%", "%%"))


def why_none(facts: Attested) -> Phrase | None:
    """Why nothing that was submitted counts on the day, the nearest reason first; None: nothing was submitted."""
    if waiting := facts.of(EvidenceState.SUBMITTED):
        return said(_("证据待审核 %(count)d 份，接受后才算数。"), count=len(waiting))
    if over := facts.of(EvidenceState.EXPIRED):
        last = max(one.valid_until for one in over if one.valid_until)
        return said(_("证据已于 %(day)s 到期。"), day=str(last))
    if ahead := facts.of(EvidenceState.UPCOMING):
        first = min(one.valid_from for one in ahead if one.valid_from)
        return said(_("证据自 %(day)s 起才生效。"), day=str(first))
    if rejected := facts.of(EvidenceState.REJECTED):
        return said(_("提交的证据 %(count)d 份被退回。"), count=len(rejected))
    return None


def attested_on(viewer: Viewer, company_id: int, clause: str, on: date, known: datetime | None) -> Attested:
    """What was submitted for a clause, as it stands on a day."""
    return Attested(on, evidence_for(viewer, company_id, clause, on, known))


def attested_ahead(viewer: Viewer, company_id: int, clause: str, span: Span, known: datetime | None) -> Ahead[Attested]:
    """Evidence of one reading, as it stands on each day."""
    pieces = evidence_for(viewer, company_id, clause, span.first, known)
    turns = {one.id: ends(one.valid_from, one.valid_until) for one in pieces}

    def on(day: date) -> Attested:
        return Attested(day, tuple(one.as_on(day) for one in pieces))

    def causes(day: date) -> tuple[Evidence, ...]:
        return tuple(line_of(one.as_on(day)) for one in pieces if day in turns[one.id])

    return Ahead(on, set().union(*turns.values()), causes)


def _altered(pieces: list[EvidenceKnown]) -> Phrase:
    return said(_("证据 %(count)d 份与提交时的校验值不符，不予采信。"), count=len(pieces))


def accepted_told(counting: list[EvidenceKnown], verdict: Verdict) -> list[Phrase]:
    """How many, until when the first of them holds, who accepted it; and which of them decide when not all is well."""
    ends = [one.valid_until for one in counting if one.valid_until]
    newest = counting[-1]
    figures = {"count": len(counting), "reviewer": newest.reviewer}
    if ends and len(counting) == 1:
        told = [said(_("有效证据 1 份，到 %(day)s，由%(reviewer)s审核。"), day=str(ends[0]), reviewer=newest.reviewer)]
    elif ends:
        sentence = _("有效证据 %(count)d 份，最早的 %(day)s 到期；最近一份由%(reviewer)s审核。")
        told = [said(sentence, day=str(min(ends)), **figures)]
    else:
        told = [said(_("有效证据 %(count)d 份，没有到期日；最近一份由%(reviewer)s审核。"), **figures)]
    if verdict is not Verdict.MET:
        worst = sum(one.shows == verdict for one in counting)
        told.append(said(_("其中 %(count)d 份表明%(verdict)s。"), count=worst, verdict=Phrase(verdict.zh)))
    return told


def _evidence(facts: Attested) -> tuple[Evidence, ...]:
    """What decides first, then what is newest."""
    counts = {one.id for one in facts.of(EvidenceState.ACCEPTED)}
    ordered = sorted(facts.pieces, key=lambda one: (one.id not in counts, -one.id))
    return tuple(line_of(one) for one in ordered[:SHOWN_AT_MOST])


def line_of(one: EvidenceKnown) -> Evidence:
    figures = {"state": Phrase(one.state.zh), "shows": Phrase(one.shows.zh), "begins": str(one.valid_from or "…")}
    if one.valid_until is None:
        return Evidence("evidence", one.id, one.title, _("%(state)s：表明%(shows)s，自 %(begins)s 起"), figures)
    sentence = _("%(state)s：表明%(shows)s，%(begins)s 至 %(until)s")
    return Evidence("evidence", one.id, one.title, sentence, figures | {"until": str(one.valid_until)})
