"""What the computer outputs of older receivers have in common: a message, its end mark, one byte back, the next one.

Such a receiver waits for our byte before it sends the next message, and repeats the same one when none comes. Nothing
numbers the messages, so a repeat is known by following its first directly.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from lianjing.protocols.received import FrameReceived
from lianjing.protocols.text import decode_text
from lianjing.terms.code_tables import meaning
from lianjing.terms.codes import Scheme
from lianjing.terms.signals import DecodedEvent, FrameKind, Signal

ACK = b"\x06"
LONGEST = 256
"""Bytes; the longest message of these outputs has about 40."""
_SEPARATORS = b"\0\r\n"
_REPEAT_S = 30
"""Four attempts, four seconds apart, and a slow line."""

Read = Callable[[bytes], FrameReceived]
"""Reads one message with its end mark. Never raises."""


class OutputConnection:
    """One TCP connection of a receiver (or of the serial converter behind it). Satisfies `receivers.ports.Reader`.

    `end` is the byte that ends a message.
    """

    def __init__(self, read: Read, end: bytes) -> None:
        self._read, self._end = read, end
        self._buffer = b""
        self._last = b""
        self._before = b""

    @property
    def has_begun(self) -> bool:
        """Whether the beginning of a message has come, and not its end."""
        return self._buffer != b""

    def receive_data(self, data: bytes, now: datetime) -> list[FrameReceived]:
        """The messages that `data` completes, in order; however the stream was cut. Never raises."""
        self._buffer += data
        frames: list[FrameReceived] = []
        while (raw := self._next()) is not None:
            frames.append(self._frame(raw))
        return frames

    def close(self, now: datetime) -> list[FrameReceived]:
        """What was still incomplete when the receiver left."""
        rest, self._buffer = self._buffer.lstrip(_SEPARATORS), b""
        return [FrameReceived(rest, FrameKind.UNREADABLE, reason="cut-off")] if rest else []

    def _next(self) -> bytes | None:
        """The next message with its end mark, or as many bytes as are surely none; None: not complete yet."""
        stripped = self._buffer.lstrip(_SEPARATORS)
        if not stripped:
            # Kept short; a LF that begins the next message may go, it says nothing.
            self._buffer = b""
            return None
        end = stripped.find(self._end, 0, LONGEST)
        if end < 0 and len(stripped) < LONGEST:
            self._buffer = stripped
            return None
        size = end + 1 if end >= 0 else LONGEST
        self._buffer = stripped[size:]
        return stripped[:size]

    def _frame(self, raw: bytes) -> FrameReceived:
        if not raw.endswith(self._end):
            return FrameReceived(raw, FrameKind.UNREADABLE, reason="too-long")
        if raw != self._last:
            self._before, self._last = self._last, raw
        frame = self._read(raw)
        if frame.kind is not FrameKind.SIGNAL:
            return frame
        key = sha256(b"%d\0%b%b" % (len(self._before), self._before, raw)).digest()
        return frame._replace(repeat_key=key, repeat_window=_REPEAT_S)


def heartbeat(raw: bytes, signal: Signal) -> FrameReceived:
    """The receiver lives, and so does the line to it."""
    return FrameReceived(raw, FrameKind.HEARTBEAT, signal, answer=ACK)


def accepted(raw: bytes, signal: Signal, events: tuple[DecodedEvent, ...]) -> FrameReceived:
    """A message with its events."""
    return FrameReceived(raw, FrameKind.SIGNAL, signal._replace(events=events), answer=ACK)


def undecoded(raw: bytes, signal: Signal, data: bytes, zone: str | None = None) -> FrameReceived:
    """Understood as far as the account: what it says has no table, or a customer's own. A person looks at `data`.
    `zone` is what the form calls the zone.

    It is acknowledged: a receiver sends nothing further before it is.
    """
    event = DecodedEvent(
        meaning(Scheme.OTHER, signal.token, ""), "", None, zone, text=decode_text(data.strip()) or None
    )
    return accepted(raw, signal, (event,))._replace(reason="unread-token")


def damaged(raw: bytes) -> FrameReceived:
    """Hit on its way: no answer, so the receiver sends it again."""
    return FrameReceived(raw, FrameKind.UNREADABLE, reason="stray-bytes")


def output_signal(protocol: str, token: str, *, account: str, receiver: str, line: str) -> Signal:
    """A reading without events yet. These outputs have neither sequence numbers nor times nor encryption."""
    return Signal(
        protocol=protocol,
        token=token,
        account=account,
        data_account=None,
        receiver=receiver,
        line=line,
        sequence="",
        encrypted=False,
        device_at=None,
    )
