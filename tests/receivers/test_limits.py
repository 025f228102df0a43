"""Hostile and unlucky peers: what each limit does, and that another panel is served all the same."""

import asyncio

import pytest

from lianjing.protocols.dc09.panel import build_frame
from lianjing.receivers.limits import Limits
from lianjing.receivers.peers import Bucket, Peers, network
from tests.receivers.fakes import House, TcpPanel, ack, alarm, house, until


class Silent:
    """A connection that says nothing."""

    def __init__(self) -> None:
        self.sent_away = 0

    def give_way(self) -> None:
        self.sent_away += 1


async def served(panel: TcpPanel, sequence: int) -> bool:
    panel.send(alarm(sequence))
    return (await panel.answer()).endswith(ack(sequence))


async def open_silent(built: House, count: int) -> list[asyncio.StreamWriter]:
    return [(await asyncio.open_connection("127.0.0.1", built.port))[1] for _ in range(count)]


def test_an_address_that_never_said_anything_has_few_connections_and_a_proven_one_many():
    async def run():
        async with house(Limits(unproven_connections=2, address_connections=5, drain_s=0.1)) as built:
            silent = await open_silent(built, 3)
            await until(lambda: built.counters.refused == {"unproven-connections": 1})
            silent[0].write(alarm(1))
            await until(lambda: built.counters.answered)
            silent += await open_silent(built, 4)
            await until(lambda: built.counters.refused["address-connections"] == 1)
            assert built.counters.connections == 5
            for writer in silent:
                writer.close()

    asyncio.run(run())


def test_when_all_places_are_taken_whoever_never_spoke_gives_way_and_no_panel_does():
    async def run():
        async with house(Limits(connections=3, drain_s=0.1)) as built, built.panel() as spoke:
            assert await served(spoke, 1)
            async with built.panel() as silent, built.panel() as second:
                await until(lambda: built.counters.connections == 3)
                async with built.panel() as third:
                    assert await served(third, 2)
                    assert await silent.closed()
                    assert await served(second, 3)
                    assert await served(spoke, 4)
                    assert built.counters.expired == {"gave-way": 1}

    asyncio.run(run())


def test_connections_past_the_rate_are_refused():
    async def run():
        async with house(Limits(connections_a_second=1, drain_s=0.1)) as built:
            opened = await open_silent(built, 4)
            await until(lambda: built.counters.refused == {"connection-rate": 2})
            for writer in opened:
                writer.close()

    asyncio.run(run())


def test_too_many_frames_a_second_are_read_later_and_all_answered_while_another_panel_is_served():
    async def run():
        async with house(Limits(frames_a_second=100, drain_s=0.1)) as built, built.panel() as mad:
            loop = asyncio.get_running_loop()
            began = loop.time()
            for first in range(1, 301, 100):
                mad.send(*(alarm(sequence) for sequence in range(first, first + 100)))
                await asyncio.sleep(0.05)
            async with built.panel() as calm:
                asked = loop.time()
                assert await served(calm, 9)
                assert loop.time() - asked < 0.5
            for sequence in range(1, 301):
                assert (await mad.answer()).endswith(ack(sequence))
            mad.send(alarm(400))
            assert (await mad.answer(8)).endswith(ack(400))
            assert loop.time() - began > 0.9
            assert built.counters.delayed >= 1
            assert built.counters.refused == {}

    asyncio.run(run())


def test_datagrams_past_the_rate_are_counted_and_not_answered():
    async def run():
        async with house(Limits(datagrams_a_second=1, drain_s=0.1)) as built:
            panel = await built.datagrams()
            for sequence in (1, 2, 3):
                panel.send(alarm(sequence))
            await until(lambda: built.counters.refused == {"datagram-rate": 1})
            assert {await panel.answer(), await panel.answer()} != set()
            assert panel.answers.empty()
            assert len(built.journal.entries) == 2

    asyncio.run(run())


def test_each_event_of_a_frame_counts_so_that_few_frames_cannot_do_what_many_may_not():
    async def run():
        limits = Limits(frames_a_second=10, datagrams_a_second=10, drain_s=0.1)
        async with house(limits) as built, built.panel() as mad, built.panel() as calm:
            many = build_frame("SIA-DCS", "#7099|N" + "BA1" * 30, "7099", 1)
            sender = await built.datagrams()
            sender.send(many)
            await sender.answer()
            sender.send(alarm(2))
            await until(lambda: built.counters.refused == {"datagram-rate": 1})
            mad.send(many)
            await mad.answer()
            assert built.counters.delayed == 1
            assert await served(calm, 3)

    asyncio.run(run())


def test_a_scanner_fills_no_journal():
    async def run():
        async with house(Limits(nonsense_frames=10, drain_s=0.1)) as built, built.panel() as scanner:
            scanner.send(b"x\n" * 50_000)
            assert await scanner.turned_away()
            assert built.counters.expired == {"nonsense": 1}
            assert 10 < len(built.journal.entries) < 600

    asyncio.run(run())


def test_a_panel_that_has_spoken_may_send_nonsense_and_stays():
    async def run():
        async with house(Limits(nonsense_frames=10, drain_s=0.1)) as built, built.panel() as panel:
            assert await served(panel, 1)
            panel.send(b"x\n" * 50)
            assert await served(panel, 2)

    asyncio.run(run())


def test_a_frame_of_4200_bytes_is_read_and_a_limit_is_kept():
    async def run():
        async with house(Limits(max_frame=4_200, drain_s=0.1)) as built, built.panel() as panel:
            around = len(build_frame("SIA-DCS", "#7099|NBA1^^", "7099", 1))
            for size, kind in ((4_200, "signal"), (4_201, "unreadable")):
                text = "x" * (size - around)
                panel.send(build_frame("SIA-DCS", f"#7099|NBA1^{text}^", "7099", 1))
                await until(lambda kind=kind: built.counters.received["dc09", "tcp", kind])

    asyncio.run(run())


def test_a_bucket_pays_its_debt_at_its_rate():
    now = 0.0
    bucket = Bucket(10, lambda: now)
    assert bucket.take(20) == 0
    assert bucket.take(5) == pytest.approx(0.5)
    now = 0.5
    assert bucket.take(0) == 0
    assert not bucket.try_take()
    now = 100.0
    assert [bucket.try_take() for _ in range(21)] == [True] * 20 + [False]


def test_what_is_not_open_any_more_counts_no_more():
    peers = Peers(Limits(address_connections=1, connections=1))
    first, second = Silent(), Silent()
    peers.enter(first, "192.0.2.1")
    assert peers.refusal("192.0.2.1") == "address-connections"
    peers.leave(first, "192.0.2.1")
    assert peers.refusal("192.0.2.1") is None
    peers.enter(second, "192.0.2.1")
    peers.prove(second)
    assert peers.refusal("192.0.2.2") == "connections"
    assert (first.sent_away, second.sent_away) == (0, 0)


@pytest.mark.parametrize(
    ("host", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
    ],
)
def test_a_subscriber_is_one_address(host: str, counted_as: str):
    assert network(host) == counted_as
