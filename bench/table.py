"""What every measurement gives: rows of one table, each with its goal and whether it was reached, in words."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

WIDTHS = (66, 33, 9, 15, 21, 20, 7)
HEADINGS = ("what", "result", "p50 ms", "p95/p99 ms", "ratio", "goal", "reached")


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure of several runs."""

    middle: float
    least: float
    most: float

    def __format__(self, form: str) -> str:
        return f"{self.middle:{form}} ({self.least:{form}}–{self.most:{form}})"


def spread(figures: Sequence[float]) -> Spread:
    """Median, least and most of the runs. Raises ValueError for fewer than three."""
    if len(figures) < 3:
        raise ValueError("a median of fewer than three runs says nothing")
    return Spread(statistics.median(figures), min(figures), max(figures))


@dataclass(frozen=True, slots=True)
class Verdict:
    """A figure held against its goal."""

    ratio: str = ""
    goal: str = ""
    reached: bool | None = None
    """None: nothing is demanded."""


NO_GOAL = Verdict()


def at_least(rate: float, times: float, peer: float, aim: float | None = None) -> Verdict:
    """`rate` must be `times` the peer's. `aim` is wished for and does not decide."""
    wished = f", aim {aim:g} ×" if aim else ""
    return Verdict(f"{rate / peer:.1f} × peer", f"≥ {times:g} × peer{wished}", rate >= times * peer)


def below(figure: float, limit: float, unit: str, what: str) -> Verdict:
    """`figure` must stay under `limit`."""
    return Verdict(f"{figure / limit:.2f} of the goal", f"{what} < {limit:g} {unit}", figure < limit)


def grows_no_more_than(many: float, few: float, times: float) -> Verdict:
    """`many` must not be more than `times` of `few`."""
    return Verdict(f"{many / few:.2f} × the few", f"≤ {times:g} × the few", many <= times * few)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    result: str
    p50_ms: float | None = None
    tail: str = ""
    verdict: Verdict = NO_GOAL

    def __str__(self) -> str:
        middle = "" if self.p50_ms is None else f"{self.p50_ms:.1f}"
        reached = {None: "—", True: "yes", False: "NO"}[self.verdict.reached]
        return _line(self.what, self.result, middle, self.tail, self.verdict.ratio, self.verdict.goal, reached)


def heading() -> str:
    """The first line of the table, and the one below it."""
    return _line(*HEADINGS) + "\n" + "-" * (sum(WIDTHS) + 2 * len(WIDTHS) - 2)


def p95(figures: Spread) -> str:
    return f"p95 {figures.middle:.1f}"


def p99(figures: Spread) -> str:
    return f"p99 {figures.middle:.1f}"


def _line(what: str, *cells: str) -> str:
    return "  ".join([f"{what:<{WIDTHS[0]}}", *(f"{c:>{w}}" for c, w in zip(cells, WIDTHS[1:], strict=True))]).rstrip()
