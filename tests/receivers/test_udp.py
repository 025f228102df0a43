"""DC-09 over real UDP sockets."""

import asyncio
import socket

import pytest

from tests.receivers.fakes import ack, alarm, house, new_listener, until


def test_the_answer_goes_to_where_the_datagram_came_from():
    async def run():
        async with house() as built:
            one, other = await built.datagrams(), await built.datagrams()
            one.send(alarm(1))
            other.send(alarm(2))
            assert (await one.answer()).endswith(ack(1))
            assert (await other.answer()).endswith(ack(2))
            entries = built.journal.entries
            assert {entry.transport for entry in entries} == {"udp"}
            assert {entry.peer for entry in entries} == {
                "{}:{}".format(*panel.transport.get_extra_info("sockname")) for panel in (one, other)
            }

    asyncio.run(run())


def test_nothing_is_answered_before_it_is_durable_or_while_the_journal_is_away():
    async def run():
        async with house() as built:
            panel = await built.datagrams()
            built.journal.gate.clear()
            panel.send(alarm(1))
            with pytest.raises(TimeoutError):
                await panel.answer(0.1)
            built.journal.gate.set()
            assert (await panel.answer()).endswith(ack(1))
            built.journal.healthy = False
            panel.send(alarm(2))
            with pytest.raises(TimeoutError):
                await panel.answer(0.1)
            built.journal.healthy = True
            panel.send(alarm(2))
            assert (await panel.answer()).endswith(ack(2))

    asyncio.run(run())


def test_a_datagram_is_complete_in_itself():
    async def run():
        async with house() as built:
            panel = await built.datagrams()
            panel.send(alarm(1)[:20])
            panel.send(alarm(1)[20:])
            panel.send(alarm(2) + alarm(3))
            assert (await panel.answer()).endswith(ack(2))
            assert (await panel.answer()).endswith(ack(3))
            kinds = [entry.frame.kind for entry in built.journal.entries]
            assert kinds[-2:] == ["signal", "signal"]
            assert set(kinds[:-2]) == {"unreadable"}
            assert b"".join(built.journal.raw) == alarm(1) + alarm(2) + alarm(3)

    asyncio.run(run())


def test_both_transports_share_one_port_and_a_taken_one_is_refused():
    async def run():
        async with house() as built, built.panel() as panel:
            panel.send(alarm(1))
            await panel.answer()
            with pytest.raises(OSError, match="in use"):
                await new_listener(built).open("127.0.0.1", built.port)

    asyncio.run(run())


def test_a_udp_port_that_is_taken_is_refused_though_the_tcp_port_is_free():
    async def run():
        async with house() as built:
            # Its own port, whose TCP side it gives back: of another one that side may be anybody's.
            await built.listener._tcp.close()
            with pytest.raises(OSError, match="UDP port"):
                await new_listener(built).open("127.0.0.1", built.port)

    asyncio.run(run())


def test_what_the_kernel_dropped_is_counted_too():
    async def run():
        async with house() as built:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flooder:
                for number in range(6000):  # the listener reads nothing meanwhile
                    flooder.sendto(alarm(number % 9999 + 1), ("127.0.0.1", built.port))
            await until(lambda: len(built.journal.entries) + built.counters.refused.total() == 6000)
            assert built.counters.refused["socket-buffer"] > 0

    asyncio.run(run())
