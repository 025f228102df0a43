"""What a day is called for those who plan by it: a holiday by its name, a make-up workday, a weekend. No Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chinese_calendar import Holiday, get_holiday_detail

from lianjing.core.workdays import Workdays
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _


class DayKind(StrEnum):
    WORKDAY = "workday"
    MAKE_UP = "make_up"
    """调休上班: a weekend on which people work."""
    HOLIDAY = "holiday"
    """放假: a weekday on which they do not, and the weekend within a holiday."""
    WEEKEND = "weekend"


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day with its kind; `words` is empty for what a weekday's name tells already."""

    day: date
    kind: DayKind
    words: Phrase | None
    guess: bool
    """The calendar of its year is not known: Monday to Friday were taken for workdays."""


def named_day(day: date, workdays: Workdays, reasons: Mapping[date, str] | None = None) -> NamedDay:
    """`reasons`: what was written beside the days that the centre counts otherwise than the calendar."""
    kind = _kind(day, workdays)
    return NamedDay(day, kind, _words(day, kind, workdays, (reasons or {}).get(day, "")), workdays.is_guess(day))


def _kind(day: date, workdays: Workdays) -> DayKind:
    weekend = day.isoweekday() > 5
    if workdays.is_workday(day):
        return DayKind.MAKE_UP if weekend else DayKind.WORKDAY
    return DayKind.WEEKEND if weekend and not _holiday(day) else DayKind.HOLIDAY


def _words(day: date, kind: DayKind, workdays: Workdays, reason: str) -> Phrase | None:
    if reason:
        sentence = _("上班：%(reason)s") if kind in (DayKind.WORKDAY, DayKind.MAKE_UP) else _("放假：%(reason)s")
        return Phrase(sentence, {"reason": reason})
    if kind is DayKind.MAKE_UP:
        return Phrase(_("调休上班"))
    if kind is DayKind.HOLIDAY:
        return Phrase(_holiday(day) or _("放假")) if day not in workdays.overrides else Phrase(_("放假"))
    return None


NAMES = {
    Holiday.new_years_day: _("元旦"),
    Holiday.spring_festival: _("春节"),
    Holiday.tomb_sweeping_day: _("清明节"),
    Holiday.labour_day: _("劳动节"),
    Holiday.dragon_boat_festival: _("端午节"),
    Holiday.national_day: _("国庆节"),
    Holiday.mid_autumn_festival: _("中秋节"),
    Holiday.anti_fascist_70th_day: _("抗战胜利纪念日"),
}


def _holiday(day: date) -> str:
    """Its name when nobody works for its sake; empty for other days and for years that nobody knows."""
    try:
        is_off, name = get_holiday_detail(day)
    except NotImplementedError:
        return ""
    return next((words for holiday, words in NAMES.items() if is_off and holiday.value == name), "")
