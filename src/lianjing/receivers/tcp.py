"""TCP driver: a stream is a stream, answers leave in the order of their frames, and only after durability."""

import asyncio
import socket
import time
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from lianjing.receivers.desk import Desk, weight
from lianjing.receivers.peers import Bucket
from lianjing.receivers.ports import Frame, FrameEntry
from lianjing.terms.signals import FrameKind

SWEEP_S = 5.0
BACKLOG = 1024
ANSWERS_BUFFERED = 64 * 1024
SLICE = 1024
"""How much is read at once of a peer that has said nothing readable yet."""


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
        self._bucket = Bucket(desk.limits.frames_a_second)
        self._delay: asyncio.TimerHandle | None = None
        self._proven = False
        self._nonsense = 0
        self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        address = transport.get_extra_info("peername")
        self._peer, self._host = address_text(address), str(address[0]) if address else ""
        self._made_at = time.monotonic()
        if (limit := self._desk.peers.refusal(self._host)) is not None:
            self._desk.counters.refused[limit] += 1
            self._ended = True
            self._transport.abort()
            return
        self._peers.add(self)
        self._desk.peers.enter(self, self._host)
        self._desk.counters.connections = self._desk.peers.open
        self._transport.set_write_buffer_limits(high=ANSWERS_BUFFERED)
        set_options(transport.get_extra_info("socket"), self._desk.limits.vanished_s)

    def data_received(self, data: bytes) -> None:
        if self._ended:
            return
        self._heard_at = time.monotonic()
        if self._proven or len(data) <= SLICE:
            self._read(data)
            return
        for start in range(0, len(data), SLICE):
            if not self._ended:
                self._read(data[start : start + SLICE])

    def _read(self, data: bytes) -> None:
        now = self._desk.clock()
        frames = self._reader.receive_data(data, now)
        if not self._reader.has_begun:
            self._half_since = None
        elif frames or self._half_since is None:
            self._half_since = self._heard_at
        if frames and not self._proven:
            self._look_at(frames)
        self._store(frames, now)
        if self._nonsense > self._desk.limits.nonsense_frames and not self._ended:
            self._expire("nonsense")
        elif frames and (delay := self._bucket.take(weight(frames))) > 0:
            self._rest(delay)

    def _look_at(self, frames: Sequence[Frame]) -> None:
        """Whether a panel has spoken, or whatever else there is on a network."""
        if any(frame.kind is not FrameKind.UNREADABLE for frame in frames):
            self._proven, self._nonsense = True, 0
            self._desk.peers.prove(self)
        else:
            self._nonsense += len(frames)

    def _rest(self, seconds: float) -> None:
        """Reads on later. What was read is stored and answered; the rest waits in the peer's own buffers."""
        self._desk.counters.delayed["frame-rate"] += 1
        if self._delay is not None:
            self._delay.cancel()
        if not self._transport.is_closing():
            self._transport.pause_reading()
            self._delay = asyncio.get_running_loop().call_later(seconds, self._rested)

    def _rested(self) -> None:
        self._delay = None
        self._read_on()

    def give_way(self) -> None:
        """Makes room for another connection: a `peers.Unproven`."""
        self._expire("gave-way")

    def eof_received(self) -> bool:
        self._end_of_data()
        # Keeps our direction open for the answers that are still due; `_settle` closes after the last.
        return bool(self._waiting)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_of_data()
        if self._delay is not None:
            self._delay.cancel()
        if self in self._peers:
            if isinstance(exc, TimeoutError):
                self._desk.counters.expired["vanished"] += 1
            self._peers.discard(self)
            self._desk.peers.leave(self, self._host)
            self._desk.counters.connections = self._desk.peers.open

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
            self._desk.counters.expired["unread-answers"] += 1
            self._transport.abort()
        elif self._ended:
            return
        elif self._half_since is not None and now - self._half_since > limits.half_frame_s:
            self._expire("half-frame")
        elif now - self._heard_at > limits.silence_s:
            self._expire("silence")
        elif not self._proven and now - self._made_at > limits.first_frame_s:
            self._expire("first-frame")

    def _expire(self, limit: str) -> None:
        self._desk.counters.expired[limit] += 1
        self.finish()

    def _end_of_data(self) -> None:
        if not self._ended:
            self._ended = True
            now = self._desk.clock()
            self._store(self._reader.close(now), now)

    def _store(self, frames: Iterable[Frame], now: datetime) -> None:
        before = len(self._waiting)
        for frame in frames:
            due = Due(frame, self)
            self._waiting.append(due)
            self._desk.store(FrameEntry(self._desk.listener, "tcp", self._peer, now, frame), due.settle)
        most = self._desk.limits.waiting_a_connection
        if len(self._waiting) >= most and not self._transport.is_closing():
            self._desk.counters.delayed["waiting-frames"] += before < most
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
        rests = self._delay is not None or self._blocked_since is not None
        if free and not rests and not self._ended and not self._transport.is_closing():
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
            self._desk.counters.expired["drain"] += 1
            peer.abort()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            now = time.monotonic()
            for peer in list(self._peers):
                peer.sweep(now)


def set_options(sock: socket.socket, vanished_s: int) -> None:
    """An answer leaves at once, unread answers stay few, and a peer that has vanished is noticed in time: asked from
    half of it on while nothing is under way, and by what nobody has confirmed for so long while something is."""
    idle, interval = max(1, vanished_s // 2), max(1, vanished_s // 8)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ANSWERS_BUFFERED)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, idle)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, interval)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, (vanished_s - idle) // interval)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * vanished_s)


def address_text(address: Sequence[object] | None) -> str:
    """ "ip:port"; an IPv6 address in brackets."""
    if not address:
        return ""
    host, port = str(address[0]), address[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
