"""TCP driver: a stream is a stream, answers leave in the order of their frames, and only after durability."""

import asyncio
import socket
import time
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from lianjing.receivers.desk import Desk
from lianjing.receivers.ports import Frame, FrameEntry

SWEEP_S = 5.0
BACKLOG = 1024
ANSWERS_BUFFERED = 64 * 1024


class Due:
    """A frame whose answer is due to a connection, in its place among the others."""

    __slots__ = ("answer", "frame", "peer")

    def __init__(self, frame: Frame, peer: "TcpPeer") -> None:
        self.frame, self.peer = frame, peer
        self.answer: bytes | None = None
        """What to send; empty for nothing; None as long as the frame is not settled."""

    def settle(self, fault: str | None) -> None:
        """A `ports.Settled`."""
        self.peer.settle(self, fault)


class TcpPeer(asyncio.Protocol):
    """One connection. It stays open after an answer: panels take a closed one for a fault of the centre."""

    def __init__(self, desk: Desk, peers: "set[TcpPeer]") -> None:
        self._desk, self._peers = desk, peers
        self._reader = desk.new_reader(True)
        self._waiting: deque[Due] = deque()
        self._heard_at = time.monotonic()
        self._half_since: float | None = None
        self._blocked_since: float | None = None
        self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._peer = address_text(transport.get_extra_info("peername"))
        if len(self._peers) >= self._desk.limits.connections:
            self._desk.counters.refused += 1
            self._ended = True
            self._transport.abort()
            return
        self._peers.add(self)
        self._desk.counters.connections = len(self._peers)
        self._transport.set_write_buffer_limits(high=ANSWERS_BUFFERED)
        set_options(transport.get_extra_info("socket"))

    def data_received(self, data: bytes) -> None:
        if self._ended:
            return
        now = self._desk.clock()
        self._heard_at = time.monotonic()
        frames = self._reader.receive_data(data, now)
        if frames:
            self._half_since = None
        elif self._half_since is None:
            self._half_since = self._heard_at
        self._store(frames, now)

    def eof_received(self) -> bool:
        self._end_of_data()
        # Keeps our direction open for the answers that are still due; `_settle` closes after the last.
        return bool(self._waiting)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_of_data()
        self._peers.discard(self)
        self._desk.counters.connections = len(self._peers)

    def pause_writing(self) -> None:
        self._blocked_since = time.monotonic()
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._blocked_since = None
        self._read_on()

    @property
    def waits(self) -> bool:
        """Whether a frame of this connection is not yet stored and answered."""
        return bool(self._waiting)

    def finish(self) -> None:
        """Reads no more; stores what is left over, answers what is due, then closes."""
        self._transport.pause_reading()
        self._end_of_data()
        if not self._waiting:
            self._transport.close()

    def abort(self) -> None:
        self._transport.abort()

    def sweep(self, now: float) -> None:
        """Ends a connection that is past one of its limits. `now` is monotonic."""
        limits = self._desk.limits
        if self._blocked_since is not None and now - self._blocked_since > limits.unread_s:
            self._desk.counters.expired += 1
            self._transport.abort()
        elif not self._ended and (
            (self._half_since is not None and now - self._half_since > limits.half_frame_s)
            or now - self._heard_at > limits.silence_s
        ):
            self._desk.counters.expired += 1
            self.finish()

    def _end_of_data(self) -> None:
        if not self._ended:
            self._ended = True
            now = self._desk.clock()
            self._store(self._reader.close(now), now)

    def _store(self, frames: Iterable[Frame], now: datetime) -> None:
        for frame in frames:
            due = Due(frame, self)
            self._waiting.append(due)
            self._desk.store(FrameEntry(self._desk.listener, "tcp", self._peer, now, frame), due.settle)
        if len(self._waiting) >= self._desk.limits.waiting_a_connection and not self._transport.is_closing():
            self._transport.pause_reading()

    def settle(self, due: Due, fault: str | None) -> None:
        """Sends what may leave now: answers keep the order of their frames."""
        due.answer = self._desk.answer_to(due.frame, fault)
        closing = self._transport.is_closing()
        while self._waiting and (answer := self._waiting[0].answer) is not None:
            self._waiting.popleft()
            if answer and not closing:
                self._transport.write(answer)
        if closing:
            return
        if self._ended and not self._waiting:
            self._transport.close()
        else:
            self._read_on()

    def _read_on(self) -> None:
        free = len(self._waiting) <= self._desk.limits.waiting_a_connection // 2
        if free and self._blocked_since is None and not self._ended and not self._transport.is_closing():
            self._transport.resume_reading()


class TcpListener:
    """The listening socket and its connections."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._peers: set[TcpPeer] = set()
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None

    async def open(self, host: str, port: int) -> int:
        """Listens; the port, which the system chose when 0 was asked for. Raises OSError."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: TcpPeer(self._desk, self._peers), host, port, backlog=BACKLOG, reuse_address=True
        )
        self._sweeper = loop.create_task(self._sweep())
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Accepts and reads no more; waits, within a limit, until what was read is stored and answered."""
        if self._server is not None:
            self._server.close()
        if self._sweeper is not None:
            self._sweeper.cancel()
        for peer in list(self._peers):
            peer.finish()
        until = time.monotonic() + self._desk.limits.drain_s
        while self._peers and time.monotonic() < until:  # noqa: ASYNC110 the set empties as connections end
            await asyncio.sleep(0.01)
        for peer in list(self._peers):
            peer.abort()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            now = time.monotonic()
            for peer in list(self._peers):
                peer.sweep(now)


def set_options(sock: socket.socket) -> None:
    """An answer leaves at once, a peer that has vanished is noticed within two minutes, and unread answers stay few."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ANSWERS_BUFFERED)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 60)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 15)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 4)


def address_text(address: Sequence[object] | None) -> str:
    """ "ip:port"; an IPv6 address in brackets."""
    if not address:
        return ""
    host, port = str(address[0]), address[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
