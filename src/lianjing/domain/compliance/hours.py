"""How much of many spans of time lies between two instants, without going through them each time. Pure."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import accumulate

BEGUN = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Hours:
    """Spans from an instant to another, or to no end. Sums are in microseconds."""

    def __init__(self, spans: Iterable[tuple[datetime, datetime | None]] = ()) -> None:
        real = [(since, until) for since, until in spans if until is None or until > since]
        self._begins = _Instants(since for since, _until in real)
        self._ends = _Instants(until for _since, until in real if until is not None)

    def between(self, starts: datetime, ends: datetime) -> int:
        if ends <= starts:
            return 0
        begin, end = _count(starts), _count(ends)
        return (self._begins.since(end) - self._ends.since(end)) - (self._begins.since(begin) - self._ends.since(begin))


class _Instants:
    """Instants in order, with their sums up to each."""

    def __init__(self, instants: Iterable[datetime]) -> None:
        self._at = sorted(map(_count, instants))
        self._sums = [0, *accumulate(self._at)]

    def since(self, instant: int) -> int:
        """How long ago each of those before was, together."""
        place = bisect_left(self._at, instant)
        return place * instant - self._sums[place]


def _count(at: datetime) -> int:
    return (at - BEGUN) // MICROSECOND
