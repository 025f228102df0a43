"""The ports, in memory: a journal that a test can slow down or take away, a directory, and a panel to talk with."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from lianjing.protocols.dc09.panel import build_frame
from lianjing.receivers.dc09 import Dc09Listener
from lianjing.receivers.desk import Counters, Shared
from lianjing.receivers.limits import Limits
from lianjing.receivers.peers import Peers
from lianjing.receivers.ports import FrameEntry, Settled


class FakeJournal:
    """Keeps entries in a list. `gate` closed: a slow disk. `healthy` False: turned away."""

    def __init__(self) -> None:
        self.entries: list[FrameEntry] = []
        self.healthy = True
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked = 0
        self.storing: set[asyncio.Task[None]] = set()

    def take(self, entry: FrameEntry, settled: Settled) -> None:
        self.asked += 1
        if not self.healthy:
            settled("away")
            return
        task = asyncio.ensure_future(self.store(entry, settled))
        self.storing.add(task)
        task.add_done_callback(self.storing.discard)

    async def store(self, entry: FrameEntry, settled: Settled) -> None:
        await self.gate.wait()
        self.entries.append(entry)
        settled(None)

    @property
    def raw(self) -> list[bytes]:
        return [entry.frame.raw for entry in self.entries]


@dataclass(frozen=True)
class FakeProfile:
    key: bytes | None
    plain_allowed: bool = False


class FakeDirectory:
    ready = True

    def __init__(self, **keys: bytes) -> None:
        self.keys = keys

    def profile(self, listener: str, account: str) -> FakeProfile | None:
        known = f"A{account}"
        return FakeProfile(self.keys[known]) if known in self.keys else None


@dataclass
class House:
    """A listener on a free port with everything around it."""

    journal: FakeJournal
    counters: Counters
    listener: Dc09Listener
    port: int = 0
    senders: "list[UdpPanel]" = field(default_factory=list)

    @asynccontextmanager
    async def panel(self, host: str = "127.0.0.1") -> AsyncIterator["TcpPanel"]:
        """A panel with this address; loopback has many."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(host, 0))
        try:
            yield TcpPanel(reader, writer)
        finally:
            writer.close()

    async def datagrams(self, host: str = "127.0.0.1") -> "UdpPanel":
        _, panel = await asyncio.get_running_loop().create_datagram_endpoint(
            UdpPanel, remote_addr=("127.0.0.1", self.port), local_addr=(host, 0)
        )
        self.senders.append(panel)
        return panel


def new_listener(built: House) -> Dc09Listener:
    """A second listener with the same surroundings."""
    limits = Limits(drain_s=0.1)
    return Dc09Listener(Shared(built.journal, FakeDirectory(), built.counters, limits, Peers(limits)))


@asynccontextmanager
async def house(limits: Limits | None = None, **keys: bytes) -> AsyncIterator[House]:
    journal, counters = FakeJournal(), Counters()
    limits = limits or Limits(drain_s=0.5)
    listener = Dc09Listener(Shared(journal, FakeDirectory(**keys), counters, limits, Peers(limits)))
    built = House(journal, counters, listener)
    built.port = await listener.open("127.0.0.1", 0)
    try:
        yield built
    finally:
        for sender in built.senders:
            sender.transport.close()
        await listener.close()
        # The loop closes a transport in its next round.
        await asyncio.sleep(0)


@dataclass
class TcpPanel:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, *data: bytes) -> None:
        self.writer.write(b"".join(data))

    async def answer(self, seconds: float = 3) -> bytes:
        return await asyncio.wait_for(self.reader.readuntil(b"\r"), seconds)

    async def silent(self, seconds: float = 0.1) -> bool:
        """Whether nothing comes and the connection stays open."""
        try:
            data = await asyncio.wait_for(self.reader.read(1), seconds)
        except TimeoutError:
            return True
        assert data == b"", data
        return False

    async def closed(self) -> bool:
        return await asyncio.wait_for(self.reader.read(), 3) == b""

    async def turned_away(self) -> bool:
        try:
            return await self.closed()
        except ConnectionResetError:
            return True


class UdpPanel(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.answers: asyncio.Queue[bytes] = asyncio.Queue()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.answers.put_nowait(data)

    def send(self, data: bytes) -> None:
        self.transport.sendto(data)  # type: ignore[attr-defined]

    async def answer(self, seconds: float = 3) -> bytes:
        return await asyncio.wait_for(self.answers.get(), seconds)


def alarm(sequence: int, zone: int = 3) -> bytes:
    return build_frame("ADM-CID", f"#7099|1130 01 {zone:03d}", "7099", sequence)


def ack(sequence: int, account: str = "7099") -> bytes:
    return f'"ACK"{sequence:04d}L0#{account}[]\r'.encode()


async def until(true: Callable[[], object], seconds: float = 3) -> None:
    for _ in range(int(seconds * 200)):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("in vain")
