"""The journal against the seals: what `receive` stored cannot be altered unseen."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from lianjing.core.journal import open_journal
from lianjing.core.seals.signing import SealKey
from lianjing.domain.signals.models import Batch, Frame, Signal
from lianjing.domain.signals.proof import verify_journal
from lianjing.protocols.dc09 import Connection
from lianjing.protocols.dc09.panel import build_frame
from lianjing.terms.frames import FrameEntry
from lianjing.workers.sealing import Sealer
from tests.cast import SYSTEM, Cast
from tests.databases import database_url

KEY = SealKey(b"\x07" * 32)


async def store(data: list[str]) -> None:
    """Frames through the real reader and the real journal, one commit each."""
    journal = open_journal(database_url(), settings.JOURNAL_PATH)
    journal.start()
    assert await journal.opened(10), journal.fault
    for number, told in enumerate(data, 1):
        now = datetime.now(UTC)
        raw = build_frame("SIA-DCS", f"#1001|{told}", "1001", number, at=now)
        for received in Connection(lambda _: None, pad=os.urandom).receive_data(raw, now):
            await journal.store(FrameEntry("dc09", "tcp", "127.0.0.1:5000", now, received))
    await journal.stop()


@pytest.fixture
def sealed(clean_journal: Path) -> None:
    Cast()
    asyncio.run(store(["Nri1/BA003^门^", "Nri1/BR003", "Nri1/OP01/CL01"]))
    Sealer(KEY).turn()


def faults() -> set[str]:
    return {fault.where for fault in verify_journal(SYSTEM, sealed_before=datetime.now(UTC) + timedelta(hours=1))}


@pytest.mark.usefixtures("sealed")
def test_what_was_stored_and_sealed_holds() -> None:
    assert Signal.objects.count() == 4
    assert faults() == set()


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(
    "change",
    [
        {"raw": b"other"},
        {"received_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"account": "1002"},
        {"reading": {"token": "other"}},
        {"answer": None},
        {"peer": "elsewhere"},
    ],
)
def test_an_altered_frame_is_named(change: dict[str, object]) -> None:
    frame = Frame.objects.order_by("pk").first()
    assert frame
    Frame.objects.filter(pk=frame.pk).update(**change)
    assert faults() == {f"frame {frame.pk}"}


@pytest.mark.usefixtures("sealed")
def test_an_altered_signal_is_named_with_its_frame() -> None:
    signal = Signal.objects.order_by("pk").first()
    assert signal
    Signal.objects.filter(pk=signal.pk).update(code="RP")
    assert faults() == {f"frame {signal.frame_id}"}


@pytest.mark.usefixtures("sealed")
def test_a_removed_frame_shows_in_its_commit() -> None:
    frame = Frame.objects.order_by("pk").first()
    assert frame
    Signal.objects.filter(frame=frame).delete()
    Frame.objects.filter(pk=frame.pk).delete()
    assert faults() == {f"journal commit {frame.batch_id}"}


@pytest.mark.usefixtures("sealed")
def test_a_whole_commit_rewritten_with_matching_digests_still_differs_from_its_seal() -> None:
    batch = Batch.objects.order_by("pk").first()
    assert batch
    Batch.objects.filter(pk=batch.pk).update(root=b"\x09" * 32)
    assert faults() == {f"journal commit {batch.pk}"}


@pytest.mark.usefixtures("sealed")
def test_a_commit_cannot_be_dated_into_the_future() -> None:
    batch = Batch.objects.order_by("pk").first()
    assert batch
    Batch.objects.filter(pk=batch.pk).update(committed_at=datetime(2031, 1, 1, tzinfo=UTC))
    assert faults() == {f"journal commit {batch.pk}"}


@pytest.mark.usefixtures("sealed")
def test_a_removed_commit_is_missed() -> None:
    batch = Batch.objects.order_by("pk").first()
    assert batch
    with connection.cursor() as cursor:
        for frame in Frame.objects.filter(batch=batch):
            cursor.execute("DELETE FROM journal_signal WHERE frame_id = %s", [frame.pk])
        cursor.execute("DELETE FROM journal_frame WHERE batch_id = %s", [batch.pk])
        cursor.execute("DELETE FROM journal_batch WHERE id = %s", [batch.pk])
    assert faults() == {f"journal commit {batch.pk}"}
