"""Open/close schedules: named moments, when they hold, and what must have happened by when. No Django, no clock.

All reckoning is by the wall clock of the centre's zone: a moment from 22:00 to 06:00 is what a clock on the wall of the
site shows, also in the night in which that clock is put forward or back. Instants go in and out as aware datetimes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import final

from lianjing.core.workdays import Workdays
from lianjing.domain.sites.schedule_days import Days
from lianjing.domain.sites.schedule_words import span, weekday
from lianjing.terms.premises import MomentKind
from lianjing.terms.sentences import Figures, Phrase
from lianjing.terms.sentences import marked as _

OPENINGS = (MomentKind.MUST_OPEN, MomentKind.MAY_OPEN)
PROHIBITIONS = (MomentKind.MUST_CLOSE, MomentKind.NO_ACTIVITY)

DAY = timedelta(days=1)
LONGEST_TOLERANCE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Moment:
    """One row of a schedule."""

    kind: MomentKind
    days: Days
    begins: time
    ends: time
    """Not after `begins`: on the next day, so that 00:00 to 00:00 is a whole day."""
    tolerance: timedelta = timedelta(0)
    """Widens what is allowed, at both ends, and narrows what is forbidden."""
    users: frozenset[str] = frozenset()
    """Normalised user numbers; of a temporary opening only."""
    area: str = ""
    """Normalised; empty: all areas."""

    @property
    def is_exception(self) -> bool:
        """Whether it replaces what else holds on its dates. A temporary opening only adds to it."""
        return bool(self.days.dates) and self.kind is not MomentKind.TEMP_OPEN

    @property
    def length(self) -> timedelta:
        """By the wall clock; up to a day."""
        length = datetime.combine(date.min, self.ends) - datetime.combine(date.min, self.begins)
        return length if length > timedelta(0) else length + DAY

    def on(self, day: date) -> "Window":
        begins = datetime.combine(day, self.begins)
        return Window(self, begins, begins + self.length)


@final
@dataclass(frozen=True, slots=True)
class Window:
    """A moment on one day, by the wall clock (naive datetimes)."""

    moment: Moment
    begins: datetime
    ends: datetime

    @property
    def day(self) -> date:
        """The day on which it begins, and to which it belongs."""
        return self.begins.date()

    def holds(self, wall: datetime) -> bool:
        return self.begins <= wall < self.ends

    def reaches(self, wall: datetime) -> bool:
        """Within it or its tolerance."""
        return self.begins - self.moment.tolerance <= wall <= self.ends + self.moment.tolerance

    def forbids(self, wall: datetime) -> bool:
        """Within it and not within its tolerance."""
        return self.begins + self.moment.tolerance <= wall < self.ends - self.moment.tolerance


def of_area(moments: Iterable[Moment], area: str) -> list[Moment]:
    """The moments that concern an area: its own, and those for all areas."""
    return [moment for moment in moments if moment.area in ("", area)]


def rules_of(moments: Iterable[Moment], workdays: Workdays, area: str, day: date) -> list[Moment]:
    """What counts for an area on a day: the exceptions that name the day, or else all general moments, also those of
    other days; and every temporary opening."""
    concerned = of_area(moments, area)
    temporary = [moment for moment in concerned if moment.kind is MomentKind.TEMP_OPEN]
    exceptions = [moment for moment in concerned if moment.is_exception and moment.days.hold(day, workdays)]
    general = [moment for moment in concerned if moment not in temporary and not moment.is_exception]
    return [*(exceptions or general), *temporary]


def windows_of(moments: Iterable[Moment], workdays: Workdays, area: str, day: date) -> list[Window]:
    """The windows of an area that begin on a day."""
    return [moment.on(day) for moment in rules_of(moments, workdays, area, day) if moment.days.hold(day, workdays)]


def windows_around(moments: Sequence[Moment], workdays: Workdays, area: str, wall: datetime) -> list[Window]:
    """All windows that, with their tolerance and the allowance after it, can have to do with this time.

    A window that began two days ago ended yesterday at the latest; twelve hours of tolerance take it into today.
    """
    days = [wall.date() + timedelta(days=shift) for shift in range(-2, 2)]
    return [window for day in days for window in windows_of(moments, workdays, area, day)]


def is_guess(moments: Iterable[Moment], workdays: Workdays, area: str, day: date) -> bool:
    """Whether the calendar of the year would have to be known to say what holds, and is not."""
    return workdays.is_guess(day) and any(moment.days.ask_calendar for moment in of_area(moments, area))


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must have happened to an area by an instant, and what to say when it has not."""

    key: str
    """The same for the same moment and day, however often and for whatever interval it is asked: at most 64 characters
    with an area of up to 16. A changed tolerance keeps it."""
    area: str
    """Empty: every area but `except_areas`."""
    except_areas: frozenset[str]
    """Areas for which an exception of their own holds on that day."""
    must: str
    """`open` or `close`."""
    begins_at: datetime
    """From when it can be met, UTC: the beginning of the moment; of a temporary opening, its end."""
    due_at: datetime
    """UTC."""
    guess: bool
    """The workdays of that year are not known yet; Monday to Friday were taken for them."""
    moment: Moment
    sentence: str
    figures: Figures


def expectations(
    moments: Sequence[Moment], workdays: Workdays, zone: tzinfo, after: datetime, until: datetime
) -> list[Expectation]:
    """Everything that falls due after `after` and not after `until` (aware), by due time.

    must_open: opened by its end and tolerance. must_close: closed by its beginning and tolerance. temp_open: closed
    again by its end and tolerance, unless another moment lets the site be open then.
    """
    found: dict[str, Expectation] = {}
    for day in _days(after.astimezone(zone).date() - 3 * DAY, until.astimezone(zone).date() + DAY):
        for expected in _expected_of(moments, workdays, zone, day):
            known = found.setdefault(expected.key, expected)
            if expected.due_at < known.due_at:
                found[expected.key] = expected
    due = [expected for expected in found.values() if after < expected.due_at <= until]
    return sorted(due, key=lambda expected: (expected.due_at, expected.key))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _expected_of(moments: Sequence[Moment], workdays: Workdays, zone: tzinfo, day: date) -> Iterator[Expectation]:
    """What the windows that begin on a day ask for."""
    areas = {moment.area for moment in moments}
    holding = {area: windows_of(moments, workdays, area, day) for area in areas}
    for area in areas:
        for window in holding[area]:
            if window.moment.area != area or not _asks(window, moments, workdays):
                continue
            spared = frozenset(other for other in areas if not area and window not in holding[other])
            yield _expectation(window, spared, zone, is_guess(moments, workdays, area, day))


def _asks(window: Window, moments: Sequence[Moment], workdays: Workdays) -> bool:
    kind = window.moment.kind
    if kind is not MomentKind.TEMP_OPEN:
        return kind in (MomentKind.MUST_OPEN, MomentKind.MUST_CLOSE)
    around = windows_around(moments, workdays, window.moment.area, window.ends)
    return not any(other.holds(window.ends) for other in around if other.moment.kind in OPENINGS)


_OVERDUE = {
    MomentKind.MUST_OPEN: _("%(window)s 应撤防，到时未撤防"),
    MomentKind.MUST_CLOSE: _("%(window)s 应布防，到时未布防"),
    MomentKind.TEMP_OPEN: _("%(window)s 临时撤防，到时未重新布防"),
}


def _expectation(window: Window, spared: frozenset[str], zone: tzinfo, guess: bool) -> Expectation:
    moment = window.moment
    from_begin = moment.kind is MomentKind.MUST_CLOSE
    return Expectation(
        key=f"{window.begins:%Y%m%d}:{moment.kind}:{moment.begins:%H%M}-{moment.ends:%H%M}:{moment.area}",
        area=moment.area,
        except_areas=spared,
        must="open" if moment.kind is MomentKind.MUST_OPEN else "close",
        begins_at=first_instant(window.ends if moment.kind is MomentKind.TEMP_OPEN else window.begins, zone),
        due_at=last_instant((window.begins if from_begin else window.ends) + moment.tolerance, zone),
        guess=guess,
        moment=moment,
        sentence=_OVERDUE[moment.kind],
        figures={"window": window_words(window)},
    )


def first_instant(wall: datetime, zone: tzinfo) -> datetime:
    """When the clock first shows this; a time that is skipped is where it would have been."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


def last_instant(wall: datetime, zone: tzinfo) -> datetime:
    """When the clock shows this for the last time, so that nobody is late while the hour is repeated."""
    return max(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def window_words(window: Window, today: date | None = None) -> Phrase:
    """ "周一 22:00–次日 06:00（容差 15 分钟）"; the weekday only when the window does not begin on `today`."""
    moment = window.moment
    hours = span(moment.begins, moment.ends, moment.tolerance)
    if window.day == today:
        return hours
    return Phrase(_("%(weekday)s %(hours)s"), {"weekday": weekday(window.day), "hours": hours})
