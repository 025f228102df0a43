"""How one process learns at once that another has written: NOTIFY on PostgreSQL, the data version on SQLite.

A bell carries nothing and may be missed; who wakes looks at the table.
"""

import time
from contextlib import suppress
from typing import Any

import psycopg
from django.db import connection

NAP_SECONDS = 0.01
"""On SQLite nobody calls: whether another connection has committed is looked up this often (some 20 µs a look)."""

JOURNAL_BELL = "journal"
"""Rung by the receiver's journal, which on SQLite is a database of its own."""


def ring(bell: str) -> None:
    """Rings when the current transaction commits. Does nothing on SQLite, where listeners poll."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [bell])


class Doorbell:
    """Waits for any of `bells`. On PostgreSQL it holds a connection of its own (NOTIFY needs a direct one)."""

    def __init__(self, *bells: str) -> None:
        self._bells = bells
        self._listening: psycopg.Connection[Any] | None = None
        self._seen: tuple[int, ...] | None = None

    def wait(self, timeout: float) -> None:
        """Returns after a ring or at the latest after `timeout` seconds."""
        if connection.vendor == "sqlite":
            self._wait_for_commit(timeout)
            return
        try:
            for _ in self._connection().notifies(timeout=timeout, stop_after=1):
                pass
        except psycopg.OperationalError:
            # The bell is a convenience; the caller's next query meets the same dead database and reports it.
            self.close()
            time.sleep(min(timeout, NAP_SECONDS))

    def _wait_for_commit(self, timeout: float) -> None:
        """What was committed since the last wait returned counts: nothing falls between a look and the next wait."""
        deadline = time.monotonic() + timeout
        while (seen := self._versions()) == self._seen and time.monotonic() < deadline:
            time.sleep(NAP_SECONDS)
        self._seen = seen

    def _versions(self) -> tuple[int, ...]:
        """`PRAGMA data_version` differs once another connection has committed."""
        schemas = sorted({"journal" if bell == JOURNAL_BELL else "main" for bell in self._bells})
        connection.ensure_connection()
        # Straight to the driver: Django's cursor costs ten times the look itself, a hundred times a second.
        with connection.wrap_database_errors:
            look = connection.connection.execute
            return tuple(int(look(f"PRAGMA {schema}.data_version").fetchone()[0]) for schema in schemas)

    def close(self) -> None:
        if self._listening is not None:
            with suppress(psycopg.Error):
                self._listening.close()
            self._listening = None

    def _connection(self) -> "psycopg.Connection[Any]":
        if self._listening is None:
            parameters = connection.get_connection_params()
            known = {k: parameters[k] for k in ("host", "port", "user", "password", "dbname") if parameters.get(k)}
            self._listening = psycopg.connect(**known, autocommit=True, connect_timeout=2)
            for bell in self._bells:
                self._listening.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(bell)))
        return self._listening
