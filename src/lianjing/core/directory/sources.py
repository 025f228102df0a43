"""Where the directory reads panels: table sites_panel, on either database. Read only."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psycopg

from lianjing.core.directory.book import Entry
from lianjing.core.postgres import Connection, connect, given_up_after, is_postgres

SQLITE_PREFIX = "sqlite:///"
COLUMNS = "id, listener, account, key_sealed, plain_allowed, removed_at IS NOT NULL, changed_at"
COUNT = "SELECT count(*) FROM sites_panel"
PORTION = 2000
"""Rows taken at once: so long, some milliseconds, other threads wait."""
SILENCE_S = 10.0
"""How long an answer may take before the server passes for silent."""


class SourceFault(Exception):
    """The panels cannot be read now; the text says why."""


class Portion(NamedTuple):
    """Some rows of sites_panel, as far as a receiver needs them, and when the latest of them was changed."""

    entries: list[Entry]
    latest: datetime


class Source(Protocol):
    """Its methods raise SourceFault, `read` also while it is being iterated."""

    def read(self, since: datetime | None) -> Iterator[Portion]:
        """Rows changed at or after `since`, portion by portion; all rows for None."""

    def count(self) -> int:
        """How many rows there are: shows that one was deleted, which no `changed_at` tells."""

    def close(self) -> None: ...


def source_of(database_url: str) -> Source:
    """The panels behind a LIANJING_DATABASE_URL."""
    if is_postgres(database_url):
        return PostgresSource(database_url)
    return SqliteSource(Path(database_url.removeprefix(SQLITE_PREFIX)))


class SqliteSource:
    """Opens the file for each look: that costs 0.2 ms, and a restored file is read at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, since: datetime | None) -> Iterator[Portion]:
        query = f"SELECT {COLUMNS} FROM sites_panel WHERE changed_at >= ?"  # noqa: S608 our names
        earliest = since.astimezone(UTC).replace(tzinfo=None).isoformat(" ") if since else ""
        with self._open() as connection:
            cursor = connection.execute(query, (earliest,))
            while rows := cursor.fetchmany(PORTION):
                yield Portion([_entry(row) for row in rows], _instant(max(row[-1] for row in rows)))

    def count(self) -> int:
        with self._open() as connection:
            return int(connection.execute(COUNT).fetchone()[0])

    def close(self) -> None:
        pass

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True, timeout=2.0)) as opened:
                yield opened
        except (sqlite3.Error, OSError) as wrong:
            raise SourceFault(str(wrong)) from wrong


class PostgresSource:
    """Holds one connection, and makes a new one after a fault."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None

    def read(self, since: datetime | None) -> Iterator[Portion]:
        earliest = since or datetime(1, 1, 2, tzinfo=UTC)
        query = f"SELECT {COLUMNS} FROM sites_panel WHERE changed_at >= %s"  # noqa: S608 our names
        # The server keeps the rows: a million of them at once would be half a gigabyte here.
        with (
            self._open() as connection,
            given_up_after(connection, SILENCE_S) as heard,
            connection.transaction(),
            connection.cursor(name="panels") as cursor,
        ):
            cursor.execute(query, (earliest,))
            while rows := cursor.fetchmany(PORTION):
                heard()
                yield Portion([_entry(row) for row in rows], max(row[-1] for row in rows))

    def count(self) -> int:
        with self._open() as connection, given_up_after(connection, SILENCE_S):
            return sum(int(row[0]) for row in connection.execute(COUNT))

    def close(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        try:
            if self._connection is None:
                self._connection = connect(self._url, "lianjing-directory", writes=False)
                self._connection.autocommit = True
                self._connection.execute("SET statement_timeout = '3s'")
            yield self._connection
        except (psycopg.Error, OSError) as wrong:
            self.close()
            raise SourceFault(" ".join(str(wrong).split())) from wrong


def _entry(row: Sequence[Any]) -> Entry:
    row_id, listener, account, key_sealed, plain_allowed, removed, _ = row
    return row_id, listener, account.upper(), key_sealed, bool(plain_allowed), bool(removed)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
