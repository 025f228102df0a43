"""Clause 6.1: there is an operation centre, and it is kept apart from the offices.

Wall and door and the control of entry must be on record; who may enter, the visitors' register and a drawing make it
whole. What no record says, accepted evidence may.
"""

from collections.abc import Sequence

from lianjing.domain.compliance.centre_judging import CentreRecords, judged_centres
from lianjing.domain.compliance.judging import Judgement, said
from lianjing.domain.compliance.premises_rule import Checked, Premises, PremisesRule, things
from lianjing.domain.facilities.standing import PlaceKnown, PremisesKnown
from lianjing.terms.facilities import ISOLATION, PlaceFactKind, PlaceKind
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

ASKED = (PlaceFactKind.SEPARATION, PlaceFactKind.ENTRY_CONTROL)


class Clause61Isolation(PremisesRule):
    clause = "6.1"
    reads = frozenset({"place", "place_file", "place_fact:6.1", "evidence"})

    def judge(self, facts: Premises) -> Judgement:
        records = [_records(facts.known, one) for one in facts.known.of_kind(PlaceKind.CENTRE)]
        missing = sum(line.is_missing for one in records for line in one.checked)
        undrawn = [one.centre for one in records if one.is_short]
        figures = {"centres": len(records), "missing": missing, "undrawn": len(undrawn)}
        return judged_centres(records, facts.attested, figures, _told(records, undrawn))


def _records(known: PremisesKnown, centre: PlaceKnown) -> CentreRecords:
    checked = [Checked(centre, kind, known.fact([centre.id], kind), asked=kind in ASKED) for kind in ISOLATION]
    return CentreRecords(centre, checked, is_short=centre.id not in known.drawn)


def _told(records: Sequence[CentreRecords], undrawn: Sequence[PlaceKnown]) -> list[Phrase]:
    if not records:
        return [said(_("没有登记运营中心，无从判定。"))]
    if undrawn:
        names = things([Phrase("%(name)s", {"name": one.name}) for one in undrawn])
        return [said(_("没有平面图：%(places)s。"), places=names)]
    if all(one.verdict is Verdict.MET for one in records):
        sentence = _("运营中心 %(count)d 处，与办公场所隔离：隔墙与门、进入控制、准入人员、来访登记和平面图都有记录。")
        return [said(sentence, count=len(records))]
    return []
