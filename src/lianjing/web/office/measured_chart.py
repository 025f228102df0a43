"""Values of one quantity over a year as a line, with the band of its limits; what is out is marked by shape, too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lianjing.domain.facilities.models import Measurement
from lianjing.domain.facilities.policy import plain_figure
from lianjing.domain.facilities.quantities import Bounds
from lianjing.domain.facilities.standing import LimitLine

WIDTH, TOP, BOTTOM, DAYS = 360, 14, 112, 366
MARKED_AT_MOST = 40
"""With more points only those out of the limits are marked."""
ROOM = Decimal("0.12")
"""Of the span of values, kept free above and below."""


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    is_out: bool
    words: str


@dataclass(frozen=True, slots=True)
class Level:
    """A limit as a line, from the day on which it began to count; with its figure where it still does."""

    x: float
    until: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Band:
    """What lies within the limits while they count, from top down."""

    x: float
    width: float
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Context of office/premises/_chart.html."""

    path: str
    points: list[Point]
    levels: list[Level]
    bands: list[Band]
    first: date
    last: date
    count: int
    out: int


@dataclass(frozen=True, slots=True)
class Scale:
    """Where days and values are in the picture: all values and all limits are in it, with some room."""

    since: date
    low: Decimal
    high: Decimal

    def x(self, day: date) -> float:
        return round((day - self.since).days * WIDTH / DAYS, 1)

    def y(self, value: Decimal) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(BOTTOM - (BOTTOM - TOP) * float(share), 1)


@dataclass(frozen=True, slots=True)
class Spell:
    """From one day up to another the same limits count."""

    begins: date
    ends: date
    bounds: Bounds
    is_last: bool


def chart(values: Sequence[Measurement], limits: LimitLine, until: date) -> Chart | None:
    """None without a value. `values`: the oldest first, each judged by the limit of its own day."""
    if not values:
        return None
    since = until - timedelta(days=DAYS)
    spells = _spells(limits, since, until)
    scale = _scale(since, values, spells)
    points = [_point(one, limits, scale) for one in values]
    out = [one for one in points if one.is_out]
    return Chart(
        " ".join(f"{one.x:g},{one.y:g}" for one in points),
        points if len(points) <= MARKED_AT_MOST else out,
        [level for one in spells for level in _levels(one, scale)],
        [_band(one, scale) for one in spells],
        since,
        until,
        len(points),
        len(out),
    )


def _spells(limits: LimitLine, since: date, until: date) -> list[Spell]:
    turns = limits.turns(since, until)
    spans = zip(turns, [*turns[1:], until], strict=True)
    found = [(begins, ends, limits.on(begins)) for begins, ends in spans]
    return [Spell(begins, ends, bounds, begins == turns[-1]) for begins, ends, bounds in found if bounds is not None]


def _scale(since: date, values: Sequence[Measurement], spells: Sequence[Spell]) -> Scale:
    seen = [one.value for one in values] + [end for one in spells for end in _ends(one.bounds)]
    low, high = min(seen), max(seen)
    room = (high - low) * ROOM or Decimal(1)
    return Scale(since, low - room, high + room)


def _ends(bounds: Bounds) -> list[Decimal]:
    return [end for end in (bounds.low, bounds.high) if end is not None]


def _levels(one: Spell, scale: Scale) -> list[Level]:
    begins, ends = scale.x(one.begins), scale.x(one.ends)
    return [Level(begins, ends, scale.y(end), plain_figure(end) if one.is_last else "") for end in _ends(one.bounds)]


def _band(one: Spell, scale: Scale) -> Band:
    top = scale.y(one.bounds.high) if one.bounds.high is not None else TOP
    bottom = scale.y(one.bounds.low) if one.bounds.low is not None else BOTTOM
    begins = scale.x(one.begins)
    return Band(begins, round(scale.x(one.ends) - begins, 1), top, max(0, round(bottom - top, 1)))


def _point(one: Measurement, limits: LimitLine, scale: Scale) -> Point:
    day = one.valid_from or scale.since
    bounds = limits.on(day)
    is_out = bounds is not None and not bounds.holds(one.value)
    return Point(scale.x(day), scale.y(one.value), is_out, f"{day} {plain_figure(one.value)}")
