"""A snapshot of all panels in memory, refreshed every second."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

from lianjing.core.crypto import Unopenable, open_field
from lianjing.core.directory.sources import PanelRow, Source, SourceFault

log = logging.getLogger(__name__)

REFRESH_S = 1.0
OVERLAP = timedelta(seconds=60)
"""An edit is dated when it is made and seen when it is committed, so each look goes back this far."""
WHOLE_S = 60.0
"""How often everything is read again, for what no date tells."""
STALE_S = 10.0


@dataclass(frozen=True, slots=True)
class Panel:
    """What a receiver knows of an account."""

    key: bytes | None
    plain_allowed: bool = False


class Directory:
    """A `receivers.ports.Directory`. Lookups come from memory; with the database away the last snapshot stays."""

    def __init__(self, source: Source, data_key: bytes) -> None:
        self._source, self._data_key = source, data_key
        self._panels: dict[tuple[str, str], Panel] = {}
        self._rows: dict[int, PanelRow] = {}
        self._keys: dict[str, bytes | None] = {}
        self._latest: datetime | None = None
        self._row_count = 0
        self._fault: str | None = "the panels have not been read yet"
        self._read_at = self._whole_at = time.monotonic()
        self._first, self._stopping = Event(), Event()
        self._thread = Thread(target=self._run, name="directory", daemon=True)

    def start(self) -> None:
        """Begins to read; see `wait_first`."""
        self._thread.start()

    def wait_first(self, timeout_s: float) -> bool:
        """Waits for the first snapshot; whether there is one."""
        return self._first.wait(timeout_s)

    def stop(self) -> None:
        """Ends the reading; the last snapshot stays."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._source.close()

    def profile(self, listener: str, account: str) -> Panel | None:
        """The panel with this account, exactly as sent but for upper and lower case; None when there is none."""
        return self._panels.get((listener, account.upper()))

    @property
    def ready(self) -> bool:
        """Whether there is a snapshot."""
        return self._first.is_set()

    @property
    def fault(self) -> str | None:
        """Why the snapshot may be out of date, in words for people; None while it is fresh."""
        age = time.monotonic() - self._read_at
        if self._fault is None and age > STALE_S and self._thread.is_alive():
            return f"the panels were last read {age:.0f} s ago"
        return self._fault

    def __len__(self) -> int:
        return len(self._panels)

    def refresh(self) -> None:
        """One look at the database. Raises SourceFault."""
        whole = self._latest is None or time.monotonic() - self._whole_at > WHOLE_S
        rows = self._source.read(None if whole or self._latest is None else self._latest - OVERLAP)
        self._take(rows, whole=whole)
        count = self._source.count()
        if not whole and count != self._row_count:
            self._take(self._source.read(None), whole=True)
        self._row_count = count
        self._read_at, self._fault = time.monotonic(), None
        self._first.set()

    def _take(self, rows: list[PanelRow], *, whole: bool) -> None:
        if whole:
            self._whole_at = time.monotonic()
        known = {} if whole else dict(self._rows)
        known |= {row.id: row for row in rows}
        if known == self._rows:
            return
        live = [row for row in known.values() if not row.removed]
        # Opening a key costs far more than the rest: what is known stays, what no row has any more goes.
        keys = {row.key_sealed: self._keys.get(row.key_sealed) or self._opened(row) for row in live}
        self._panels = {
            (row.listener, row.account.upper()): Panel(keys[row.key_sealed], row.plain_allowed) for row in live
        }
        self._rows, self._keys = known, keys
        self._latest = max((row.changed_at for row in known.values()), default=None)

    def _opened(self, row: PanelRow) -> bytes | None:
        if not row.key_sealed:
            return None
        try:
            return bytes.fromhex(open_field(self._data_key, row.key_sealed).decode("ascii"))
        except (Unopenable, ValueError) as wrong:
            log.error("directory: the key of account %s cannot be opened: %s", row.account, wrong)
            return None

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.refresh()
            except SourceFault as fault:
                self._note(str(fault))
            except Exception as wrong:
                # The thread must outlive a row that nobody foresaw; the last snapshot serves on.
                log.exception("directory: unexpected")
                self._note(f"unexpected: {wrong!r}")
            self._stopping.wait(REFRESH_S)

    def _note(self, fault: str) -> None:
        if self._fault != fault:
            log.error("directory: %s", fault)
        self._fault = fault
