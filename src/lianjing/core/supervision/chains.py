"""Which slots belong to a key, in three arrays: a dict of a million keys would take a hundred megabytes."""

from array import array
from collections.abc import Iterator

HEADS = 1 << 20
"""Fixed, so that it never has to be built anew while messages wait; a million keys stand one or two in a chain."""
NONE = -1


class Chains:
    """A map from a number of 64 bits to slots; several slots may have the same number."""

    def __init__(self) -> None:
        self._heads = array("i", [NONE]) * HEADS
        self._nexts, self.numbers = array("i"), array("q")
        """`numbers` tells the number of each slot."""

    def add(self, slot: int, number: int) -> None:
        """`slot` has no number yet; it is in use already, or the first beyond those in use."""
        if slot == len(self.numbers):
            self.numbers.append(number)
            self._nexts.append(NONE)
        head = number % HEADS
        self.numbers[slot], self._nexts[slot] = number, self._heads[head]
        self._heads[head] = slot

    def remove(self, slot: int) -> None:
        """Takes `slot` out of the chain that it is in."""
        head, nexts = self.numbers[slot] % HEADS, self._nexts
        here = self._heads[head]
        if here == slot:
            self._heads[head] = nexts[slot]
            return
        while nexts[here] != slot:
            here = nexts[here]
        nexts[here] = nexts[slot]

    def slots(self, number: int) -> Iterator[int]:
        """All slots with this number."""
        slot = self._heads[number % HEADS]
        while slot >= 0:
            if self.numbers[slot] == number:
                yield slot
            slot = self._nexts[slot]
