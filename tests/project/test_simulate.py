"""The panel simulator against a small receiver on real sockets."""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lianjing.project import simulate
from lianjing.project.simulation.messages import BadMessage, any_event, read_script
from lianjing.project.simulation.mix import PLAIN_ZONES, Ordinary
from lianjing.protocols.dc09 import Connection, FrameReceived, PanelProfile
from lianjing.terms.signals import FrameKind

KEY = bytes.fromhex("000102030405060708090A0B0C0D0E0F")


@dataclass
class FakeReceiver:
    """Answers as the real one does, on TCP and UDP of one port, but keeps frames in a list; `mute` get no answer."""

    key: bytes | None = None
    mute: int = 0
    skew: timedelta = timedelta()
    frames: list[FrameReceived] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def answer(self, connection: Connection, data: bytes) -> bytes:
        received = connection.receive_data(data, datetime.now(UTC) + self.skew)
        self.frames += received
        answers = b""
        for frame in received:
            if self.mute:
                self.mute -= 1
            else:
                answers += frame.answer or b""
        return answers

    def connection(self, *, stream: bool) -> Connection:
        return Connection(
            lambda account: PanelProfile(self.key, plain_allowed=True), pad=lambda count: b"p" * count, stream=stream
        )

    @property
    def said(self) -> list[tuple[str, str, list[str]]]:
        """account, sequence, codes of each frame that had a reading."""
        return [
            (frame.signal.account, frame.signal.sequence, [event.meaning.code for event in frame.signal.events])
            for frame in self.frames
            if frame.signal
        ]

    async def serve(self, ready: threading.Event, stop: asyncio.Event) -> None:
        server = await asyncio.start_server(self._tcp, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(self), local_addr=("127.0.0.1", self.port))
        ready.set()
        await stop.wait()
        transport.close()
        server.close()
        for writer in self.writers:
            writer.close()
        await asyncio.gather(*self.tasks)

    async def _tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        task = asyncio.current_task()
        assert task is not None
        self.tasks.append(task)
        connection = self.connection(stream=True)
        with contextlib.suppress(OSError):
            while data := await reader.read(4096):
                writer.write(self.answer(connection, data))
                await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, fake: FakeReceiver) -> None:
        self.fake = fake

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self.fake.answer(self.fake.connection(stream=False), data)
        if answer:
            self.transport.sendto(answer, addr)


@contextlib.contextmanager
def running(fake: FakeReceiver) -> Iterator[FakeReceiver]:
    """The fake in a thread with a loop of its own, so that `run` may have its own too."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(fake.serve(ready, stop)))
    thread.start()
    assert ready.wait(5)
    try:
        yield fake
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(5)
        loop.close()


def told(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    simulate.add_arguments(parser)
    return parser.parse_args(list(words))


def go(fake: FakeReceiver, *words: str) -> int:
    return simulate.run(told("--port", str(fake.port), *words))


Capture = pytest.CaptureFixture[str]


def test_one_event_is_sent_and_acknowledged(capsys: Capture) -> None:
    with running(FakeReceiver()) as fake:
        assert go(fake, "--account", "1000", "--events", "BA003", "--first-sequence", "42") == 0
    assert fake.said == [("1000", "0042", ["BA"])]
    out = capsys.readouterr().out
    assert "1000" in out
    assert "#0042  BA003            -> ACK" in out
    assert "1 frames in" in out
    assert "1 acknowledged" in out


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_several_panels_over_each_path(transport: str, key: bytes | None) -> None:
    with running(FakeReceiver(key)) as fake:
        words = ["--account", "0998-1001", "--transport", transport, "--cid", "1130 01 003", "--cid", "3130 01 003"]
        assert go(fake, *words, *(["--key", key.hex()] if key else [])) == 0
    assert sorted({account for account, _, _ in fake.said}) == ["0998", "0999", "1000", "1001"]
    assert len(fake.said) == 8
    assert all(frame.signal and frame.signal.encrypted is bool(key) for frame in fake.frames)
    assert fake.connections == (4 if transport == "tcp" else 0)


def test_numbers_count_up_and_begin_again_after_9999() -> None:
    with running(FakeReceiver()) as fake:
        assert go(fake, "--events", "BA1,BA2,BA3", "--first-sequence", "9998") == 0
    assert [sequence for _, sequence, _ in fake.said] == ["9998", "9999", "0001"]


@pytest.mark.parametrize(("transport", "connections"), [("tcp", 3), ("udp", 0)])
def test_without_an_answer_the_same_frame_is_sent_again(transport: str, connections: int, capsys: Capture) -> None:
    with running(FakeReceiver(mute=2)) as fake:
        words = ["--events", "PA006", "--timeout", "0.2", "--transport", transport, "--first-sequence", "7"]
        assert go(fake, *words) == 0
    assert fake.said == [("1000", "0007", ["PA"])] * 3
    assert len({frame.repeat_key for frame in fake.frames}) == 1
    assert fake.connections == connections
    assert "ACK (attempt 3)" in capsys.readouterr().out


def test_after_four_attempts_it_has_failed(capsys: Capture) -> None:
    with running(FakeReceiver(mute=99)) as fake:
        assert go(fake, "--events", "PA006", "--timeout", "0.05") == 1
    assert len(fake.frames) == 4
    assert "1 NOT (1 no answer in 0.05 s)" in capsys.readouterr().out


def test_a_receiver_that_is_not_there(capsys: Capture, unused_port: int) -> None:
    assert simulate.run(told("--port", str(unused_port), "--events", "BA1", "--timeout", "0.05")) == 1
    assert simulate.run(told("--port", str(unused_port), "--events", "BA1", "--wait", "0.2")) == 1
    assert "nothing listens" in capsys.readouterr().out


@pytest.fixture
def unused_port() -> int:
    with running(FakeReceiver()) as fake:
        return fake.port


def test_a_refusal_is_not_repeated(capsys: Capture) -> None:
    with running(FakeReceiver()) as fake:
        assert go(fake, "--token", "NO-SUCH", "--data", "12345") == 1
    assert [(frame.kind, frame.reason) for frame in fake.frames] == [(FrameKind.UNSUPPORTED, "unknown-token")]
    assert "1 NOT (1 DUH)" in capsys.readouterr().out


def test_a_nak_sets_the_panels_clock() -> None:
    with running(FakeReceiver(KEY, skew=timedelta(hours=3))) as fake:
        assert go(fake, "--key", KEY.hex(), "--events", "BA1,BA2") == 0
    assert [frame.reason for frame in fake.frames] == ["time-window", None, None]


def test_another_key_is_refused() -> None:
    with running(FakeReceiver(KEY)) as fake:
        assert go(fake, "--key", "FF" * 16, "--events", "BA1") == 1
    assert [frame.reason for frame in fake.frames] == ["wrong-key"]


def test_count_rate_and_quiet(capsys: Capture) -> None:
    with running(FakeReceiver()) as fake:
        assert go(fake, "--account", "1-3", "--events", "RP", "--rate", "60000", "--count", "10", "--quiet") == 0
    assert len(fake.frames) == 10
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_heartbeats_and_seconds() -> None:
    with running(FakeReceiver()) as fake:
        assert go(fake, "--events", "RP", "--rate", "120", "--seconds", "0.6", "--heartbeat", "0.1") == 0
    kinds = [frame.kind for frame in fake.frames]
    assert kinds.count(FrameKind.HEARTBEAT) >= 2
    assert kinds.count(FrameKind.SIGNAL) in (1, 2)


def interrupt_after_first(fake: FakeReceiver) -> None:
    """Presses Ctrl-C once a frame has come: by then the simulator listens for it."""

    def wait_and_press() -> None:
        while not fake.frames:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=wait_and_press, daemon=True).start()


def test_ctrl_c_ends_it_cleanly_and_soon() -> None:
    with running(FakeReceiver()) as fake:
        interrupt_after_first(fake)
        began = time.monotonic()
        assert go(fake, "--rate", "600", "--heartbeat", "30") == 0
        assert time.monotonic() - began < 20
    assert fake.frames


def test_ctrl_c_does_not_wait_long_for_a_silent_receiver(capsys: Capture) -> None:
    with running(FakeReceiver(mute=99)) as fake:
        interrupt_after_first(fake)
        began = time.monotonic()
        assert go(fake, "--rate", "600", "--timeout", "30") == 1
        assert time.monotonic() - began < 25
    assert "interrupted" in capsys.readouterr().out


def test_a_script(tmp_path: Path) -> None:
    script = tmp_path / "day.txt"
    script.write_text(
        "# a morning\n"
        "0 1000 OP001\n"
        "\n"
        '{"after": 0.2, "account": "*", "event": "RP"}\n'
        "0.1 1001 1130 01 003\n"
        '{"after": 0.3, "account": "1000", "token": "NULL"}\n',
        encoding="utf-8",
    )
    with running(FakeReceiver()) as fake:
        assert go(fake, "--account", "1000-1001", "--script", str(script)) == 0
    assert [codes for account, _, codes in fake.said if account == "1000"] == [["OP"], ["RP"], []]
    assert [codes for account, _, codes in fake.said if account == "1001"] == [["130"], ["RP"]]


def test_the_demo_reads_its_panels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zones = [{"number": "003", "codes": ["BA", "BR"]}, {"number": "006", "codes": ["PA", "PR"]}]
    rows = [
        {"account": "1001", "transport": "tcp", "key_hex": None, "zones": zones},
        {"account": "1002", "transport": "udp", "key_hex": KEY.hex(), "zones": zones},
    ]
    (tmp_path / "demo_panels.json").write_text(json.dumps(rows), encoding="utf-8")
    monkeypatch.setenv("LIANJING_DATA", str(tmp_path))
    with running(FakeReceiver(KEY)) as fake:
        assert go(fake, "--demo", "--rate", "60000", "--count", "30") == 0
    assert fake.said[0][0] in ("1001", "1002")
    events = [codes for account, _, codes in fake.said if codes]
    assert ["BA"] in events
    assert {frame.kind for frame in fake.frames} == {FrameKind.SIGNAL, FrameKind.HEARTBEAT}
    by_account = {frame.signal.account: frame.signal.encrypted for frame in fake.frames if frame.signal}
    assert by_account == {"1001": False, "1002": True}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--events", "xyz"], "no SIA event"),
        (["--cid", "1130-01"], "no Contact ID event"),
        (["--key", "12"], "a key is"),
        (["--account", "9-1"], "no range"),
        (["--account", "1 2"], "no account"),
        (["--rate", "0"], "--rate must be"),
        (["--first-sequence", "0"], "1 to 9999"),
        (["--port", "0"], "no port"),
        (["--demo", "--account", "1"], "--demo takes"),
        (["--demo", "--panels", "/nowhere/panels.json"], "demo-data"),
        (["--script", "/nowhere/script"], "No such file"),
    ],
)
def test_wrong_use_is_told(words: list[str], complaint: str, capsys: Capture) -> None:
    assert simulate.run(told(*words)) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("0 1000", "line 1: write SECONDS"),
        ("x 1000 BA1", "line 1"),
        ("-1 1000 BA1", "line 1"),
        ("\n0 1000 ba", "line 2"),
        ("{}", "line 1"),
        ("", "no event"),
        ("0 7777 BA1", "7777"),
    ],
)
def test_a_script_that_cannot_be_read(content: str, complaint: str, tmp_path: Path, capsys: Capture) -> None:
    script = tmp_path / "script"
    script.write_text(content, encoding="utf-8")
    assert simulate.run(told("--script", str(script))) == 2
    assert complaint in capsys.readouterr().err


def test_the_address_follows_the_receivers_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANJING_DC09_BIND", "0.0.0.0:12345")
    assert (told().host, told().port) == ("127.0.0.1", 12345)
    monkeypatch.setenv("LIANJING_DC09_BIND", "10.0.0.7:9")
    assert (told().host, told().port) == ("10.0.0.7", 9)
    monkeypatch.delenv("LIANJING_DC09_BIND")
    assert (told().host, told().port) == ("127.0.0.1", 10009)


def test_words_of_events() -> None:
    assert any_event("NULL").block("1000") == ""
    assert any_event("BA003+BV1", "2").block("1000") == "#1000|Nri2/BA003/BV1"
    assert any_event("Nri2/id5/OP").block("1000") == "#1000|Nri2/id5/OP"
    assert any_event("BA1^大厅^").data == "Nri1/BA1^大厅^"
    assert any_event("1130 01 0B3").token == "ADM-CID"
    with pytest.raises(BadMessage):
        any_event("BA 1")
    assert [row.after for row in read_script("1.5 * BA1")] == [1.5]


def test_an_ordinary_day_is_mostly_routine() -> None:
    day = Ordinary(PLAIN_ZONES, random.Random(1), speaks_contact_id=False)
    codes = [day.next().message.words[:2] for _ in range(2000)]
    share: Callable[[str], float] = lambda code: codes.count(code) / len(codes)  # noqa: E731
    assert share("OP") + share("CL") + share("RP") > 0.6
    assert abs(codes.count("OP") - codes.count("CL")) <= 1
    assert 0.05 < share("BA") < 0.3
    assert 0 < share("PA") < 0.05
    assert 0 < share("FA") < 0.05


def test_some_panels_speak_contact_id() -> None:
    day = Ordinary(PLAIN_ZONES, random.Random(1), speaks_contact_id=True)
    said = day.alarm()
    assert said.message.data == "1130 01 001"
    assert said.later is not None
    assert said.later.data == "3130 01 001"
    assert {day.next().message.token for _ in range(100)} == {"ADM-CID"}
