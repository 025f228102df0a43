"""What a receiver knows of every panel: a copy of sites_panel on disk, and what was asked for lately in memory."""

import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lianjing.core.crypto import Unopenable, open_field
from lianjing.core.directory.book import Book, Entry
from lianjing.core.directory.following import Follower
from lianjing.core.directory.sources import Source

log = logging.getLogger(__name__)

REMEMBERED = 20_000
"""Panels in memory, those asked for last: some 6 MB. Another one costs some 30 µs."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What a receiver knows of an account."""

    key: bytes | None
    plain_allowed: bool = False


class Directory(Follower):
    """A `receivers.ports.Directory`. With the database away the last copy stays."""

    def __init__(self, source: Source, data_key: bytes) -> None:
        super().__init__("directory", source)
        self._data_key = data_key
        self._take_up(Book())
        self._live = 0

    def profile(self, listener: str, account: str) -> Panel | None:
        """The panel with this account, exactly as sent but for upper and lower case; None when there is none."""
        try:
            return self._remembered(listener, account)
        except sqlite3.Error as wrong:
            # Nobody is known while the copy cannot be read; `ready` says so, and it is made anew.
            self._lost_copy(f"the copy of the panels: {wrong}")
            return None

    def __len__(self) -> int:
        return self._live

    def _begin(self) -> None:
        # A new book takes the place of the old one when it is complete.
        self._draft = Book()

    def _enter(self, entries: Sequence[Entry]) -> None:
        self._draft.enter(entries)

    def _complete(self) -> None:
        # The old book ends with the last look into it.
        self._take_up(self._draft)
        self._live = self._book.live_count()

    def _enter_changed(self, entries: Sequence[Entry]) -> bool:
        return self._book.differ(entries)

    def _end_changes(self, changed: bool) -> bool:
        if changed:
            self._live = self._book.live_count()
            # What was being looked up under the old state is remembered in the old memory, which nobody asks any more.
            self._take_up(self._book)
        return changed

    def _count(self) -> int:
        return self._book.count()

    def _take_up(self, book: Book) -> None:
        self._book = book
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._looked_up)

    def _looked_up(self, listener: str, account: str) -> Panel | None:
        found = self._book.find(listener, account.upper())
        return found and Panel(self._opened(account, found.key_sealed), found.plain_allowed)

    def _opened(self, account: str, key_sealed: str) -> bytes | None:
        if not key_sealed:
            return None
        try:
            return bytes.fromhex(open_field(self._data_key, key_sealed).decode("ascii"))
        except (Unopenable, ValueError) as wrong:
            log.error("directory: the key of account %s cannot be opened: %s", account, wrong)
            return None
