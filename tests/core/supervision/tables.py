"""The tables of panels and paths as the receiver reads them, without the rest of the house."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg

from tests.core.journal.places import Place

TABLES = (
    """CREATE TABLE sites_panel (id integer PRIMARY KEY, listener varchar NOT NULL, account varchar NOT NULL,
       activated_at {0}, changed_at {0} NOT NULL, removed_at {0})""",
    """CREATE TABLE sites_transmissionpath (id integer PRIMARY KEY, panel_id integer NOT NULL,
       transport varchar NOT NULL, interval_s integer, misses integer NOT NULL)""",
)


class Tables:
    """As the rest of the house writes them. Every edit is dated later than the one before."""

    def __init__(self, at: Place) -> None:
        self._at = at
        self._edits = 0
        with self._open() as execute:
            for table in TABLES:
                execute(table.format("datetime" if at.engine == "sqlite" else "timestamptz"))

    def panel(self, panel_id: int, account: str = "7099", listener: str = "dc09", *, active: bool = True) -> None:
        now = self._now()
        values = panel_id, listener, account, now if active else None, now, None
        self._execute("INSERT INTO sites_panel VALUES (?, ?, ?, ?, ?, ?)", values)

    def path(self, path_id: int, panel_id: int = 1, transport: str = "", interval_s: int | None = 90) -> None:
        values = path_id, panel_id, transport, interval_s, 3
        self._execute("INSERT INTO sites_transmissionpath VALUES (?, ?, ?, ?, ?)", values)
        self.touch(panel_id)

    def touch(self, panel_id: int, **columns: Any) -> None:
        """An edit of the panel, or of one of its paths."""
        for name, value in (columns | {"changed_at": self._now()}).items():
            given = self._now() if value is True else value
            self._execute(f"UPDATE sites_panel SET {name} = ? WHERE id = {panel_id}", (given,))  # noqa: S608

    def change(self, path_id: int, panel_id: int = 1, **columns: Any) -> None:
        for name, value in columns.items():
            self._execute(f"UPDATE sites_transmissionpath SET {name} = ? WHERE id = {path_id}", (value,))  # noqa: S608
        self.touch(panel_id)

    def drop(self, path_id: int, panel_id: int = 1) -> None:
        self._execute("DELETE FROM sites_transmissionpath WHERE id = ?", (path_id,))
        self.touch(panel_id)

    def _now(self) -> Any:
        self._edits += 1
        at = datetime(2026, 11, 22, 4, 0, 0, self._edits, tzinfo=UTC)
        return at.replace(tzinfo=None).isoformat(" ") if self._at.engine == "sqlite" else at

    def _execute(self, statement: str, values: tuple[Any, ...]) -> None:
        with self._open() as execute:
            execute(statement if self._at.engine == "sqlite" else statement.replace("?", "%s"), values)

    @contextmanager
    def _open(self) -> Iterator[Any]:
        if self._at.engine == "postgresql":
            with psycopg.connect(self._at.url, autocommit=True) as connection:
                yield connection.execute
            return
        with closing(sqlite3.connect(self._at.path.with_name("lianjing.db"), isolation_level=None)) as connection:
            yield connection.execute
