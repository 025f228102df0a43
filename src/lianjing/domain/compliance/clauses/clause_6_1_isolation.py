"""Clause 6.1: there is an operation centre, and it is kept apart from the offices.

Wall and door and the control of entry must be on record; who may enter, the visitors' register and a drawing make it
whole. What no record says, accepted evidence may.
"""

from lianjing.domain.compliance.judging import Judgement, said
from lianjing.domain.compliance.premises_rule import (
    WORST_FIRST,
    Checked,
    Premises,
    PremisesRule,
    checked_evidence,
    checked_told,
    place_line,
    things,
    with_evidence,
)
from lianjing.domain.facilities.standing import PremisesKnown
from lianjing.terms.facilities import ISOLATION, PlaceFactKind, PlaceKind
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

ASKED = (PlaceFactKind.SEPARATION, PlaceFactKind.ENTRY_CONTROL)


class Clause61Isolation(PremisesRule):
    clause = "6.1"
    reads = frozenset({"place", "place_file", "place_fact:6.1", "evidence"})

    def judge(self, facts: Premises) -> Judgement:
        return with_evidence(_by_records(facts.known), facts.attested)


def _by_records(known: PremisesKnown) -> Judgement:
    centres = known.of_kind(PlaceKind.CENTRE)
    if not centres:
        told = said(_("没有登记运营中心，无从判定。"))
        return Judgement(Verdict.INSUFFICIENT, (told,), {"centres": 0, "missing": 0, "undrawn": 0})
    lines = [
        Checked(centre, kind, known.fact([centre.id], kind), asked=kind in ASKED)
        for centre in centres
        for kind in ISOLATION
    ]
    undrawn = [one for one in centres if one.id not in known.drawn]
    verdicts = [*(one.verdict for one in lines), Verdict.MOSTLY if undrawn else Verdict.MET]
    missing = sum(one.fact is None for one in lines)
    figures = {"centres": len(centres), "missing": missing, "undrawn": len(undrawn)}
    told = checked_told(lines)
    if undrawn:
        named = things([Phrase("%(name)s", {"name": one.name}) for one in undrawn])
        told.append(said(_("没有平面图：%(places)s。"), places=named))
    if not told:
        sentence = _("运营中心 %(count)d 处，与办公场所隔离：隔墙与门、进入控制、准入人员、来访登记和平面图都有记录。")
        told = [said(sentence, count=len(centres))]
    evidence = (*checked_evidence(lines), *(place_line(one) for one in undrawn))
    return Judgement(min(verdicts, key=WORST_FIRST.index), tuple(told), figures, evidence)
