"""Connections to PostgreSQL that notice a dead server, for the parts that speak SQL without Django."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

Connection = psycopg.Connection[tuple[Any, ...]]

IMPATIENT = {
    "connect_timeout": "3",
    "keepalives_idle": "3",
    "keepalives_interval": "1",
    "keepalives_count": "3",
    "tcp_user_timeout": "4000",
}
"""Without these a server that vanishes from the network keeps a client waiting for minutes."""


def is_postgres(url: str) -> bool:
    return url.startswith(("postgres:", "postgresql:"))


def connect(url: str, name: str, *, writes: bool) -> Connection:
    """One connection; what the URL itself says wins. With several hosts, `writes` finds the one that takes writes."""
    given = conninfo_to_dict(url)
    wanted = {**IMPATIENT, "application_name": name}
    if writes:
        wanted["target_session_attrs"] = "read-write"
    missing = {key: value for key, value in wanted.items() if key not in given}
    return psycopg.connect(make_conninfo(url, **missing))


@contextmanager
def given_up_after(connection: Connection, seconds: float) -> Iterator[Callable[[], None]]:
    """Ends a wait inside that is longer than this, with a fault: a server may go silent without a word, and its own
    statement_timeout then says nothing either. What it gives is called when the server was heard: the wait begins anew.
    """
    # A handle of our own on the socket: shutting it down from another thread ends the wait.
    with socket.socket(fileno=os.dup(connection.fileno())) as line:
        patience = _Patience(line, seconds)
        try:
            yield patience.begin
        finally:
            patience.end()


class _Patience:
    def __init__(self, line: socket.socket, seconds: float) -> None:
        self._line, self._seconds = line, seconds
        self._timer: Timer | None = None
        self.begin()

    def begin(self) -> None:
        self.end()
        self._timer = Timer(self._seconds, _shut_down, [self._line])
        self._timer.start()

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()


def _shut_down(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
