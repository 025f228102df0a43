"""Which paths are supervised, and how: a copy of sites_transmissionpath on disk, followed as panels are."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from lianjing.core.directory.following import Follower
from lianjing.core.directory.sources import Source, Wanted

HANDED_OVER = 500
"""Paths told at once: so long, some milliseconds, whoever hears of them does nothing else."""


class Path(NamedTuple):
    """A path with an interval, as far as its supervision needs it."""

    id: int
    panel_id: int
    listener: str
    account: str
    transport: str
    """Empty: it cannot be told apart from its panel's others."""
    interval_s: int
    misses: int
    live: bool
    """Whether its panel is in use: activated by a first signal, and not removed."""


def path_of(
    path_id: int | None, panel_id: int, listener: str, account: str, transport: str,
    interval_s: int, misses: int, live: bool,
) -> Path | int:  # fmt: skip
    """What a row tells: a path, or the id of a panel that has none."""
    if path_id is None:
        return panel_id
    return Path(path_id, panel_id, listener, account.upper(), transport, interval_s, misses, bool(live))


COLUMNS = """
    SELECT path.id, panel.id, panel.listener, panel.account, path.transport, path.interval_s, path.misses,
        panel.activated_at IS NOT NULL AND panel.removed_at IS NULL, panel.changed_at
    FROM sites_panel AS panel
"""
PATHS = Wanted(
    everything=f"""{COLUMNS} JOIN sites_transmissionpath AS path
                   ON path.panel_id = panel.id AND path.interval_s IS NOT NULL""",
    # Panels without any path too: they may have had one.
    changes=f"""{COLUMNS} LEFT JOIN sites_transmissionpath AS path
                ON path.panel_id = panel.id AND path.interval_s IS NOT NULL
                WHERE panel.changed_at >= ?""",
    count="SELECT count(*) FROM sites_transmissionpath WHERE interval_s IS NOT NULL",
    entry=path_of,
)

TABLE = """
    CREATE TABLE path (
        id integer PRIMARY KEY, panel_id integer, listener text, account text, transport text, interval_s integer,
        misses integer, live bool, reading integer
    );
    CREATE INDEX path_panel ON path (panel_id);
"""
SAME = """
    UPDATE path SET reading = ?
    WHERE id = ? AND panel_id = ? AND listener = ? AND account = ? AND transport = ? AND interval_s = ? AND misses = ?
        AND live = ?
"""
ENTER = "INSERT OR REPLACE INTO path VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
KEPT = "id, panel_id, listener, account, transport, interval_s, misses, 0"
LEAVE = f"DELETE FROM path WHERE reading <> ? RETURNING {KEPT}"  # noqa: S608 our names
LEAVE_PANEL = f"DELETE FROM path WHERE reading <> ? AND panel_id = ? RETURNING {KEPT}"  # noqa: S608 our names


class PathBook:
    """Every path with an interval in a private file that ends with the process, as `directory.book.Book`."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {TABLE}")

    def enter(self, paths: Iterable[Path], reading: int) -> list[Path]:
        """Marks them as met in this reading; returns those that are new or changed."""
        connection = self._connection
        connection.execute("BEGIN")
        changed = [path for path in paths if connection.execute(SAME, (reading, *path)).rowcount == 0]
        connection.executemany(ENTER, [(*path, reading) for path in changed])
        connection.execute("COMMIT")
        return changed

    def left(self, reading: int) -> list[Path]:
        """Takes out those that this reading of everything did not meet, and returns them as no longer live."""
        return [Path(*row) for row in self._connection.execute(LEAVE, (reading,)).fetchall()]

    def left_panels(self, reading: int, panels: Iterable[int]) -> list[Path]:
        """The same of these panels alone."""
        found = (self._connection.execute(LEAVE_PANEL, (reading, panel)).fetchall() for panel in panels)
        return [Path(*row) for rows in found for row in rows]

    def find(self, path_id: int) -> Path | None:
        query = f"SELECT {KEPT} FROM path WHERE id = ?"  # noqa: S608 our names
        row = self._connection.execute(query, (path_id,)).fetchone()
        return row and Path(*row)

    def count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM path").fetchone()[0])


class Paths(Follower):
    """Tells, in its own thread, of every path that is new, has other terms, or is no longer there (not live)."""

    def __init__(
        self, source: Source, tell: Callable[[Sequence[Path]], object], complete: Callable[[], object]
    ) -> None:
        super().__init__("supervision", source)
        self._tell, self._tell_complete = tell, complete
        self._book = PathBook()
        self._reading = 0
        self._panels: set[int] = set()

    def find(self, path_id: int) -> Path | None:
        """What the copy has of a path; from any thread."""
        return self._book.find(path_id)

    def _begin(self) -> None:
        self._reading += 1

    def _enter(self, entries: Sequence[Path]) -> None:
        self._hand_over(self._book.enter(entries, self._reading))

    def _complete(self) -> None:
        self._hand_over(self._book.left(self._reading))
        self._tell_complete()
        self._reading += 1

    def _enter_changed(self, entries: Sequence[Path | int]) -> bool:
        paths = [entry for entry in entries if isinstance(entry, Path)]
        self._panels.update(entry.panel_id if isinstance(entry, Path) else entry for entry in entries)
        changed = self._book.enter(paths, self._reading)
        self._hand_over(changed)
        return bool(changed)

    def _end_changes(self, changed: bool) -> bool:
        left = self._book.left_panels(self._reading, self._panels)
        self._hand_over(left)
        self._reading += 1
        self._panels.clear()
        return changed or bool(left)

    def _count(self) -> int:
        return self._book.count()

    def _hand_over(self, changed: Sequence[Path]) -> None:
        for start in range(0, len(changed), HANDED_OVER):
            self._tell(changed[start : start + HANDED_OVER])
            if len(changed) > HANDED_OVER:
                self._breathe()
