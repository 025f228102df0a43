"""What retention has ordered to be erased from the journal, read where the orders stand: table signals_frameerasure.

On SQLite only the receiver writes the journal, so it carries the orders out, on either database alike.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

from lianjing.core.postgres import connect, is_postgres

NEXT = "SELECT first_id, last_id FROM signals_frameerasure WHERE done_at IS NULL ORDER BY id LIMIT 1"
SQLITE_PREFIX = "sqlite:///"


class OrdersUnread(Exception):
    """The orders cannot be read now; the text says why. They wait."""


def next_order(database_url: str) -> tuple[int, int] | None:
    """First and last frame of the oldest order that is not done; None when there is none. Raises OrdersUnread."""
    try:
        if is_postgres(database_url):
            with closing(connect(database_url, "lianjing-erasure", writes=False)) as postgres:
                row = postgres.execute(NEXT).fetchone()
        else:
            path = Path(database_url.removeprefix(SQLITE_PREFIX)).absolute()
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=2.0)) as connection:
                row = connection.execute(NEXT).fetchone()
    except (sqlite3.Error, psycopg.Error, OSError) as wrong:
        raise OrdersUnread(" ".join(str(wrong).split())) from wrong
    return (int(row[0]), int(row[1])) if row else None
