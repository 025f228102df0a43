"""From a panel's socket to the rows of twenty open desks: how long an alarm takes, at 50 alarms a second.

Open loop: every alarm has its time to be sent, and its delay counts from that time, so a stall is not hidden. Each
comes from an account of its own and opens a case of its own. Everything shares this machine.
"""

import asyncio
import json
import os
import re
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.program import Program, running

from bench.visitor import Visitor
from lianjing.protocols.dc09.panel import build_frame

STREAMS = 20
RATE = 50
SECONDS = 20
SETTLE = 5.0
ACCOUNT = re.compile(r"B[0-9A-F]{5}")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    rows_seen: int
    rows_due: int
    p50_ms: float
    p99_ms: float


def run() -> list[Row]:
    """Measures every database that is at hand."""
    kinds = ["sqlite"] + (["postgresql"] if os.environ.get("LIANJING_TEST_POSTGRES") else [])
    return [_measure(kind) for kind in kinds]


def _measure(kind: str) -> Row:
    os.environ["LIANJING_TEST_DATABASE"] = kind
    with tempfile.TemporaryDirectory(prefix="lianjing-bench-") as folder, running(Path(folder)) as program:
        cookies = [Visitor(program.url, "admin").cookie for _ in range(STREAMS)]
        due, seen = asyncio.run(_play(program, cookies))
    delays = sorted(1000 * (at - due[account]) for per in seen for account, at in per.items() if account in due)
    return Row(
        f"signal sent to row in {STREAMS} streams, {RATE} alarms/s, {kind}",
        len(delays),
        len(due) * STREAMS,
        delays[len(delays) // 2],
        delays[len(delays) * 99 // 100],
    )


async def _play(program: Program, cookies: list[str]) -> tuple[dict[str, float], list[dict[str, float]]]:
    seen: list[dict[str, float]] = [{} for _ in cookies]
    listeners = [asyncio.create_task(_listen(program, c, s)) for c, s in zip(cookies, seen, strict=True)]
    await asyncio.sleep(2)
    due = await _send(program)
    await asyncio.sleep(SETTLE)
    for listener in listeners:
        listener.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    return due, seen


async def _listen(program: Program, cookie: str, seen: dict[str, float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", program.web_port, limit=2**24)
    writer.write(
        f"GET /console/events HTTP/1.1\r\nHost: 127.0.0.1:{program.web_port}\r\nCookie: {cookie}\r\n"
        "Accept: text/event-stream\r\n\r\n".encode()
    )
    while line := await reader.readline():
        now = time.perf_counter()
        if line.startswith(b"data:"):
            for account in _accounts(line[5:]):
                seen.setdefault(account, now)


def _accounts(data: bytes) -> list[str]:
    html = json.loads(data).get("html")
    return ACCOUNT.findall(html) if isinstance(html, str) else []


async def _send(program: Program) -> dict[str, float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", program.panel_port)
    drain = asyncio.create_task(reader.read(-1))
    due: dict[str, float] = {}
    began = time.perf_counter()
    for number in range(RATE * SECONDS):
        account, when = f"B{number:05X}", began + number / RATE
        await asyncio.sleep(max(0.0, when - time.perf_counter()))
        due[account] = when
        writer.write(build_frame("SIA-DCS", f"#{account}|Nri1/BA003", account, 1, at=datetime.now(UTC)))
    writer.close()
    drain.cancel()
    return due
