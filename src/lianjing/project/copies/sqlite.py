"""Copies of both SQLite files, taken while they are in use."""

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from lianjing.project.copies.store import CannotCopy, NotEmpty

MAIN, JOURNAL = "lianjing.db", "journal.db"
TRIES = 3
LAST_ORDER = "SELECT coalesce(max(id), 0) FROM signals_frameerasure"


class SqliteStore:
    """See `store.Store`. The main tables and the journal are two files (docs/decisions/0003)."""

    kind = "sqlite"

    def __init__(self, main: Path, journal: Path) -> None:
        self._main, self._journal = main, journal

    def copy(self, folder: Path) -> dict[str, Path]:
        """Main file first: what the journal has more than it is treated after a restore, as after a pause.

        The other way round holds for erasures, which the main file orders: a copy between order and erasure would
        find frames gone that nobody ordered. So it is taken again when an order came meanwhile.
        """
        copies = {MAIN: folder / MAIN, JOURNAL: folder / JOURNAL}
        for _ in range(TRIES):
            _copy(self._main, copies[MAIN])
            _copy(self._journal, copies[JOURNAL])
            if _one(self._main, LAST_ORDER) == _one(copies[MAIN], LAST_ORDER):
                return copies
        raise CannotCopy("retention erases frames at this moment: try again in a minute")

    def counts(self, copies: Mapping[str, Path]) -> dict[str, int]:
        return {table: count for path in copies.values() for table, count in _counts(path).items()}

    def require_empty(self) -> None:
        for path in (self._main, self._journal):
            if path.exists() and path.stat().st_size:
                raise NotEmpty(f"{path} is there already: move it away, or set LIANJING_DATA to a new folder")

    def put_back(self, copies: Mapping[str, Path], prove: Callable[[Path], None]) -> None:
        """Proves the copies where they lie and moves them into their place only then."""
        prove(copies[MAIN].parent)
        for name, place in ((MAIN, self._main), (JOURNAL, self._journal)):
            place.parent.mkdir(parents=True, exist_ok=True)
            for end in ("", "-wal", "-shm"):
                part = copies[name].with_name(name + end)
                if part.exists():
                    shutil.move(part, place.with_name(place.name + end))


def _copy(source: Path, target: Path) -> None:
    """SQLite's own on-line copy, in one step: a snapshot, and who writes meanwhile does not wait."""
    target.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=20)) as from_,
        closing(sqlite3.connect(target)) as to,
    ):
        from_.backup(to, pages=-1)
        # One file, without a log beside it.
        to.execute("PRAGMA journal_mode = DELETE").fetchone()


def _one(path: Path, query: str) -> int:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=20)) as connection:
        return int(connection.execute(query).fetchone()[0])


def _counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        ours = [name for (name,) in tables if not name.startswith("sqlite_")]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in ours}  # noqa: S608
