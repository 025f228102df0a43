"""What becomes of supervised lines (线路事件), as the journal keeps it."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from lianjing.core.journal.lines import Line


class LineEventKind(StrEnum):
    """What happened to a path."""

    LOST = "lost"
    HEARD = "heard"
    """A lost one was heard again."""
    UNWATCHED = "unwatched"
    """A lost one is no longer supervised: nobody will hear of it again."""


class LineEvent(NamedTuple):
    """A row of journal_line_event. `last_heard_at`: the last message before the silence, as far as it is known."""

    path_id: int
    line: Line
    kind: LineEventKind
    at: datetime
    last_heard_at: datetime | None = None


class LineEvents:
    """What waits to be saved, in its order. Noted by one thread and taken by another."""

    def __init__(self) -> None:
        self._unsaved: deque[LineEvent] = deque()
        self.standing: dict[int, Line] | None = None
        """Losses that stood when the journal was opened first; None before that."""

    def note(self, events: Iterable[LineEvent]) -> None:
        self._unsaved.extend(events)

    def take(self, most: int) -> list[LineEvent]:
        return [self._unsaved.popleft() for _ in range(min(most, len(self._unsaved)))]

    def put_back(self, events: list[LineEvent]) -> None:
        """They could not be saved: they are first again."""
        self._unsaved.extendleft(reversed(events))

    def __len__(self) -> int:
        return len(self._unsaved)
