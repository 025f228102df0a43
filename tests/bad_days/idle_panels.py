"""Panels that report once and then only keep their line open: as a process of their own, and for who starts it.

`python -m tests.bad_days.idle_panels PORT COUNT` prints how many were acknowledged a heartbeat; then it holds the
connections until it is ended.
"""

import asyncio
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvloop

from lianjing.protocols.dc09.panel import build_frame

SPARE_FILES = 300
"""Of a process's open files: what it has open besides, and what `receive` keeps free."""
AT_ONCE, AT_ONCE_S = 200, 0.13
"""Slower than one address may connect."""


def affordable(wanted: int) -> int:
    """How many connections of those wanted one process of this user may hold."""
    return min(wanted, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - SPARE_FILES)


@contextmanager
def holding(port: int, count: int) -> Iterator[None]:
    """So many panels have been acknowledged a heartbeat each, and are silent now."""
    command = [sys.executable, "-m", "tests.bad_days.idle_panels", str(port), str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as panels:
        try:
            told = panels.stdout.readline().strip() if panels.stdout else ""
            if told != str(count):
                raise RuntimeError(f"{told or 'none'} of {count} connections were served")
            yield
        finally:
            panels.kill()


async def hold(port: int, count: int) -> None:
    """Opens and serves some at a time, then waits for ever."""
    lines: list[asyncio.StreamWriter] = []
    for first in range(0, count, AT_ONCE):
        pause = asyncio.create_task(asyncio.sleep(AT_ONCE_S))
        wanted = range(first, min(count, first + AT_ONCE))
        lines += await asyncio.gather(*(_one(port, f"{0x10000 + number:X}") for number in wanted))
        await pause
    print(len(lines), flush=True)  # noqa: T201 read by `holding`
    await asyncio.Event().wait()


async def _one(port: int, account: str) -> asyncio.StreamWriter:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(build_frame("NULL", "", account, 0))
    answer = await asyncio.wait_for(reader.readuntil(b"\r"), 30)
    if b'"ACK"' not in answer:
        raise RuntimeError(f"{account} was answered {answer!r}")
    return writer


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    uvloop.run(hold(int(sys.argv[1]), int(sys.argv[2])))
