"""Shift patterns as data, and a team's cycle unfolded into shifts with times. No Django, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from lianjing.terms.sentences import marked as _

OFF = ""
"""Stands in a cycle for a day off."""
CYCLE_AT_MOST = 56
DAY = timedelta(days=1)


def instant(day: date, clock: time, zone: tzinfo) -> datetime:
    """The moment at which clocks of the centre show that. In UTC: two times of one zone subtract as if its clocks were
    never changed."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of shift. One that does not end after it begins ends on the next day; equal: 24 hours."""

    code: str
    name: str
    begins: time
    ends: time

    def span(self, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
        """Beginning and end of the shift that begins on `day` of the centre, as instants."""
        last = day if self.ends > self.begins else day + DAY
        return instant(day, self.begins, zone), instant(last, self.ends, zone)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way of working. `teams`: so many, each `step` days behind the one before, leave no moment without one."""

    code: str
    name: str
    does: str
    cycle: tuple[str, ...]
    kinds: tuple[Kind, ...]
    teams: int
    round_the_clock: bool = True

    @property
    def step(self) -> int:
        return len(self.cycle) // self.teams

    def anchor_of(self, place: int, first: date) -> date:
        """The day on which the team at that place, from 0, is at the first day of the cycle."""
        return first - timedelta(days=place * self.step)


MORNING = Kind("A", _("早班"), time(7), time(15))
AFTERNOON = Kind("B", _("中班"), time(15), time(23))
NIGHT = Kind("C", _("夜班"), time(23), time(7))
# The night shift begins in the evening of its day: after the afternoon shift of the day before, 24 hours are free.
LONG_DAY = Kind("D", _("白班"), time(8), time(20))
LONG_NIGHT = Kind("N", _("夜班"), time(20), time(8))
WHOLE_DAY = Kind("F", _("全天班"), time(8), time(8))
OFFICE = Kind("O", _("常日班"), time(8, 30), time(17, 30))

PATTERNS: Mapping[str, Pattern] = {
    pattern.code: pattern
    for pattern in (
        Pattern(
            "four_three_2",
            _("四班三运转（早早中中夜夜休休）"),
            _("四个班组，每班 8 小时，八天一轮。"),
            ("A", "A", "B", "B", "C", "C", OFF, OFF),
            (MORNING, AFTERNOON, NIGHT),
            4,
        ),
        Pattern(
            "four_three_1",
            _("四班三运转（早中夜休）"),
            _("四个班组，每班 8 小时，四天一轮。"),
            ("A", "B", "C", OFF),
            (MORNING, AFTERNOON, NIGHT),
            4,
        ),
        Pattern(
            "three_two",
            _("三班两运转（白夜休）"),
            _("三个班组，每班 12 小时，三天一轮。"),
            ("D", "N", OFF),
            (LONG_DAY, LONG_NIGHT),
            3,
        ),
        Pattern(
            "four_two",
            _("两班倒 12 小时（白夜休休）"),
            _("四个班组，每班 12 小时，四天一轮。"),
            ("D", "N", OFF, OFF),
            (LONG_DAY, LONG_NIGHT),
            4,
        ),
        Pattern(
            "one_two",
            _("上一休二（24 小时）"),
            _("三个班组，每班 24 小时，三天一轮；超过默认的每班工时，须有本单位自己的规定。"),
            ("F", OFF, OFF),
            (WHOLE_DAY,),
            3,
        ),
        Pattern(
            "office",
            _("常日班（做五休二）"),
            _("一个班组，周一起五天上班；不是全天候。"),
            ("O", "O", "O", "O", "O", OFF, OFF),
            (OFFICE,),
            1,
            round_the_clock=False,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift of a cycle on its day."""

    day: date
    kind: Kind
    begins_at: datetime
    ends_at: datetime


def code_on(cycle: Sequence[str], anchor_on: date, day: date) -> str:
    """What the cycle says for that day, also before the anchor; OFF for an empty cycle."""
    return cycle[(day - anchor_on).days % len(cycle)] if cycle else OFF


def unfolded(
    cycle: Sequence[str], anchor_on: date, kinds: Mapping[str, Kind], days: tuple[date, date], zone: tzinfo
) -> Iterator[Shift]:
    """The shifts that begin on the days from the first to the last. A code that is no kind counts as a day off."""
    for day in days_between(*days):
        kind = kinds.get(code_on(cycle, anchor_on, day))
        if kind is not None:
            yield Shift(day, kind, *kind.span(day, zone))


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    return (first + timedelta(days=place) for place in range((last - first).days + 1))
