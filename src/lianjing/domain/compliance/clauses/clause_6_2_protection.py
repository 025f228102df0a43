"""Clause 6.2: the operation centre protects itself as GB 50348 asks.

GB 50348-2018 could not be read in the original: what is asked comes from JGJ 16-2008 14.9 (hold-up button,
communication, interface to the upper centre, area), a description of guard rooms (access control, detectors), GB
55029-2022 3.1.9 second-hand (video); the guard is general knowledge. What is missing counts by how far its text was
read (docs/decisions/0030). What no record says, accepted evidence may.
"""

from decimal import Decimal

from lianjing.domain.compliance.judging import Judgement, said
from lianjing.domain.compliance.premises_rule import (
    WORST_FIRST,
    Checked,
    Premises,
    PremisesRule,
    checked_evidence,
    checked_told,
    place_line,
    with_evidence,
)
from lianjing.domain.facilities.standing import PlaceKnown, PremisesKnown
from lianjing.terms.facilities import PROTECTION, PlaceFactKind, PlaceKind
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

UNREAD = frozenset({PlaceFactKind.VIDEO, PlaceFactKind.GUARD})
"""What stands in no text that was read: second-hand, and general knowledge."""
SMALLEST = Decimal(20)
"""m², JGJ 16-2008 14.9: another standard than the one that the clause names, so less of it is to be looked into."""


class Clause62Protection(PremisesRule):
    clause = "6.2"
    reads = frozenset({"place", "place_fact:6.2", "evidence"})

    def judge(self, facts: Premises) -> Judgement:
        return with_evidence(_by_records(facts.known), facts.attested)


def _by_records(known: PremisesKnown) -> Judgement:
    centres = known.of_kind(PlaceKind.CENTRE)
    if not centres:
        told = said(_("没有登记运营中心，无从判定。"))
        return Judgement(Verdict.INSUFFICIENT, (told,), {"centres": 0, "missing": 0, "absent": 0})
    lines = [line for centre in centres for line in _lines(known, centre)]
    small = [one for one in centres if one.area_m2 is not None and one.area_m2 < SMALLEST]
    verdicts = [*(one.verdict for one in lines), Verdict.MOSTLY if small else Verdict.MET]
    missing = sum(one.fact is None for one in lines)
    absent = sum(one.fact is not None and not one.fact.is_good for one in lines)
    figures = {"centres": len(centres), "missing": missing, "absent": absent}
    told = [*checked_told(lines), *(_small(one) for one in small)]
    if not told:
        sentence = _("运营中心 %(count)d 处，自身防范 %(things)d 项都具备，记录在有效期内。")
        told = [said(sentence, count=len(centres), things=len(PROTECTION))]
    evidence = (*checked_evidence(lines), *(place_line(one) for one in small))
    return Judgement(min(verdicts, key=WORST_FIRST.index), tuple(told), figures, evidence)


def _lines(known: PremisesKnown, centre: PlaceKnown) -> list[Checked]:
    """Of a centre and its rooms; what one of them lacks, the centre lacks."""
    places = [centre.id, *(one.id for one in known.rooms_of(centre))]
    return [Checked(centre, kind, known.fact(places, kind), binding=kind not in UNREAD) for kind in PROTECTION]


def _small(centre: PlaceKnown) -> Phrase:
    sentence = _("待核实：%(place)s面积 %(area)s m²，JGJ 16-2008 14.9 为不小于 %(least)s m²。")
    area = format((centre.area_m2 or Decimal(0)).normalize(), "f")
    return said(sentence, place=centre.name, area=area, least=str(SMALLEST))
