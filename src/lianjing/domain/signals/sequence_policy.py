"""Which sequence numbers of a panel never came. No Django, no clock.

DC-09 numbers run from 0001 to 9999 and round. A panel may count each path by itself or all together, begin at 0001
again, use two counters on one path, send 0000 always, or send what it had buffered behind what is new. So a track keeps
several heads, each the last number of a counter, and a number is missing only when it was skipped by the counter that
went on behind it and did not come within the next frames.

What cannot be told: numbers lost right before 0001 look like a new beginning, a jump of more than 500 like another
counter. Both are no gap here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

LAST = 9999
JUMP = 500
"""A jump by more is another counter: a panel that lost so many at once has told nothing for days."""
LATE = 8
"""So many later frames are waited for: numbers that come out of order are not missing."""
LATE_S = 600.0
"""And so long, when no more come."""
SURE = 100
"""A gap of more numbers may be a counter that began elsewhere, a little farther on."""
STEADY = 3
"""A counter that went on so often in a row is one; before a wide gap it must have been, or its numbers are any."""
HEADS, IDLE = 4, 200
"""Counters remembered, and for how many frames of the account one that does not go on."""
GAPS, KNOWN_FOR = 8, 2000
"""Gaps remembered after they were told, and for how many frames: their numbers may still come."""

Ranges = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Found:
    """A gap: the missing numbers in order, and when the frames before it and behind it came (seconds of the epoch)."""

    missing: tuple[tuple[int, int], ...]
    after_at: float
    at: float
    steady: bool = True
    """Whether the counter had gone on number by number before."""

    @property
    def is_sure(self) -> bool:
        """Whether nothing but a loss explains it: not a counter that began elsewhere, or that is none."""
        return not self.goes_round and self.count <= (SURE if self.steady else LATE)

    @property
    def count(self) -> int:
        return sum(_length(*each) for each in self.missing)

    @property
    def goes_round(self) -> bool:
        """Over 9999: it may as well be a panel that began again, whose first numbers were lost."""
        return len(self.missing) > 1 and self.missing[0][0] > self.missing[-1][0]


@dataclass(slots=True)
class Head:
    """The last number of a counter, by which path it came, and how many frames ago."""

    number: int
    path: str
    at: float
    idle: int = 0
    steps: int = 0
    """How often in a row it went on by one."""


@dataclass(slots=True)
class OpenGap:
    """Skipped numbers that have not come yet. `size`: how many they were at first; `seen`: frames since."""

    missing: Ranges
    size: int
    after_at: float
    at: float
    steady: bool
    seen: int = 0
    told: bool = False

    def holds(self, number: int) -> bool:
        return any(first <= number <= last for first, last in self.missing)

    def fill(self, number: int) -> None:
        for place, (first, last) in enumerate(self.missing):
            if first <= number <= last:
                left = [(first, number - 1), (number + 1, last)]
                self.missing[place : place + 1] = [each for each in left if each[0] <= each[1]]
                return


@dataclass(slots=True)
class Track:
    """How far one account has counted."""

    heads: list[Head] = field(default_factory=list)
    gaps: list[OpenGap] = field(default_factory=list)
    beats: str = ""
    """Of its heartbeats: "zero", they are not counted; "counted"; "" as long as none was seen."""
    counts: bool = True
    """False: its numbers are no decimal ones, so nothing is told of it."""

    def take(self, number: int, path: str, at: float) -> tuple[list[Found], list[int]]:
        """One more frame. Returns the gaps that are certain by now, and numbers of told gaps that came after all."""
        for head in self.heads:
            head.idle += 1
        for gap in self.gaps:
            gap.seen += 1
        came = self._place(number, path, at)
        self.heads = [head for head in self.heads if head.idle <= IDLE][:HEADS]
        return self._told(lambda gap: gap.seen >= LATE), came

    def settle(self, now: float) -> list[Found]:
        """Gaps that nothing has filled for ten minutes."""
        return self._told(lambda gap: now - gap.at >= LATE_S)

    @property
    def settles_at(self) -> float | None:
        """When `settle` has something to tell; None: nothing is open."""
        return min((gap.at + LATE_S for gap in self.gaps if not gap.told), default=None)

    def _place(self, number: int, path: str, at: float) -> list[int]:
        same = next((head for head in self.heads if head.number == number), None)
        if same is not None:
            same.idle = 0
            return []
        goes_on = next((head for head in self.heads if _distance(head.number, number) == 1), None)
        if goes_on is not None:
            goes_on.steps += 1
            self._move(goes_on, number, path, at)
            return []
        gap = next((gap for gap in self.gaps if gap.holds(number)), None)
        if gap is not None:
            return self._fill(gap, number, path, at)
        self._jump(number, path, at)
        return []

    def _move(self, head: Head, number: int, path: str, at: float) -> None:
        head.number, head.path, head.at, head.idle = number, path, at, 0
        self.heads.remove(head)
        self.heads.insert(0, head)

    def _fill(self, gap: OpenGap, number: int, path: str, at: float) -> list[int]:
        if not gap.told and gap.size > LATE and number == gap.missing[0][0]:
            # The counter that was left goes on where it was: what jumped is another one.
            self.gaps.remove(gap)
            self.heads.insert(0, Head(number, path, at))
            return []
        gap.fill(number)
        if not gap.missing:
            self.gaps.remove(gap)
        return [number] if gap.told else []

    def _jump(self, number: int, path: str, at: float) -> None:
        from_head = self._skipped_by(number, path)
        if from_head is None:
            self.heads.insert(0, Head(number, path, at))
            return
        missing = _between(from_head.number, number)
        size = sum(_length(*each) for each in missing)
        self.gaps.append(OpenGap(missing, size, from_head.at, at, from_head.steps >= STEADY))
        from_head.steps = 0
        self._move(from_head, number, path, at)

    def _skipped_by(self, number: int, path: str) -> Head | None:
        """The counter that went on to `number`: the nearest of its path, or of another one when it is very near."""
        if number == 1:
            return None
        steps = [(_distance(head.number, number), head) for head in self.heads]
        near = [(step, head) for step, head in steps if step <= (JUMP if head.path == path else LATE)]
        return min(near, key=lambda found: found[0])[1] if near else None

    def _told(self, is_due: Callable[[OpenGap], bool]) -> list[Found]:
        found = []
        for gap in self.gaps:
            if not gap.told and is_due(gap):
                gap.told = True
                found.append(Found(tuple(gap.missing), gap.after_at, gap.at, gap.steady))
        known = [gap for gap in self.gaps if gap.seen <= KNOWN_FOR]
        told = [gap for gap in known if gap.told]
        forgotten = {id(gap) for gap in told[: max(0, len(told) - GAPS)]}
        self.gaps = [gap for gap in known if id(gap) not in forgotten]
        return found

    def as_kept(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "heads": [[h.number, h.path, h.at, h.idle, h.steps] for h in self.heads],
            "gaps": [[g.missing, g.size, g.after_at, g.at, g.steady, g.seen, g.told] for g in self.gaps],
            "beats": self.beats,
            "counts": self.counts,
        }


def track_of(kept: dict[str, Any]) -> Track:
    """The reverse of `as_kept`."""
    gaps = [OpenGap([(first, last) for first, last in missing], *rest) for missing, *rest in kept["gaps"]]
    return Track([Head(*head) for head in kept["heads"]], gaps, kept["beats"], kept["counts"])


def explained_by_beats(days: Iterable[tuple[int, float]], seconds: float) -> int:
    """How many numbers heartbeats may have used in a gap of so many seconds.

    `days`: of each line and day that the gap touches, the count of heartbeats and the seconds between two of them (0:
    not known). Generous: where they came is not on record.
    """
    return sum(min(count, int(seconds / beat * 1.5) + 3) if beat else count for count, beat in days)


def _distance(earlier: int, later: int) -> int:
    """How many steps a counter takes from one number to the other."""
    return (later - earlier) % LAST


def _between(earlier: int, later: int) -> Ranges:
    if earlier < later:
        return [(earlier + 1, later - 1)]
    return [each for each in ((earlier + 1, LAST), (1, later - 1)) if each[0] <= each[1]]


def _length(first: int, last: int) -> int:
    return last - first + 1
