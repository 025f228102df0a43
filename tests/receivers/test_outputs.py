"""Older receivers over real TCP sockets: their byte leaves once the message is stored."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from lianjing.receivers.desk import Counters, Shared
from lianjing.receivers.limits import Limits
from lianjing.receivers.listeners import LISTENERS
from lianjing.receivers.peers import Peers
from tests.receivers.fakes import FakeDirectory, FakeJournal

MESSAGES = {
    "surgard": (b"5011 181234E12101001\x14", b"1011           @    \x14"),
    "ademco685": (b"\n12 1234 18 E130 01 C005 \r", b"\n11 OKAY @ \r"),
}


@asynccontextmanager
async def talking(name: str, journal: FakeJournal) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    limits = Limits(drain_s=0.5)
    (kind,) = (kind for kind in LISTENERS if kind.name == name)
    listener = kind.make(Shared(journal, FakeDirectory(), Counters(), limits, Peers(limits)))
    reader, writer = await asyncio.open_connection("127.0.0.1", await listener.open("127.0.0.1", 0))
    try:
        yield reader, writer
    finally:
        writer.close()
        await listener.close()


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_stored_and_then_acknowledged_and_half_a_message_waits(name):
    async def run():
        journal = FakeJournal()
        event, poll = MESSAGES[name]
        async with talking(name, journal) as (reader, writer):
            journal.gate.clear()
            writer.write(event[:9])
            await asyncio.sleep(0.05)
            writer.write(event[9:] + poll)
            await asyncio.sleep(0.05)
            assert (journal.asked, journal.raw) == (2, [])
            journal.gate.set()
            assert await asyncio.wait_for(reader.readexactly(2), 3) == b"\x06\x06"
            assert journal.raw == [event.lstrip(b"\n"), poll.lstrip(b"\n")]
            assert [(e.listener, e.transport, e.frame.kind) for e in journal.entries] == [
                (name, "tcp", "signal"),
                (name, "tcp", "heartbeat"),
            ]

    asyncio.run(run())


def test_with_the_journal_away_nothing_is_acknowledged():
    async def run():
        journal = FakeJournal()
        journal.healthy = False
        async with talking("surgard", journal) as (reader, writer):
            writer.write(MESSAGES["surgard"][0])
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(reader.read(1), 0.2)

    asyncio.run(run())
