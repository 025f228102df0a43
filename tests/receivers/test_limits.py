"""Hostile and unlucky peers: what each limit does, and that another panel is served all the same."""

import asyncio
import ctypes
import socket
import struct

import pytest

from lianjing.protocols.dc09.panel import build_frame
from lianjing.receivers import tcp
from lianjing.receivers.desk import metrics
from lianjing.receivers.limits import Limits
from lianjing.receivers.peers import Bucket, Peers, network
from tests.receivers.fakes import House, TcpPanel, ack, alarm, house, until

SO_ATTACH_FILTER = 26
OTHER = "127.0.0.2"


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
            async with built.panel(OTHER) as calm:
                assert await served(calm, 2)
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
            async with built.panel(OTHER) as calm:
                assert await served(calm, 1)
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
            assert built.counters.delayed["frame-rate"] >= 1
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
            calm = await built.datagrams(OTHER)
            calm.send(alarm(9))
            assert (await calm.answer()).endswith(ack(9))
            assert len(built.journal.entries) == 3

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
            assert built.counters.delayed == {"frame-rate": 1}
            assert await served(calm, 3)

    asyncio.run(run())


def test_a_scanner_fills_no_journal():
    async def run():
        limits = Limits(nonsense_frames=10, drain_s=0.1)
        async with house(limits) as built, built.panel() as scanner, built.panel() as calm:
            scanner.send(b"x\n" * 50_000)
            assert await served(calm, 1)
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


def test_of_datagrams_that_wait_an_address_has_its_share_and_others_still_have_room():
    async def run():
        async with house(Limits(datagrams=8, drain_s=0.1)) as built:
            mad, calm = await built.datagrams(), await built.datagrams("127.0.0.2")
            built.journal.gate.clear()
            for sequence in (1, 2, 3):
                mad.send(alarm(sequence))
            await until(lambda: built.counters.refused == {"address-datagrams": 1})
            calm.send(alarm(9))
            await until(lambda: built.journal.asked == 3)
            built.journal.gate.set()
            assert (await calm.answer()).endswith(ack(9))
            assert [(await mad.answer())[-18:] for _ in range(2)] == [ack(n)[-18:] for n in (1, 2)]
            mad.send(alarm(3))
            assert (await mad.answer()).endswith(ack(3))

    asyncio.run(run())


def test_when_too_many_datagrams_wait_those_of_whomever_are_turned_away_and_counted():
    async def run():
        async with house(Limits(datagrams=4, drain_s=0.1)) as built:
            built.journal.gate.clear()
            for number in range(1, 6):
                (await built.datagrams(f"127.0.0.{number}")).send(alarm(number))
            await until(lambda: built.counters.refused == {"datagrams": 1})
            built.journal.gate.set()
            await until(lambda: built.counters.answered == 4)

    asyncio.run(run())


def test_a_datagram_over_the_limit_is_kept_and_counted_and_not_answered_and_the_next_one_is():
    async def run():
        async with house(Limits(max_frame=4_200, drain_s=0.1)) as built:
            panel = await built.datagrams()
            panel.send(build_frame("NULL", "x" * 4_200, "7099", 1)[:4_201])
            panel.send(alarm(2))
            assert (await panel.answer()).endswith(ack(2))
            assert panel.answers.empty()
            assert metrics(built.counters)["lianjing_receive_too_long_total"] == 1
            assert built.journal.entries[0].frame.reason == "too-long"

    asyncio.run(run())


def test_what_is_not_stored_in_time_when_the_listener_closes_is_counted_and_not_answered():
    async def run():
        async with house(Limits(drain_s=0.1)) as built, built.panel() as over_tcp:
            over_udp = await built.datagrams()
            built.journal.gate.clear()
            over_udp.send(alarm(1))
            over_tcp.send(alarm(2))
            await until(lambda: built.journal.asked == 2)
            await built.listener.close()
            assert built.counters.expired == {"drain": 2}
            built.journal.gate.set()
            assert await over_tcp.turned_away()
            assert over_udp.answers.empty()

    asyncio.run(run())


@pytest.mark.parametrize("under_way", [True, False], ids=["an-answer", "nothing"])
def test_a_peer_that_has_vanished_without_a_word_is_let_go_while_another_panel_is_served(under_way):
    """Its machine confirms nothing any more: whether an answer is under way to it or nothing at all."""

    async def run():
        async with house(Limits(vanished_s=2, drain_s=0.1)) as built, built.panel() as calm:
            with socket.create_connection(("127.0.0.1", built.port)) as gone:
                gone.sendall(alarm(1))
                assert await asyncio.to_thread(gone.recv, 100)
                if under_way:
                    built.journal.gate.clear()
                    gone.sendall(alarm(2))
                    await until(lambda: built.journal.asked == 2)
                go_deaf(gone)
                built.journal.gate.set()
                await until(lambda: built.counters.expired == {"vanished": 1}, 10)
                assert built.counters.connections == 1
                assert await served(calm, 3)

    asyncio.run(run())


def go_deaf(sock: socket.socket) -> None:
    """The kernel drops whatever comes for this socket, before it confirms it: as if its machine had lost power."""
    drop = struct.pack("HBBI", 6, 0, 0, 0)  # BPF_RET | BPF_K, 0 bytes
    program = ctypes.create_string_buffer(drop, len(drop))
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(program)))


def test_a_slow_sender_is_let_go_in_the_middle_of_its_frame_while_another_panel_is_served(monkeypatch):
    monkeypatch.setattr(tcp, "SWEEP_S", 0.02)

    async def run():
        async with house(Limits(half_frame_s=0.3, drain_s=0.1)) as built, built.panel() as calm, built.panel() as slow:
            assert await served(slow, 1)
            # The beginning of the next frame, with the end of the one before, begins its time too.
            slow.send(alarm(2), alarm(3)[:12])
            assert (await slow.answer()).endswith(ack(2))
            for byte in alarm(3)[12:]:
                if built.counters.expired:
                    break
                slow.send(bytes([byte]))
                await asyncio.sleep(0.02)
            assert built.counters.expired == {"half-frame": 1}
            assert await slow.closed()
            assert built.journal.entries[-1].frame.reason == "cut-off"
            assert await served(calm, 4)

    asyncio.run(run())


@pytest.mark.parametrize("behind", [b"\n", b"\0", b"\r\n"])
def test_what_some_panels_send_behind_a_frame_is_no_half_frame(monkeypatch, behind):
    monkeypatch.setattr(tcp, "SWEEP_S", 0.02)

    async def run():
        async with house(Limits(half_frame_s=0.05, drain_s=0.1)) as built, built.panel() as panel:
            assert await served(panel, 1)
            panel.send(behind)
            assert await panel.silent(0.2)
            assert await served(panel, 2)

    asyncio.run(run())
