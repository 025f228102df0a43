"""UDP driver: a datagram is complete in itself, and its answer goes to where it came from."""

import asyncio
import socket
import struct
import sys
import time
from collections import Counter
from functools import partial
from typing import Any, cast

from lianjing.receivers.desk import Desk, weight
from lianjing.receivers.peers import Senders, network
from lianjing.receivers.ports import Frame, FrameEntry
from lianjing.receivers.tcp import address_text

RECEIVE_BUFFER = 1 << 20
"""Holds a burst in the kernel while a commit runs; UDP cannot ask its peers to wait. Linux gives at most
net.core.rmem_max."""

ADDRESSES_AT_LEAST = 4
"""So many share the room for datagrams that are not durable yet."""

SO_MEMINFO = 55
"""Linux: nine counters of a socket's memory (linux/sock_diag.h); Python has no name for it."""
MEMINFO = struct.Struct("9I")

Address = tuple[str, int] | tuple[str, int, int, int]


class UdpListener(asyncio.DatagramProtocol):
    """The socket. Bounded: past the limit a datagram is turned away and counted, and its panel sends it again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting = 0
        self._waiting_of: Counter[str] = Counter()
        """The same by address."""
        self._dropped = 0
        """Datagrams that the kernel threw away because the socket's buffer was full."""
        self._senders = Senders(desk.limits.datagrams_a_second)
        self._transport: asyncio.DatagramTransport | None = None
        self._closing = False

    async def open(self, host: str, port: int) -> None:
        """Listens. Raises OSError. No address reuse: on UDP that would let two receivers share the datagrams."""
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=(host, port))

    async def close(self) -> None:
        """Reads no more; waits, within a limit, until what was read is stored and answered."""
        self._closing = True
        until = time.monotonic() + self._desk.limits.drain_s
        while self._waiting and time.monotonic() < until:  # noqa: ASYNC110 falls as commits end
            await asyncio.sleep(0.01)
        self._desk.counters.expired["drain"] += self._waiting
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        sock: socket.socket = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._count_dropped()
        if (limit := self._refusal(addr)) is not None:
            self._desk.counters.refused[limit] += 1
            return
        now = self._desk.clock()
        reader = self._desk.new_reader(False)
        frames = (*reader.receive_data(data, now), *reader.close(now))
        if (more := weight(frames) - 1) > 0:
            self._senders.charge(addr[0], more)
        self._wait_for(addr, len(frames))
        for frame in frames:
            entry = FrameEntry(self._desk.listener, "udp", address_text(addr), now, frame)
            self._desk.store(entry, partial(self._settle, frame, addr))

    def _count_dropped(self) -> None:
        """What the kernel dropped since the last datagram: looked at with each, because others follow the dropped."""
        if self._transport is None or sys.platform != "linux":
            return
        sock: socket.socket = self._transport.get_extra_info("socket")
        dropped = MEMINFO.unpack(sock.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, MEMINFO.size))[-1]
        if dropped != self._dropped:
            # It counts in 32 bits.
            self._desk.counters.refused["socket-buffer"] += (dropped - self._dropped) & 0xFFFFFFFF
            self._dropped = dropped

    def _refusal(self, addr: Address) -> str | None:
        """Why a datagram is not read: the limit; None when it is."""
        if self._closing:
            return "closing"
        most = self._desk.limits.datagrams
        if self._waiting >= most:
            return "datagrams"
        # Whoever floods while the journal is slow leaves room for the others.
        if self._waiting_of[network(addr[0])] >= most // ADDRESSES_AT_LEAST:
            return "address-datagrams"
        return None if self._senders.admits(addr[0]) else "datagram-rate"

    def _wait_for(self, addr: Address, count: int) -> None:
        where = network(addr[0])
        self._waiting += count
        self._waiting_of[where] += count
        if not self._waiting_of[where]:
            del self._waiting_of[where]

    def _settle(self, frame: Frame, addr: Address, fault: str | None) -> None:
        self._wait_for(addr, -1)
        answer = self._desk.answer_to(frame, fault)
        if answer and self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(answer, addr)
