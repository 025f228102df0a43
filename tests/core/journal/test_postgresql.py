"""PostgreSQL: a connection that dies, a commit whose end is unknown, a server that hangs."""

import asyncio
import time

import psycopg
import pytest

from lianjing.core.journal import Journal, writer
from lianjing.core.journal.postgresql import PostgresEngine
from tests.core.journal.places import POSTGRES, Clock, Place, alarm, during, entry, heartbeat, stored
from tests.core.journal.relay import Relay

END_WRITER = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name LIKE 'lianjing-receive-%%' AND datname = current_database()"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(writer, "REOPEN_S", 0.05)


@pytest.fixture
def relay():
    parts = psycopg.conninfo.conninfo_to_dict(POSTGRES)
    relay = Relay(str(parts["host"]), int(parts["port"]))
    yield relay
    relay.close()


def behind(relay: Relay, place: Place, deadline_s: float = 10.0) -> Journal:
    parts = psycopg.conninfo.conninfo_to_dict(place.url)
    url = place.url.replace(f":{parts['port']}/", f":{relay.port}/")
    engine = PostgresEngine(url, deadline_s=deadline_s)
    engine.patience_s = deadline_s
    return Journal(engine, Clock().at.tzinfo)


def sequences(place: Place) -> list[str]:
    return [row["sequence"] for row in place.rows("journal_frame")]


def test_each_commit_rings_the_bell(postgres):
    with psycopg.connect(postgres.url, autocommit=True) as listener:
        listener.execute("LISTEN journal")
        during(postgres.journal(), lambda journal: stored(journal, [entry(alarm(1))]))
        assert [bell.channel for bell in listener.notifies(timeout=2, stop_after=1)] == ["journal"]


def test_a_session_that_was_ended_costs_a_moment_and_no_frame(postgres):
    async def work(journal):
        await journal.store(entry(alarm(1)))
        with psycopg.connect(postgres.url) as admin:
            assert admin.execute(END_WRITER).fetchall() == [(True,)]
        assert await stored(journal, [entry(alarm(2)), entry(heartbeat())]) == [True, True]
        assert journal.healthy

    during(postgres.journal(), work)
    assert sequences(postgres) == ["0001", "0002", "0000"]


@pytest.mark.parametrize("words", [b"COMMIT", b"NOTIFY journal", b"journal_signal"])
def test_a_batch_whose_end_is_unknown_is_stored_once(postgres, relay, words):
    async def work(journal):
        await journal.store(entry(alarm(1)))
        relay.cut_before = words
        assert await stored(journal, [entry(alarm(n)) for n in (2, 3)]) == [True, True]
        assert relay.cut_before is None
        await journal.store(entry(alarm(4)))

    during(behind(relay, postgres), work)
    assert sequences(postgres) == ["0001", "0002", "0003", "0004"]
    assert [row["id"] for row in postgres.rows("journal_signal")] == [1, 2, 3, 4]


def test_a_server_that_is_gone_answers_nothing_and_heals(postgres, relay):
    async def work(journal):
        relay.cut()
        assert await stored(journal, [entry(alarm(1))]) == [False]
        assert not journal.healthy
        assert await stored(journal, [entry(heartbeat())]) == [False]
        relay.restore()
        assert await journal.opened(5)
        await journal.store(entry(alarm(2)))

    during(behind(relay, postgres, deadline_s=0.5), work)
    assert sequences(postgres) == ["0002"]


def test_frames_that_come_while_the_connection_is_made_again_wait(postgres, relay):
    async def work(journal):
        relay.cut()
        first = journal.store(entry(alarm(1)))
        await asyncio.sleep(0.4)
        assert not journal.healthy
        second = journal.store(entry(alarm(2)))
        relay.restore()
        await asyncio.gather(first, second)

    during(behind(relay, postgres), work)
    assert sequences(postgres) == ["0001", "0002"]


def test_a_server_that_hangs_is_given_up_at_the_deadline_and_its_session_ended(postgres, relay, monkeypatch):
    monkeypatch.setattr("lianjing.core.journal.journal.TEND_S", 0.05)

    async def work(journal):
        relay.stall()
        began = time.monotonic()
        assert await stored(journal, [entry(alarm(1))]) == [False]
        assert time.monotonic() - began < 5
        relay.restore()
        assert await journal.opened(10), journal.fault
        await journal.store(entry(alarm(2)))

    during(behind(relay, postgres, deadline_s=0.5), work)
    assert sequences(postgres)[-1] == "0002"


def test_ids_that_another_writer_used_are_not_overwritten(postgres):
    async def work(journal):
        await journal.store(entry(alarm(1)))
        with psycopg.connect(postgres.url) as admin:
            admin.execute("INSERT INTO journal.journal_batch VALUES (2, now(), 0, 0, 'x')")
        assert await stored(journal, [entry(alarm(2))]) == [True]

    during(postgres.journal(), work)
    assert [row["id"] for row in postgres.rows("journal_batch")] == [1, 2, 3]


def test_a_writer_needs_a_server_that_syncs(postgres):
    engine = PostgresEngine(postgres.url + "?options=-csynchronous_commit%3Doff")
    engine.open()
    (level,) = engine._connection.execute("SHOW synchronous_commit").fetchone()
    engine.close()
    assert level == "on"


def test_what_no_deadline_holds_is_left_alone(postgres):
    engine = PostgresEngine(postgres.url)
    engine.open()
    engine.tend()
    engine.probe()
    engine.close()
