"""The database away, full, locked or replaced: nothing is answered, and it heals by itself."""

import asyncio
import resource
import shutil
import sqlite3
from contextlib import closing

import pytest

from lianjing.core.journal import Journal, sqlite, writer
from lianjing.core.journal.engine import BatchRefused, EngineFault
from lianjing.core.journal.sqlite import SqliteEngine
from lianjing.terms.frames import JournalUnavailable
from lianjing.terms.signals import FrameKind
from tests.core.journal.places import Clock, alarm, during, entry, heartbeat, soft_limit, stored


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(writer, "REOPEN_S", 0.05)
    monkeypatch.setattr(sqlite, "BUSY_S", 0.1)


async def heals(journal: Journal) -> None:
    assert await journal.opened(5), journal.fault
    await journal.store(entry(alarm(9)))
    assert journal.fault is None


def test_a_missing_file_is_a_fault_until_it_appears(sqlite, tmp_path):
    away = sqlite.path.rename(tmp_path / "away.db")

    async def run():
        journal = sqlite.journal()
        journal.start()
        assert not await journal.opened(0.3)
        assert "unable to open" in journal.fault
        for raw in (alarm(1), heartbeat()):
            with pytest.raises(JournalUnavailable):
                await journal.store(entry(raw))
        assert not sqlite.path.exists(), "an empty journal in its place would hide the loss"
        away.rename(sqlite.path)
        await heals(journal)
        await journal.stop()

    asyncio.run(run())


@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_a_file_removed_under_the_writer_is_noticed_before_an_answer(sqlite, tmp_path, suffix):
    async def work(journal):
        await journal.store(entry(alarm(1)))
        sqlite.path.with_name(f"journal.db{suffix}").rename(tmp_path / "away")
        assert await stored(journal, [entry(alarm(2))]) == [False]
        assert "gone" in journal.fault

    during(sqlite.journal(), work)


def test_a_file_that_was_replaced_is_noticed_and_the_new_one_taken(sqlite, tmp_path):
    shutil.copy(sqlite.path, tmp_path / "copy.db")

    async def work(journal):
        await journal.store(entry(alarm(1)))
        for suffix in ("-wal", "-shm"):
            sqlite.path.with_name(f"journal.db{suffix}").unlink()
        (tmp_path / "copy.db").replace(sqlite.path)
        assert await stored(journal, [entry(alarm(2))]) == [False]
        await heals(journal)

    during(sqlite.journal(), work)
    assert [row["sequence"] for row in sqlite.rows("journal_frame")] == ["0009"]


def test_a_locked_file_answers_nothing_and_heals(sqlite):
    async def work(journal):
        with closing(sqlite3.connect(sqlite.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert await stored(journal, [entry(alarm(1)), entry(alarm(2))]) == [False, False]
            assert "locked" in journal.fault
            assert not journal.healthy
        await heals(journal)

    during(sqlite.journal(), work)
    assert [row["sequence"] for row in sqlite.rows("journal_frame")] == ["0009"]


def test_a_full_disk_answers_nothing_and_heals(sqlite):
    async def work(journal):
        await journal.store(entry(alarm(1)))
        used = sqlite.path.with_name("journal.db-wal").stat().st_size
        with soft_limit(resource.RLIMIT_FSIZE, used):
            assert await stored(journal, [entry(alarm(n)) for n in (2, 3)]) == [False, False]
            await asyncio.sleep(0.3)
            assert not journal.healthy
            # Room for a heartbeat's figures there is none either, so it is not answered.
            assert await stored(journal, [entry(heartbeat())]) == [False]
        await heals(journal)

    during(sqlite.journal(), work)
    assert [row["sequence"] for row in sqlite.rows("journal_frame")] == ["0001", "0009"]


def test_a_fault_with_nothing_to_store_is_noticed_too(sqlite, tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "PROBE_S", 0.1)

    async def work(journal):
        sqlite.path.rename(tmp_path / "away.db")
        await asyncio.sleep(0.8)
        assert not journal.healthy

    during(sqlite.journal(), work)


def test_missing_tables_are_a_fault_and_not_a_crash(sqlite):
    with closing(sqlite3.connect(sqlite.path)) as connection:
        connection.execute("ALTER TABLE journal_frame RENAME TO elsewhere")

    async def run():
        journal = sqlite.journal()
        journal.start()
        assert not await journal.opened(0.3)
        assert "no such table" in journal.fault
        with closing(sqlite3.connect(sqlite.path)) as connection:
            connection.execute("ALTER TABLE elsewhere RENAME TO journal_frame")
        await heals(journal)
        await journal.stop()

    asyncio.run(run())


class Choosy(SqliteEngine):
    """A database that will not take some frames as they were read."""

    def commit(self, batch):
        if any(frame.sequence in ("0003", "0005") for frame in batch.frames):
            raise BatchRefused("a value it does not like")
        super().commit(batch)


def test_a_refused_frame_costs_the_others_nothing_and_keeps_its_bytes(sqlite):
    journal = Journal(Choosy(sqlite.path), Clock().at.tzinfo)
    answered = during(journal, lambda journal: stored(journal, [entry(alarm(n)) for n in range(1, 8)]))
    assert answered == [True, True, False, True, False, True, True]
    frames = sqlite.rows("journal_frame")
    assert sorted(bytes(frame["raw"]) for frame in frames) == sorted(alarm(n) for n in range(1, 8))
    assert [frame["reason"] for frame in frames if frame["kind"] == FrameKind.UNREADABLE.value] == ["unstorable"] * 2
    assert journal.figures()["rejected"] == 2


class Broken(SqliteEngine):
    """An engine with a mistake in it."""

    mistakes = 1

    def first_frames(self, ids):
        if self.mistakes:
            self.mistakes -= 1
            raise RuntimeError("a mistake of ours")
        return super().first_frames(ids)


def test_a_mistake_of_ours_does_not_end_the_writer(sqlite):
    journal = Journal(Broken(sqlite.path), Clock().at.tzinfo)

    async def work(journal):
        assert await stored(journal, [entry(alarm(1))]) == [False]
        await heals(journal)

    during(journal, work)


def test_line_figures_that_could_not_be_saved_are_kept(sqlite, monkeypatch):
    monkeypatch.setattr(writer, "LINES_S", 0.1)
    lines, failures = SqliteEngine.save_lines, [EngineFault("no"), EngineFault("no")]

    def save_lines(self, rows):
        if failures:
            raise failures.pop()
        lines(self, rows)

    monkeypatch.setattr(SqliteEngine, "save_lines", save_lines)

    async def work(journal):
        await journal.store(entry(heartbeat()))
        await asyncio.sleep(0.8)

    during(sqlite.journal(), work)
    assert failures == []
    assert sqlite.rows("journal_line_day", order="day")[0]["heartbeat_count"] == 1


def test_too_many_waiting_frames_are_turned_away(sqlite, monkeypatch):
    monkeypatch.setattr("lianjing.core.journal.journal.MAX_WAITING", 3)

    async def work(journal):
        return await stored(journal, [entry(alarm(n)) for n in range(1, 40)])

    answered = during(sqlite.journal(), work)
    assert answered[:3] == [True] * 3
    assert False in answered
    assert len(sqlite.rows("journal_frame")) == sum(answered)


def test_a_long_commit_is_a_visible_fault_though_nothing_is_lost(sqlite, monkeypatch):
    monkeypatch.setattr("lianjing.core.journal.journal.STALL_S", 0.1)
    commit = SqliteEngine.commit

    def slow(self, batch):
        import time

        time.sleep(0.4)
        commit(self, batch)

    monkeypatch.setattr(SqliteEngine, "commit", slow)

    async def work(journal):
        future = journal.store(entry(alarm(1)))
        await asyncio.sleep(0.25)
        assert "has been running" in journal.fault
        await future
        # The answer may go out an instant before the writer is idle again.
        for _ in range(500):
            if journal.fault is None:
                break
            await asyncio.sleep(0.01)
        assert journal.fault is None

    during(sqlite.journal(), work)
