"""The journal on PostgreSQL: COPY in one transaction a batch, synchronous_commit on, a deadline of its own."""

import os
import secrets
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

from lianjing.core.journal.engine import BatchRefused, EngineFault, IdsTaken
from lianjing.core.journal.line_events import LineEvent, LineEventKind
from lianjing.core.journal.lines import Line, LineDay
from lianjing.core.journal.rows import Batch, FirstFrame, FrameRow, Marks, SignalRow
from lianjing.core.postgres import Connection, connect

DEADLINE_S = 5.0
"""Past it the connection is dropped and the batch sent again. Our own, because no server setting ends a commit that
waits for a lost synchronous copy (statement_timeout does not apply), and nobody tells of a network that went silent."""

PATIENCE_S = 15.0
"""Three deadlines: for a commit that hangs, for a connection that is made in vain, and for the same batch again."""

LOADING_S = 20.0
"""Deadline for what is read once, at the opening: up to a million keys."""

WRITER_LOCK = 0x6C69616E6A  # "lianj"
"""Advisory lock of the one process that numbers frames."""

INSERT_BATCH = """
    INSERT INTO journal.journal_batch AS known (id, committed_at, frame_count, signal_count, root)
    VALUES (%(id)s, %(committed_at)s, %(frame_count)s, %(signal_count)s, %(root)s)
    ON CONFLICT (id) DO UPDATE SET root = known.root RETURNING root, xmax = 0
"""
COPY_FRAMES = f"COPY journal.journal_frame ({', '.join(FrameRow._fields)}) FROM STDIN"
COPY_SIGNALS = f"COPY journal.journal_signal ({', '.join(SignalRow._fields)}) FROM STDIN"
FIRST_FRAMES = "SELECT repeat_key, id, received_at FROM journal.journal_frame WHERE id = ANY(%s)"
RECENT_KEYS = """
    SELECT repeat_key, id FROM journal.journal_frame
    WHERE received_at >= (SELECT max(received_at) FROM journal.journal_frame) - %s * interval '1 second'
        AND repeat_key IS NOT NULL AND repeat_of IS NULL
    ORDER BY id DESC LIMIT %s
"""
LINE_COLUMNS = (
    "listener, account, transport, day, first_seen_at, last_seen_at, heartbeat_count, longest_gap_s"  # as in LineDay
)
LATEST_LINES = f"""
    SELECT DISTINCT ON (listener, account, transport) {LINE_COLUMNS} FROM journal.journal_line_day
    ORDER BY listener, account, transport, day DESC
"""  # noqa: S608 our names
SAVE_LINES = f"""
    INSERT INTO journal.journal_line_day ({LINE_COLUMNS})
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::timestamptz[], %s::timestamptz[],
                         %s::integer[], %s::integer[])
    ON CONFLICT (listener, account, transport, day) DO UPDATE SET last_seen_at = excluded.last_seen_at,
        heartbeat_count = excluded.heartbeat_count, longest_gap_s = excluded.longest_gap_s
"""  # noqa: S608 our names
STANDING_LOSSES = "SELECT path_id, listener, account, transport FROM journal.journal_line_event WHERE standing"
END_LOSS = "UPDATE journal.journal_line_event SET standing = false WHERE path_id = %s AND standing"
ADD_LINE_EVENT = """
    INSERT INTO journal.journal_line_event
        (id, path_id, listener, account, transport, kind, at, last_heard_at, standing)
    SELECT coalesce(max(id), 0) + 1, %s, %s, %s, %s, %s, %s, %s, %s FROM journal.journal_line_event
    ON CONFLICT (path_id, at, kind) DO UPDATE SET standing = excluded.standing
"""
ERASE = """
    UPDATE journal.journal_frame
    SET raw = '', reading = '{}', peer = '', answer = NULL, repeat_key = NULL, reason = 'erased'
    WHERE id BETWEEN %s AND %s AND reason <> 'erased'
"""
INDEX_ACCOUNTS = """
    INSERT INTO journal.journal_account
    SELECT account, id FROM journal.journal_frame WHERE id > %s AND id <= %s AND account <> '' ORDER BY account, id
    ON CONFLICT DO NOTHING
"""
END_OWN_LEFTOVERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s AND pid <> pg_backend_pid()
"""


class PostgresEngine:
    """See `engine.Engine`. `tend` must run beside it: it is what ends a statement that is past the deadline."""

    patience_s = PATIENCE_S

    def __init__(self, url: str, *, deadline_s: float = DEADLINE_S) -> None:
        self._url = url
        self._deadline_s = deadline_s
        # Tells this process's own half-dead sessions from those of another receiver.
        self._name = f"lianjing-receive-{secrets.token_hex(4)}"
        self._connection: Connection | None = None
        self._line: socket.socket | None = None
        self._overdue_at: float | None = None

    def open(self) -> Marks:
        with self._on_time():
            connection = connect(self._url, self._name, writes=True)
            self._connection = connection
            # A handle of our own on the socket: shutting it down from another thread ends a wait without a deadline.
            self._line = socket.socket(fileno=os.dup(connection.fileno()))
            self._prepare_session(connection)
            self._lock_out_other_writers(connection)
        self.probe()
        with self._on_time():
            tables = ("journal_batch", "journal_frame", "journal_signal")
            return Marks(*(self._last_id(table) for table in tables))

    def load_lines(self) -> list[LineDay]:
        with self._on_time(LOADING_S):
            connection = self._open_connection
            rows = [LineDay(*row) for row in connection.execute(LATEST_LINES)]
            connection.commit()
            return rows

    def recent_keys(self, window_s: int, most: int) -> list[tuple[bytes, int]]:
        with self._on_time(LOADING_S):
            connection = self._open_connection
            found = connection.execute(RECENT_KEYS, (window_s, most), binary=True).fetchall()
            connection.commit()
            return [(key, frame_id) for key, frame_id in reversed(found)]

    def first_frames(self, ids: Sequence[int]) -> list[FirstFrame]:
        if not ids:
            return []
        with self._on_time():
            connection = self._open_connection
            found = connection.execute(FIRST_FRAMES, (list(ids),), binary=True)
            return [FirstFrame(*row) for row in found]

    def commit(self, batch: Batch) -> None:
        with self._on_time():
            connection = self._open_connection
            root, is_new = self._only_row(connection, INSERT_BATCH, batch.row._asdict())
            if is_new:
                self._copy(connection, COPY_FRAMES, batch.frames)
                self._copy(connection, COPY_SIGNALS, batch.signals)
                connection.execute("NOTIFY journal")
            elif root != batch.row.root:
                raise IdsTaken("another writer has used these ids")
            # Also for a batch that was there already: it was written once more, so this commit waits until every copy
            # that the deployment promises holds it. Being visible alone does not prove that.
            connection.commit()

    def abandon(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.rollback()

    def save_lines(self, rows: Sequence[LineDay]) -> None:
        columns = zip(*(_line_values(row) for row in rows), strict=True)
        with self._on_time():
            connection = self._open_connection
            connection.execute(SAVE_LINES, [list(column) for column in columns])
            connection.commit()

    def standing_losses(self) -> dict[int, Line]:
        with self._on_time(LOADING_S):
            connection = self._open_connection
            found = connection.execute(STANDING_LOSSES).fetchall()
            connection.commit()
            return {path: (listener, account, transport) for path, listener, account, transport in found}

    def save_line_events(self, events: Sequence[LineEvent]) -> None:
        with self._on_time():
            connection = self._open_connection
            with connection.pipeline(), connection.cursor() as cursor:
                for event in events:
                    cursor.execute(END_LOSS, (event.path_id,))
                    cursor.execute(ADD_LINE_EVENT, _line_event_values(event))
                cursor.execute("NOTIFY journal")
            connection.commit()

    def erase(self, first_id: int, last_id: int) -> None:
        with self._on_time():
            connection = self._open_connection
            connection.execute(ERASE, (first_id, last_id))
            connection.commit()

    def account_mark(self) -> int:
        with self._on_time():
            connection = self._open_connection
            (mark,) = self._only_row(connection, "SELECT frame_id FROM journal.journal_account_mark WHERE id = 1")
            connection.commit()
            return int(mark)

    def index_accounts(self, after: int, last: int) -> None:
        with self._on_time():
            connection = self._open_connection
            connection.execute(INDEX_ACCOUNTS, (after, last))
            connection.execute("UPDATE journal.journal_account_mark SET frame_id = %s WHERE id = 1", (last,))
            connection.commit()

    def probe(self) -> None:
        """Takes a transaction number, so that its commit is written, synced and copied like a batch's."""
        with self._on_time():
            connection = self._open_connection
            connection.execute("SELECT pg_current_xact_id()")
            connection.commit()

    def tend(self) -> None:
        overdue_at, line = self._overdue_at, self._line
        if overdue_at is not None and line is not None and time.monotonic() > overdue_at:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        connection, line = self._connection, self._line
        self._connection = self._line = None
        if line is not None:
            line.close()
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    @property
    def _open_connection(self) -> Connection:
        if self._connection is None:
            raise EngineFault("the journal is not open")
        return self._connection

    @contextmanager
    def _on_time(self, seconds: float | None = None) -> Iterator[None]:
        self._overdue_at = time.monotonic() + (self._deadline_s if seconds is None else seconds)
        try:
            yield
        except (psycopg.DataError, psycopg.IntegrityError) as wrong:
            raise BatchRefused(str(wrong)) from wrong
        except (psycopg.Error, OSError) as wrong:
            raise EngineFault(" ".join(str(wrong).split())) from wrong
        finally:
            self._overdue_at = None

    def _prepare_session(self, connection: Connection) -> None:
        # Never lower than on; remote_apply, set by the deployment, promises more and stays.
        connection.execute("""SELECT set_config('synchronous_commit', 'on', false)
                              WHERE current_setting('synchronous_commit') <> 'remote_apply'""")
        # The lookup of repeats must take its index even while the tables are new and have no statistics.
        connection.execute("SET enable_seqscan = off")
        # The server, too, must notice that we are gone: it holds our lock until then.
        if connection.info.host and not connection.info.host.startswith("/"):
            connection.execute("SET tcp_user_timeout = 5000")
            connection.execute("SET tcp_keepalives_idle = 3")
        connection.commit()

    def _lock_out_other_writers(self, connection: Connection) -> None:
        (locked,) = self._only_row(connection, "SELECT pg_try_advisory_lock(%s)", (WRITER_LOCK,))
        if not locked:
            ended = connection.execute(END_OWN_LEFTOVERS, (self._name,)).fetchall()
            raise EngineFault("ending an old session" if ended else "another receive process writes this journal")
        connection.commit()

    def _last_id(self, table: str) -> int:
        connection = self._open_connection
        (last,) = self._only_row(connection, f"SELECT coalesce(max(id), 0) FROM journal.{table}")  # noqa: S608 our names
        connection.commit()
        return int(last)

    def _only_row(self, connection: Connection, query: str, values: Any = None) -> tuple[Any, ...]:
        row = connection.execute(query, values).fetchone()
        if row is None:
            raise EngineFault(f"no answer to {query}")
        return row

    def _copy(self, connection: Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def _line_values(row: LineDay) -> tuple[Any, ...]:
    return (*row.line, row.day, row.first_seen_at, row.last_seen_at, row.heartbeat_count, row.longest_gap_s)


def _line_event_values(event: LineEvent) -> tuple[Any, ...]:
    is_loss = event.kind is LineEventKind.LOST
    return event.path_id, *event.line, str(event.kind), event.at, event.last_heard_at, is_loss
