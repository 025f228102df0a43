"""The whole program under 1,500 frames a second: how long panels wait for their ACK, and operators for their writes.

Open loop, 200 panels of 200 sites, 2 % alarms (see bench/frames.py). Two operators, each with an open desk, work cases
off meanwhile (bench/hands.py). Load and database stay off the receiver's core; `work` and `web` run where the system
puts them.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.crowd import CONNECTIONS, finish, start
from bench.hands import Hand
from bench.installation import Installation, installed, kinds, pin_postgres
from bench.listener import Listener
from bench.machine import family_cpu_seconds, postgres_pid, say
from bench.panels import Load, Order
from bench.table import Row, below, p95, p99, spread
from bench.visitor import Visitor

RATE = 1500
ACK_MS = 50.0
WRITE_MS = 200.0
WORKERS = ("operator", "leader")
FIRST_CASES_S = 1.0
"""Writes begin when there are cases."""
TREATED_S = 60.0
WORK_US = 1e6 / RATE
"""What `work` may use of one core for a signal, to keep up."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run came to."""

    load: Load
    writes_ms: list[float]
    """Sorted."""
    waiting: int
    """Signals that intake had not treated when the last frame was acknowledged."""
    treated_s: float
    """How long until it had."""
    cpu: dict[str, float]
    """Share of one core by process, while frames came."""
    work_us: float
    """Processor time of `work` a signal, until all were treated."""


def run(rounds: int, seconds: float) -> list[Row]:
    """Measures every database that is at hand."""
    pin_postgres()
    return [row for kind in kinds() for row in _measure(kind, rounds, seconds)]


def _measure(kind: str, rounds: int, seconds: float) -> list[Row]:
    with installed(kind) as there:
        # Every second panel of the list has a key, and these send in clear: the sites of 200 panels.
        there.know(2 * CONNECTIONS, 2 * CONNECTIONS)
        there.start_all()
        visitors = [Visitor(there.url, user) for user in WORKERS]
        token = there.token("admin")
        with _desks(there, visitors):
            runs = [_one(kind, there, visitors, token, turn, seconds) for turn in range(rounds)]
    return _rows(kind, runs)


@contextmanager
def _desks(there: Installation, visitors: list[Visitor]) -> Iterator[None]:
    listeners = [Listener(there.web_port, visitor.cookie) for visitor in visitors]
    try:
        for listener in listeners:
            listener.start()
        yield
    finally:
        for listener in listeners:
            listener.stop()


def _one(kind: str, there: Installation, visitors: list[Visitor], token: str, turn: int, seconds: float) -> Run:
    say(f"run {turn + 1}: everything at once, {kind}")
    pid = there.processes["receive"].pid
    first = turn * int(RATE * seconds)
    order = Order(
        there.panel_port, pid, "plain", CONNECTIONS, seconds, first=first, accounts=CONNECTIONS, step=2, rate=RATE
    )
    hands = [Hand(visitor) for visitor in visitors]
    before = _used(there)
    began = time.perf_counter()
    crowd = start(order)
    time.sleep(FIRST_CASES_S)
    for hand in hands:
        hand.start()
    load = finish(crowd, kind)
    after, took = _used(there), time.perf_counter() - began
    for hand in hands:
        hand.stop()
    waiting = _waiting(there, token)
    treated_s = _all_treated(there, token)
    writes = sorted(ms for hand in hands for ms in hand.took_ms)
    if not writes:
        raise RuntimeError(
            f"{kind}: no operator's write was done in {seconds:.0f} s; {waiting} signals wait for intake"
        )
    work_us = 1e6 * (_used(there)["work"] - before["work"]) / load.acked
    cpu = {name: (after[name] - before[name]) / took for name in before}
    return Run(load, writes, waiting, treated_s, cpu, work_us)


def _used(there: Installation) -> dict[str, float]:
    used = {name: family_cpu_seconds(process.pid) for name, process in there.processes.items()}
    if there.database_url:
        used["database"] = family_cpu_seconds(postgres_pid(there.database_url))
    return used


def _waiting(there: Installation, token: str) -> int:
    return int(there.get("accounting", token)["waiting"])


def _all_treated(there: Installation, token: str) -> float:
    began = time.perf_counter()
    while _waiting(there, token):
        if time.perf_counter() - began > TREATED_S:
            return TREATED_S
        time.sleep(0.5)
    return time.perf_counter() - began


def _rows(kind: str, runs: list[Run]) -> list[Row]:
    tails, middles = spread([one.load.p99_ms for one in runs]), spread([one.load.p50_ms for one in runs])
    most = max(one.load.most_ms for one in runs)
    writes = [one.writes_ms for one in runs]
    slow, usual = spread([ms[len(ms) * 95 // 100] for ms in writes]), spread([ms[len(ms) // 2] for ms in writes])
    shares = {name: spread([one.cpu[name] for one in runs]).middle for name in runs[0].cpu}
    waiting, later = spread([one.waiting for one in runs]), spread([one.treated_s for one in runs])
    work = spread([one.work_us for one in runs])
    return [
        Row(
            f"ACK at {RATE:,}/s open loop, all processes, {kind}; slowest {most:,.0f} ms",
            f"p99 {tails:.1f} ms",
            middles.middle,
            p99(tails),
            below(tails.middle, ACK_MS, "ms", "p99"),
        ),
        Row(
            f"operators' writes meanwhile (take, note, … close), {kind}; n {min(map(len, writes))}+",
            f"p95 {slow:.0f} ms",
            usual.middle,
            p95(slow),
            below(slow.middle, WRITE_MS, "ms", "p95"),
        ),
        Row(
            f"CPU of `work` a signal (admit, treat, stamp, seal), {kind}",
            f"{work:.0f} µs",
            verdict=below(work.middle, round(WORK_US), "µs", "CPU"),
        ),
        Row(f"signals that wait for intake at the end, {kind}; treated {later.middle:.1f} s later", f"{waiting:,.0f}"),
        Row(f"CPU: {', '.join(f'{name} {share:.0%}' for name, share in shares.items())}, {kind}", "of a core each"),
    ]
