"""50,000 sites of one company report the same fault within a minute, while three hold-ups come in from other sites.

Open loop over 200 connections: every frame has its time to be sent. Everything runs as installed, two operators have
their desks open. Three storms one after the other, each with three hold-ups: losses of mains, which are held for half
an hour; the moment when all of these fall due at once; and a fault that is presented, and therefore folded, at once.
One run each: what counts is the slowest hold-up, and that nothing is lost.
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from bench.crowd import CONNECTIONS, finish, start
from bench.district import name_of
from bench.frames import FIXED, account_of
from bench.installation import STORED, Installation, installed, kinds, pin_postgres
from bench.machine import family_cpu_seconds, family_peak_mib, postgres_pid, say
from bench.panels import Order
from bench.table import Row, Verdict, below
from bench.visitor import Visitor
from lianjing.protocols.dc09.panel import build_frame

RATE = 50_000 / 60
SHARES = (0.25, 0.5, 0.75)
"""When the hold-ups come, as shares of a storm's length."""
DUE_S = (1.0, 3.0, 5.0)
"""And how long after everything has fallen due."""
SEEN_MS = 1000.0
PATIENCE_S = 600.0
LOOK_S = 0.5
LEFT = """
    SELECT (SELECT count(*) FROM journal_signal) - (SELECT count(*) FROM signals_treatment WHERE fate <> 'waiting')
        + (SELECT count(*) FROM signals_condition WHERE ended_at IS NULL AND present_at <= CURRENT_TIMESTAMP)
"""
"""What waits to be treated or, having been held, to be presented. Asked of the database: the page's account of the day
counts everything."""
CASES = "SELECT count(*) FROM incidents_incident"
POLL_S = 0.05
DESKS = ("operator", "leader")


@dataclass(slots=True)
class HoldUp:
    """One hold-up: when it ought to have been sent, and after how many milliseconds it was where."""

    site: str
    due: float
    row_ms: float = 0.0
    """In the event stream of the slowest desk."""
    api_ms: float = 0.0
    above: int = -1
    """Rows above it in the queue that are no hold-ups."""


@dataclass(slots=True)
class Storm:
    """What one storm came to."""

    what: str
    sent: int = 0
    ack_p99_ms: float = 0.0
    hold_ups: list[HoldUp] = field(default_factory=list)
    waiting: int = 0
    """Signals that were not treated when the last one had been acknowledged."""
    treated_s: float = 0.0
    """How long until all were."""
    cpu: dict[str, float] = field(default_factory=dict)
    """Share of one core by process, until all were treated."""
    cases: int = 0
    """Opened by it, hold-ups included."""
    kept: bool = False
    """Journal, acknowledgements and treated signals are one number, and the day's account balances."""


def run(_rounds: int, seconds: float) -> list[Row]:
    """Measures every database that is at hand; a storm of `seconds` has so much less than 50,000 sites."""
    pin_postgres()
    return [row for kind in kinds() for row in _measure(kind, seconds)]


def _measure(kind: str, seconds: float) -> list[Row]:
    sites = int(RATE * seconds)
    with installed(kind) as there:
        say(f"a district of {sites:,} sites, {kind}")
        there.inside("bench.district", "fill", str(sites + 9))
        there.start_all()
        scene = _Scene(there, sites, seconds, count(sites))
        held = scene.storm("held", "mains lost")
        due = scene.fall_due("all due at once")
        folded = scene.storm("folded", "no answer")
        peak = family_peak_mib(there.processes["work"].pid)
    return [row for one in (held, due, folded) for row in _rows(kind, one)] + [
        Row(f"memory of `work` at its peak, {kind}", f"{peak:.0f} MiB")
    ]


@dataclass(slots=True)
class _Scene:
    """One installation and its district."""

    there: Installation
    sites: int
    seconds: float
    fresh: Iterator[int]
    """Numbers of panels that send hold-ups."""
    token: str = ""
    sent: int = 0

    def storm(self, what: str, kind: str) -> Storm:
        """All sites say the same by the clock."""
        say(f"{what}: {self.sites:,} in {self.seconds:.0f} s")
        pid = self.there.processes["receive"].pid
        order = Order(self.there.panel_port, pid, kind, CONNECTIONS, self.seconds, accounts=self.sites, rate=RATE)
        with self._measured(what) as storm:
            crowd = start(order)
            storm.hold_ups = self._hold_up([self.seconds * share for share in SHARES])
            load = finish(crowd, what)
            storm.sent, storm.ack_p99_ms = load.acked + len(storm.hold_ups), load.p99_ms
        return storm

    def fall_due(self, what: str) -> Storm:
        """Everything that is held is to be presented now."""
        say(what)
        with self._measured(what) as storm:
            self.there.inside("bench.district", "due")
            storm.hold_ups = self._hold_up(list(DUE_S))
            storm.sent = len(storm.hold_ups)
        return storm

    @contextmanager
    def _measured(self, what: str) -> Iterator[Storm]:
        self.token = self.token or self.there.token("admin")
        storm, cases = Storm(what), self.there.count(CASES)
        before, began = _used(self.there), time.perf_counter()
        yield storm
        self.sent += storm.sent
        storm.waiting, ended = self.there.count(LEFT), time.perf_counter()
        while self.there.count(LEFT) and time.perf_counter() - ended < PATIENCE_S:
            time.sleep(LOOK_S)
        storm.treated_s = time.perf_counter() - ended
        took, after = time.perf_counter() - began, _used(self.there)
        storm.cpu = {name: (after[name] - before[name]) / took for name in before}
        storm.cases, storm.kept = self.there.count(CASES) - cases, self._is_kept()

    def _is_kept(self) -> bool:
        account = self.there.get("accounting", self.token)
        return (
            bool(account["balances"])
            and account["received"] == self.sent == self.there.count(STORED)
            and account["waiting"] == 0
        )

    def _hold_up(self, after: list[float]) -> list[HoldUp]:
        numbers = [next(self.fresh) for _ in after]
        visitors = [Visitor(self.there.url, user) for user in DESKS]
        return asyncio.run(_watch(self.there, visitors, self.token, numbers, after))


async def _watch(
    there: Installation, visitors: list[Visitor], token: str, numbers: list[int], after: list[float]
) -> list[HoldUp]:
    """Sends the hold-ups in their time and looks at every desk until each has been seen everywhere."""
    began = time.perf_counter()
    seen: list[dict[str, float]] = [{} for _ in visitors]
    desks = [
        asyncio.create_task(_look(there.web_port, visitor.cookie, rows))
        for visitor, rows in zip(visitors, seen, strict=True)
    ]
    try:
        return [
            await _one(there, visitors[0], token, number, began + pause, seen)
            for number, pause in zip(numbers, after, strict=True)
        ]
    finally:
        for desk in desks:
            desk.cancel()
        await asyncio.gather(*desks, return_exceptions=True)


async def _one(
    there: Installation, visitor: Visitor, token: str, number: int, due: float, seen: list[dict[str, float]]
) -> HoldUp:
    await asyncio.sleep(max(0.0, due - time.perf_counter()))
    hold_up = HoldUp(name_of(number), due)
    account = account_of(number)
    protocol, data = FIXED["hold-up"]
    frame = build_frame(protocol, data.format(account=account), account, 1, receiver="1", at=datetime.now(UTC))
    reader, writer = await asyncio.open_connection("127.0.0.1", there.panel_port)
    writer.write(frame)
    shown_at = await _until(lambda: all(hold_up.site in rows for rows in seen))
    hold_up.row_ms = 1000 * (max(rows[hold_up.site] for rows in seen) - due) if shown_at else float("inf")
    await reader.read(1000)
    writer.close()
    listed = await _until(lambda: hold_up.site in _newest(there, token), threaded=True)
    hold_up.api_ms = 1000 * (listed - due)
    hold_up.above = await asyncio.to_thread(_above, visitor, hold_up.site)
    return hold_up


async def _until(true: Callable[[], Any], *, threaded: bool = False) -> float:
    """When it came true; 0.0 when it never did."""
    deadline = time.perf_counter() + PATIENCE_S
    while (now := time.perf_counter()) < deadline:
        if await asyncio.to_thread(true) if threaded else true():
            return time.perf_counter() if threaded else now
        await asyncio.sleep(POLL_S if threaded else 0.002)
    return 0.0


def _newest(there: Installation, token: str) -> list[str]:
    return [item["site_name"] for item in there.get("incidents?state=active&limit=50", token)["items"]]


def _above(visitor: Visitor, site: str) -> int:
    """Rows of the queue page above the hold-up that are no hold-ups (grade 1 is theirs alone here)."""
    rows = visitor.get("/queue/").split('<a class="row ')[1:]
    place = next((place for place, row in enumerate(rows) if site in row), len(rows))
    return sum(not row.startswith("g1 ") for row in rows[:place])


async def _look(web_port: int, cookie: str, seen: dict[str, float]) -> None:
    """An open desk: when the row of which site first came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", web_port, limit=2**24)
    head = f"GET /console/events HTTP/1.1\r\nHost: 127.0.0.1:{web_port}\r\nCookie: {cookie}\r\n\r\n"
    writer.write(head.encode())
    while line := await reader.readline():
        now = time.perf_counter()
        html = json.loads(line[5:]).get("html") if line.startswith(b"data:") else None
        if isinstance(html, str):
            site = html.partition('<span class="where">')[2].partition("号")[0] + "号"
            seen.setdefault(site, now)


def _used(there: Installation) -> dict[str, float]:
    used = {name: family_cpu_seconds(process.pid) for name, process in there.processes.items()}
    if there.database_url:
        used["database"] = family_cpu_seconds(postgres_pid(there.database_url))
    return used


def _rows(kind: str, storm: Storm) -> list[Row]:
    slowest = max(one.row_ms for one in storm.hold_ups)
    listed = max(one.api_ms for one in storm.hold_ups)
    above = max(one.above for one in storm.hold_ups)
    cpu = ", ".join(f"{name} {share:.0%}" for name, share in storm.cpu.items())
    verdict = below(slowest, SEEN_MS, "ms", "slowest")
    whole = Verdict(goal="none lost, balances", reached=storm.kept and above == 0)
    where, left = f"storm 50k, {storm.what}, {kind}", f"{storm.waiting:,} left, treated {storm.treated_s:.0f} s later"
    return [
        Row(f"{where}: hold-up to row, API {listed:.0f} ms", f"slowest of 3 {slowest:.0f} ms", verdict=verdict),
        Row(f"{where}: {left}", f"{storm.sent:,}, {storm.cases} cases", None, p99(storm), whole),
        Row(f"{where}, CPU: {cpu}", "of a core each"),
    ]


def p99(storm: Storm) -> str:
    return f"ACK p99 {storm.ack_p99_ms:.0f}" if storm.ack_p99_ms else ""
