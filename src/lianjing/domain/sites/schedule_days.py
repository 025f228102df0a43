"""The days of a schedule's moment: what a person writes, what it means, and how it is written back. No Django."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from itertools import groupby
from unicodedata import normalize

from lianjing.core.workdays import Workdays
from lianjing.domain.sites.schedule_words import WEEKDAYS
from lianjing.terms.sentences import Figures, Phrase
from lianjing.terms.sentences import marked as _

DateRange = tuple[date, date]
"""First and last date, both included."""


class BadDays(Exception):
    """Days that cannot be understood; a sentence with its figures."""

    def __init__(self, sentence: str, **figures: str | int) -> None:
        super().__init__(sentence % figures)
        self.sentence = sentence
        self.figures: Figures = figures


@dataclass(frozen=True, slots=True)
class Days:
    """Either rules that return (weekdays, workdays, rest days), or dates; never both. `parse_days` makes it."""

    weekdays: frozenset[int] = frozenset()
    """1 Monday to 7 Sunday; all seven are every day."""
    workday: bool = False
    holiday: bool = False
    dates: tuple[DateRange, ...] = ()
    """In order, and neither touching nor overlapping."""

    def hold(self, day: date, workdays: Workdays) -> bool:
        if self.dates:
            return any(first <= day <= last for first, last in self.dates)
        if day.isoweekday() in self.weekdays:
            return True
        return (self.workday or self.holiday) and self.holds_for(day.isoweekday(), workdays.is_workday(day))

    def holds_for(self, weekday: int, works: bool) -> bool:
        """For days that return: whether they hold on such a weekday when people work on it, or do not."""
        return weekday in self.weekdays or (self.workday if works else self.holiday)

    @property
    def ask_calendar(self) -> bool:
        """Whether they depend on the calendar of workdays."""
        return self.workday or self.holiday


EVERY_DAY = Days(weekdays=frozenset(range(1, 8)))

_DAILY = {"daily", "每天", "每日"}
_WORKDAY = {"workday", "工作日"}
_HOLIDAY = {"holiday", "休息日", "非工作日"}
_NAMES = {
    **{str(number): number for number in range(1, 8)},
    **{
        f"{prefix}{name}": number
        for prefix in ("周", "星期", "")
        for name, number in zip("一二三四五六日天", (*range(1, 8), 7), strict=True)
    },
    **{name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 1)},
}
_DATE = r"([0-9]{4})[-/年]([0-9]{1,2})[-/月]([0-9]{1,2})日?"
_DATES = re.compile(rf"{_DATE}(?:(?:\.\.|~|至|到){_DATE})?")
_WEEKDAYS = re.compile(r"([^-–~至到.]+)(?:-|–|~|至|到|\.\.)([^-–~至到.]+)")
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
"""A year outside is a typing slip."""
_LONGEST = 2000
"""Characters; a year of single dates needs fewer than 4,400, and nobody lists them like that."""


def parse_days(text: str) -> Days:
    """What `text` means. Raises BadDays.

    Parts parted by commas: weekdays (`1-5`, `周六,周日`, `周一至周五`), `daily`/`每天`, `workday`/`工作日`,
    `holiday`/`休息日`; or dates and ranges of dates (`2026-10-01`, `2026-10-01..2026-10-07`), which are exceptions.
    """
    parts = [part for part in re.split(r"[,、;\s]+", _joined(text)) if part]
    if not parts:
        raise BadDays(_("请填写日期，例如 1-5、workday（工作日）或 2026-10-01..2026-10-07。"))
    if len(text) > _LONGEST:
        raise BadDays(_("日期写得太长（最多 %(longest)d 个字符），请用“..”合并连续的日期。"), longest=_LONGEST)
    ranges = [found for part in parts if (found := _date_range(part)) is not None]
    if len(ranges) == len(parts):
        return Days(dates=_merged(ranges))
    if ranges:
        raise BadDays(_("具体日期是例外，请与星期、工作日分成两行填写。"))
    return _recurring(parts)


def days_text(days: Days) -> str:
    """The canonical text: `parse_days` reads it back to the same days."""
    if days.dates:
        return ",".join(
            first.isoformat() if first == last else f"{first.isoformat()}..{last.isoformat()}"
            for first, last in days.dates
        )
    if days == EVERY_DAY:
        return "daily"
    named = [name for name, holds in (("workday", days.workday), ("holiday", days.holiday)) if holds]
    return ",".join([*_weekday_runs(days.weekdays), *named])


def days_words(days: Days) -> Phrase:
    """For people: "周一至周五、休息日"."""
    if days.dates or days == EVERY_DAY:
        return Phrase(_("每天")) if not days.dates else Phrase("%(dates)s", {"dates": days_text(days)})
    parts = [_run_words(text) for text in _weekday_runs(days.weekdays)]
    parts += [Phrase(_("工作日"))] if days.workday else []
    parts += [Phrase(_("休息日"))] if days.holiday else []
    return reduce(lambda before, part: Phrase(_("%(before)s、%(part)s"), {"before": before, "part": part}), parts)


def _run_words(text: str) -> Phrase:
    first, *last = (Phrase(WEEKDAYS[int(number) - 1]) for number in text.split("-"))
    return Phrase(_("%(first)s至%(last)s"), {"first": first, "last": last[0]}) if last else first


def _joined(text: str) -> str:
    """In one width and case; without blanks around the sign of a range, and without the midnight of a sheet's date."""
    plain = re.sub(r"(?<=[0-9])[ t]00:00:00", "", normalize("NFKC", text).strip().lower())
    return re.sub(r"\s*(\.\.|[-–~至到])\s*", r"\1", plain)


def _date_range(part: str) -> DateRange | None:
    """None when the part names no date at all."""
    found = _DATES.fullmatch(part)
    if found is None:
        return None
    numbers = found.groups()
    first = _date(part, *numbers[:3])
    last = first if numbers[3] is None else _date(part, *numbers[3:])
    if last < first:
        raise BadDays(_("“%(part)s”的结束日期早于开始日期。"), part=part)
    return first, last


def _date(part: str, year: str, month: str, day: str) -> date:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        raise BadDays(_("“%(part)s”的年份须在 2000 至 2099 之间。"), part=part)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadDays(_("“%(part)s”不是存在的日期。"), part=part) from None


def _merged(ranges: Iterable[DateRange]) -> tuple[DateRange, ...]:
    merged: list[DateRange] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + timedelta(days=1):
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _recurring(parts: list[str]) -> Days:
    weekdays: set[int] = set()
    for part in parts:
        if part not in _WORKDAY | _HOLIDAY:
            weekdays |= _weekdays(part)
    workday, holiday = bool(_WORKDAY & set(parts)), bool(_HOLIDAY & set(parts))
    if len(weekdays) == 7 or (workday and holiday):
        return EVERY_DAY
    return Days(frozenset(weekdays), workday, holiday)


def _weekdays(part: str) -> set[int]:
    """One part: a weekday, a range that may pass over Sunday, or every day."""
    if part in _DAILY:
        return set(range(1, 8))
    if part in _NAMES:
        return {_NAMES[part]}
    ends = _WEEKDAYS.fullmatch(part)
    if ends is None or not set(ends.groups()) <= set(_NAMES):
        raise BadDays(
            _("看不懂“%(part)s”：请填 1-7、周一至周五、daily（每天）、workday（工作日）、holiday（休息日）或日期。"),
            part=part[:40],
        )
    first, last = _NAMES[ends.group(1)], _NAMES[ends.group(2)]
    return {(first + step - 1) % 7 + 1 for step in range((last - first) % 7 + 1)}


def _weekday_runs(weekdays: frozenset[int]) -> list[str]:
    """{1, 2, 3, 5} is ["1-3", "5"]; two neighbours are named one by one."""
    runs = [
        [number for _place, number in run]
        for _key, run in groupby(enumerate(sorted(weekdays)), key=lambda pair: pair[1] - pair[0])
    ]
    return [
        text for run in runs for text in ([f"{run[0]}-{run[-1]}"] if len(run) > 2 else [str(number) for number in run])
    ]
