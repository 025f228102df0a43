"""What every protocol core hands out for one frame."""

from typing import NamedTuple

from lianjing.terms.signals import FrameKind, Signal

REPEAT_WINDOW = 180
"""Seconds in which an equal frame is a retransmission: panels repeat for up to three minutes."""


class FrameReceived(NamedTuple):
    """One frame (or run of stray bytes) of the stream. Store it, then send `answer` if there is one."""

    raw: bytes
    """Exactly the bytes of this frame, with its framing."""
    kind: FrameKind
    signal: Signal | None = None
    """The reading; None when not even a header was understood. It has events only when the frame is accepted."""
    reason: str | None = None
    """Why it is not accepted, one stable word; the protocol's page in docs/protocols lists them."""
    answer: bytes | None = None
    """What to send once the frame is durable; None: nothing."""
    repeat_key: bytes | None = None
    """32 bytes, equal for a frame and its retransmission; None for what is never a repeat."""
    repeat_window: int = REPEAT_WINDOW
    """Seconds after the first frame in which an equal key means a repeat."""
