"""What the writer needs of a database. One engine a database; each is used by one thread, but for `tend`."""

from collections.abc import Sequence
from typing import Protocol

from lianjing.core.journal.line_events import LineEvent
from lianjing.core.journal.lines import Line, LineDay
from lianjing.core.journal.rows import Batch, FirstFrame, Marks


class EngineFault(Exception):
    """The database cannot be used now; the text says why. The writer closes, waits and opens again."""


class IdsTaken(EngineFault):
    """Someone else has stored rows under these ids: this batch is not stored, and needs new ones."""


class BatchRefused(Exception):
    """The database is well and will not take these rows, now or later."""


class Engine(Protocol):
    """All methods raise EngineFault; `commit` also BatchRefused."""

    @property
    def patience_s(self) -> float:
        """For how long a commit is sent again, unchanged, after the connection was lost. 0: a fault is final."""

    def open(self) -> Marks:
        """Connects; makes sure that no other writer is at work and that a write reaches the disk. The last ids used."""

    def load_lines(self) -> list[LineDay]:
        """The latest row of every line."""

    def recent_keys(self, window_s: int, most: int) -> list[tuple[bytes, int]]:
        """Repeat key and id of the last `most` frames that are no repeats and not older than `window_s` seconds before
        the last frame of all, oldest first."""

    def first_frames(self, ids: Sequence[int]) -> list[FirstFrame]:
        """Begins the transaction that `commit` ends: what these frames are, as far as they are there."""

    def commit(self, batch: Batch) -> None:
        """Durable on return. Given the same batch again after a lost connection, it stores nothing twice."""

    def abandon(self) -> None:
        """Ends a begun transaction without effect."""

    def save_lines(self, rows: Sequence[LineDay]) -> None:
        """Writes the totals of these rows, over older ones."""

    def standing_losses(self) -> dict[int, Line]:
        """Paths that are lost, by what was saved."""

    def save_line_events(self, events: Sequence[LineEvent]) -> None:
        """Adds them in this order; one that is there already stays as it is."""

    def erase(self, first_id: int, last_id: int) -> None:
        """Takes the content of these frames away: raw bytes, reading, answer, peer. May be repeated."""

    def account_mark(self) -> int:
        """Up to which frame `index_accounts` has come."""

    def index_accounts(self, after: int, last: int) -> None:
        """Enters the frames behind `after`, up to `last`, into journal_account. May be repeated."""

    def probe(self) -> None:
        """Raises when a write would not reach the disk."""

    def tend(self) -> None:
        """Upkeep, about twice a second, from another thread. Never raises EngineFault."""

    def close(self) -> None:
        """Lets go of everything; may be called at any time, and opened again."""
