"""How one process learns at once that another has written: NOTIFY on PostgreSQL, a short nap on SQLite.

A bell carries nothing and may be missed; who wakes looks at the table.
"""

import time
from contextlib import suppress
from typing import Any

import psycopg
from django.db import connection

NAP_SECONDS = 0.02
"""On SQLite there is nobody to call: look again this often. An idle look costs about 0.1 ms."""


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

    def wait(self, timeout: float) -> None:
        """Returns after a ring or at the latest after `timeout` seconds."""
        if connection.vendor != "postgresql":
            time.sleep(min(timeout, NAP_SECONDS))
            return
        try:
            for _ in self._connection().notifies(timeout=timeout, stop_after=1):
                pass
        except psycopg.OperationalError:
            # The bell is a convenience; the caller's next query meets the same dead database and reports it.
            self.close()
            time.sleep(min(timeout, NAP_SECONDS))

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
