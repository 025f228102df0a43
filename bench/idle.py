"""What an idle connection costs: memory of the receiver and of the kernel, with 10,000 of them open.

`python -m bench.idle` prints a table. Each connection has sent one heartbeat and got its acknowledgement. Kernel memory
is of the machine as a whole, so of both ends and of whatever else happens on it.
"""

import re
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bad_days.idle_panels import affordable, holding

from bench.receive import prepare_sqlite, receiver

CONNECTIONS = 10_000
SETTLE_S = 2.0
KIB = 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    connections: int
    bytes_a_connection: float


def run() -> list[Row]:
    """As many connections as a process may have open files, at most 10,000."""
    count = affordable(CONNECTIONS)
    with tempfile.TemporaryDirectory(prefix="lianjing-bench-") as folder:
        url = prepare_sqlite(Path(folder))
        with receiver(url, Path(folder)) as (process, port):
            before, kernel_before = resident(process.pid), kernel_memory()
            with holding(port, count):
                time.sleep(SETTLE_S)
                after, kernel_after = resident(process.pid), kernel_memory()
    return [
        Row("memory of receive, idle TCP", count, (after - before) / count),
        Row("memory of the kernel, both ends, idle TCP", count, (kernel_after - kernel_before) / count),
    ]


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


if __name__ == "__main__":
    for row in run():
        print(f"{row.what:<44} {row.connections:>6} connections {row.bytes_a_connection / KIB:>8.2f} KiB each")
