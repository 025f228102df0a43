"""Line supervision (线路监督): which of a million paths have been silent for longer than they may be.

A message only writes down when its path was heard. A path is looked at when its time would be over: it is lost, or it
is put off until the time counted from its last message is over. So nothing ever looks at all paths.

Supervised time is counted in whole seconds, and only while somebody listens: `turn` adds what has passed since the turn
before it. When that is more than GAP_S, nobody can tell who was silent and who was not heard: the time does not count,
and every path gets its full time again. A clock that steps back adds nothing.
"""

from array import array
from collections.abc import Hashable
from typing import NamedTuple

from lianjing.core.supervision.chains import Chains

GAP_S = 4.0
"""A longer time without a turn counts as an outage of our own."""
SLACK_S = 5
"""Beyond interval × misses: as long as an outage may last that does not count as one, and the second by which a message
may be dated too early."""
HORIZON = 1 << 12
"""Seconds that the wheel reaches ahead. A path with a longer time is looked at, and put off, once an hour."""
MOST_LOOKS = 2_000
"""Paths that one turn looks at: so long, some milliseconds, whoever shares our thread waits."""
LONGEST_S = 400 * 86_400

FREE, WATCHED, LOST = 0, 1, 2


class Lost(NamedTuple):
    """A path was silent for too long. `last_heard` is None when it was not heard since it is being watched."""

    path: int
    at: float
    last_heard: float | None


class Heard(NamedTuple):
    """A lost path was heard again; `last_heard` is the message before the silence, None when that is not known."""

    path: int
    at: float
    last_heard: float | None


class Changes(NamedTuple):
    """What one turn found: first those that were heard again, then those that are lost."""

    heard: list[Heard]
    lost: list[Lost]


class Watch:
    """Used by one thread. All times are seconds since the epoch, as the caller's clock tells them."""

    def __init__(self, now: float) -> None:
        self._now, self._elapsed = now, 0.0
        self._second = 0
        """Supervised time."""
        self._looked = 0
        """The last second whose paths were all looked at."""
        self._grace_from = 0
        self._state = bytearray()
        self._limit, self._heard, self._due = array("I"), array("I"), array("I")
        """By slot: seconds of silence that are allowed, the second of the last message, the second of the next look."""
        self._heard_at = array("d")
        self._paths, self._keys = Chains(), Chains()
        self._free = array("i")
        self._wheel = [array("i") for _ in range(HORIZON)]
        """Slots by the second of their look. An entry whose slot has another `_due` by now is out of date."""
        self._heard_again: list[Heard] = []
        self.lost_count = 0
        self.gap_count = 0

    def __len__(self) -> int:
        """How many paths are watched, the lost ones among them."""
        return len(self._state) - len(self._free)

    @property
    def behind(self) -> bool:
        """Whether paths are left that the last turn should have looked at."""
        return self._looked < self._second

    def watch(self, path: int, key: Hashable, interval_s: int, misses: int = 3, *, lost: bool = False) -> None:
        """From now on `path` may be silent for `interval_s` × `misses`, and a little. Paths may share a key. What is
        watched already gets the new terms and stays as it is, lost or not. `lost`: it was so before we began."""
        number = hash(key)
        limit = min(interval_s * misses, LONGEST_S) + SLACK_S
        slot = next(self._paths.slots(path), None)
        if slot is None:
            slot = self._new_slot(path, number, LOST if lost else WATCHED)
            self._limit[slot] = limit
            # A first look may come early: so those that are entered together are not all looked at together.
            look = self._second + 1 + slot * 7919 % limit
        else:
            self._change_key(slot, number)
            self._limit[slot] = limit
            look = max(self._over(slot), self._second + 1)
            if look >= self._due[slot]:
                return
        if self._state[slot] == WATCHED:
            self._look_at(slot, look)

    def unwatch(self, path: int) -> bool:
        """Forgets `path`; whether it was lost. One that is not watched is none of our business."""
        slot = next(self._paths.slots(path), None)
        if slot is None:
            return False
        was_lost = self._state[slot] == LOST
        self.lost_count -= was_lost
        self._state[slot] = FREE
        self._paths.remove(slot)
        self._keys.remove(slot)
        self._free.append(slot)
        return was_lost

    def heard(self, key: Hashable, at: float) -> None:
        """A message came, on every path that has this key."""
        for slot in self._keys.slots(hash(key)):
            if self._state[slot] == LOST:
                self._heard_again.append(Heard(self._paths.numbers[slot], at, self._heard_at[slot] or None))
                self._state[slot] = WATCHED
                self.lost_count -= 1
                self._look_at(slot, self._second + self._limit[slot])
            self._heard[slot] = self._second
            self._heard_at[slot] = at

    def turn(self, now: float, most: int = MOST_LOOKS) -> Changes:
        """To be called once a second while messages can be received and stored, and not while they cannot; and again at
        once while `behind`, since one turn looks at no more than `most` paths."""
        self._advance(now)
        heard, self._heard_again = self._heard_again, []
        return Changes(heard, self._overdue(now, most))

    def _advance(self, now: float) -> None:
        step = now - self._now
        self._now = now
        if step > GAP_S:
            self._grace_from = self._second
            self.gap_count += 1
        elif step > 0:
            self._elapsed += step
            self._second = int(self._elapsed)

    def _overdue(self, now: float, most: int) -> list[Lost]:
        lost: list[Lost] = []
        while self._looked < self._second:
            second = self._looked + 1
            bucket = self._wheel[second % HORIZON]
            while bucket:
                if most <= 0:
                    return lost
                most -= 1
                slot = bucket.pop()
                if self._due[slot] == second and self._state[slot] == WATCHED:
                    self._look(slot, now, lost)
            # A new one: an array that was long keeps its memory.
            self._wheel[second % HORIZON] = array("i")
            self._looked = second
        return lost

    def _look(self, slot: int, now: float, lost: list[Lost]) -> None:
        over = self._over(slot)
        if over > self._second:
            if not self._heard_at[slot] or self._heard[slot] <= self._grace_from:
                # The time of all those that we have not heard yet is over together. Few are left of them half-way.
                over -= (over - self._second) // 2
            self._look_at(slot, over)
            return
        self._state[slot] = LOST
        self.lost_count += 1
        lost.append(Lost(self._paths.numbers[slot], now, self._heard_at[slot] or None))

    def _over(self, slot: int) -> int:
        """The second in which its time is over, as far as is known now."""
        return max(self._heard[slot], self._grace_from) + self._limit[slot]

    def _look_at(self, slot: int, second: int) -> None:
        second = min(second, self._looked + HORIZON - 1)
        self._due[slot] = second
        self._wheel[second % HORIZON].append(slot)

    def _new_slot(self, path: int, number: int, state: int) -> int:
        if self._free:
            slot = self._free.pop()
        else:
            slot = len(self._state)
            self._state.append(FREE)
            for column in (self._limit, self._heard, self._due):
                column.append(0)
            self._heard_at.append(0.0)
        self._paths.add(slot, path)
        self._keys.add(slot, number)
        self._state[slot], self._heard[slot], self._heard_at[slot] = state, self._second, 0.0
        self.lost_count += state == LOST
        return slot

    def _change_key(self, slot: int, number: int) -> None:
        if self._keys.numbers[slot] != number:
            self._keys.remove(slot)
            self._keys.add(slot, number)
