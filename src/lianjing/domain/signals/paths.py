"""Whether two signals are one event that came over two paths (docs/decisions/0010). No Django, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from lianjing.domain.sites.policy import normal_number

WINDOW = timedelta(seconds=60)
"""A back-up path delivers within seconds; what comes later is more likely to have happened again."""


class Path(NamedTuple):
    """The way of a frame into the house. `host`: where it came from, without the port, which every call changes."""

    listener: str
    account: str
    transport: str
    receiver: str
    line: str
    host: str


class Content(NamedTuple):
    """What happened, for whoever says it: two receivers pad numbers differently."""

    lane: int
    code: str
    qualifier: str
    area: str
    address: str


class Arrival(NamedTuple):
    """A signal as it came in. `same_as`: what was decided of it; 0 while nothing is."""

    signal_id: int
    content: Content
    at: datetime
    path: Path
    same_as: int | None = 0


@dataclass(slots=True)
class _Event:
    """The signal that told of an event first, and the paths that have told of it."""

    first: Arrival
    paths: set[Path] = field(default_factory=set)

    def is_told_by(self, arrival: Arrival) -> bool:
        """Each path tells of an event once: a second signal on a path is a second event."""
        mine, theirs = arrival.path, self.first.path
        return (
            abs(arrival.at - self.first.at) <= WINDOW
            and arrival.path not in self.paths
            # Two panels of a site on one listener are two panels; on two, one panel seen by two receivers.
            and (mine.account == theirs.account or mine.listener != theirs.listener)
        )


@dataclass(slots=True)
class _Events:
    """All events of one content, oldest first."""

    by_first: dict[int, _Event] = field(default_factory=dict)
    in_order: list[_Event] = field(default_factory=list)
    passed: dict[Path, int] = field(default_factory=dict)
    """How many of them a path has told of or can tell of no more: a flood must not look at each again."""

    def add(self, first: Arrival) -> _Event:
        event = self.by_first[first.signal_id] = _Event(first)
        self.in_order.append(event)
        return event

    def matching(self, arrival: Arrival) -> _Event | None:
        """The oldest event that this path has not told of yet: a path tells them in their order."""
        place = self.passed.get(arrival.path, 0)
        while place < len(self.in_order):
            event, place = self.in_order[place], place + 1
            if event.is_told_by(arrival):
                self.passed[arrival.path] = place
                return event
        self.passed[arrival.path] = place
        return None


def content_of(lane: int, code: str, qualifier: str, area: str, address: str) -> Content:
    """Code, qualifier and numbers as they are compared; none and zero are one."""
    numbers = ["" if number == "0" else number for number in (normal_number(area), normal_number(address))]
    return Content(lane, code, qualifier, *numbers)


def host_of(peer: str) -> str:
    """ "10.0.0.5:4711" -> "10.0.0.5" """
    return peer.rpartition(":")[0].strip("[]")


def second_paths(arrivals: Iterable[Arrival]) -> dict[int, int]:
    """For every undecided arrival that tells of a known event by another path: signal id -> id of its first."""
    told: dict[int, int] = {}
    known: dict[Content, _Events] = {}
    for arrival in sorted(arrivals):
        events = known.setdefault(arrival.content, _Events())
        event = events.matching(arrival) if arrival.same_as == 0 else events.by_first.get(arrival.same_as or 0)
        if event is None and arrival.same_as:
            continue  # Its first is out of the window: nothing that comes now is that event.
        if event is None:
            event = events.add(arrival)
        elif arrival.same_as == 0:
            told[arrival.signal_id] = event.first.signal_id
        event.paths.add(arrival.path)
    return told
