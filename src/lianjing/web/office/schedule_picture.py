"""A schedule as a picture: one row a day, two lanes, with what the day is called. Drawn on the server."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from lianjing.core.workdays import Workdays
from lianjing.domain.sites.day_names import NamedDay, named_day
from lianjing.domain.sites.schedule import (
    OPENINGS,
    Expectation,
    Moment,
    MomentKind,
    Window,
    is_guess,
    windows_of,
)
from lianjing.domain.sites.schedule_words import WEEKDAYS, span
from lianjing.domain.sites.workday_overrides import OverriddenDay
from lianjing.terms.sentences import words

DAYS_SHOWN = 14
DAY_MINUTES = 24 * 60
EVENING = 18


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a window on one day, in minutes of that day."""

    kind: str
    begins: int
    length: int
    title: str

    @property
    def upper(self) -> bool:
        """Whether it lies in the lane of what may be opened."""
        return self.kind in (*OPENINGS, MomentKind.TEMP_OPEN)


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day. `now` is the minute of the present, on the day that is today."""

    name: NamedDay
    title: str
    words: str
    bars: list[Bar]
    told: list[str]
    guess: bool
    now: int | None


@dataclass(frozen=True, slots=True)
class AreaPicture:
    """The days of one area; `title` is empty when the site has one schedule for all of it."""

    title: str
    rows: list[DayRow]


def pictures(
    moments: Sequence[Moment], overrides: Iterable[OverriddenDay], now: datetime, days: int = DAYS_SHOWN
) -> list[AreaPicture]:
    """`now` is the wall clock of the centre."""
    known = list(overrides)
    workdays = Workdays({day.on: day.is_workday for day in known})
    reasons = {day.on: day.reason for day in known}
    areas = sorted({moment.area for moment in moments} - {""})
    named = [*areas, ""] if areas else [""]
    return [AreaPicture(_area_title(area, areas), _rows(moments, workdays, reasons, area, now, days)) for area in named]


def _area_title(area: str, areas: Sequence[str]) -> str:
    if area:
        return _("分区 %(area)s") % {"area": area}
    return _("其余分区") if areas else ""


def _rows(
    moments: Sequence[Moment], workdays: Workdays, reasons: dict[date, str], area: str, now: datetime, days: int
) -> list[DayRow]:
    return [
        _row(moments, workdays, area, named_day(now.date() + timedelta(days=step), workdays, reasons), now)
        for step in range(days)
    ]


def _row(moments: Sequence[Moment], workdays: Workdays, area: str, name: NamedDay, now: datetime) -> DayRow:
    day = name.day
    begun = windows_of(moments, workdays, area, day)
    windows = [*windows_of(moments, workdays, area, day - timedelta(days=1)), *begun]
    return DayRow(
        name=name,
        title=f"{_(WEEKDAYS[day.weekday()])} {day:%m-%d}",
        words=words(name.words, _) if name.words else "",
        bars=sorted((bar for window in windows for bar in _bar(window, day)), key=lambda bar: _LAYERS.index(bar.kind)),
        told=[_told(window) for window in sorted(begun, key=lambda window: window.begins)],
        guess=is_guess(moments, workdays, area, day),
        now=now.hour * 60 + now.minute if day == now.date() else None,
    )


_LAYERS = ("may_open", "must_close", "must_open", "no_activity", "temp_open")
"""What lies above what: the wider below."""


def _bar(window: Window, day: date) -> Iterable[Bar]:
    """What of it lies on this day; what crosses midnight goes on in the next row."""
    midnight = datetime.combine(day, time(0))
    begins, ends = max(window.begins, midnight), min(window.ends, midnight + timedelta(days=1))
    if begins < ends:
        minutes = int((begins - midnight) / timedelta(minutes=1))
        yield Bar(window.moment.kind, minutes, int((ends - begins) / timedelta(minutes=1)), _told(window))


def _told(window: Window) -> str:
    moment = window.moment
    hours = words(span(moment.begins, moment.ends), _)
    return f"{_(moment.kind.zh)} {hours}"


def marks(upper: bool) -> list[tuple[str, str]]:
    """The legend of one lane: kinds with their words."""
    kinds = [kind for kind in MomentKind if (kind in (*OPENINGS, MomentKind.TEMP_OPEN)) is upper]
    return [(kind.value, _(kind.zh)) for kind in kinds]


@dataclass(frozen=True, slots=True)
class Due:
    """What is expected next, as a sentence."""

    sentence: str
    moment: str
    guess: bool


def due(expected: Expectation, now: datetime) -> Due:
    """ "今晚 22:15 前须布防". `now` is aware, in the centre's zone."""
    at = expected.due_at.astimezone(now.tzinfo)
    figures = {"when": _day_words(at, now.date()), "time": f"{at:%H:%M}"}
    sentence = _("%(when)s %(time)s 前须撤防") if expected.must == "open" else _("%(when)s %(time)s 前须布防")
    return Due(_area_words(expected) + sentence % figures, _moment_words(expected.moment), expected.guess)


def _day_words(at: datetime, today: date) -> str:
    if at.date() == today:
        return _("今晚") if at.hour >= EVENING else _("今天")
    if at.date() == today + timedelta(days=1):
        return _("明天")
    return f"{_(WEEKDAYS[at.weekday()])} {at:%m-%d}"


def _area_words(expected: Expectation) -> str:
    if expected.area:
        return _("分区 %(area)s：") % {"area": expected.area}
    if expected.except_areas:
        return _("除分区 %(areas)s 外：") % {"areas": "、".join(sorted(expected.except_areas))}
    return ""


def _moment_words(moment: Moment) -> str:
    return f"{_(moment.kind.zh)} {words(span(moment.begins, moment.ends, moment.tolerance), _)}"
