"""A crowd of panels, as a process of its own: each sends a frame, waits for its ACK, sends the next (closed loop).

`python -m bench.panels PORT CONNECTIONS SECONDS` prints one JSON object: acked, seconds, p50_ms, p99_ms, wrong.
"""

import asyncio
import json
import sys
import time
from typing import cast

import uvloop
from fastcrc import crc16


class Panel(asyncio.Protocol):
    """One connection with an account of its own. No two of its frames are alike, so none passes as a repeat."""

    def __init__(self, number: int, until: float, delays: list[float]) -> None:
        self._account = b"%04X" % (0x1000 + number)
        self._until, self._delays = until, delays
        self._count = 0
        self._buffer = b""
        self.wrong = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._buffer.endswith(b"\r"):
            return
        now = time.perf_counter()
        self._delays.append(now - self._sent_at)
        self.wrong += self._expected not in self._buffer
        self._buffer = b""
        if now < self._until:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        self._count += 1
        sequence, zone = self._count % 9999 + 1, self._count // 9999 % 1000
        body = b'"ADM-CID"%04dL0#%b[#%b|1130 01 %03d]' % (sequence, self._account, self._account, zone)
        self._expected = b'"ACK"%04dL0#%b[]' % (sequence, self._account)
        self._sent_at = time.perf_counter()
        self._transport.write(b"\n%04X%04X%b\r" % (crc16.arc(body), len(body), body))


async def crowd(port: int, connections: int, seconds: float) -> dict[str, float]:
    """Runs all panels for `seconds`."""
    loop, delays = asyncio.get_running_loop(), list[float]()
    began = time.perf_counter()
    until = began + seconds
    panels = [Panel(number, until, delays) for number in range(connections)]
    for panel in panels:
        await loop.create_connection(lambda panel=panel: panel, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.wait_for(asyncio.gather(*(panel.done for panel in panels)), seconds + 30)
    took = time.perf_counter() - began
    delays.sort()
    return {
        "acked": len(delays),
        "seconds": took,
        "p50_ms": 1000 * delays[len(delays) // 2],
        "p99_ms": 1000 * delays[len(delays) * 99 // 100],
        "wrong": sum(panel.wrong for panel in panels),
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(crowd(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))))
