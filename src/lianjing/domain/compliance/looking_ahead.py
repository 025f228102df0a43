"""What a rule will judge by on each day of a span if nothing is recorded any more: read once, asked for any day."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from lianjing.domain.compliance.judging import Evidence

F = TypeVar("F")
DAY = timedelta(days=1)
DAYS, DAYS_AT_MOST = 365, 1096
"""How far is looked ahead when nobody says, and at most."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=place) for place in range((self.last - self.first).days + 1)]

    def turns(self, days: Iterable[date]) -> list[date]:
        """Those of these days that lie after the first, in order."""
        return sorted({day for day in days if self.first < day <= self.last})


def no_causes(_day: date) -> "tuple[Evidence, ...]":
    return ()


@dataclass(frozen=True, slots=True)
class Ahead(Generic[F]):
    """`days`: on which it may be another than on the day before; more of them cost time, a missing one is a mistake."""

    on: Callable[[date], F]
    days: Collection[date]
    causes: "Callable[[date], tuple[Evidence, ...]]" = no_causes
    """The records by which it is another on such a day, each with what it says from then on."""


def day_after(last: date | None) -> set[date]:
    """The first day on which something no longer holds; none when it is open-ended."""
    return {last + DAY} if last is not None and last < date.max else set()


def ends(valid_from: date | None, valid_until: date | None) -> set[date]:
    """The days on which something that holds from a day to a day begins to hold, and no longer does."""
    return ({valid_from} if valid_from is not None else set()) | day_after(valid_until)
