"""All panels in a private file that ends with the process: a million of them take no memory of the receiver's."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lianjing.core.directory.sources import Wanted

TABLES = """
    CREATE TABLE panel (
        id integer PRIMARY KEY, listener text, account text, key_sealed text, plain_allowed bool, removed bool
    );
    CREATE INDEX panel_account ON panel (account, listener) WHERE NOT removed;
"""
ENTER = "INSERT OR REPLACE INTO panel VALUES (?, ?, ?, ?, ?, ?)"
SAME = """
    SELECT 1 FROM panel
    WHERE id = ? AND listener = ? AND account = ? AND key_sealed = ? AND plain_allowed = ? AND removed = ?
"""
FIND = """
    SELECT key_sealed, plain_allowed FROM panel WHERE account = ? AND listener = ? AND NOT removed
    ORDER BY id DESC LIMIT 1
"""

Entry = tuple[int, str, str, str, bool, bool]
"""Id, listener, account in upper case, sealed key, whether plain is allowed, whether the panel was removed."""


COLUMNS = "SELECT id, listener, account, key_sealed, plain_allowed, removed_at IS NOT NULL, changed_at FROM sites_panel"
PANELS = Wanted(
    everything=COLUMNS,
    changes=f"{COLUMNS} WHERE changed_at >= ?",
    count="SELECT count(*) FROM sites_panel",
    entry=lambda row_id, listener, account, key_sealed, plain_allowed, removed: (
        (row_id, listener, account.upper(), key_sealed, bool(plain_allowed), bool(removed))
    ),
)


class Found(NamedTuple):
    """What the book has of an account. The key stays sealed here."""

    key_sealed: str
    plain_allowed: bool


class Book:
    """Written by one thread and read by another: SQLite lets a reader wait for one row at most. Methods raise
    sqlite3.Error when the disk of temporary files fails."""

    def __init__(self) -> None:
        # An empty name is a file of this connection alone, gone when it closes. Nothing in it need survive.
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {TABLES}")

    def enter(self, entries: Iterable[Entry]) -> None:
        """New and changed panels."""
        self._connection.execute("BEGIN")
        self._connection.executemany(ENTER, entries)
        self._connection.execute("COMMIT")

    def differ(self, entries: Sequence[Entry]) -> bool:
        """Enters those that are new or changed; whether there was one."""
        changed = [entry for entry in entries if self._connection.execute(SAME, entry).fetchone() is None]
        if changed:
            self.enter(changed)
        return bool(changed)

    def find(self, listener: str, account: str) -> Found | None:
        """`account` in upper case."""
        row = self._connection.execute(FIND, (account, listener)).fetchone()
        return None if row is None else Found(row[0], bool(row[1]))

    def count(self) -> int:
        """Of all rows, removed ones too."""
        return int(self._connection.execute("SELECT count(*) FROM panel").fetchone()[0])

    def live_count(self) -> int:
        """Of panels in use."""
        return int(self._connection.execute("SELECT count(*) FROM panel WHERE NOT removed").fetchone()[0])
