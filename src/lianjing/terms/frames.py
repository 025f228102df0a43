"""A received frame (帧) on its way from a listener to the journal: the words that both sides share."""

from datetime import datetime
from typing import NamedTuple, Protocol

from lianjing.terms.signals import FrameKind, Signal


class JournalUnavailable(Exception):
    """The frame is not known to be durable, so it must not be answered: the panel will send it again."""


class Frame(Protocol):
    """What every protocol core says of one frame. `protocols.dc09.FrameReceived` is one."""

    @property
    def raw(self) -> bytes:
        """Exactly the bytes of this frame, with its framing."""

    @property
    def kind(self) -> FrameKind: ...

    @property
    def signal(self) -> Signal | None:
        """The reading; None when not even a header was understood."""

    @property
    def reason(self) -> str | None:
        """A short stable word for what is wrong or odd."""

    @property
    def answer(self) -> bytes | None:
        """What is sent back once the frame is durable; None: nothing."""

    @property
    def repeat_key(self) -> bytes | None:
        """Equal for a frame and its retransmission; None: never a repeat."""

    @property
    def repeat_window(self) -> int:
        """For how many seconds after the first frame an equal key means a repeat."""


class FrameEntry(NamedTuple):
    """One frame with where and when it came in. `received_at` is aware UTC, `peer` is "ip:port"."""

    listener: str
    transport: str
    peer: str
    received_at: datetime
    frame: Frame
