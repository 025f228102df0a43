"""The journal on each database: what is answered is there, once, and can be verified."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from lianjing.core.journal.digest import frame_digest
from lianjing.core.seals.merkle import root
from lianjing.terms.frames import JournalUnavailable
from tests.core.journal.places import NOON, Clock, Place, alarm, during, entry, heartbeat, stored


def store(at: Place, *entries, clock: Clock | None = None) -> object:
    return during(at.journal(clock=clock or Clock()), lambda journal: stored(journal, entries))


def utc(value: str | datetime) -> datetime:
    return value.astimezone(UTC) if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)


def test_what_is_stored_is_there_when_the_future_ends(at):
    async def work(journal):
        await journal.store(entry(alarm(1)))
        return at.rows("journal_frame"), at.rows("journal_signal")

    (frame,), (signal,) = during(at.journal(clock=Clock(NOON + timedelta(seconds=1))), work)
    assert bytes(frame["raw"]) == alarm(1)
    assert (utc(frame["received_at"]), utc(frame["stored_at"])) == (NOON, NOON + timedelta(seconds=1))
    assert (signal["account"], signal["code"], signal["qualifier"], signal["address"]) == ("7099", "130", "1", "003")
    assert (signal["event_class"], signal["phase"], bool(signal["known"])) == ("intrusion", "raised", True)


def test_many_frames_share_a_commit_and_keep_their_order(at):
    assert store(at, *[entry(alarm(n, zone=n)) for n in range(1, 301)]) == [True] * 300
    frames = at.rows("journal_frame")
    assert [frame["sequence"] for frame in frames] == [f"{n:04d}" for n in range(1, 301)]
    assert [frame["id"] for frame in frames] == list(range(1, 301))
    assert len(at.rows("journal_batch")) < 20


def test_every_batch_can_be_verified_from_what_the_database_gives_back(at):
    store(at, *[entry(raw) for raw in (alarm(1), alarm(1), heartbeat(), b"noise\x00", alarm(2, account="8000"))])
    store(at, entry(alarm(3)), entry(alarm(2), at=NOON + timedelta(seconds=1)))
    signals = at.rows("journal_signal")
    frames = at.rows("journal_frame")
    for frame in frames:
        own = [signal for signal in signals if signal["frame_id"] == frame["id"]]
        assert frame_digest(frame, own) == bytes(frame["digest"])
    for batch in at.rows("journal_batch"):
        digests = [bytes(frame["digest"]) for frame in frames if frame["batch_id"] == batch["id"]]
        assert bytes(batch["root"]) == root(digests)
        assert batch["frame_count"] == len(digests)


def test_a_repeat_is_recognised_after_a_restart(at):
    store(at, entry(alarm(1)))
    store(at, entry(alarm(1), at=NOON + timedelta(seconds=120)), entry(alarm(1), at=NOON + timedelta(seconds=181)))
    assert [frame["repeat_of"] for frame in at.rows("journal_frame")] == [None, 1, None]
    assert [signal["frame_id"] for signal in at.rows("journal_signal")] == [1, 3]


def test_more_keys_than_one_query_takes(at):
    entries = [entry(alarm(n, zone=n)) for n in range(1, 900)]
    store(at, *entries)
    store(at, *entries)
    assert sum(frame["repeat_of"] is not None for frame in at.rows("journal_frame")) == 899


def test_only_the_first_heartbeat_of_a_day_and_path_is_a_frame(at):
    beats = [entry(heartbeat(), at=NOON + timedelta(seconds=n)) for n in range(5)]
    assert store(at, *beats, entry(heartbeat(), transport="udp")) == [True] * 6
    assert [frame["transport"] for frame in at.rows("journal_frame")] == ["tcp", "udp"]
    tcp, _ = at.rows("journal_line_day", order="transport")
    assert (tcp["heartbeat_count"], utc(tcp["last_seen_at"])) == (5, NOON + timedelta(seconds=4))


def test_last_seen_and_the_longest_silence_survive_a_restart(at):
    store(at, entry(heartbeat()))
    store(at, entry(heartbeat(), at=NOON + timedelta(minutes=10)))
    store(at, entry(heartbeat(), at=NOON + timedelta(minutes=11)))
    assert len(at.rows("journal_frame")) == 1
    (line,) = at.rows("journal_line_day", order="account")
    assert (line["heartbeat_count"], line["longest_gap_s"]) == (3, 600)
    assert (utc(line["first_seen_at"]), utc(line["last_seen_at"])) == (NOON, NOON + timedelta(minutes=11))
    assert str(line["day"]) == "2026-11-22"


def test_line_figures_are_saved_while_the_journal_runs(at, monkeypatch):
    monkeypatch.setattr("lianjing.core.journal.writer.LINES_S", 0.1)

    async def work(journal):
        await stored(journal, [entry(heartbeat()), entry(alarm(1), at=NOON + timedelta(seconds=9))])
        await asyncio.sleep(0.6)
        return at.rows("journal_line_day", order="account")

    (line,) = during(at.journal(), work)
    assert utc(line["last_seen_at"]) == NOON + timedelta(seconds=9)


def test_a_second_writer_is_kept_out_until_the_first_has_gone(at):
    async def work(first):
        second = at.journal()
        second.start()
        assert not await second.opened(0.7)
        with pytest.raises(JournalUnavailable, match="another receive process"):
            await second.store(entry(alarm(1)))
        await first.stop()
        assert await second.opened(5)
        await second.store(entry(alarm(1)))
        await second.stop()

    async def run():
        first = at.journal()
        first.start()
        assert await first.opened(5)
        await work(first)

    asyncio.run(run())
    assert len(at.rows("journal_frame")) == 1


def test_a_stopped_journal_takes_nothing(at):
    async def run():
        journal = at.journal()
        journal.start()
        await journal.opened(5)
        await journal.stop()
        assert not journal.healthy
        with pytest.raises(JournalUnavailable):
            await journal.store(entry(alarm(1)))

    asyncio.run(run())


def test_what_waits_at_the_stop_is_still_stored(at):
    async def run():
        journal = at.journal()
        journal.start()
        await journal.opened(5)
        futures = [journal.store(entry(alarm(n))) for n in range(1, 50)]
        await journal.stop()
        await asyncio.gather(*futures)

    asyncio.run(run())
    assert len(at.rows("journal_frame")) == 49


def test_text_that_a_database_would_refuse_costs_nothing(at):
    from fastcrc import crc16

    body = b'"SIA-DCS"0001L0#7099[#7099|Nri1/BA003^a\x00b\xff^]'
    assert store(at, entry(b"\n%04X%04X%b\r" % (crc16.arc(body), len(body), body))) == [True]
    assert b"\x00" in bytes(at.rows("journal_frame")[0]["raw"])


def test_erased_frames_lose_their_content_and_keep_their_digest_while_others_are_stored(at, monkeypatch):
    monkeypatch.setattr("lianjing.core.journal.writer.ERASE_FRAMES", 2)
    monkeypatch.setattr("lianjing.core.journal.writer.ERASE_S", 0.01)

    async def work(journal):
        await stored(journal, [entry(alarm(n)) for n in range(1, 7)])
        before = at.rows("journal_frame")
        journal.erase(1, 5)
        await stored(journal, [entry(alarm(n)) for n in range(7, 9)])
        for _ in range(200):
            if all(frame["reason"] == "erased" for frame in at.rows("journal_frame")[:5]):
                break
            await asyncio.sleep(0.02)
        return before, at.rows("journal_frame")

    before, after = during(at.journal(), work)
    assert [(bytes(f["raw"]), f["peer"], f["answer"], f["reason"]) for f in after[:5]] == [
        (b"", "", None, "erased")
    ] * 5
    assert [f["digest"] for f in after[:6]] == [f["digest"] for f in before]
    assert [bytes(f["raw"]) for f in after[5:]] == [alarm(n) for n in (6, 7, 8)]
