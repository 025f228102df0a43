"""One panel has gone mad and reports without end: it is slowed down, and its neighbours are served all the while."""

import asyncio
import itertools
import logging
import socket
import time
from contextlib import suppress
from statistics import median

from tests.bad_days.crowd import Load, is_accounted, panels
from tests.bad_days.panels import frames
from tests.receivers.process import port_of, receiver, status_of

log = logging.getLogger(__name__)

ACCOUNT = "7099"
FRAMES, DATAGRAMS = 50_000, 9_999
OTHERS = 20
LIMITS = {"FRAMES_A_SECOND": "4000", "DATAGRAMS_A_SECOND": "1000"}
"""For TCP four times the default, so that the test ends within the minute."""
AT_ONCE = 500
SILENCE_S = 0.5


def test_a_mad_panel_is_read_later_and_all_its_frames_are_kept_while_all_others_are_served(at, tmp_path):
    mad = list(itertools.islice(frames(ACCOUNT), FRAMES))
    with receiver(at, **LIMITS) as process, panels(tmp_path, port := port_of(process), count=OTHERS) as load:
        calm = time.monotonic()
        load.goes_on(2000)
        began = time.monotonic()
        answers = asyncio.run(pour_over_tcp(port, mad))
        ended = time.monotonic()
        load.goes_on()
        load.finish()
        assert status_of(tmp_path)["metrics"]['lianjing_receive_delayed_total{limit="frame-rate"}'] > 0
    assert [echo_of(answer) for answer in answers.split(b"\r")[:-1]] == [echo_of(raw) for raw in mad]
    assert len(accounts_served(load, began, ended)) == OTHERS
    # To look at (--log-cli-level=INFO), not to judge by: what else runs on the machine counts in.
    before, meanwhile = wait_ms(load, calm, began), wait_ms(load, began, ended)
    log.info("the others waited %.1f ms before, %.1f ms meanwhile", before, meanwhile)
    is_accounted(at, load.acked + mad)


def test_datagrams_of_a_mad_panel_are_taken_as_fast_as_its_limit_allows_while_all_others_are_served(at, tmp_path):
    mad = list(itertools.islice(frames(ACCOUNT), DATAGRAMS))
    with receiver(at, **LIMITS) as process, panels(tmp_path, port := port_of(process), count=OTHERS) as load:
        load.goes_on()
        began = time.monotonic()
        pour_over_udp(port, mad)
        ended = time.monotonic()
        load.goes_on()
        load.finish()
        assert status_of(tmp_path)["metrics"]['lianjing_receive_refused_total{limit="datagram-rate"}'] > 0
    assert len(accounts_served(load, began, ended)) == OTHERS
    is_accounted(at, load.acked + mad)


async def pour_over_tcp(port: int, raws: list[bytes]) -> bytes:
    """Sends all of it without waiting for an answer; all answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def pour() -> None:
        for start in range(0, len(raws), AT_ONCE):
            writer.write(b"".join(raws[start : start + AT_ONCE]))
            await writer.drain()

    pouring = asyncio.create_task(pour())
    answers, due = bytearray(), len(raws)
    while due and (more := await reader.read(1 << 16)):
        answers += more
        due -= more.count(b"\r")
    await pouring
    writer.close()
    return bytes(answers)


def pour_over_udp(port: int, raws: list[bytes]) -> None:
    """Sends all of it at once, and again what is not answered, until nothing is left."""
    due = {echo_of(raw): raw for raw in raws}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.connect(("127.0.0.1", port))
        line.settimeout(SILENCE_S)
        while due:
            for raw in due.values():
                line.send(raw)
            with suppress(TimeoutError):
                while due:
                    due.pop(echo_of(line.recv(4096)), None)


def echo_of(raw: bytes) -> bytes:
    """What stands in a frame and in its acknowledgement alike: sequence number, line, account."""
    return raw[raw.rindex(b'"') + 1 : raw.index(b"[")]


def accounts_served(load: Load, since: float, till: float) -> set[bytes]:
    """Which of the others were acknowledged in this time."""
    return {echo_of(raw)[4:] for at, raw in load.all_of("acked") if since < at < till}


def wait_ms(load: Load, since: float, till: float) -> float:
    """How long the others waited for an acknowledgement in this time: the median."""
    sent = {raw: at for at, raw in load.all_of("sent")}
    return 1000 * median(at - sent[raw] for at, raw in load.all_of("acked") if since < at < till)
