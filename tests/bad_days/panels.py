"""Panels under load, as a process of their own: each repeats a frame until it is acknowledged, then sends the next.

`python -m tests.bad_days.panels LOG PORT[,PORT] PANELS FIRST_ACCOUNT PATIENCE_S` writes a line "what monotonic_seconds
raw_hex" for each new frame (`sent`), each acknowledgement (`acked`) and each answer that is none of ours (`wrong`).
SIGTERM: no new frames; it ends when the last one is acknowledged. A panel without an answer for PATIENCE_S dials anew,
with several ports the next one.
"""

import asyncio
import itertools
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import uvloop

from lianjing.protocols.dc09.panel import build_frame

REDIAL_S = 0.2


@dataclass
class Crowd:
    """What all panels share."""

    log: TextIO
    ports: list[int]
    patience_s: float
    ending: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, what: str, raw: bytes) -> None:
        self.log.write(f"{what} {time.monotonic():.4f} {raw.hex()}\n")


@dataclass
class Line:
    """One panel's connection to whichever of the receivers answers."""

    ports: Iterator[int]
    patience_s: float
    stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, raw: bytes) -> bytes:
        """Sends a frame; the answer, empty when there was none."""
        try:
            async with asyncio.timeout(self.patience_s):
                if self.stream is None:
                    self.stream = await asyncio.open_connection("127.0.0.1", next(self.ports))
                reader, writer = self.stream
                writer.write(raw)
                return await reader.readuntil(b"\r")
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            self.hang_up()
            await asyncio.sleep(REDIAL_S)
            return b""

    def hang_up(self) -> None:
        if self.stream is not None:
            # A late answer would be taken for that of the next frame.
            self.stream[1].transport.abort()
            self.stream = None


def frames(account: str) -> Iterator[bytes]:
    """Frames of one panel, no two alike: the zone goes on where the sequence number begins anew."""
    for count in itertools.count():
        sequence, zone = count % 9999 + 1, count // 9999 + 1
        yield build_frame("ADM-CID", f"#{account}|1130 01 {zone:03d}", account, sequence)


async def report(crowd: Crowd, account: str) -> None:
    line = Line(itertools.cycle(crowd.ports), crowd.patience_s)
    for raw in frames(account):
        if crowd.ending.is_set():
            break
        crowd.note("sent", raw)
        while not (answer := await line.ask(raw)):
            pass
        echo = raw[raw.rindex(b'"') + 1 : raw.index(b"[")]
        crowd.note("acked" if b'"ACK"' + echo + b"[]" in answer else "wrong", raw)
    line.hang_up()


async def report_all(crowd: Crowd, accounts: range) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, crowd.ending.set)
    await asyncio.gather(*(report(crowd, f"{account:04X}") for account in accounts))


def main(path: str, ports: str, panels: str, first_account: str, patience_s: str) -> None:
    first = int(first_account, 16)
    with Path(path).open("w", buffering=1) as log:
        crowd = Crowd(log, [int(port) for port in ports.split(",")], float(patience_s))
        uvloop.run(report_all(crowd, range(first, first + int(panels))))


if __name__ == "__main__":
    main(*sys.argv[1:])
