"""Line supervision of 10,000 and of 1,000,000 paths at 90 s: memory, share of a core, and how late a loss is known."""

import json
import subprocess
import sys

from bench.machine import cores, pin, say
from bench.supervised import ALLOWED_S, INTERVAL_S, SILENT, Watched
from bench.table import NO_GOAL, Row, Verdict, below, spread

FEW, MANY = 10_000, 1_000_000
SHARE = 0.10
"""Of one core, at the rate at which a million paths beat: the rest is for reading and storing."""
LATE_MS = 10_000.0
MIB = 100.0


def run(rounds: int, seconds: float) -> list[Row]:
    """Measures both sizes, in a process of its own each time. `seconds` are simulated ones."""
    return [row for paths in (FEW, MANY) for row in _rows(paths, [_one(paths, seconds) for _ in range(rounds)])]


def _one(paths: int, seconds: float) -> Watched:
    say(f"{paths:,} paths at {INTERVAL_S} s for {seconds:.0f} simulated seconds")
    with subprocess.Popen(
        [sys.executable, "-m", "bench.supervised", str(paths), str(int(seconds))], stdout=subprocess.PIPE, text=True
    ) as process:
        pin(process.pid, cores()[0])
        told, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"the watch over {paths:,} paths ended with {process.returncode}")
    found = Watched(**json.loads(told))
    if found.wrongly:
        raise RuntimeError(f"{found.wrongly} paths were called lost and lived, or the other way round")
    return found


def _rows(paths: int, found: list[Watched]) -> list[Row]:
    many = paths == MANY
    name = f"supervision {'1M' if many else '10k'}"
    shares = spread([one.busy_s / one.simulated_s for one in found])
    faster = spread([one.simulated_s / one.busy_s for one in found])
    rate = paths / INTERVAL_S
    late, tail = (spread([_part(one, part) for one in found]) for part in (50, 99))
    memory, slowest = spread([one.mib for one in found]), max(one.slowest_turn_ms for one in found)
    return [
        Row(
            f"{name}: {rate:,.0f} messages/s, {faster.middle:.0f} × real time, slowest turn {slowest:.0f} ms",
            f"{shares:.1%} of a core",
            verdict=_share(shares.middle) if many else NO_GOAL,
        ),
        Row(
            f"{name}: memory, entering a path {spread([one.enter_us for one in found]).middle:.1f} µs",
            f"{memory:.0f} MiB",
            verdict=below(memory.middle, MIB, "MiB", "memory") if many else NO_GOAL,
        ),
        Row(
            f"{name}: a loss is known so long after {ALLOWED_S} s of silence",
            f"{SILENT:,} lost, all found",
            late.middle,
            f"p99 {tail.middle:.0f}",
            below(tail.middle, LATE_MS, "ms", "p99") if many else NO_GOAL,
        ),
    ]


def _share(share: float) -> Verdict:
    return Verdict(f"{share / SHARE:.2f} of the goal", f"< {SHARE:.0%} of a core", share < SHARE)


def _part(one: Watched, part: int) -> float:
    delays = sorted(one.delays_ms)
    return delays[len(delays) * part // 100]
