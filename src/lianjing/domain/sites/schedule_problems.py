"""Schedules that cannot be kept, told before they are saved. No Django, no clock."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import product

from lianjing.core.workdays import Workdays
from lianjing.domain.sites.schedule import (
    DAY,
    LONGEST_TOLERANCE,
    PROHIBITIONS,
    Moment,
    rules_of,
)
from lianjing.domain.sites.schedule_days import Days, days_words
from lianjing.domain.sites.schedule_words import WEEKDAYS, span
from lianjing.terms.premises import MomentKind
from lianjing.terms.sentences import Figure, Figures, Phrase
from lianjing.terms.sentences import marked as _

MOST_MOMENTS = 200
"""Of one schedule: each is compared with each."""
AREAS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be kept; `words(problem)` is the sentence in Chinese."""

    index: int
    """Of the moment, from 0, in the order in which they were given."""
    field: str
    """By the names of `schedule_text.FIELDS`."""
    sentence: str
    figures: Figures


def problems(moments: Sequence[Moment], workdays: Workdays | None = None) -> list[Problem]:
    """Everything that makes a schedule impossible, by moment. `workdays` tells which dates of exceptions are free."""
    if len(moments) > MOST_MOMENTS:
        too_many = _("一份时间表最多 %(most)d 条，现有 %(count)d 条。")
        return [Problem(MOST_MOMENTS, "kind", too_many, {"most": MOST_MOMENTS, "count": len(moments)})]
    found = [
        *(problem for index, moment in enumerate(moments) for problem in _of_itself(index, moment)),
        *_duplicates(moments),
        *_clashes(moments, workdays or Workdays()),
    ]
    return sorted(found, key=lambda problem: problem.index)


def _of_itself(index: int, moment: Moment) -> Iterator[Problem]:
    if moment.begins == moment.ends != time(0):
        yield Problem(index, "ends", _("开始与结束是同一时刻；全天请填 00:00 至 24:00。"), {})
    if moment.tolerance < timedelta(0):
        yield Problem(index, "tolerance_minutes", _("容差不能是负数。"), {})
    elif moment.tolerance > LONGEST_TOLERANCE:
        yield Problem(index, "tolerance_minutes", _("容差最多 12 小时（720 分钟）。"), {})
    elif moment.kind is MomentKind.MUST_OPEN and moment.length + moment.tolerance > DAY:
        yield Problem(index, "ends", _("应撤防时段连同容差超过 24 小时，会与次日的时段重叠。"), {})
    if moment.kind is MomentKind.TEMP_OPEN and not moment.users:
        yield Problem(index, "users", _("临时撤防须写明用户号，只有这些用户可以撤防。"), {})
    if moment.kind is not MomentKind.TEMP_OPEN and moment.users:
        yield Problem(index, "users", _("只有临时撤防才限定用户；此类型请把用户号留空。"), {})


def _duplicates(moments: Sequence[Moment]) -> Iterator[Problem]:
    seen: set[object] = set()
    for index, moment in enumerate(moments):
        row = (moment.kind, moment.area, moment.days, moment.begins, moment.ends, moment.users)
        if row in seen:
            yield Problem(index, "kind", _("“%(moment)s”重复。"), {"moment": moment_words(moment)})
        seen.add(row)


def moment_words(moment: Moment) -> Phrase:
    """ "应布防 18:30–次日 08:00（容差 15 分钟）：工作日"."""
    hours = span(moment.begins, moment.ends, moment.tolerance)
    figures: dict[str, Figure] = {
        "kind": Phrase(moment.kind.zh),
        "hours": hours,
        "days": days_words(moment.days),
    }
    if not moment.area:
        return Phrase(_("%(kind)s %(hours)s：%(days)s"), figures)
    return Phrase(_("%(kind)s %(hours)s：%(days)s，分区 %(area)s"), {**figures, "area": moment.area})


def unknown_areas(moments: Iterable[Moment], had: Iterable[Moment], areas: Collection[str]) -> Iterator[Problem]:
    """Moments of areas that no panel of the site has. Where no area is on file any number will do, and what the
    schedule named before may stay."""
    known = {*areas, *(moment.area for moment in had), ""}
    for index, moment in enumerate(moments):
        if areas and moment.area not in known:
            sentence = _("本场所的设备没有分区 %(area)s：登记的分区是 %(areas)s。")
            yield Problem(index, "area", sentence, {"area": moment.area, "areas": _listed(areas)})


def _listed(areas: Collection[str]) -> str:
    ordered = sorted(areas, key=lambda number: (len(number), number))
    return "、".join(ordered[:AREAS_SHOWN]) + ("……" if len(ordered) > AREAS_SHOWN else "")


_CLASHING: dict[MomentKind, tuple[tuple[MomentKind, ...], str]] = {
    MomentKind.MUST_OPEN: (PROHIBITIONS, _("与“%(other)s”在%(when)s重叠：不能同时应撤防又不许撤防。")),
    MomentKind.MAY_OPEN: (
        (MomentKind.NO_ACTIVITY,),
        _("与“%(other)s”在%(when)s重叠：不能同时可撤防又禁止活动。"),
    ),
}
"""What cannot hold at once with an opening, and what to say. A temporary opening wins over whatever else holds."""


def _clashes(moments: Sequence[Moment], workdays: Workdays) -> Iterator[Problem]:
    """Every opening during which it must not be open."""
    for index, opening in enumerate(moments):
        kinds, sentence = _CLASHING.get(opening.kind, ((), ""))
        for other in moments:
            if other.kind not in kinds or (opening.area and other.area and opening.area != other.area):
                continue
            when = _clash(opening, other, moments, workdays)
            if when is not None:
                yield Problem(index, "begins", sentence, {"other": moment_words(other), "when": when})


def _clash(opening: Moment, other: Moment, moments: Sequence[Moment], workdays: Workdays) -> Phrase | None:
    """A day of the opening on which they overlap, None when there is none."""
    shifts = [shift for shift in (0, -1, 1) if _overlap(opening, other, shift)]
    if opening.days.dates or other.days.dates:
        return _clash_of_dates(opening, other, shifts, moments, workdays)
    # On a holiday what forbids wins over what allows, and is meant to; what must be, cannot be then.
    usual = opening.kind is MomentKind.MAY_OPEN
    found = (_clash_of_weekdays(opening.days, other.days, shift, usual=usual) for shift in shifts)
    return next((when for when in found if when), None)


def _overlap(opening: Moment, other: Moment, shift: int) -> bool:
    """By the clock, when the other begins `shift` days after the opening."""
    day = date(2000, 1, 2)
    first, second = opening.on(day), other.on(day + timedelta(days=shift))
    return first.begins < second.ends and second.begins < first.ends


def _clash_of_weekdays(opening: Days, other: Days, shift: int, *, usual: bool) -> Phrase | None:
    """Any weekday can be a workday or not, and so can the day beside it; `usual`: in a week without holidays."""
    for weekday, works, works_beside in product(range(1, 8), (True, False), (True, False)):
        beside = (weekday - 1 + shift) % 7 + 1
        if usual and (works, works_beside) != (weekday < 6, beside < 6):
            continue
        other_works = works_beside if shift else works
        if opening.holds_for(weekday, works) and other.holds_for(beside, other_works):
            return _kind_of_day(weekday, works)
    return None


def _kind_of_day(weekday: int, works: bool) -> Phrase:
    name = Phrase(WEEKDAYS[weekday - 1])
    if works and weekday > 5:
        return Phrase(_("调休上班的%(weekday)s"), {"weekday": name})
    if not works and weekday < 6:
        return Phrase(_("放假的%(weekday)s"), {"weekday": name})
    return name


def _clash_of_dates(
    opening: Moment, other: Moment, shifts: Iterable[int], moments: Sequence[Moment], workdays: Workdays
) -> Phrase | None:
    area = opening.area or other.area
    for shift in shifts:
        for day in _candidates(opening.days, other.days, shift):
            beside = day + timedelta(days=shift)
            if _counts(opening, moments, workdays, area, day) and _counts(other, moments, workdays, area, beside):
                return Phrase("%(date)s", {"date": day.isoformat()})
    return None


def _counts(moment: Moment, moments: Sequence[Moment], workdays: Workdays, area: str, day: date) -> bool:
    return moment.days.hold(day, workdays) and moment in rules_of(moments, workdays, area, day)


def _candidates(opening: Days, other: Days, shift: int) -> Iterator[date]:
    """Days of the opening that decide: the edges of ranges.

    Two lists of dates meet first at the beginning of a range; beside a general moment only the days at the edges count,
    since within its range the exception has replaced the general one.
    """
    step = timedelta(days=shift)
    for first, last in opening.dates:
        yield from (first, last)
    for first, last in other.dates:
        yield from (first - step, last - step)
