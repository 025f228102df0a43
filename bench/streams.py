"""From a panel's socket to the rows of twenty open desks: how long an alarm takes, at 50 alarms a second.

Open loop: every alarm has its time to be sent, and its delay counts from that time, so a stall is not hidden. Each
comes from an account of its own and opens a case of its own. Everything shares this machine.
"""

import asyncio
import json
import re
import time
from datetime import UTC, datetime

from bench.installation import Installation, kinds, running
from bench.machine import say
from bench.table import Row, Verdict, p99, spread
from bench.visitor import Visitor
from lianjing.protocols.dc09.panel import build_frame

STREAMS = 20
RATE = 50
SETTLE_S = 4.0
ACCOUNT = re.compile(r"B[0-9A-F]{5}")
Seen = dict[str, float]


def run(rounds: int, seconds: float) -> list[Row]:
    """Measures every database that is at hand."""
    return [_measure(kind, rounds, seconds) for kind in kinds()]


def _measure(kind: str, rounds: int, seconds: float) -> Row:
    with running(kind) as program:
        cookies = [Visitor(program.url, "admin").cookie for _ in range(STREAMS)]
        runs = [_one(kind, program, cookies, turn, seconds) for turn in range(rounds)]
    middle = spread([delays[len(delays) // 2] for delays, _ in runs])
    tail = spread([delays[len(delays) * 99 // 100] for delays, _ in runs])
    rows, due = sum(len(delays) for delays, _ in runs), sum(due for _, due in runs)
    verdict = Verdict(goal="every row seen", reached=rows == due)
    what = f"signal sent to row in {STREAMS} streams, {RATE} alarms/s, {kind}"
    return Row(what, f"{rows:,} of {due:,} rows", middle.middle, p99(tail), verdict)


def _one(kind: str, program: Installation, cookies: list[str], turn: int, seconds: float) -> tuple[list[float], int]:
    """Delays in milliseconds, sorted, and how many there ought to be."""
    say(f"run {turn + 1}: alarms to open desks, {kind}")
    due, seen = asyncio.run(_play(program, cookies, turn * 0x10000, int(RATE * seconds)))
    delays = sorted(1000 * (at - due[account]) for per in seen for account, at in per.items() if account in due)
    return delays, len(due) * STREAMS


async def _play(program: Installation, cookies: list[str], first: int, count: int) -> tuple[Seen, list[Seen]]:
    seen: list[Seen] = [{} for _ in cookies]
    listeners = [asyncio.create_task(_listen(program, c, s)) for c, s in zip(cookies, seen, strict=True)]
    await asyncio.sleep(2)
    due = await _send(program, first, count)
    await asyncio.sleep(SETTLE_S)
    for listener in listeners:
        listener.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    return due, seen


async def _listen(program: Installation, cookie: str, seen: Seen) -> None:
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


async def _send(program: Installation, first: int, count: int) -> Seen:
    reader, writer = await asyncio.open_connection("127.0.0.1", program.panel_port)
    drain = asyncio.create_task(reader.read(-1))
    due: Seen = {}
    began = time.perf_counter()
    for number in range(count):
        account, when = f"B{first + number:05X}", began + number / RATE
        await asyncio.sleep(max(0.0, when - time.perf_counter()))
        due[account] = when
        writer.write(build_frame("SIA-DCS", f"#{account}|Nri1/BA003", account, 1, at=datetime.now(UTC)))
    writer.close()
    drain.cancel()
    return due
