"""How what was measured compares with each limit of a clause, and what follows for the clause. No Django, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from lianjing.domain.compliance.judging import Evidence, Judgement, said
from lianjing.domain.compliance.limit_policy import converted, named, plain
from lianjing.domain.reports.policy import nearest_rank
from lianjing.terms.alarm_service import ASKED_HEADINGS, Comparison, Measure, Ranked, ServiceHeading
from lianjing.terms.quantities import quantity
from lianjing.terms.sentences import Figure, Phrase, listed
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Confidence, Verdict

SMALL = Decimal("0.01")
LISTED_AT_MOST = 200
"""Lines of a clause in figures and evidence: more limits than a standard has."""


@dataclass(frozen=True, slots=True)
class LimitKnown:
    """A limit that holds on the day. `limit` None: the edition has no figure there."""

    id: int
    heading: ServiceHeading
    measure: Measure
    comparison: Comparison
    limit: Decimal | None
    unit: str
    share: str
    item: str
    edition: str
    source_clause: str
    confidence: Confidence

    @property
    def source(self) -> str:
        return f"{self.edition} {self.source_clause}"


@dataclass(frozen=True, slots=True)
class CapabilityKnown:
    """What was found of a piece of equipment, as it holds on the day."""

    id: int
    heading: ServiceHeading
    item: str
    subject: str
    """What tells pieces of equipment apart: the number of the row, or the words."""
    figure: Decimal
    unit: str
    valid_from: date
    thread: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one measure in the period. Times in milliseconds, ascending; `waits`: of open cases that still wait for what
    every case must have, and have no time yet. `rate`: in per cent, of what is no time."""

    times: Sequence[int] = ()
    waits: Sequence[int] = ()
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """What a clause is judged by. `recorded`: how many limits of any clause hold, as a company has one standard."""

    clause: str
    first: date
    last: date
    limits: Sequence[LimitKnown]
    capabilities: Sequence[CapabilityKnown] = ()
    measured: Mapping[Measure, Measured] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One limit with what was measured, in the limit's unit. `kept` None: it cannot be said, for the reason `why`."""

    limit: LimitKnown
    measured: Decimal | None
    count: int
    """Cases, or pieces of equipment, that it was measured on."""
    kept: bool | None
    why: str = ""
    fact_id: int | None = None

    @property
    def margin(self) -> Decimal | None:
        if self.measured is None or self.limit.limit is None:
            return None
        over = self.limit.comparison == Comparison.AT_LEAST
        return self.measured - self.limit.limit if over else self.limit.limit - self.measured

    def shown(self, value: Decimal | None) -> Decimal | None:
        """A figure as people read it: two decimals, but where these would hide by how little a limit was missed."""
        if value is None or (self.margin is not None and 0 < abs(self.margin) < SMALL):
            return value
        return round(value, 2)

    def as_figures(self) -> dict[str, Any]:
        one = self.limit
        return {
            "id": one.id,
            "heading": one.heading.value,
            "heading_title": one.heading.zh,
            "measure": one.item or one.measure.zh,
            "share": int(one.share) / 10 if one.share else None,
            "comparison": one.comparison.value,
            "limit": number(one.limit),
            "unit": one.unit,
            "measured": number(self.measured),
            "margin": number(self.margin),
            "count": self.count,
            "kept": self.kept,
            "why": self.why,
            "source": one.source,
            "confidence": one.confidence.value,
        }


def number(value: Decimal | None) -> int | float | None:
    """As JSON has it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(round(value, 6))


def line_of(limit: LimitKnown, facts: Compared) -> Line:
    if limit.limit is None:
        return Line(limit, None, 0, True)
    if limit.measure == Measure.RECORDED:
        return _by_hand(limit, limit.limit, facts.capabilities)
    measured = facts.measured.get(limit.measure, Measured())
    if limit.measure.is_time:
        return _by_cases(limit, limit.limit, measured)
    if measured.rate is None:
        return Line(limit, None, 0, None, _("期间内没有受监视的线路"))
    return Line(limit, measured.rate, 1, measured.rate >= limit.limit)


def _by_cases(limit: LimitKnown, allowed: Decimal, measured: Measured) -> Line:
    """A case that has waited longer than the limit has broken it, whenever somebody comes."""
    most = converted(allowed, limit.unit, "ms") or Decimal(0)
    times = sorted([*measured.times, *(wait for wait in measured.waits if wait > most)])
    if not times:
        return Line(limit, None, 0, None, _("期间内没有可计时的警情"))
    at_rank = Decimal(nearest_rank(times, int(limit.share or Ranked.ALL.value)))
    shown = converted(at_rank, "ms", limit.unit)
    return Line(limit, shown, len(times), at_rank <= most)


def _by_hand(limit: LimitKnown, allowed: Decimal, capabilities: Sequence[CapabilityKnown]) -> Line:
    """Of each piece of equipment the latest finding counts, and of several the worst one."""
    latest: dict[str, CapabilityKnown] = {}
    for one in sorted(capabilities, key=lambda one: (one.valid_from, one.thread)):
        if one.heading == limit.heading and named(one.item) == named(limit.item):
            latest[named(one.subject)] = one
    if not latest:
        return Line(limit, None, 0, None, _("没有能力记录"))
    found = [(converted(one.figure, plain(one.unit), plain(limit.unit)), one) for one in latest.values()]
    values = [(value, one) for value, one in found if value is not None]
    if len(values) < len(found):
        odd = next(one for value, one in found if value is None)
        return Line(limit, None, len(found), None, _("能力记录的单位与限值不同"), odd.id)
    worst = min if limit.comparison == Comparison.AT_LEAST else max
    value, one = worst(values, key=lambda pair: pair[0])
    kept = value >= allowed if limit.comparison == Comparison.AT_LEAST else value <= allowed
    return Line(limit, value, len(values), kept, "", one.id)


def judged_lines(facts: Compared) -> Judgement:
    """What is exceeded is not met; what could not be measured is not known; headings of which nothing was entered, and
    figures that nobody read in the standard itself, leave it at mostly."""
    mine = [one for one in facts.limits if one.heading.clause == facts.clause]
    lines = [line_of(one, facts) for one in mine]
    broken = [line for line in lines if line.kept is False]
    unknown = [line for line in lines if line.kept is None]
    open_headings = [one for one in ASKED_HEADINGS[facts.clause] if all(line.limit.heading != one for line in lines)]
    unread = sum(line.limit.confidence != Confidence.READ for line in lines)
    figures = _figures(facts, lines)
    figures |= {
        "exceeded": len(broken),
        "unmeasured": len(unknown),
        "headings_without": [h.value for h in open_headings],
    }
    if not lines:
        return Judgement(Verdict.INSUFFICIENT, tuple(_none_entered(facts, open_headings)), figures, _to_page(facts))
    told = [
        said(
            _("已登记限值 %(count)d 项：超出 %(exceeded)d 项，没有测量值 %(unmeasured)d 项。"),
            count=len(lines),
            exceeded=len(broken),
            unmeasured=len(unknown),
        )
    ]
    told += [_line_told(line) for line in broken[:3]]
    told += _left_open(open_headings, unread)
    verdict = Verdict.NOT_MET if broken else Verdict.INSUFFICIENT if unknown else Verdict.MET
    if verdict == Verdict.MET and (open_headings or unread):
        verdict = Verdict.MOSTLY
    return Judgement(verdict, tuple(told), figures, _evidence(lines))


def _figures(facts: Compared, lines: list[Line]) -> dict[str, Any]:
    return {
        "from": str(facts.first),
        "to": str(facts.last),
        "days": (facts.last - facts.first).days + 1,
        "limits": len(lines),
        "lines": [line.as_figures() for line in lines[:LISTED_AT_MOST]],
    }


def _none_entered(facts: Compared, headings: Sequence[ServiceHeading]) -> Iterable[Phrase]:
    yield said(_("没有登记所持 GA 1383 版本的限值及出处，无从对照；该标准的数值没有查到，产品不代拟。"))
    yield said(_("待登记的标题：%(headings)s。"), headings=listed([one.zh for one in headings]))
    if facts.clause == "7" and facts.capabilities:
        yield said(_("已有能力记录 %(count)d 条。"), count=len(facts.capabilities))


def _line_told(line: Line) -> Phrase:
    sentence = _("%(measure)s为 %(measured)s，限值%(comparison)s %(limit)s（%(source)s）。")
    one = line.limit
    return said(
        sentence,
        measure=Phrase("%(item)s", {"item": one.item}) if one.item else Phrase(one.measure.zh),
        measured=_quantity(line.shown(line.measured), one.unit),
        limit=_quantity(one.limit, one.unit),
        comparison=Phrase(one.comparison.zh),
        source=one.source,
    )


def _quantity(value: Decimal | None, unit: str) -> Figure:
    figure = number(value)
    return "—" if figure is None else quantity(figure, unit)


def _left_open(headings: Sequence[ServiceHeading], unread: int) -> Iterable[Phrase]:
    if headings:
        yield said(_("这些标题还没有登记限值：%(headings)s。"), headings=listed([one.zh for one in headings]))
    if unread:
        yield said(_("其中 %(count)d 项没有与标准原文核对。"), count=unread)


def _to_page(facts: Compared) -> tuple[Evidence, ...]:
    return (Evidence("service_limit", None, _("限值"), key=ASKED_HEADINGS[facts.clause][0].value),)


def _evidence(lines: list[Line]) -> tuple[Evidence, ...]:
    """Each limit with what it was compared with; where that was recorded by hand, the record as well."""
    found: list[Evidence] = []
    for line in lines[:LISTED_AT_MOST]:
        name, key = line.limit.heading.zh, line.limit.heading.value
        if line.limit.limit is None:
            told: tuple[str, dict[str, Any]] = _("该版本没有数值要求（%(source)s）。"), {"source": line.limit.source}
        elif line.measured is None:
            told = _("没有测量值：%(why)s。"), {"why": Phrase(line.why)}
        else:
            phrase = _line_told(line)
            told = phrase.sentence, dict(phrase.figures)
        found.append(Evidence("service_limit", line.limit.id, name, *told, key=key))
        if line.fact_id is not None:
            found.append(Evidence("capability", line.fact_id, _("能力记录"), key=key))
    return tuple(found)
