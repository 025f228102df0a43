"""From a day to the moment by which something must have happened to count on it."""

from datetime import date, datetime, timedelta

from lianjing.core.days import centre_day
from lianjing.domain.signals.days import EARLIEST, day_bounds


def end_of(on: date, known: datetime | None) -> datetime:
    """The last moment of the centre's day, or `known` when that is earlier: what came later counts for nothing."""
    last = day_bounds(on)[1] - timedelta(microseconds=1)
    return last if known is None else min(last, max(known, day_bounds(EARLIEST)[0]))


def day_of(moment: datetime) -> date:
    """The centre's day on which something happened."""
    return centre_day(moment)
