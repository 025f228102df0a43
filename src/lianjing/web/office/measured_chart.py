"""Values of one quantity over a year as a line, with the band of its limits; what is out is marked by shape, too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lianjing.domain.facilities.models import Measurement
from lianjing.domain.facilities.policy import plain_figure
from lianjing.domain.facilities.quantities import Bounds

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
    """A limit as a line with its figure."""

    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Context of office/premises/_chart.html. `band` are the y of what lies within the limits, from top down."""

    path: str
    points: list[Point]
    levels: list[Level]
    band_top: float
    band_height: float
    first: date
    last: date
    count: int
    out: int


def chart(values: Sequence[Measurement], bounds: Bounds | None, until: date) -> Chart | None:
    """None without a value. `values`: the oldest first."""
    if not values:
        return None
    since = until - timedelta(days=DAYS)
    low, high = _span(values, bounds)

    def y(value: Decimal) -> float:
        share = (min(max(value, low), high) - low) / (high - low)
        return round(BOTTOM - (BOTTOM - TOP) * float(share), 1)

    points = [_point(one, bounds, since, y(one.value)) for one in values]
    out = [one for one in points if one.is_out]
    ends = [end for end in (bounds.low, bounds.high) if end is not None] if bounds else []
    top = y(bounds.high) if bounds and bounds.high is not None else TOP
    bottom = y(bounds.low) if bounds and bounds.low is not None else BOTTOM
    return Chart(
        " ".join(f"{one.x:g},{one.y:g}" for one in points),
        points if len(points) <= MARKED_AT_MOST else out,
        [Level(y(end), plain_figure(end)) for end in ends],
        top,
        max(0, round(bottom - top, 1)) if bounds else 0,
        since,
        until,
        len(points),
        len(out),
    )


def _span(values: Sequence[Measurement], bounds: Bounds | None) -> tuple[Decimal, Decimal]:
    """Where the picture begins and ends: all values and all limits are in it, with some room."""
    seen = [one.value for one in values]
    seen += [end for end in (bounds.low, bounds.high) if end is not None] if bounds else []
    low, high = min(seen), max(seen)
    room = (high - low) * ROOM or Decimal(1)
    return low - room, high + room


def _point(one: Measurement, bounds: Bounds | None, since: date, y: float) -> Point:
    day = one.valid_from or since
    x = round((day - since).days * WIDTH / DAYS, 1)
    is_out = bounds is not None and not bounds.holds(one.value)
    return Point(x, y, is_out, f"{day} {plain_figure(one.value)}")
