"""Who waits for SQLite's write lock gets it before one who has just had it."""

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from django.db import OperationalError, connection, transaction

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL locks rows and queues by itself"),
]

HELD_S = 0.05
"""Shorter than the steps at which SQLite's own waiters look again after some time."""


class Busy(threading.Thread):
    """Takes the lock again the moment it has let go, as a worker with a backlog does."""

    def __init__(self) -> None:
        super().__init__()
        self.holds, self.ends = threading.Event(), threading.Event()
        self.turns = 0

    def run(self) -> None:
        while not self.ends.is_set():
            with transaction.atomic():
                self.turns += 1
                self.holds.set()
                time.sleep(HELD_S)
        connection.close()


def test_a_writer_waits_for_one_transaction_of_a_worker_that_never_rests() -> None:
    busy = Busy()
    busy.start()
    try:
        waited_for = []
        for _ in range(10):
            busy.holds.wait(5)
            before = busy.turns
            with transaction.atomic():
                waited_for.append(busy.turns - before)
    finally:
        busy.ends.set()
        busy.join()
    assert max(waited_for) <= 1


def test_a_writer_who_does_not_get_the_lock_leaves_the_line() -> None:
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=1")
        with pytest.raises(OperationalError, match="locked"), transaction.atomic():
            pass
        stranger.execute("ROLLBACK")
    done = []
    other = threading.Thread(target=_write_once, args=(done,), daemon=True)
    other.start()
    other.join(5)
    assert done == ["written"]


def _write_once(done: list[str]) -> None:
    with transaction.atomic():
        done.append("written")
    connection.close()
