"""The main database's table of panels, of which the receiver reads accounts and keys."""

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg

from tests.core.directory.panels import DATA_KEY, TABLE, Panels
from tests.core.journal.places import Place

WITH_KEYS = {"DATA_KEY": base64.urlsafe_b64encode(DATA_KEY).decode()}
"""The setting with which a receiver can open the keys in the table."""


def make_panel_table(at: Place) -> None:
    """An empty one: without it a receiver waits a moment at its start."""
    with _panels(at) as panels:
        panels.execute(TABLE.format("datetime" if at.engine == "sqlite" else "timestamptz"))


def give_key(at: Place, account: str, key: bytes) -> None:
    """Tells the receiver that starts next of a panel that encrypts."""
    with _panels(at) as panels:
        panels.add(account, key=key.hex())


@contextmanager
def _panels(at: Place) -> Iterator[Panels]:
    if at.engine == "postgresql":
        with psycopg.connect(at.url) as connection:
            yield Panels(at.url, connection.execute, "%s")
    else:
        with closing(sqlite3.connect(at.path.with_name("lianjing.db"), isolation_level=None)) as connection:
            yield Panels(at.url, connection.execute, "?")
