"""Follows a table of the main database: what it gives is read whole once, and every second what was changed since."""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

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


class Follower(ABC):
    """Whoever follows says what to do with what was read, in the abstract methods; they are called in the reading
    thread. With the database away the last copy stays."""

    def __init__(self, name: str, source: Source) -> None:
        self._name, self._source = name, source
        self._latest: datetime | None = None
        self._rest_s = 0.0
        self._fault: str | None = f"{self._name}: not read yet"
        self._broken = False
        now = time.monotonic()
        self._read_at = self._whole_at = self._counted_at = self._edited_at = now
        self._first, self._stopping = Event(), Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

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

    @property
    def ready(self) -> bool:
        """Whether there is a copy."""
        return self._first.is_set() and not self._broken

    @property
    def fault(self) -> str | None:
        """Why the copy may be out of date, in words for people; None while it is fresh."""
        age = time.monotonic() - self._read_at
        if self._fault is None and age > STALE_S + self._rest_s and self._thread.is_alive():
            return f"{self._name}: last read {age:.0f} s ago"
        return self._fault

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
                if self._source.count() != self._count():
                    self._read_whole()
        self._read_at, self._fault = time.monotonic(), None
        self._first.set()

    @abstractmethod
    def _begin(self) -> None:
        """Everything will be read now."""

    @abstractmethod
    def _enter(self, entries: Sequence[Any]) -> None:
        """Some of everything."""

    @abstractmethod
    def _complete(self) -> None:
        """That was everything."""

    @abstractmethod
    def _enter_changed(self, entries: Sequence[Any]) -> bool:
        """Rows that may have changed; whether one has."""

    @abstractmethod
    def _end_changes(self, changed: bool) -> bool:
        """All that may have changed was entered, and something had or had not; whether something has."""

    @abstractmethod
    def _count(self) -> int:
        """How many rows the copy has."""

    def _lost_copy(self, why: str) -> None:
        """The copy cannot be read: it is made anew with the next look."""
        self._broken = True
        self._note(why)

    def _read_whole(self) -> None:
        self._begin()
        latest = None
        for portion in self._source.read(None):
            self._enter(portion.entries)
            latest = max(portion.latest, latest) if latest else portion.latest
            if self._first.is_set():
                self._breathe()
        self._complete()
        self._latest, self._broken = latest, False
        self._whole_at = self._counted_at = self._edited_at = time.monotonic()

    def _read_changes(self, now: float) -> None:
        assert self._latest is not None  # noqa: S101 for the type checker
        look_back = OVERLAP if now - self._edited_at <= OVERLAP_S else timedelta(0)
        changed, latest = False, self._latest
        for portion in self._source.read(self._latest - look_back):
            changed = self._enter_changed(portion.entries) or changed
            latest = max(latest, portion.latest)
        if self._end_changes(changed):
            self._edited_at = now
        self._latest = latest

    def _breathe(self) -> None:
        self._stopping.wait(BREATH_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.refresh()
            except SourceFault as fault:
                self._note(str(fault))
            except Exception as wrong:
                # The thread must outlive a row that nobody foresaw; the last copy serves on.
                log.exception("%s: unexpected", self._name)
                self._note(f"unexpected: {wrong!r}")
            self._stopping.wait(REFRESH_S if self._fault else max(REFRESH_S, self._rest_s))

    def _note(self, fault: str) -> None:
        if self._fault != fault:
            log.error("%s: %s", self._name, fault)
        self._fault = fault
