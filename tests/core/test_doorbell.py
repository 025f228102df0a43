"""A bell rings for what others have committed, also for what they committed between two waits."""

import threading
import time
from pathlib import Path

from django.db import connection, transaction

from lianjing.core.doorbell import JOURNAL_BELL, Doorbell
from lianjing.core.outbox.write import UNSTAMPED_BELL, News, emit
from lianjing.domain.signals.models import Batch
from tests.cast import NOON

LONG = 20.0
SOON = 10.0


def elsewhere(act: "object") -> None:
    """Runs `act` on a connection of its own."""

    def run() -> None:
        act()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def write_news() -> None:
    with transaction.atomic():
        emit([News("thing.done", None, {})], at=NOON)


def write_journal() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        Batch.objects.create(id=1, committed_at=NOON, frame_count=0, signal_count=0, root=b"")
        if connection.vendor == "postgresql":
            cursor.execute("NOTIFY journal")


def waited(bell: Doorbell) -> float:
    began = time.monotonic()
    bell.wait(LONG)
    return time.monotonic() - began


def test_what_was_written_before_the_wait_rings_too(clean_journal: Path) -> None:
    for name, act in ((UNSTAMPED_BELL, write_news), (JOURNAL_BELL, write_journal)):
        bell = Doorbell(name)
        bell.wait(0.01)
        elsewhere(act)
        assert waited(bell) < SOON
        bell.close()


def test_a_bell_that_nobody_rings_waits_its_time(clean_journal: Path) -> None:
    bell = Doorbell(UNSTAMPED_BELL)
    bell.wait(0.01)
    began = time.monotonic()
    bell.wait(0.2)
    assert time.monotonic() - began >= 0.2
    bell.close()
