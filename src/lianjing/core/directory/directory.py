"""What a receiver knows of every panel: a copy of sites_panel on disk, and what was asked for lately in memory."""

import logging
import sqlite3
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Event, Thread

from lianjing.core.crypto import Unopenable, open_field
from lianjing.core.directory.book import Book
from lianjing.core.directory.sources import Source, SourceFault

log = logging.getLogger(__name__)

REFRESH_S = 1.0
REST = 4
"""After a long look, as after an import, it rests so many times as long."""
OVERLAP = timedelta(seconds=60)
"""An edit is dated when it is made and seen when it is committed, so each look goes back this far..."""
OVERLAP_S = OVERLAP.total_seconds()
"""...for so long after the last edit: what was committed later than that was made later, too."""
COUNT_S = 60.0
"""How often rows are counted, for what no date tells."""
WHOLE_S = 3600.0
"""How often everything is read again, whatever the dates and the count say."""
BREATH_S = 0.01
"""A pause between two portions of a whole reading, so that frames hardly notice it."""
STALE_S = 10.0
REMEMBERED = 20_000
"""Panels in memory, those asked for last: some 6 MB. Another one costs some 30 µs."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What a receiver knows of an account."""

    key: bytes | None
    plain_allowed: bool = False


class Directory:
    """A `receivers.ports.Directory`. With the database away the last copy stays."""

    def __init__(self, source: Source, data_key: bytes) -> None:
        self._source, self._data_key = source, data_key
        self._take_up(Book())
        self._latest: datetime | None = None
        self._live = 0
        self._rest_s = 0.0
        self._fault: str | None = "the panels have not been read yet"
        self._broken = False
        now = time.monotonic()
        self._read_at = self._whole_at = self._counted_at = self._edited_at = now
        self._first, self._stopping = Event(), Event()
        self._thread = Thread(target=self._run, name="directory", daemon=True)

    def start(self) -> None:
        """Begins to read; see `wait_first`."""
        self._thread.start()

    def wait_first(self, timeout_s: float) -> bool:
        """Waits for the first copy; whether there is one."""
        return self._first.wait(timeout_s)

    def stop(self) -> None:
        """Ends the reading; the last copy stays."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._source.close()

    def profile(self, listener: str, account: str) -> Panel | None:
        """The panel with this account, exactly as sent but for upper and lower case; None when there is none."""
        try:
            return self._remembered(listener, account)
        except sqlite3.Error as wrong:
            # Nobody is known while the copy cannot be read; `ready` says so, and it is made anew.
            self._broken = True
            self._note(f"the copy of the panels: {wrong}")
            return None

    @property
    def ready(self) -> bool:
        """Whether there is a copy."""
        return self._first.is_set() and not self._broken

    @property
    def fault(self) -> str | None:
        """Why the copy may be out of date, in words for people; None while it is fresh."""
        age = time.monotonic() - self._read_at
        if self._fault is None and age > STALE_S + self._rest_s and self._thread.is_alive():
            return f"the panels were last read {age:.0f} s ago"
        return self._fault

    def __len__(self) -> int:
        return self._live

    def refresh(self) -> None:
        """One look at the database. Raises SourceFault."""
        now = time.monotonic()
        if self._latest is None or self._broken or now - self._whole_at > WHOLE_S:
            self._read_whole()
        else:
            self._read_changes(now)
            self._rest_s = REST * (time.monotonic() - now)
            if now - self._counted_at > COUNT_S:
                self._counted_at = now
                if self._source.count() != self._book.count():
                    self._read_whole()
        self._read_at, self._fault = time.monotonic(), None
        self._first.set()

    def _read_whole(self) -> None:
        """Into a new book, that takes the place of the old one when it is complete."""
        book, latest = Book(), None
        for portion in self._source.read(None):
            book.enter(portion.entries)
            latest = max(portion.latest, latest) if latest else portion.latest
            if self._first.is_set():
                self._stopping.wait(BREATH_S)
        # The old book ends with the last look into it.
        self._take_up(book)
        self._latest, self._broken = latest, False
        self._live = book.live_count()
        self._whole_at = self._counted_at = self._edited_at = time.monotonic()

    def _read_changes(self, now: float) -> None:
        assert self._latest is not None  # noqa: S101 for the type checker
        look_back = OVERLAP if now - self._edited_at <= OVERLAP_S else timedelta(0)
        changed = False
        for portion in self._source.read(self._latest - look_back):
            changed = self._book.differ(portion.entries) or changed
            self._latest = max(self._latest, portion.latest)
        if changed:
            self._edited_at = now
            self._live = self._book.live_count()
            # What was being looked up under the old state is remembered in the old memory, which nobody asks any more.
            self._take_up(self._book)

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

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.refresh()
            except SourceFault as fault:
                self._note(str(fault))
            except Exception as wrong:
                # The thread must outlive a row that nobody foresaw; the last copy serves on.
                log.exception("directory: unexpected")
                self._note(f"unexpected: {wrong!r}")
            self._stopping.wait(REFRESH_S if self._fault else max(REFRESH_S, self._rest_s))

    def _note(self, fault: str) -> None:
        if self._fault != fault:
            log.error("directory: %s", fault)
        self._fault = fault
