"""Sends the crowd of panels (bench/panels.py) against a server and believes it only when every answer was right."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

from bench.machine import cores
from bench.panels import Load, Order
from bench.table import Spread, spread

CONNECTIONS = 200


@dataclass(frozen=True, slots=True)
class Server:
    """Something that answers panels on loopback TCP."""

    name: str
    pid: int
    port: int


def start(order: Order) -> "subprocess.Popen[str]":
    """The crowd, on the core that is not the receiver's."""
    _, others = cores()
    return subprocess.Popen(
        [sys.executable, "-m", "bench.panels", json.dumps(asdict(order))],
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, others),
    )


def finish(crowd: "subprocess.Popen[str]", name: str) -> Load:
    """What the crowd met. Raises RuntimeError when an answer was wrong or missing, or the frames did not suffice."""
    try:
        said, _ = crowd.communicate(timeout=300)
    finally:
        with suppress(ProcessLookupError):
            crowd.kill()
    if crowd.returncode:
        raise RuntimeError(f"{name}: the load generator ended with {crowd.returncode}")
    load = Load(**json.loads(said))
    if load.wrong or load.acked != load.sent:
        raise RuntimeError(f"{name}: {load.sent} sent, {load.acked} answered, {load.wrong} answered wrongly")
    if load.ran_out:
        raise RuntimeError(f"{name}: {load.sent} frames were not enough for {load.seconds:.1f} s")
    return load


def drive(name: str, order: Order) -> Load:
    """One run of the crowd, to its end."""
    return finish(start(order), name)


def rates(loads: Sequence[Load]) -> Spread:
    """Answered frames a second."""
    return spread([load.acked / load.seconds for load in loads])


def cpu_us(loads: Sequence[Load]) -> Spread:
    """Microseconds of the receiver's processor time a frame."""
    return spread([1e6 * load.receiver_cpu_s / load.acked for load in loads])
