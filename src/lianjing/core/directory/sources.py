"""Where receivers read what is installed: tables of `sites`, on either database. Read only."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psycopg

from lianjing.core.postgres import Connection, connect, given_up_after, is_postgres

SQLITE_PREFIX = "sqlite:///"
PORTION = 2000
"""Rows taken at once: so long, some milliseconds, other threads wait."""
SILENCE_S = 10.0
"""How long an answer may take before the server passes for silent."""


class SourceFault(Exception):
    """The rows cannot be read now; the text says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read. The last column of both queries is when the row was changed; `changes` ends in a condition on it:
    not before `?`. `entry` makes of the other columns what the reader keeps."""

    everything: str
    changes: str
    count: str
    entry: Callable[..., Any]


class Portion(NamedTuple):
    """Some rows, and when the latest of them was changed."""

    entries: list[Any]
    latest: datetime


class Source(Protocol):
    """Its methods raise SourceFault, `read` also while it is being iterated."""

    def read(self, since: datetime | None) -> Iterator[Portion]:
        """Rows changed at or after `since`, portion by portion; all rows for None."""

    def count(self) -> int:
        """How many rows there are: shows that one was deleted, which no `changed_at` tells."""

    def close(self) -> None: ...


def source_of(database_url: str, wanted: Wanted) -> Source:
    """What is wanted of the database behind a LIANJING_DATABASE_URL."""
    if is_postgres(database_url):
        return PostgresSource(database_url, wanted)
    return SqliteSource(Path(database_url.removeprefix(SQLITE_PREFIX)), wanted)


class SqliteSource:
    """Opens the file for each look: that costs 0.2 ms, and a restored file is read at once."""

    def __init__(self, path: Path, wanted: Wanted) -> None:
        self._path, self._wanted = path, wanted

    def read(self, since: datetime | None) -> Iterator[Portion]:
        query, values = self._wanted.everything, []
        if since is not None:
            query, values = self._wanted.changes, [since.astimezone(UTC).replace(tzinfo=None).isoformat(" ")]
        with self._open() as connection:
            cursor = connection.execute(query, values)
            while rows := cursor.fetchmany(PORTION):
                yield _portion(self._wanted, rows, _instant(max(row[-1] for row in rows)))

    def count(self) -> int:
        with self._open() as connection:
            return int(connection.execute(self._wanted.count).fetchone()[0])

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

    def __init__(self, url: str, wanted: Wanted) -> None:
        self._url, self._wanted = url, wanted
        self._connection: Connection | None = None

    def read(self, since: datetime | None) -> Iterator[Portion]:
        query, values = self._wanted.everything, []
        if since is not None:
            query, values = self._wanted.changes.replace("?", "%s"), [since]
        # The server keeps the rows: a million of them at once would be half a gigabyte here.
        with (
            self._open() as connection,
            given_up_after(connection, SILENCE_S) as heard,
            connection.transaction(),
            connection.cursor(name="wanted") as cursor,
        ):
            cursor.execute(query, values)
            while rows := cursor.fetchmany(PORTION):
                heard()
                yield _portion(self._wanted, rows, max(row[-1] for row in rows))

    def count(self) -> int:
        with self._open() as connection, given_up_after(connection, SILENCE_S):
            return sum(int(row[0]) for row in connection.execute(self._wanted.count))

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


def _portion(wanted: Wanted, rows: Sequence[Sequence[Any]], latest: datetime) -> Portion:
    return Portion([wanted.entry(*row[:-1]) for row in rows], latest)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
