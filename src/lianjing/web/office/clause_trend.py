"""One year of verdicts as a line each for 符合 and 不符合, and the same numbers as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lianjing.domain.compliance.models import VerdictCount

WIDTH, HEIGHT, TOP, DAYS = 212, 84, 16, 364
LABEL = 11


@dataclass(frozen=True, slots=True)
class Line:
    """`path`: corners of a polyline; the label stands at its end."""

    tone: str
    path: str
    label_y: float
    count: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Trend:
    """Context of office/clauses/_trend.html. `rows`: the last count of each month, the newest first."""

    met: Line
    not_met: Line
    rows: list[VerdictCount]
    begins: date
    ends: date
    is_single: bool


def trend(counts: Sequence[VerdictCount], until: date) -> Trend | None:
    """None without a count in that year."""
    if not counts:
        return None
    begins = until - timedelta(days=DAYS)
    most = max(max(one.met, one.not_met) for one in counts) or 1
    months = {(one.on.year, one.on.month): one for one in counts}

    def line(tone: str, count: Callable[[VerdictCount], int]) -> Line:
        places = [(_x(one.on, begins), _y(count(one), most)) for one in counts]
        path = " ".join(f"{x:g},{y:g}" for x, y in places)
        return Line(tone, path, places[-1][1] - LABEL / 2, count(counts[-1]), *places[-1])

    return Trend(
        *_apart(line("ok", lambda one: one.met), line("bad", lambda one: one.not_met)),
        list(reversed(months.values())),
        begins,
        until,
        len(counts) == 1,
    )


def _apart(met: Line, not_met: Line) -> tuple[Line, Line]:
    """Labels that would lie on each other: the lower one goes below its line."""
    if abs(met.y - not_met.y) >= LABEL + 2:
        return met, not_met
    below = max(met.y, not_met.y) + LABEL
    if not_met.y >= met.y:
        return met, replace(not_met, label_y=below)
    return replace(met, label_y=below), not_met


def _x(on: date, begins: date) -> float:
    return round((on - begins).days * WIDTH / DAYS, 1)


def _y(count: int, most: int) -> float:
    return round(HEIGHT - (HEIGHT - TOP) * count / most, 1)
