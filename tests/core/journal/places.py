"""Fresh journals on either database, and frames to put into them."""

import asyncio
import os
import resource
import secrets
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

import lianjing.domain.signals
from lianjing.core.journal import Journal, open_journal
from lianjing.protocols.dc09 import Connection, FrameReceived
from lianjing.protocols.dc09.panel import build_frame
from lianjing.terms.frames import FrameEntry, JournalUnavailable

SCHEMA = Path(lianjing.domain.signals.__file__).parent / "migrations/journal"
POSTGRES = os.environ.get("LIANJING_TEST_POSTGRES", "")
ENGINES = ["sqlite", "postgresql"] if POSTGRES else ["sqlite"]
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""12:00 in the centre's zone."""


@dataclass(frozen=True)
class Place:
    """Where a journal lives, with a way to look at it from outside."""

    engine: str
    url: str
    path: Path

    def journal(self, **kwargs: Any) -> Journal:
        return open_journal(self.url, self.path, **kwargs)

    def rows(self, table: str, order: str = "id") -> list[dict[str, Any]]:
        query = f"SELECT * FROM {table} ORDER BY {order}"  # noqa: S608
        if self.engine == "postgresql":
            with psycopg.connect(self.url, options="-c search_path=journal", row_factory=dict_row) as connection:
                return connection.execute(query).fetchall()
        with closing(sqlite3.connect(self.path)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query)]


@contextmanager
def place(engine: str, folder: Path) -> Iterator[Place]:
    if engine == "sqlite":
        yield sqlite_place(folder)
        return
    name = f"journal_{secrets.token_hex(6)}"
    with closing(psycopg.connect(POSTGRES, autocommit=True)) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            url = psycopg.conninfo.make_conninfo(POSTGRES, dbname=name)
            yield postgres_place(_as_url(url), folder)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def sqlite_place(folder: Path) -> Place:
    path = folder / "journal.db"
    with closing(sqlite3.connect(path)) as connection:
        for statements in sorted(SCHEMA.glob("*.sqlite.sql")):
            connection.executescript(statements.read_text())
    return Place("sqlite", f"sqlite:///{folder / 'lianjing.db'}", path)


def postgres_place(url: str, folder: Path) -> Place:
    with psycopg.connect(url) as connection:
        for statements in sorted(SCHEMA.glob("*.postgresql.sql")):
            connection.execute(statements.read_bytes())
    return Place("postgresql", url, folder / "journal.db")


def _as_url(dsn: str) -> str:
    parts = psycopg.conninfo.conninfo_to_dict(dsn)
    secret = f":{parts['password']}" if parts.get("password") else ""
    return f"postgresql://{parts['user']}{secret}@{parts['host']}:{parts['port']}/{parts['dbname']}"


def alarm(sequence: int, zone: int = 3, account: str = "7099", **kwargs: Any) -> bytes:
    return build_frame("ADM-CID", f"#{account}|1130 01 {zone:03d}", account, sequence, **kwargs)


def heartbeat(account: str = "7099") -> bytes:
    return build_frame("NULL", "", account, 0)


def read(raw: bytes, at: datetime = NOON) -> FrameReceived:
    (frame,) = Connection(lambda account: None, pad=bytes, stream=False).receive_data(raw, at)
    return frame


def entry(raw: bytes, at: datetime = NOON, transport: str = "tcp") -> FrameEntry:
    return FrameEntry("dc09", transport, "192.0.2.7:4711", at, read(raw, at))


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **delta: float) -> datetime:
        self.at += timedelta(**delta)
        return self.at


async def stored(journal: Journal, entries: Sequence[FrameEntry]) -> list[bool]:
    """Which of these the journal says are durable."""
    futures = [journal.store(each) for each in entries]
    return [await _is_stored(future) for future in futures]


async def _is_stored(future: Any) -> bool:
    try:
        await future
    except JournalUnavailable:
        return False
    return True


@contextmanager
def soft_limit(resource_kind: int, value: int) -> Iterator[None]:
    old, hard = resource.getrlimit(resource_kind)
    resource.setrlimit(resource_kind, (value, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource_kind, (old, hard))


def during(journal: Journal, work: Callable[[Journal], Awaitable[object]]) -> object:
    """Runs `work` with the journal open."""

    async def run() -> object:
        journal.start()
        assert await journal.opened(5), journal.fault
        try:
            return await work(journal)
        finally:
            await journal.stop()

    return asyncio.run(run())
