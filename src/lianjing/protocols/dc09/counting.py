"""Which panels count their frames: the number of one that does not tells nothing about repeats."""

from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import NamedTuple

MOST = 100_000
"""Senders remembered, about 300 bytes each; the one that was silent longest is forgotten first."""

LONG_ENOUGH = timedelta(minutes=10)
OFTEN_ENOUGH = 8
"""So long, and over so many different contents in a row, a panel that counts never keeps one number. A crowd that
shares an account, or a panel that begins again, may for a moment; and a repeat must be judged as its first was."""


class _Last(NamedTuple):
    sequence: str
    content: Hashable
    since: datetime
    changes: int


class SequenceWatch:
    """Sees every numbered frame of a listener."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._last: dict[Hashable, _Last] = {}

    def counts(self, sender: Hashable, sequence: str, content: Hashable, now: datetime) -> bool:
        """Whether `sender` counts, now that it has sent `content` under `sequence`."""
        last = self._last.pop(sender, None)
        if last is None and len(self._last) >= self._most:
            del self._last[next(iter(self._last))]
        if last is None or last.sequence != sequence:
            last = _Last(sequence, content, now, 0)
        elif last.content != content:
            last = _Last(sequence, content, last.since, last.changes + 1)
        self._last[sender] = last
        return last.changes < OFTEN_ENOUGH or now - last.since < LONG_ENOUGH
