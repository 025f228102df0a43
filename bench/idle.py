"""What an idle connection costs: memory of the receiver and of the kernel, with 10,000 of them open.

Each connection has sent one heartbeat and got its acknowledgement. Kernel memory is of the machine as a whole, so of
both ends and of whatever else happens on it.
"""

import re
import resource
import time
from pathlib import Path

from tests.bad_days.idle_panels import affordable, holding

from bench.installation import installed
from bench.table import Row, spread

CONNECTIONS = 10_000
SETTLE_S = 2.0
KIB = 1024


def run(rounds: int, seconds: float) -> list[Row]:
    """As many connections as a process may have open files, at most 10,000."""
    count = affordable(CONNECTIONS)
    costs = [_cost(count) for _ in range(rounds)]
    ours, kernels = (spread([cost[end] / count / KIB for cost in costs]) for end in (0, 1))
    return [
        Row(f"memory of receive for an idle TCP connection, {count:,} open", f"{ours:.1f} KiB"),
        Row(f"memory of the kernel for both its ends, {count:,} open", f"{kernels:.1f} KiB"),
    ]


def _cost(count: int) -> tuple[int, int]:
    """Bytes that `count` connections cost the receiver, and the kernel."""
    with installed("SQLite") as there:
        server = there.receiver("SQLite")
        before, kernel_before = resident(server.pid), kernel_memory()
        with holding(server.port, count):
            time.sleep(SETTLE_S)
            return resident(server.pid) - before, kernel_memory() - kernel_before


def resident(process: int) -> int:
    """Bytes of memory that a process has."""
    return _figure(Path(f"/proc/{process}/status"), r"^VmRSS:\s+(\d+) kB") * KIB


def kernel_memory() -> int:
    """Bytes that the kernel has taken: TCP's buffers, of which idle connections have none, and its own structures,
    where the sockets are."""
    buffers = _figure(Path("/proc/net/sockstat"), r"^TCP: .* mem (\d+)") * resource.getpagesize()
    return buffers + _figure(Path("/proc/meminfo"), r"^SUnreclaim:\s+(\d+) kB") * KIB


def _figure(path: Path, pattern: str) -> int:
    found = re.search(pattern, path.read_text(), re.M)
    if found is None:
        raise RuntimeError(f"{path} has no line like {pattern}")
    return int(found[1])
