"""DC-09 over real TCP sockets, with a journal that can be slow or away."""

import asyncio
import secrets
import socket
from datetime import UTC, datetime, timedelta

import pytest

from lianjing.protocols.dc09.panel import ReplyKind, build_frame, parse_reply
from lianjing.receivers import tcp
from lianjing.receivers.limits import Limits
from lianjing.receivers.tcp import address_text
from tests.receivers.fakes import ack, alarm, house, until


def test_an_alarm_is_stored_and_then_acknowledged_on_a_connection_that_stays():
    async def run():
        async with house() as built, built.panel() as panel:
            for sequence in (1, 2):
                panel.send(alarm(sequence))
                assert (await panel.answer()).endswith(ack(sequence))
                assert built.journal.raw[-1] == alarm(sequence)
            assert await panel.silent()
            (entry, _) = built.journal.entries
            assert (entry.listener, entry.transport) == ("dc09", "tcp")
            assert entry.peer.startswith("127.0.0.1:")
            assert abs(datetime.now(UTC) - entry.received_at) < timedelta(seconds=5)

    asyncio.run(run())


def test_nothing_is_answered_before_it_is_durable():
    async def run():
        async with house() as built, built.panel() as panel:
            built.journal.gate.clear()
            panel.send(alarm(1))
            assert await panel.silent()
            assert built.journal.asked == 1
            built.journal.gate.set()
            assert (await panel.answer()).endswith(ack(1))

    asyncio.run(run())


def test_with_the_journal_away_there_is_no_answer_and_it_recovers():
    async def run():
        async with house() as built, built.panel() as panel:
            built.journal.healthy = False
            panel.send(alarm(1))
            assert await panel.silent()
            assert built.counters.unstored == 1
            built.journal.healthy = True
            panel.send(alarm(1))
            assert (await panel.answer()).endswith(ack(1))
            assert built.counters.stored == 1

    asyncio.run(run())


def test_two_frames_in_one_segment_are_two():
    async def run():
        async with house() as built, built.panel() as panel:
            panel.send(alarm(1), alarm(2))
            assert (await panel.answer()).endswith(ack(1))
            assert (await panel.answer()).endswith(ack(2))
            assert built.journal.raw == [alarm(1), alarm(2)]

    asyncio.run(run())


def test_one_frame_in_many_segments_is_one():
    async def run():
        async with house() as built, built.panel() as panel:
            for byte in alarm(1):
                panel.send(bytes([byte]))
                await asyncio.sleep(0.001)
            assert (await panel.answer()).endswith(ack(1))
            assert built.journal.raw == [alarm(1)]

    asyncio.run(run())


def test_a_repeat_gets_the_same_answer():
    async def run():
        async with house() as built, built.panel() as panel:
            panel.send(alarm(1))
            first = await panel.answer()
            panel.send(alarm(1))
            assert await panel.answer() == first
            keys = {entry.frame.repeat_key for entry in built.journal.entries}
            assert len(keys) == 1

    asyncio.run(run())


def test_a_broken_frame_is_stored_and_not_answered_and_the_next_one_is_read():
    async def run():
        async with house() as built, built.panel() as panel:
            broken = alarm(1).replace(b"1130", b"1131")
            panel.send(broken)
            assert await panel.silent()
            panel.send(b"\x00stray", alarm(2))
            assert (await panel.answer()).endswith(ack(2))
            assert [entry.frame.kind for entry in built.journal.entries] == ["unreadable", "unreadable", "signal"]
            assert built.counters.of_kind("unreadable") == 2

    asyncio.run(run())


def test_half_a_frame_at_the_end_of_a_connection_is_stored():
    async def run():
        async with house() as built:
            async with built.panel() as panel:
                panel.send(alarm(1)[:20])
            await until(lambda: built.journal.entries)
            (entry,) = built.journal.entries
            assert (entry.frame.raw, entry.frame.kind, entry.frame.answer) == (alarm(1)[:20], "unreadable", None)

    asyncio.run(run())


def test_a_panel_that_sends_and_says_it_is_done_still_gets_its_answer():
    async def run():
        async with house() as built, built.panel() as panel:
            built.journal.gate.clear()
            panel.send(alarm(1), alarm(2))
            panel.writer.write_eof()
            await until(lambda: built.journal.asked == 2)
            built.journal.gate.set()
            assert (await panel.answer()).endswith(ack(1))
            assert (await panel.answer()).endswith(ack(2))
            assert await panel.closed()

    asyncio.run(run())


def test_a_frame_whose_panel_has_hung_up_is_stored_all_the_same():
    async def run():
        async with house() as built:
            built.journal.gate.clear()
            async with built.panel() as panel:
                panel.send(alarm(1))
                await until(lambda: built.journal.asked)
            await asyncio.sleep(0.05)
            built.journal.gate.set()
            await until(lambda: built.counters.connections == 0)
            assert built.journal.raw == [alarm(1)]

    asyncio.run(run())


def test_answers_keep_the_order_of_their_frames():
    async def run():
        async with house() as built, built.panel() as panel:
            gates = [asyncio.Event() for _ in range(3)]

            async def store(entry, settled):
                await gates[int(entry.frame.signal.sequence) - 1].wait()
                settled(None)

            built.journal.store = store
            panel.send(alarm(1), alarm(2), alarm(3))
            for late_first in (2, 1):
                gates[late_first].set()
                assert await panel.silent(0.05)
            gates[0].set()
            assert [(await panel.answer())[-18:-1] for _ in range(3)] == [ack(n)[-18:-1] for n in (1, 2, 3)]

    asyncio.run(run())


def test_a_failed_frame_leaves_the_answers_of_the_others():
    async def run():
        async with house() as built, built.panel() as panel:
            take = built.journal.take

            def choosy(entry, settled):
                if entry.frame.signal.sequence == "0002":
                    settled("refused")
                else:
                    take(entry, settled)

            built.journal.take = choosy
            panel.send(alarm(1), alarm(2), alarm(3))
            assert (await panel.answer()).endswith(ack(1))
            assert (await panel.answer()).endswith(ack(3))

    asyncio.run(run())


def test_encrypted_frames_are_answered_encrypted():
    key = bytes(range(32))

    async def run():
        async with house(A7099=key) as built, built.panel() as panel:
            raw = build_frame(
                "SIA-DCS", "#7099|Nri1/BA003", "7099", 5, at=datetime.now(UTC), key=key, pad=secrets.token_bytes
            )
            panel.send(raw)
            reply = parse_reply(await panel.answer(), key)
            assert (reply.kind, reply.sequence, reply.encrypted) == (ReplyKind.ACK, "0005", True)
            assert [event.meaning.code for event in built.journal.entries[0].frame.signal.events] == ["BA"]

    asyncio.run(run())


def test_many_connections_at_once():
    async def one(built, sequence):
        async with built.panel() as panel:
            panel.send(alarm(sequence))
            return (await panel.answer()).endswith(ack(sequence))

    async def run():
        async with house() as built:
            assert all(await asyncio.gather(*(one(built, sequence) for sequence in range(1, 151))))
            assert len(built.journal.entries) == 150
            await until(lambda: built.counters.connections == 0)

    asyncio.run(run())


def test_a_sender_far_ahead_of_the_disk_is_read_no_further_and_loses_nothing():
    async def run():
        limits = Limits(waiting_a_connection=10, drain_s=1)
        async with house(limits) as built, built.panel() as panel, built.panel() as calm:
            built.journal.gate.clear()
            count = 7000
            panel.send(*[alarm(sequence) for sequence in range(1, count + 1)])
            await until(lambda: built.counters.delayed["waiting-frames"])
            waiting = built.journal.asked
            assert waiting < count
            calm.send(alarm(9000))
            await until(lambda: built.journal.asked == waiting + 1)
            assert built.counters.delayed["waiting-frames"] == 1
            await asyncio.sleep(0.1)
            assert built.journal.asked == waiting + 1
            built.journal.gate.set()
            assert (await calm.answer()).endswith(ack(9000))
            for sequence in range(1, count + 1):
                assert (await panel.answer()).endswith(ack(sequence))

    asyncio.run(run())


def test_too_many_connections_are_turned_away_and_counted():
    async def run():
        async with house(Limits(connections=1, drain_s=0.1)) as built, built.panel() as first:
            first.send(alarm(1))
            await first.answer()
            async with built.panel() as second:
                assert await second.turned_away()
            assert (built.counters.refused, built.counters.connections) == ({"connections": 1}, 1)
            first.send(alarm(2))
            await first.answer()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("limits", "sent", "limit"),
    [
        (Limits(half_frame_s=0.1, drain_s=0.1), alarm(1)[:20], "half-frame"),
        (Limits(silence_s=0.1, drain_s=0.1), b"", "silence"),
        (Limits(first_frame_s=0.1, drain_s=0.1), b"", "first-frame"),
    ],
)
def test_half_a_frame_or_silence_ends_a_connection(monkeypatch, limits, sent, limit):
    monkeypatch.setattr(tcp, "SWEEP_S", 0.02)

    async def run():
        async with house(limits) as built, built.panel() as panel:
            panel.send(sent)
            assert await panel.closed()
            assert built.counters.expired == {limit: 1}
            assert built.journal.raw == ([sent] if sent else [])
            async with built.panel() as calm:
                calm.send(alarm(2))
                assert (await calm.answer()).endswith(ack(2))

    asyncio.run(run())


def test_a_peer_that_leaves_its_answers_unread_is_let_go(monkeypatch):
    monkeypatch.setattr(tcp, "SWEEP_S", 0.02)
    monkeypatch.setattr(tcp, "ANSWERS_BUFFERED", 1000)

    async def run():
        async with house(Limits(unread_s=0.1, drain_s=0.1)) as built:
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            sock.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(sock, ("127.0.0.1", built.port))

            async def flood():
                while True:
                    await loop.sock_sendall(sock, alarm(1) * 1000)

            flooding = asyncio.create_task(flood())
            async with built.panel() as calm:
                calm.send(alarm(2))
                assert (await calm.answer()).endswith(ack(2))
            await until(lambda: built.counters.expired["unread-answers"], 20)
            flooding.cancel()
            await asyncio.gather(flooding, return_exceptions=True)
            sock.close()

    asyncio.run(run())


def test_closing_finishes_what_was_read():
    async def run():
        async with house() as built, built.panel() as panel:
            built.journal.gate.clear()
            panel.send(alarm(1))
            await until(lambda: built.journal.asked)
            closing = asyncio.create_task(built.listener.close())
            await asyncio.sleep(0.05)
            with pytest.raises(OSError, match="Connect"):
                await asyncio.open_connection("127.0.0.1", built.port)
            built.journal.gate.set()
            assert (await panel.answer()).endswith(ack(1))
            assert await panel.closed()
            await closing

    asyncio.run(run())


@pytest.mark.parametrize(
    ("address", "text"),
    [(("192.0.2.1", 5), "192.0.2.1:5"), (("2001:db8::1", 5, 0, 0), "[2001:db8::1]:5"), (None, "")],
)
def test_addresses_are_written_as_people_write_them(address, text):
    assert address_text(address) == text
