"""The register of equipment as clause 7 reads it, on any day: what serves, what lacks a certificate, whose maintenance
is late, what is past its planned life; and what follows for the verdict. No Django, no clock."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from lianjing.domain.compliance.judging import Evidence, Judgement, said
from lianjing.domain.compliance.limit_lines import Compared, judged_lines
from lianjing.domain.compliance.looking_ahead import DAY, day_after, ends
from lianjing.domain.facilities.equipment_policy import next_maintenance
from lianjing.terms.equipment import CertificateKind
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import WORST_FIRST, Verdict

NAMED_AT_MOST, TOLD_AT_MOST = 50, 3
"""Pieces in the evidence, and in a sentence."""
Days = tuple[date | None, date | None]
"""First and last day, as `Dated` has them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of equipment while it serves."""

    id: int
    name: str
    kind: str
    days: Days
    cycle_months: int | None
    life_ends_on: date | None


@dataclass(frozen=True, slots=True)
class Need:
    """That equipment of a kind needs such a certificate."""

    kind: str
    certificate: str
    days: Days


@dataclass(frozen=True, slots=True)
class Wanting:
    """A piece in which something is wanting: `what`, and the day since when; None: it never was otherwise."""

    piece: Piece
    what: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Registered:
    """The register on one day. `ended` had a certificate, and it has run out; of `unproven` none was ever recorded."""

    serving: int = 0
    recorded: bool = False
    """Whether anything was ever put on the register."""
    ended: Sequence[Wanting] = ()
    unproven: Sequence[Wanting] = ()
    late: Sequence[Wanting] = ()
    aged: Sequence[Wanting] = ()


@dataclass(frozen=True)
class Register:
    """All that was known, of any day; read once."""

    pieces: Sequence[Piece] = ()
    needs: Sequence[Need] = ()
    papers: Mapping[tuple[int, str], Sequence[Days]] = field(default_factory=dict)
    """Of a piece and a kind of certificate."""
    done: Mapping[int, Sequence[date]] = field(default_factory=dict)
    """Of a piece the days of its maintenance, ascending."""

    def on(self, day: date) -> Registered:
        serving = [piece for piece in self.pieces if holds(piece.days, day)]
        wanting = list(self._wanting(serving, day))
        return Registered(
            len(serving),
            bool(self.pieces),
            [one for one in wanting if one.day is not None],
            [one for one in wanting if one.day is None],
            [late for late, days in self._late if holds(days, day) and holds(late.piece.days, day)],
            [Wanting(p, "", p.life_ends_on) for p in serving if p.life_ends_on is not None and p.life_ends_on < day],
        )

    def _wanting(self, serving: Collection[Piece], day: date) -> Iterator[Wanting]:
        for need in (need for need in self.needs if holds(need.days, day)):
            for piece in serving:
                papers = self.papers.get((piece.id, need.certificate), ()) if piece.kind == need.kind else None
                if papers is not None and not any(holds(paper, day) for paper in papers):
                    over = [until for _begins, until in papers if until is not None and until < day]
                    yield Wanting(piece, need.certificate, max(over, default=None))

    @cached_property
    def _late(self) -> list[tuple[Wanting, Days]]:
        """When the maintenance of pieces is late: from the day after it was due to the day before it was done."""
        return [found for piece in self.pieces if piece.cycle_months for found in self._late_of(piece)]

    def _late_of(self, piece: Piece) -> Iterator[tuple[Wanting, Days]]:
        done = self.done.get(piece.id, ())
        for last, following in zip((None, *done), (*done, None), strict=True):
            due = next_maintenance(piece.days[0], (last,) if last else (), piece.cycle_months)
            if due is not None and (following is None or following > due):
                yield Wanting(piece, "", due), (due + DAY, following - DAY if following else None)

    def turning(self) -> set[date]:
        """Every day on which something of it begins, ends or becomes late."""
        spans = [piece.days for piece in self.pieces] + [need.days for need in self.needs]
        spans += [paper for papers in self.papers.values() for paper in papers] + [days for _one, days in self._late]
        lives = {day for piece in self.pieces for day in day_after(piece.life_ends_on)}
        return lives | {day for span in spans for day in ends(*span)}


def holds(days: Days, day: date) -> bool:
    begins, until = days
    return (begins is None or begins <= day) and (until is None or day <= until)


@dataclass(frozen=True, slots=True)
class Equipped:
    """What clause 7 is judged by."""

    compared: Compared
    register: Registered


def judged_equipment(facts: Equipped) -> Judgement:
    """What the limits say, and what the register adds: a certificate that has run out is not met; an empty register,
    and a certificate of which nothing was recorded, are not known; late maintenance and a life that is over leave it
    at mostly."""
    found, register = judged_lines(facts.compared), facts.register
    told, worst = list(found.sentences), found.verdict
    for verdict, sentence in _added(register):
        told.append(sentence)
        worst = _worse(worst, verdict)
    figures = {**found.figures, "in_service": register.serving}
    figures |= {name: len(getattr(register, name)) for name in ("ended", "unproven", "late", "aged")}
    return replace(
        found,
        verdict=worst,
        sentences=tuple(told),
        figures=figures,
        evidence=(*wanting_evidence(register), *found.evidence),
    )


def _worse(one: Verdict, other: Verdict) -> Verdict:
    return min(one, other, key=WORST_FIRST.index)


def _added(register: Registered) -> Iterator[tuple[Verdict, Phrase]]:
    if not register.serving:
        empty = _("这一天台账里没有在用的装备。") if register.recorded else _("装备台账还是空的。")
        yield Verdict.INSUFFICIENT, said(empty)
        return
    yield Verdict.MET, said(_("在用装备 %(count)d 件。"), count=register.serving)
    if register.ended:
        sentence = _("%(count)d 件按本单位设定须有证书，证书已到期：%(pieces)s。")
        yield Verdict.NOT_MET, _counted(sentence, register.ended)
    if register.unproven:
        sentence = _("%(count)d 件按本单位设定须有证书，没有登记过：%(pieces)s。")
        yield Verdict.INSUFFICIENT, _counted(sentence, register.unproven)
    if register.late:
        yield Verdict.MOSTLY, _counted(_("%(count)d 件维护超期：%(pieces)s。"), register.late)
    if register.aged:
        yield Verdict.MOSTLY, _counted(_("%(count)d 件超过计划使用年限仍在用：%(pieces)s。"), register.aged)


def _counted(sentence: str, found: Sequence[Wanting]) -> Phrase:
    names = list(dict.fromkeys(one.piece.name for one in found))
    return said(sentence, count=len({one.piece.id for one in found}), pieces=_named(names))


def _named(names: Sequence[str]) -> Phrase:
    """The first ones; that there are more is said."""
    first = {f"name{place}": name for place, name in enumerate(names[:TOLD_AT_MOST])}
    told = Phrase("、".join(f"%({key})s" for key in first), first)
    return told if len(names) <= TOLD_AT_MOST else Phrase(_("%(names)s 等"), {"names": told})


def wanting_evidence(register: Registered) -> Iterator[Evidence]:
    """The pieces in which something is wanting, the gravest first; without any the list."""
    named = [
        *((one, _("%(paper)s已于 %(day)s 到期。")) for one in register.ended),
        *((one, _("没有登记过%(paper)s。")) for one in register.unproven),
        *((one, _("维护应不晚于 %(day)s。")) for one in register.late),
        *((one, _("计划使用年限已于 %(day)s 届满。")) for one in register.aged),
    ]
    for one, sentence in named[:NAMED_AT_MOST]:
        paper = Phrase(CertificateKind(one.what).zh) if one.what else Phrase("")
        yield Evidence("equipment", one.piece.id, one.piece.name, sentence, {"paper": paper, "day": str(one.day or "")})
    if not named:
        yield Evidence("equipment", None, _("装备台账"))
