"""The table of panels as the directory reads it, without the rest of the house."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from lianjing.core.crypto import seal_field

DATA_KEY = bytes(range(32))
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TABLE = """CREATE TABLE sites_panel (id integer PRIMARY KEY, listener varchar NOT NULL, account varchar NOT NULL,
           key_sealed text NOT NULL, plain_allowed bool NOT NULL, changed_at {0} NOT NULL, removed_at {0})"""
INSERT = "INSERT INTO sites_panel VALUES ({0}, {0}, {0}, {0}, {0}, {0}, {0})"


class Panels:
    """The table, as the rest of the house writes it."""

    def __init__(self, url: str, execute: Callable[..., Any], mark: str) -> None:
        self.url, self.execute, self._mark, self._id = url, execute, mark, 0

    def add(self, account: str, key: str = "", changed: datetime = NOW, removed: datetime | None = None) -> int:
        self._id += 1
        sealed = seal_field(DATA_KEY, key.encode()) if key else ""
        values = (self._id, "dc09", account, sealed, False, self._at(changed), removed and self._at(removed))
        self.execute(INSERT.format(self._mark), values)
        return self._id

    def change(self, row_id: int, changed: datetime, **columns: Any) -> None:
        columns["changed_at"] = changed
        for name, value in columns.items():
            given = self._at(value) if isinstance(value, datetime) else value
            self.execute(f"UPDATE sites_panel SET {name} = {self._mark} WHERE id = {row_id}", (given,))  # noqa: S608

    def _at(self, at: datetime) -> Any:
        # As Django writes it: no microseconds when there are none.
        return at.replace(tzinfo=None).isoformat(" ") if self._mark == "?" else at
