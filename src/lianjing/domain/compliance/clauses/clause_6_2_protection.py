"""Clause 6.2: the operation centre protects itself as GB 50348 asks.

GB 50348-2018 could not be read in the original: what is asked comes from JGJ 16-2008 14.9 (hold-up button,
communication, interface to the upper centre, area), a description of guard rooms (access control, detectors), GB
55029-2022 3.1.9 second-hand (video); the guard is general knowledge. What is missing counts by how far its text was
read (docs/decisions/0030). What no record says, accepted evidence may.
"""

from collections.abc import Sequence
from decimal import Decimal

from lianjing.domain.compliance.centre_judging import CentreRecords, judged_centres
from lianjing.domain.compliance.judging import Judgement, said
from lianjing.domain.compliance.premises_rule import Checked, Premises, PremisesRule
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
        records = [_records(facts.known, one) for one in facts.known.of_kind(PlaceKind.CENTRE)]
        lines = [line for one in records for line in one.checked]
        missing = sum(one.is_missing for one in lines)
        absent = sum(one.fact is not None and not one.fact.is_good for one in lines)
        figures = {"centres": len(records), "missing": missing, "absent": absent}
        return judged_centres(records, facts.attested, figures, _told(records))


def _records(known: PremisesKnown, centre: PlaceKnown) -> CentreRecords:
    is_small = centre.area_m2 is not None and centre.area_m2 < SMALLEST
    return CentreRecords(centre, _lines(known, centre), is_short=is_small)


def _told(records: Sequence[CentreRecords]) -> list[Phrase]:
    if not records:
        return [said(_("没有登记运营中心，无从判定。"))]
    if all(one.verdict is Verdict.MET for one in records):
        sentence = _("运营中心 %(count)d 处，自身防范 %(things)d 项都具备，记录在有效期内。")
        return [said(sentence, count=len(records), things=len(PROTECTION))]
    return [_small(one.centre) for one in records if one.is_short]


def _lines(known: PremisesKnown, centre: PlaceKnown) -> list[Checked]:
    """Of a centre and its rooms; what one of them lacks, the centre lacks."""
    places = [centre.id, *(one.id for one in known.rooms_of(centre))]
    return [Checked(centre, kind, known.fact(places, kind), binding=kind not in UNREAD) for kind in PROTECTION]


def _small(centre: PlaceKnown) -> Phrase:
    sentence = _("待核实：%(place)s面积 %(area)s m²，JGJ 16-2008 14.9 为不小于 %(least)s m²。")
    area = format((centre.area_m2 or Decimal(0)).normalize(), "f")
    return said(sentence, place=centre.name, area=area, least=str(SMALLEST))
