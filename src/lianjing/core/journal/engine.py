"""What the writer needs of a database. One engine a database; each is used by one thread, but for `tend`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from lianjing.core.journal.lines import LineDay
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

    def first_frames(self, keys: Sequence[bytes], since: datetime) -> list[FirstFrame]:
        """Begins the transaction that `commit` ends: frames with these keys from `since` on that are no repeats."""

    def commit(self, batch: Batch) -> None:
        """Durable on return. Given the same batch again after a lost connection, it stores nothing twice."""

    def abandon(self) -> None:
        """Ends a begun transaction without effect."""

    def save_lines(self, rows: Sequence[LineDay]) -> None:
        """Writes the totals of these rows, over older ones."""

    def probe(self) -> None:
        """Raises when a write would not reach the disk."""

    def tend(self) -> None:
        """Upkeep, about twice a second, from another thread. Never raises EngineFault."""

    def close(self) -> None:
        """Lets go of everything; may be called at any time, and opened again."""
