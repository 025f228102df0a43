"""The machine: what it is, which core does what, and what a process has used of it (Linux)."""

import os
import platform
import sqlite3
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg

TICKS = os.sysconf("SC_CLK_TCK")
SYNCS = 200


def cores() -> tuple[set[int], set[int]]:
    """The receiver's core, and those of everybody else. Raises RuntimeError where there is only one."""
    mine = sorted(os.sched_getaffinity(0))
    if len(mine) < 2:
        raise RuntimeError("the bench needs two cores: one for the receiver, one for the load")
    return {mine[0]}, set(mine[1:])


ALL_CORES = os.sched_getaffinity(0)


def pin(pid: int, to: set[int]) -> None:
    """Every thread of the process, and what it starts from now on, runs on these cores."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(ProcessLookupError):
            os.sched_setaffinity(int(task.name), to)


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            found += [int(child) for task in _tasks(one) for child in (task / "children").read_text().split()]
    return found


def _tasks(pid: int) -> list[Path]:
    return list(Path(f"/proc/{pid}/task").iterdir())


def cpu_seconds(pid: int) -> float:
    """Processor time of all threads so far, of the program and of the system for it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def family_cpu_seconds(pid: int) -> float:
    """The same of the process and its living descendants."""
    total = 0.0
    for one in family(pid):
        with suppress(OSError):
            total += cpu_seconds(one)
    return total


def memory_mib(pid: int) -> float:
    """Resident memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def family_peak_mib(pid: int) -> float:
    """The most resident memory that the process and its living descendants have had, added up."""
    total = 0.0
    for one in family(pid):
        with suppress(OSError):
            peaks = [line for line in Path(f"/proc/{one}/status").read_text().splitlines() if "VmHWM" in line]
            total += sum(int(line.split()[1]) for line in peaks) / 1024
    return total


def postgres_pid(url: str) -> int:
    """The server's first process, from which all its others descend."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
    return int(str(row[0]).split()[0]) if row else 0


def describe() -> list[str]:
    """What the figures hold for."""
    receiver, others = cores()
    url = os.environ.get("LIANJING_TEST_POSTGRES")
    return [
        f"machine: {_processor()}, {len(ALL_CORES)} cores, {_memory()}, {platform.system()} {platform.release()}",
        f"python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_postgres(url)}",
        f"disk: {_sync_ms():.2f} ms for a write of 4 KiB with fsync (median of {SYNCS}, in {tempfile.gettempdir()})",
        f"receiver (ours, the peer's, the echo) on core {_said(receiver)}; load and database on core {_said(others)}",
        f"load average before: {', '.join(f'{part:.2f}' for part in os.getloadavg())}",
    ]


def _said(which: set[int]) -> str:
    return ", ".join(map(str, sorted(which)))


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.1f} GiB"


def _postgres(url: str | None) -> str:
    if url is None:
        return "no PostgreSQL (LIANJING_TEST_POSTGRES names none)"
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return f"PostgreSQL {row[0]}" if row else "PostgreSQL"


def _sync_ms() -> float:
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(SYNCS):
            began = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return 1000 * sorted(times)[SYNCS // 2]


def say(text: str) -> None:
    """What is being measured now; the table itself goes to standard output."""
    print(f"… {text}", file=sys.stderr, flush=True)
