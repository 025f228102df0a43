"""Which frames of the last minutes a new one may repeat (DC-09: a retransmission keeps its sequence number).

Only a memory of where to look: the journal itself then says whether it is the same frame, and how long ago it came. So
it needs no more than a few bytes of a key, and survives a restart by being read again. An index in the database did
the same and cost more than the rest of a commit, because keys are random and fall on another page each.
"""

import time
from collections.abc import Callable, Iterable

LONGEST_WINDOW_S = 180
"""No frame is a repeat of an older one (`Frame.repeat_window`)."""

MOST = 1_000_000
"""Keys of one generation: about 100 MB, reached at 5,500 frames a second. Past it the window gets shorter."""

_BYTES = 8


class RecentKeys:
    """Keys and frame ids of at least the last LONGEST_WINDOW_S, in two generations: an old one is dropped whole."""

    def __init__(self, *, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._young: dict[bytes, int] = {}
        self._old: dict[bytes, int] = {}
        self._young_since = clock()

    def load(self, keys: Iterable[tuple[bytes, int]]) -> None:
        """Begins anew with (repeat key, frame id) of what the journal holds, oldest first."""
        self._young, self._old, self._young_since = {}, {}, self._clock()
        self.remember(keys)

    def remember(self, keys: Iterable[tuple[bytes, int]]) -> None:
        """Keys and ids of frames that are no repeats themselves. The latest of equal keys counts."""
        if self._clock() - self._young_since > LONGEST_WINDOW_S:
            self._begin_generation()
        for key, frame_id in keys:
            if len(self._young) >= self._most:
                self._begin_generation()
            self._young[key[:_BYTES]] = frame_id

    def candidates(self, keys: Iterable[bytes]) -> list[int]:
        """Ids of the frames that these may repeat."""
        young, old = self._young, self._old
        shorts = [key[:_BYTES] for key in keys]
        found = [young.get(short) or old.get(short) for short in shorts]
        return [frame_id for frame_id in found if frame_id is not None]

    def _begin_generation(self) -> None:
        self._old, self._young, self._young_since = self._young, {}, self._clock()

    def __len__(self) -> int:
        return len(self._young) + len(self._old)
