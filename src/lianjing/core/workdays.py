"""Which dates people work in China, make-up workdays (调休) included; no Django, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from chinese_calendar import is_workday as is_listed_workday


@dataclass(frozen=True, slots=True)
class Workdays:
    """The State Council's calendar as far as the library knows it, with what the centre has entered itself.

    The calendar of a year is announced at the end of the year before. For a year that nobody has told, Monday to
    Friday count as workdays, and `is_guess` says so.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    """True: people work on this date. These win over the library."""

    def is_workday(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day]
        listed = _listed(day)
        return day.isoweekday() <= 5 if listed is None else listed

    def is_guess(self, day: date) -> bool:
        return day not in self.overrides and _listed(day) is None

    def after(self, day: date, count: int) -> date:
        """The workday with which `count` workdays are over when counting begins on the next day."""
        return self._walk(day, count, timedelta(days=1))

    def before(self, day: date, count: int) -> date:
        """The last day on which `count` workdays still lie between it and `day`, itself counted, `day` not."""
        return self._walk(day, count, timedelta(days=-1))

    def guesses(self, begins: date, ends: date) -> bool:
        """Whether a count over these days rests on a calendar that nobody has told."""
        return self.is_guess(begins) or self.is_guess(ends)

    def _walk(self, day: date, count: int, step: timedelta) -> date:
        while count > 0:
            day += step
            count -= self.is_workday(day)
        return day


def _listed(day: date) -> bool | None:
    """None when the library does not know the year."""
    try:
        return bool(is_listed_workday(day))
    except NotImplementedError:
        return None
