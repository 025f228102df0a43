"""How a simulated panel reaches the receiver: a TCP connection that stays open, or UDP datagrams."""

import asyncio
from typing import Protocol


class LinkDown(Exception):
    """The receiver cannot be reached; the text says why."""


class Link(Protocol):
    """One path to the receiver. `receive` waits for ever: the caller sets the limit."""

    async def send(self, frame: bytes) -> None: ...

    async def receive(self) -> bytes: ...

    async def reset(self) -> None:
        """Drops the path, so that the next `send` opens a new one."""


class TcpLink:
    """Opens its connection with the first frame and keeps it."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, frame: bytes) -> None:
        try:
            if self._writer is None:
                self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
            self._writer.write(frame)
            await self._writer.drain()
        except OSError as error:
            raise LinkDown(_told(error)) from error

    async def receive(self) -> bytes:
        if self._reader is None:
            raise LinkDown("not connected")
        try:
            return await self._reader.readuntil(b"\r")
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise LinkDown("the receiver closed the connection") from error

    async def reset(self) -> None:
        writer, self._writer, self._reader = self._writer, None, None
        if writer is None:
            return
        writer.close()
        try:
            await writer.wait_closed()
        except OSError:
            return


class UdpLink:
    """One socket of its own a panel, so that answers find their way back."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._transport: asyncio.DatagramTransport | None = None
        self._inbox: asyncio.Queue[bytes] = asyncio.Queue()

    async def send(self, frame: bytes) -> None:
        try:
            if self._transport is None:
                loop = asyncio.get_running_loop()
                self._transport, _ = await loop.create_datagram_endpoint(
                    lambda: _Inbox(self._inbox), remote_addr=self._address
                )
        except OSError as error:
            raise LinkDown(_told(error)) from error
        self._transport.sendto(frame)

    async def receive(self) -> bytes:
        return await self._inbox.get()

    async def reset(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None
            await asyncio.sleep(0)  # lets the loop close the socket


class _Inbox(asyncio.DatagramProtocol):
    def __init__(self, inbox: asyncio.Queue[bytes]) -> None:
        self._inbox = inbox

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._inbox.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        """Port unreachable: nothing to do, the panel's time-out sends again."""


def open_link(transport: str, host: str, port: int) -> Link:
    """`transport` is "tcp" or "udp"."""
    return UdpLink(host, port) if transport == "udp" else TcpLink(host, port)


def _told(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
