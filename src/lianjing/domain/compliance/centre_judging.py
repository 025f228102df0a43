"""How each operation centre stands by its own records and by the evidence that can speak of it: clauses 6.1 and 6.2.

Whoever wrote a piece of evidence saw the centres that were in use by then. Of one that was opened later it says
nothing, so each centre is judged by itself, and the worst of them decides. No Django, no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lianjing.domain.compliance.attested_rule import Attested, accepted_told, line_of, why_none
from lianjing.domain.compliance.evidence_known import EvidenceKnown
from lianjing.domain.compliance.judging import Judgement, said
from lianjing.domain.compliance.premises_rule import (
    WORST_FIRST,
    Checked,
    checked_evidence,
    checked_told,
    named,
    place_line,
    things,
)
from lianjing.domain.facilities.standing import PlaceKnown
from lianjing.terms.evidence import EvidenceState
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class CentreRecords:
    """What is on record of one centre. `is_short`: besides, something asks to be looked into: no drawing, too small."""

    centre: PlaceKnown
    checked: Sequence[Checked]
    is_short: bool = False

    @property
    def verdict(self) -> Verdict:
        short = [Verdict.MOSTLY] if self.is_short else []
        return min([*(one.verdict for one in self.checked), *short, Verdict.MET], key=WORST_FIRST.index)


@dataclass(frozen=True, slots=True)
class CentreFound:
    """A centre by its records, and the accepted evidence that speaks of it."""

    records: CentreRecords
    spoken: Sequence[EvidenceKnown]

    @property
    def is_supplied(self) -> bool:
        """Evidence says what no record does."""
        return bool(self.spoken) and self.records.verdict is Verdict.INSUFFICIENT

    @property
    def verdict(self) -> Verdict:
        """Evidence in place of what is not recorded, and where it is worse; it outweighs no record (0030)."""
        shows = [one.shows for one in self.spoken]
        return min([*shows, *([] if self.is_supplied else [self.records.verdict])], key=WORST_FIRST.index)


def judged_centres(
    records: Sequence[CentreRecords], attested: Attested, figures: dict[str, Any], told: Sequence[Phrase]
) -> Judgement:
    """The worst of all centres. `told`: what is to be said besides what is not on record; of a company without centres
    there is only evidence to ask."""
    counting = attested.of(EvidenceState.ACCEPTED)
    found = [CentreFound(one, _speaking(counting, one.centre, is_only=len(records) == 1)) for one in records]
    verdict = min((one.verdict for one in found), key=WORST_FIRST.index, default=_without_centre(counting))
    sentences = [*_missing(found), *told, *_of_evidence(found, attested, counting)]
    by_centre = [{"centre": one.records.centre.name, "verdict": one.verdict.value} for one in found]
    told_of = {**figures, "by_centre": by_centre, **({"in_force": len(counting)} if counting else {})}
    checked = [line for one in records for line in one.checked]
    short = [place_line(one.centre) for one in records if one.is_short]
    evidence = (*checked_evidence(checked), *short, *(line_of(one) for one in counting))
    return Judgement(verdict, tuple(sentences), told_of, tuple({(one.kind, one.id): one for one in evidence}.values()))


def _without_centre(counting: Sequence[EvidenceKnown]) -> Verdict:
    return min((one.shows for one in counting), key=WORST_FIRST.index, default=Verdict.INSUFFICIENT)


def _speaking(counting: Sequence[EvidenceKnown], centre: PlaceKnown, *, is_only: bool) -> list[EvidenceKnown]:
    """Those that were written when the centre was in use. Where nobody says since when it is, the day counts on which
    it was entered, unless there is no other that could be meant."""
    begun = centre.valid_from or (None if is_only else centre.recorded_on)
    return [one for one in counting if begun is None or begun <= max(_days_of(one), default=begun)]


def _days_of(one: EvidenceKnown) -> list[date]:
    return [day for day in (one.valid_from, one.submitted_on) if day is not None]


def _missing(found: Sequence[CentreFound]) -> list[Phrase]:
    """What nobody has recorded of a centre for which evidence speaks is not told as if it decided."""
    own = [line for one in found for line in one.records.checked if not (one.is_supplied and line.is_missing)]
    supplied = [line for one in found if one.is_supplied for line in one.records.checked if line.is_missing]
    told = checked_told(own)
    return [*told, said(_("没有记录，以证据为准：%(things)s。"), things=named(supplied))] if supplied else told


def _of_evidence(found: Sequence[CentreFound], attested: Attested, counting: Sequence[EvidenceKnown]) -> list[Phrase]:
    if not counting:
        why = why_none(attested)
        return [why] if why else []
    told = accepted_told(list(counting), _without_centre(counting))
    silent = [one.records.centre for one in found if not one.spoken and one.records.verdict is Verdict.INSUFFICIENT]
    if not silent:
        return told
    names = things([Phrase("%(name)s", {"name": one.name}) for one in silent])
    return [*told, said(_("证据早于启用，不能说明：%(places)s。"), places=names)]
