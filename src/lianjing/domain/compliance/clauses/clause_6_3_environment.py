"""Clause 6.3: electromagnetic protection, lightning protection and earthing, fire, temperature, humidity and lighting.

Temperature, humidity and lighting are measured in every room; the others are shown by a report that is in force.
Whatever else was measured counts where it breaches a limit. A limit that nobody has read in the original, and that the
company has not made its own, asks only to look into a breach (docs/decisions/0030).
"""

from collections.abc import Sequence

from lianjing.domain.compliance.judging import Evidence, Judgement, said
from lianjing.domain.compliance.premises_rule import (
    WORST_FIRST,
    Checked,
    Premises,
    PremisesRule,
    checked_evidence,
    checked_told,
    place_line,
    plain,
    thing,
    things,
    value_line,
)
from lianjing.domain.compliance.room_lines import RoomLine, room_lines
from lianjing.domain.facilities.policy import CHANGED, limit_words
from lianjing.domain.facilities.quantities import Bounds
from lianjing.domain.facilities.standing import PlaceKnown, PremisesKnown
from lianjing.terms.facilities import PlaceFactKind, PlaceKind
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

REPORTS = (PlaceFactKind.LIGHTNING, PlaceFactKind.FIRE, PlaceFactKind.EMC)
TRIED = (PlaceFactKind.DISCHARGE, PlaceFactKind.SUPPLY)
"""What the clause does not name: a bad result is to be looked into, none says nothing."""
ROOMS = (PlaceKind.MACHINE_ROOM, PlaceKind.DUTY_ROOM)
FIELD = "magnetic_field"
LISTED_AT_MOST = 200


class Clause63Environment(PremisesRule):
    clause = "6.3"
    wakes_on = (CHANGED,)
    evidence_kinds = ("place", "place_fact", "measurement")
    reads = frozenset({"place", "place_fact:6.3", "measurement", "room_limit"})

    def judge(self, facts: Premises) -> Judgement:
        known = facts.known
        centres = known.of_kind(PlaceKind.CENTRE)
        lines = room_lines(known)
        checked = [one for centre in centres for one in _checked(known, centre, lines)]
        gap = _gap(known)
        verdicts = [*(one.verdict for one in lines), *(one.verdict for one in checked)]
        verdict = min([*verdicts, Verdict.INSUFFICIENT if gap else Verdict.MET], key=WORST_FIRST.index)
        told = [*gap, *_breaches(lines), *checked_told(checked), *_wider(lines), *_doubts(lines)]
        if verdict is Verdict.MET:
            sentence = _("环境测量 %(count)d 项都在限值内，防雷、消防、电磁防护的检测都在有效期内。")
            told.insert(0, said(sentence, count=sum(one.kept is True for one in lines)))
        return Judgement(verdict, tuple(told), _figures(lines, checked), _evidence(lines, checked))


def _gap(known: PremisesKnown) -> list[Phrase]:
    """Without the places themselves, a room of each centre, nothing that was measured tells the whole."""
    centres = known.of_kind(PlaceKind.CENTRE)
    if not centres:
        return [said(_("没有登记运营中心，无从判定。"))]
    bare = [one for one in centres if not any(room.kind in ROOMS for room in known.rooms_of(one))]
    if len(bare) == len(centres):
        return [said(_("没有登记机房或值守室，无从判定。"))]
    named = things([Phrase("%(place)s", {"place": one.name}) for one in bare])
    return [said(_("没有登记机房或值守室，无从判定：%(things)s。"), things=named)] if bare else []


def _checked(known: PremisesKnown, centre: PlaceKnown, lines: Sequence[RoomLine]) -> list[Checked]:
    places = [centre.id, *(one.id for one in known.rooms_of(centre))]
    reports = [Checked(centre, kind, known.fact(places, kind)) for kind in REPORTS]
    tried = [Checked(centre, kind, known.fact(places, kind), asked=False) for kind in TRIED]
    shown = [one for one in reports if not one.is_missing or not _shown_by_value(one, lines, places)]
    return [*shown, *(one for one in tried if not one.is_missing)]


def _shown_by_value(report: Checked, lines: Sequence[RoomLine], places: Sequence[int]) -> bool:
    """Electromagnetic protection has no report, but a field that was measured: that is a line of its own."""
    fields = [one for one in lines if one.quantity.code == FIELD and one.place.id in places]
    return report.kind is PlaceFactKind.EMC and any(one.kept is not None and not one.is_stale for one in fields)


def _breaches(lines: Sequence[RoomLine]) -> list[Phrase]:
    broken = [one for one in lines if one.kept is False]
    binding = [_breach(one, one.bounds) for one in broken if one.verdict is Verdict.NOT_MET]
    unread = [_breach(one, one.bounds) for one in broken if one.verdict is Verdict.MOSTLY]
    told = [said(_("超出限值：%(things)s。"), things=things(binding))] if binding else []
    return told + ([said(_("待核实：%(things)s；限值未核对原文。"), things=things(unread))] if unread else [])


def _breach(line: RoomLine, bounds: Bounds | None) -> Phrase:
    """机房的温度 29.1 ℃（限值 18～27 ℃）."""
    limit = limit_words(bounds, line.quantity.unit) if bounds else ""
    value = f"{plain(line.value)} {line.quantity.unit}" if line.value else ""
    figures = {"thing": thing(line.place, line.quantity.zh), "value": value, "limit": limit}
    return Phrase(_("%(thing)s %(value)s（限值 %(limit)s）"), figures)


def _wider(lines: Sequence[RoomLine]) -> list[Phrase]:
    """Limits of the company that are looser than a text that was read, and what is out of that."""
    wider = [_limits(one) for one in lines if one.bounds is not None and one.bounds.wider_than is not None]
    beyond = [_breach(one, one.bounds.wider_than) for one in lines if one.bounds is not None and one.is_stretched]
    told = [said(_("本单位限值比标准宽：%(things)s。"), things=things(wider))] if wider else []
    return told + ([said(_("在本单位限值内，但超出标准：%(things)s。"), things=things(beyond))] if beyond else [])


def _limits(line: RoomLine) -> Phrase:
    """机房的温度 15～32 ℃（GB 50174-2017 为 18～27 ℃）."""
    own = line.bounds
    standard = own.wider_than if own else None
    figures = {"thing": thing(line.place, line.quantity.zh), "edition": standard.edition if standard else ""}
    figures |= {"own": limit_words(own, line.quantity.unit) if own else ""}
    figures |= {"standard": limit_words(standard, line.quantity.unit) if standard else ""}
    return Phrase(_("%(thing)s %(own)s（%(edition)s 为 %(standard)s）"), figures)


def _doubts(lines: Sequence[RoomLine]) -> list[Phrase]:
    """What is not measured, measured with what is past its calibration, or within a limit that nobody has read."""
    missing = [one for one in lines if one.is_asked and one.value is None]
    stale = [one for one in lines if one.is_asked and one.is_stale and one.kept]
    unread = [one for one in lines if one.is_asked and one.kept and one.doubt == "limit"]
    unsaid = [one for one in lines if one.is_asked and one.kept and one.doubt == "instrument"]
    told = [
        (_("没有有效的测量值：%(things)s。"), missing),
        (_("测量时仪器已过校准有效期：%(things)s。"), stale),
        (_("在限值内，但限值未核对原文：%(things)s。"), unread),
        (_("没有写明仪器的校准有效期：%(things)s。"), unsaid),
    ]
    return [said(sentence, things=_named(found)) for sentence, found in told if found]


def _named(lines: Sequence[RoomLine]) -> Phrase:
    return things([thing(one.place, one.quantity.zh) for one in lines])


def _figures(lines: Sequence[RoomLine], checked: Sequence[Checked]) -> dict[str, object]:
    missing = sum(one.verdict is Verdict.INSUFFICIENT for one in (*lines, *checked))
    told: dict[str, object] = {"measured": sum(one.value is not None for one in lines), "missing": missing}
    told |= {"out": sum(one.kept is False for one in lines)}
    return told | {"lines": [one.as_figures() for one in lines[:LISTED_AT_MOST]]}


def _evidence(lines: Sequence[RoomLine], checked: list[Checked]) -> tuple[Evidence, ...]:
    ordered = sorted(lines, key=lambda one: WORST_FIRST.index(one.verdict))
    measured = [value_line(one.value, one.place) for one in ordered if one.value is not None]
    gaps = {one.place.id: place_line(one.place) for one in lines if one.is_asked and one.value is None}
    found = (*measured, *checked_evidence(checked), *gaps.values())
    return tuple({(one.kind, one.id): one for one in found}.values())[:LISTED_AT_MOST]
