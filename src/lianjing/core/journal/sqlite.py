"""The journal on SQLite: a file of its own, WAL, synchronous=FULL, one writer."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import IO, Any

from lianjing.core.journal.engine import BatchRefused, EngineFault
from lianjing.core.journal.line_events import LineEvent, LineEventKind
from lianjing.core.journal.lines import Line, LineDay
from lianjing.core.journal.rows import Batch, BatchRow, FirstFrame, FrameRow, Marks, SignalRow
from lianjing.core.seals.canonical import instant

BUSY_S = 5.0
"""Nobody else writes this file; a backup or a careless shell may hold it for a moment."""

BIG_WAL_PAGES = 16_000
"""64 MB. Past this size the log is made to start over."""
PAGES_A_HELD_MS, LONGEST_HOLD_MS = 4_000, 200
"""For each 16 MB of the log commits may be held up for another millisecond while that waits for readers."""

IDS_A_QUERY = 500


ROWS_A_STATEMENT = (64, 16, 4, 1)
"""Each statement lets other threads run and must then wait for its turn, so many rows go into one. Few sizes, so that
SQLite's prepared statements are used again; 64 rows of 22 columns stay far below its 32,766 variables."""

RECENT_KEYS = """
    SELECT repeat_key, id FROM journal_frame
    WHERE received_at >= ? AND repeat_key IS NOT NULL AND repeat_of IS NULL ORDER BY id DESC LIMIT ?
"""
LINE_COLUMNS = (
    "listener, account, transport, day, first_seen_at, last_seen_at, heartbeat_count, longest_gap_s"  # as in LineDay
)
LATEST_LINES = f"""
    SELECT {LINE_COLUMNS} FROM journal_line_day AS it
    WHERE day = (SELECT max(day) FROM journal_line_day AS other WHERE other.listener = it.listener
                 AND other.account = it.account AND other.transport = it.transport)
"""  # noqa: S608 our names
SAVE_LINE = f"""
    INSERT INTO journal_line_day ({LINE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (listener, account, transport, day) DO UPDATE SET last_seen_at = excluded.last_seen_at,
        heartbeat_count = excluded.heartbeat_count, longest_gap_s = excluded.longest_gap_s
"""  # noqa: S608 our names


STANDING_LOSSES = "SELECT path_id, listener, account, transport FROM journal_line_event WHERE standing"
END_LOSS = "UPDATE journal_line_event SET standing = false WHERE path_id = ? AND standing"
ADD_LINE_EVENT = """
    INSERT INTO journal_line_event
        (id, path_id, listener, account, transport, kind, at, last_heard_at, standing)
    SELECT coalesce(max(id), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ? FROM journal_line_event WHERE true
    ON CONFLICT (path_id, at, kind) DO UPDATE SET standing = excluded.standing
"""


ERASE = """
    UPDATE journal_frame
    SET raw = x'', reading = '{}', peer = '', answer = NULL, repeat_key = NULL, reason = 'erased'
    WHERE id BETWEEN ? AND ? AND reason <> 'erased'
"""


INDEX_ACCOUNTS = """
    INSERT OR IGNORE INTO journal_account
    SELECT account, id FROM journal_frame WHERE id > ? AND id <= ? AND account <> '' ORDER BY account, id
"""


class SqliteEngine:
    """See `engine.Engine`. A fault is final at once: what a local file refuses, it refuses the next moment too."""

    patience_s = 0.0

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._writer_lock: IO[bytes] | None = None
        self._files: tuple[os.stat_result, os.stat_result] | None = None

    def open(self) -> Marks:
        with _faults():
            self._lock_out_other_writers()
            # mode=rw: a journal that is gone is a fault; an empty new one would hide the loss.
            connection = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_S, isolation_level=None
            )
            self._connection = connection
            # FULL syncs the log at every commit (NORMAL does not in WAL mode); checkpoints happen in `tend`.
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            self._files = None
        self.probe()
        with _faults():
            return Marks(*(self._last_id(name) for name in ("journal_batch", "journal_frame", "journal_signal")))

    def load_lines(self) -> list[LineDay]:
        with _faults():
            return [_line(row) for row in self._open_connection.execute(LATEST_LINES)]

    def recent_keys(self, window_s: int, most: int) -> list[tuple[bytes, int]]:
        with _faults():
            (last,) = self._open_connection.execute("SELECT max(received_at) FROM journal_frame").fetchone()
            since = _text(_instant(last) - timedelta(seconds=window_s)) if last else ""
            return self._open_connection.execute(RECENT_KEYS, (since, most)).fetchall()[::-1]

    def first_frames(self, ids: Sequence[int]) -> list[FirstFrame]:
        with _faults():
            self._open_connection.execute("BEGIN IMMEDIATE")
            return [first for i in range(0, len(ids), IDS_A_QUERY) for first in self._firsts(ids[i:][:IDS_A_QUERY])]

    def commit(self, batch: Batch) -> None:
        connection = self._open_connection
        try:
            _BATCHES.insert(connection, [batch.row])
            _FRAMES.insert(connection, batch.frames)
            _SIGNALS.insert(connection, batch.signals)
        except (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.InterfaceError, OverflowError) as wrong:
            raise BatchRefused(str(wrong)) from wrong
        except (sqlite3.Error, OSError) as wrong:
            raise EngineFault(str(wrong)) from wrong
        with _faults():
            connection.execute("COMMIT")
        self._check_files()

    def abandon(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")

    def save_lines(self, rows: Sequence[LineDay]) -> None:
        with _faults():
            self._open_connection.execute("BEGIN IMMEDIATE")
            self._open_connection.executemany(SAVE_LINE, [_line_values(row) for row in rows])
            self._open_connection.execute("COMMIT")
        self._check_files()

    def standing_losses(self) -> dict[int, Line]:
        with _faults():
            return {
                path: (listener, account, transport)
                for path, listener, account, transport in self._open_connection.execute(STANDING_LOSSES)
            }

    def save_line_events(self, events: Sequence[LineEvent]) -> None:
        with _faults():
            connection = self._open_connection
            connection.execute("BEGIN IMMEDIATE")
            for event in events:
                connection.execute(END_LOSS, (event.path_id,))
                connection.execute(ADD_LINE_EVENT, _line_event_values(event))
            connection.execute("COMMIT")
        self._check_files()

    def erase(self, first_id: int, last_id: int) -> None:
        with _faults():
            self._open_connection.execute("BEGIN IMMEDIATE")
            self._open_connection.execute(ERASE, (first_id, last_id))
            self._open_connection.execute("COMMIT")
        self._check_files()

    def account_mark(self) -> int:
        with _faults():
            return int(
                self._open_connection.execute("SELECT frame_id FROM journal_account_mark WHERE id = 1").fetchone()[0]
            )

    def index_accounts(self, after: int, last: int) -> None:
        with _faults():
            self._open_connection.execute("BEGIN IMMEDIATE")
            self._open_connection.execute(INDEX_ACCOUNTS, (after, last))
            self._open_connection.execute("UPDATE journal_account_mark SET frame_id = ? WHERE id = 1", (last,))
            self._open_connection.execute("COMMIT")
        self._check_files()

    def probe(self) -> None:
        """Writes one page to the log: reading alone does not show that a disk is full or read-only."""
        with _faults():
            connection = self._open_connection
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(f"PRAGMA user_version = {int(version)}")
            connection.execute("COMMIT")
        self._check_files()

    def tend(self) -> None:
        """Checkpoints on a connection of its own, so that no commit waits for it. To start the log over it holds every
        commit up while it waits for readers, and there is nearly always one: so it waits a moment, longer the longer
        the log has become."""
        with (
            suppress(sqlite3.Error),
            closing(
                sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None)
            ) as connection,
        ):
            _, pages, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if pages > BIG_WAL_PAGES:
                connection.execute(f"PRAGMA busy_timeout = {min(LONGEST_HOLD_MS, pages // PAGES_A_HELD_MS)}")
                connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()

    def close(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
        if self._writer_lock is not None:
            self._writer_lock.close()
            self._writer_lock = None

    @property
    def _open_connection(self) -> sqlite3.Connection:
        if self._connection is None:
            raise EngineFault("the journal is not open")
        return self._connection

    def _lock_out_other_writers(self) -> None:
        # A file beside the journal: closing any handle of the journal itself would drop the locks SQLite holds on it.
        lock = self._path.with_name(f"{self._path.name}.writer").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as wrong:
            lock.close()
            raise EngineFault("another receive process writes this journal") from wrong
        self._writer_lock = lock

    def _last_id(self, table: str) -> int:
        return int(self._open_connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])  # noqa: S608

    def _firsts(self, ids: Sequence[int]) -> Iterator[FirstFrame]:
        query = f"SELECT repeat_key, id, received_at FROM journal_frame WHERE id IN ({','.join('?' * len(ids))})"  # noqa: S608
        found = self._open_connection.execute(query, ids)
        return (FirstFrame(key, frame_id, _instant(at)) for key, frame_id, at in found)

    def _check_files(self) -> None:
        """A file that was removed or replaced still takes commits, into nothing. So look after each one."""
        try:
            now = (self._path.stat(), self._path.with_name(f"{self._path.name}-wal").stat())
        except OSError as wrong:
            raise EngineFault(f"the journal's file is gone: {wrong}") from wrong
        if self._files is None:
            self._files = now
        if not all(os.path.samestat(*pair) for pair in zip(self._files, now, strict=True)):
            raise EngineFault("the journal's file was replaced")


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as wrong:
        raise EngineFault(str(wrong)) from wrong


class _Table:
    """Puts rows into one table, many with each statement."""

    def __init__(self, name: str, columns: tuple[str, ...]) -> None:
        self._width = len(columns)
        self._instants = [place for place, column in enumerate(columns) if column.endswith("_at")]
        row = f"({', '.join('?' * len(columns))})"
        self._statements = {
            count: f"INSERT INTO {name} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"  # noqa: S608 our names
            for count in ROWS_A_STATEMENT
        }

    def insert(self, connection: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """`rows` in the order of the columns."""
        start = 0
        for count, statement in self._statements.items():
            while len(rows) - start >= count:
                connection.execute(statement, self._flat(rows[start : start + count]))
                start += count

    def _flat(self, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        flat = list(chain.from_iterable(rows))
        for place in self._instants:
            flat[place :: self._width] = [at and _text(at) for at in flat[place :: self._width]]
        return flat


_BATCHES = _Table("journal_batch", BatchRow._fields)
_FRAMES = _Table("journal_frame", FrameRow._fields)
_SIGNALS = _Table("journal_signal", SignalRow._fields)


_WITHOUT_ZONE = len("2026-11-25 20:15:00.123456")


def _text(at: datetime) -> str:
    """As Django writes an instant: UTC without a zone. Always with microseconds, so that text order is time order."""
    return instant(at)[:_WITHOUT_ZONE].replace("T", " ")


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _line(row: Sequence[Any]) -> LineDay:
    listener, account, transport, day, first, last, count, gap = row
    return LineDay(
        listener, account, transport, date.fromisoformat(day), _instant(first), _instant(last), int(count), int(gap)
    )


def _line_values(row: LineDay) -> tuple[Any, ...]:
    times = _text(row.first_seen_at), _text(row.last_seen_at)
    return (*row.line, row.day.isoformat(), *times, row.heartbeat_count, row.longest_gap_s)


def _line_event_values(event: LineEvent) -> tuple[Any, ...]:
    last_heard = event.last_heard_at and _text(event.last_heard_at)
    return event.path_id, *event.line, event.kind, _text(event.at), last_heard, event.kind is LineEventKind.LOST
