"""What the rules of chapter 6 share: premises of one reading as they stand on each day, and accepted evidence beside.

Where only a person can say, accepted evidence supplies what no record says; it never outweighs a record that says no
(docs/decisions/0030). Its file was accepted by another person than its author.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.attested_rule import CHANGED as EVIDENCE_CHANGED
from lianjing.domain.compliance.attested_rule import (
    Attested,
    attested_ahead,
    attested_on,
)
from lianjing.domain.compliance.judging import Evidence, Rule, said
from lianjing.domain.compliance.looking_ahead import DAY, Ahead, Span, ends
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.facilities.policy import CHANGED
from lianjing.domain.facilities.premises_known import premises_between, premises_on
from lianjing.domain.facilities.quantities import QUANTITIES
from lianjing.domain.facilities.standing import FactKnown, PlaceKnown, PremisesKnown, PremisesOnFile, ValueKnown
from lianjing.terms.facilities import PlaceFactKind
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

SEE = "compliance.see"
WORST_FIRST = (Verdict.NOT_MET, Verdict.INSUFFICIENT, Verdict.MOSTLY, Verdict.MET)
NAMED_AT_MOST = 12
"""Things that a sentence names one by one."""


@dataclass(frozen=True, slots=True)
class Premises:
    """Premises on the day, and what was submitted for the clause."""

    known: PremisesKnown
    attested: Attested

    @property
    def on(self) -> date:
        return self.known.on


@once_a_sweep
def premises_known(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> PremisesKnown:
    """As every reader of verdicts has it, whatever else he may see."""
    return premises_on(viewer, company_id, on, known, SEE)


@once_a_sweep
def premises_ahead(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> PremisesOnFile:
    return premises_between(viewer, company_id, (span.first, span.last), known, SEE)


class PremisesRule(Rule[Premises]):
    """A clause that is judged by places and by what was found or measured there."""

    wakes_on = (CHANGED, EVIDENCE_CHANGED)
    evidence_kinds = ("place", "place_fact", "evidence")

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Premises:
        attested = attested_on(viewer, company_id, self.clause, on, known)
        return Premises(premises_known(viewer, company_id, on, known), attested)

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Premises]:
        """Premises and evidence of one reading, as they stand on each day."""
        file = premises_ahead(viewer, company_id, span, known)
        attested = attested_ahead(viewer, company_id, self.clause, span, known)
        days = {day for begins, until in file.spans for day in ends(begins, until)}

        def on(day: date) -> Premises:
            return Premises(file.on(day), attested.on(day))

        def causes(day: date) -> tuple[Evidence, ...]:
            return (*ended(file, day, self.clause), *attested.causes(day))

        return Ahead(on, days | set(attested.days), causes)


def ended(file: PremisesOnFile, day: date, clause: str) -> Iterable[Evidence]:
    """What counted for the last time on the day before."""
    before = file.on(day - DAY)
    names = {one.id: one for one in before.places}
    for fact in before.facts:
        if fact.valid_until == day - DAY and fact.kind.clause == clause:
            yield fact_line(fact, names[fact.place_id])
    for value in before.values if clause == "6.3" else ():
        if value.valid_until == day - DAY:
            yield value_line(value, names[value.place_id])


def fact_line(fact: FactKnown, place: PlaceKnown) -> Evidence:
    figures = {"place": place.name, "standing": Phrase(fact.standing.zh), "until": str(fact.valid_until or "…")}
    sentence = _("%(place)s：%(standing)s，有效期至 %(until)s")
    return Evidence("place_fact", fact.id, fact.kind.zh, sentence, figures, key=str(place.id))


def value_line(value: ValueKnown, place: PlaceKnown) -> Evidence:
    quantity = QUANTITIES[value.quantity]
    figures = {
        "place": place.name,
        "value": plain(value),
        "unit": quantity.unit,
        "until": str(value.valid_until or "…"),
    }
    sentence = _("%(place)s：%(value)s %(unit)s，有效期至 %(until)s")
    return Evidence("measurement", value.id, quantity.zh, sentence, figures, key=f"{place.id}/{value.quantity}")


def plain(value: ValueKnown) -> str:
    return format(value.value.normalize(), "f")


def place_line(place: PlaceKnown) -> Evidence:
    return Evidence("place", place.id, place.name, place.kind.zh, key=str(place.id))


def thing(place: PlaceKnown, what: str) -> Phrase:
    """机房的温度."""
    return Phrase(_("%(place)s的%(what)s"), {"place": place.name, "what": Phrase(what)})


def things(parts: list[Phrase]) -> Phrase:
    """One after the other; what is too much to name is counted."""
    named = {f"part{place}": part for place, part in enumerate(parts[:NAMED_AT_MOST])}
    words = "、".join(f"%({name})s" for name in named)
    if len(parts) <= NAMED_AT_MOST:
        return Phrase(words, named)
    return Phrase(_("%(named)s 等 %(count)d 项"), {"named": Phrase(words, named), "count": len(parts)})


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that a centre must have. `binding`: whoever has it not does not comply; else it is to be looked into.
    `asked`: without a record of it nobody knows how the clause stands."""

    place: PlaceKnown
    kind: PlaceFactKind
    fact: FactKnown | None
    asked: bool = True
    binding: bool = True

    @property
    def is_missing(self) -> bool:
        """Nothing is on record, or nothing by which anybody could tell: no pass by absence."""
        return self.fact is None or not self.fact.counts

    @property
    def verdict(self) -> Verdict:
        if self.is_missing or self.fact is None:
            return Verdict.INSUFFICIENT if self.asked else Verdict.MOSTLY
        if self.fact.is_good:
            return Verdict.MET
        return Verdict.NOT_MET if self.asked and self.binding else Verdict.MOSTLY


UNSHOWN = {
    "origin": _("记录待补，没有写明由谁查实：%(things)s。"),
    "number": _("记录待补，没有报告编号，也没有报告文件：%(things)s。"),
    "value": _("记录待补，没有写明情况，也没有报告编号或文件：%(things)s。"),
}
"""By the field that a record lacks."""


def checked_told(lines: list[Checked]) -> list[Phrase]:
    """What is not there, what nobody has recorded, what is to be looked into."""
    absent = [one for one in lines if one.fact is not None and not one.fact.is_good]
    bad = [one for one in absent if one.verdict is Verdict.NOT_MET]
    unread = [one for one in absent if not one.binding]
    lesser = [one for one in absent if not one.asked]
    missing = [one for one in lines if one.fact is None]
    unshown = [one for one in lines if one.is_missing and one.fact is not None]
    told = [
        (_("不具备或不合格：%(things)s。"), bad),
        (_("没有有效的记录：%(things)s。"), missing),
        *((sentence, [one for one in unshown if _lacking(one) == field]) for field, sentence in UNSHOWN.items()),
        (_("待核实：%(things)s不具备或不合格，所依据的条文未核对原文。"), unread),
        (_("待改进：%(things)s不具备或不合格。"), lesser),
    ]
    return [said(sentence, things=named(found)) for sentence, found in told if found]


def _lacking(line: Checked) -> str:
    return line.fact.shown.lacking(line.kind) if line.fact is not None else ""


def named(lines: list[Checked]) -> Phrase:
    return things([thing(one.place, one.kind.zh) for one in lines])


def checked_evidence(lines: list[Checked]) -> tuple[Evidence, ...]:
    """What decides first."""
    ordered = sorted(lines, key=lambda one: WORST_FIRST.index(one.verdict))
    there = [fact_line(one.fact, one.place) for one in ordered if one.fact is not None]
    gaps = {one.place.id: place_line(one.place) for one in lines if one.fact is None}
    return (*there, *gaps.values())
