"""Which frames of the last minutes a new one may repeat (DC-09: a retransmission keeps its sequence number).

Only a memory of where to look: the journal itself then says whether it is the same frame, and how long ago it came. So
it needs no more than a few bytes of a key, and survives a restart by being read again. An index in the database did
the same and cost more than the rest of a commit, because keys are random and fall on another page each.
"""

import time
from collections.abc import Callable, Iterable, Sequence

LONGEST_WINDOW_S = 180
"""No frame is a repeat of an older one (`Frame.repeat_window`)."""

MOST = 1_000_000
"""Keys of one generation: about 100 MB, reached at 5,500 frames a second. Past it the window gets shorter."""

_BYTES = 8


class RecentKeys:
    """Keys and frame ids of at least the last LONGEST_WINDOW_S, in two generations: an old one is dropped whole."""

    def __init__(self, *, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._young: dict[int, int] = {}
        self._old: dict[int, int] = {}
        self._young_since = clock()

    def load(self, keys: Iterable[tuple[bytes, int]]) -> None:
        """Begins anew with (repeat key, frame id) of what the journal holds, oldest first."""
        self._young, self._old, self._young_since = {}, {}, self._clock()
        for key, frame_id in keys:
            self.remember(key, frame_id)

    def remember(self, key: bytes, frame_id: int) -> None:
        """A frame that is no repeat itself. The latest of equal keys counts."""
        if len(self._young) >= self._most or self._clock() - self._young_since > LONGEST_WINDOW_S:
            self._old, self._young, self._young_since = self._young, {}, self._clock()
        self._young[_short(key)] = frame_id

    def candidates(self, keys: Sequence[bytes]) -> list[int]:
        """Ids of the frames that these may repeat."""
        young, old = self._young, self._old
        found = (young.get(short) or old.get(short) for short in map(_short, keys))
        return [frame_id for frame_id in found if frame_id is not None]

    def __len__(self) -> int:
        return len(self._young) + len(self._old)


def _short(key: bytes) -> int:
    return int.from_bytes(key[:_BYTES], "big")
