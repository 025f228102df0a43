"""What a frame costs the receiver, and what memory it takes, with 1,000 and with 1,000,000 known accounts.

Every second panel has a key. The crowd sends from many accounts by turns, spread over the whole list.
"""

import socket
import time
from contextlib import suppress
from dataclasses import dataclass

from bench.crowd import CONNECTIONS, Server, cpu_us, drive
from bench.frames import account_of, letters
from bench.installation import Installation, installed, kinds, pin_postgres
from bench.machine import cpu_seconds, memory_mib, say
from bench.panels import Load, Order
from bench.table import NO_GOAL, Row, Verdict, below, grows_no_more_than, p99, spread

FEW, MANY = 1_000, 1_000_000
MOST = 45_000
SPEAKING = 20_000
"""Accounts that send, at most."""
GROWTH = 1.1
"""Neither should grow at all; so much two runs with the same accounts differ."""
RATE = 1500
ACK_MS = 50.0
REREAD_S = 62.0
"""The directory counts the panels every 60 s, and reads all of them again when one has gone: long enough to meet it."""
READY_S = 180.0
IDLE_S = 5.0


@dataclass(frozen=True, slots=True)
class Size:
    """What the receiver is like with so many accounts."""

    ready_s: float
    """From its start until the last account of the list is answered with its key."""
    idle: float
    """Share of a core that it needs while nobody sends."""
    mib: float
    loads: list[Load]


def run(rounds: int, seconds: float) -> list[Row]:
    """Measures every database that is at hand."""
    pin_postgres()
    return [row for kind in kinds() for row in _measure(kind, rounds, seconds)]


def _measure(kind: str, rounds: int, seconds: float) -> list[Row]:
    with installed(kind) as there:
        few = _size(kind, there, FEW, rounds, seconds)
        there.stop("receive")
        many = _size(kind, there, MANY, rounds, seconds)
        whole = _while_reread(kind, there, first=rounds * int(MOST * seconds))
    return [*_cost_rows(kind, few, many), *_memory_rows(kind, few, many), _reread_row(kind, whole)]


def _size(kind: str, there: Installation, known: int, rounds: int, seconds: float) -> Size:
    say(f"{known:,} accounts are entered, {kind}")
    there.know(known, 1)
    began = time.perf_counter()
    server = there.receiver(kind)
    _answers(server, known - 1)
    ready = time.perf_counter() - began
    idle = _idle(server)
    loads = [_one(kind, server, known, turn, seconds) for turn in range(rounds)]
    return Size(ready, idle, memory_mib(server.pid), loads)


def _answers(server: Server, number: int) -> None:
    """Returns when the panel with this number, which has a key, is acknowledged."""
    deadline = time.perf_counter() + READY_S
    for letter in letters("encrypted", [account_of(number)], 9999, 0):
        with socket.create_connection(("127.0.0.1", server.port), 1) as line, suppress(TimeoutError):
            line.sendall(letter.frame)
            if letter.echo in line.recv(4096):
                return
        if time.perf_counter() > deadline:
            raise RuntimeError(f"{server.name}: a known panel is not acknowledged after {READY_S:.0f} s")
        time.sleep(0.05)


def _idle(server: Server) -> float:
    before = cpu_seconds(server.pid)
    time.sleep(IDLE_S)
    return (cpu_seconds(server.pid) - before) / IDLE_S


def _one(kind: str, server: Server, known: int, turn: int, seconds: float) -> Load:
    say(f"run {turn + 1}: {known:,} accounts, {kind}")
    return drive(kind, _order(server, known, seconds, most=MOST, first=turn * int(MOST * seconds)))


def _while_reread(kind: str, there: Installation, *, first: int) -> Load:
    say(f"{MANY:,} accounts, {REREAD_S:.0f} s at {RATE:,}/s, {kind}")
    server = Server(kind, there.processes["receive"].pid, there.panel_port)
    before = there.known_to_receiver()
    there.know(MANY - 1, 1)
    load = drive(kind, _order(server, MANY, REREAD_S, first=first, rate=RATE))
    if there.known_to_receiver() != before - 1:
        raise RuntimeError(f"{kind}: the directory did not read all panels again while the load ran")
    return load


def _order(server: Server, known: int, seconds: float, *, first: int, most: int = 0, rate: float = 0.0) -> Order:
    # Only panels with even numbers send in clear.
    speaking = min(SPEAKING, known // 2)
    return Order(
        server.port,
        server.pid,
        "plain",
        CONNECTIONS,
        seconds,
        most,
        first=first,
        accounts=speaking,
        step=known // speaking,
        rate=rate,
    )


def _cost_rows(kind: str, few: Size, many: Size) -> list[Row]:
    costs = {FEW: cpu_us(few.loads), MANY: cpu_us(many.loads)}
    verdict = grows_no_more_than(costs[MANY].middle, costs[FEW].middle, GROWTH)
    return [
        _cost_row(kind, known, size, f"{costs[known]:.1f} µs", NO_GOAL if known == FEW else verdict)
        for known, size in ((FEW, few), (MANY, many))
    ]


def _cost_row(kind: str, known: int, size: Size, cost: str, verdict: Verdict) -> Row:
    middle, tail = spread([load.p50_ms for load in size.loads]), spread([load.p99_ms for load in size.loads])
    return Row(f"receiver's CPU a frame, {known:,} accounts, {kind}", cost, middle.middle, p99(tail), verdict)


def _memory_rows(kind: str, few: Size, many: Size) -> list[Row]:
    verdict = grows_no_more_than(many.mib, few.mib, GROWTH)
    return [
        Row(
            f"receiver's memory, {known:,} accounts, {kind}; idle {size.idle:.1%}, ready in {size.ready_s:.1f} s",
            f"{size.mib:,.0f} MiB",
            verdict=NO_GOAL if known == FEW else verdict,
        )
        for known, size in ((FEW, few), (MANY, many))
    ]


def _reread_row(kind: str, load: Load) -> Row:
    return Row(
        f"ACK at {RATE:,}/s, {MANY:,} accounts, {load.seconds:.0f} s, {kind}",
        f"slowest {load.most_ms:,.0f} ms, one run",
        load.p50_ms,
        f"p99 {load.p99_ms:.1f}",
        below(load.p99_ms, ACK_MS, "ms", "p99"),
    )
