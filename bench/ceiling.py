"""An echo server: as fast as a receiver that does nothing, so it shows the load generator's ceiling.

`python -m bench.ceiling` serves until it is killed and prints its port.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import uvloop

from bench.crowd import Server
from bench.machine import cores


class Echo(asyncio.Protocol):
    """Sends back what it gets."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)


@contextmanager
def server_of(name: str, command: list[str]) -> Iterator[Server]:
    """A process on the receiver's core that prints its port first."""
    receiver, _ = cores()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, preexec_fn=lambda: os.sched_setaffinity(0, receiver)
    )
    with process:
        try:
            yield Server(name, process.pid, int(process.stdout.readline() if process.stdout else ""))
        finally:
            process.terminate()


@contextmanager
def echo() -> Iterator[Server]:
    """The echo server, running."""
    with server_of("echo", [sys.executable, "-m", "bench.ceiling"]) as server:
        yield server


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve())
