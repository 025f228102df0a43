"""What the listeners need from the rest of the house; `project` plugs in the real ones."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from lianjing.terms.frames import Frame, FrameEntry

__all__ = ["Directory", "Frame", "FrameEntry", "Journal", "Profile", "Reader", "Settled"]

Settled = Callable[[str | None], object]
"""Told once how it ended: None, the frame is durable; or why that is not known, so that nobody may answer it."""


class Journal(Protocol):
    """Keeps frames. Called from the event loop only."""

    @property
    def healthy(self) -> bool:
        """False while nothing can be made durable."""

    def take(self, entry: FrameEntry, settled: Settled) -> None:
        """Begins to store. Calls `settled` in the event loop, be it at once: a callback, since a future for every frame
        costs as much as reading it."""


class Profile(Protocol):
    """What is known of one account of one listener."""

    @property
    def key(self) -> bytes | None:
        """The AES key (16, 24 or 32 bytes), or None for a panel that sends in clear."""

    @property
    def plain_allowed(self) -> bool:
        """Whether a panel with a key may send in clear too."""


class Directory(Protocol):
    """Keys of accounts, from memory: a lookup may neither wait nor fail."""

    @property
    def ready(self) -> bool:
        """Whether the accounts have been read at all: before that an unknown one may well be known."""

    def profile(self, listener: str, account: str) -> Profile | None:
        """None for an account that no site has."""


class Reader(Protocol):
    """One end of one conversation, without I/O: `protocols.dc09.Connection` is one. Takes any bytes without raising."""

    @property
    def has_begun(self) -> bool:
        """Whether the beginning of a frame has come, and not its end."""

    def receive_data(self, data: bytes, now: datetime) -> Sequence[Frame]:
        """The frames that `data` completes. `now` is aware UTC."""

    def close(self, now: datetime) -> Sequence[Frame]:
        """No more bytes will come: what is left over, as frames."""
