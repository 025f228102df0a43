"""What the receiver's side of DC-09 says of one frame, and what it needs to know of a panel."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from lianjing.terms.signals import FrameKind, Signal

REPEAT_WINDOW = 180
"""Seconds in which an equal frame is a retransmission: panels repeat for up to three minutes."""
IDENTICAL_WINDOW = 15
"""The same for sequence 0000, whose sender does not count: only byte-identical frames, and only briefly, or a second
real alarm of a zone would be swallowed."""


@dataclass(frozen=True, slots=True)
class PanelProfile:
    """What the centre knows of an account. `key`: AES key of 16, 24 or 32 bytes, None when its frames are plain.
    `plain_allowed`: whether a panel with a key may send plain frames too."""

    key: bytes | None
    plain_allowed: bool = False


PLAIN_WITH_KEY = "plain-with-key"


class WithoutKey(StrEnum):
    """How an encrypted frame is answered whose account has no key on file. It is kept in any case."""

    DUH = "duh"
    """The default: the panel shows a fault, and somebody comes."""
    SILENT = "silent"
    """The panel tries again, and its other paths."""
    ACK = "ack"
    """The panel believes that it was understood. Only while a key is known to be on its way."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a centre decides for all panels. `ready`: whether the keys have been read at all since the start."""

    refuse_unknown: bool = False
    """Whether an account without profile is answered DUH in place of ACK."""
    without_key: WithoutKey = WithoutKey.DUH
    ready: Callable[[], bool] = lambda: True


Profiles = Callable[[str], PanelProfile | None]
"""Looks an account up as sent in a header; None: unknown. Called once a frame, so it must not wait."""


class FrameReceived(NamedTuple):
    """One frame (or run of stray bytes) of the stream. Store it, then send `answer` if there is one."""

    raw: bytes
    """Exactly the bytes of this frame, with LF and CR."""
    kind: FrameKind
    signal: Signal | None = None
    """The reading; None when not even a header was understood. It has events only when the frame is accepted."""
    reason: str | None = None
    """Why it is not accepted, one stable word; docs/protocols/dc09.md lists them."""
    answer: bytes | None = None
    """What to send once the frame is durable; None: nothing."""
    repeat_key: bytes | None = None
    """32 bytes, equal for a frame and its retransmission; None for what is never a repeat."""
    repeat_window: int = REPEAT_WINDOW
    """Seconds after the first frame in which an equal key means a repeat."""
