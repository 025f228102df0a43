"""Django's SQLite back end, with a queue before the write lock. The module's name is Django's rule."""

import fcntl
from pathlib import Path
from typing import IO, Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Waits in line for the right to ask for the write lock.

    SQLite's own waiters sleep, longer each time, and look again: whoever has just let go takes the lock back before any
    of them looks. The line is an flock on a file beside the database. The kernel wakes its first, and a process that
    dies leaves it. It is held only until the lock is there, so that nobody can wait in it for a transaction of his own.
    """

    _line: IO[bytes] | None = None

    def _start_transaction_under_autocommit(self) -> None:
        line = self._place_to_wait()
        fcntl.flock(line, fcntl.LOCK_EX)
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        finally:
            fcntl.flock(line, fcntl.LOCK_UN)

    def _place_to_wait(self) -> IO[bytes]:
        """A handle of this connection's own: a shared one would have the lock already."""
        if self._line is None:
            database = Path(self.settings_dict["NAME"])
            self._line = database.with_name(f"{database.name}.line").open("ab")
        return self._line

    def _close(self) -> Any:
        if self._line is not None:
            self._line.close()
            self._line = None
        return super()._close()  # type: ignore[misc]  # not in the stubs
