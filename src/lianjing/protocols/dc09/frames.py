"""What the receiver's side of DC-09 says of one frame, and what it needs to know of a panel."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from lianjing.protocols.received import REPEAT_WINDOW, FrameReceived

__all__ = [
    "IDENTICAL_WINDOW",
    "PLAIN_WITH_KEY",
    "REPEAT_WINDOW",
    "FrameReceived",
    "PanelProfile",
    "Policy",
    "Profiles",
    "WithoutKey",
]

IDENTICAL_WINDOW = 15
"""In place of REPEAT_WINDOW for sequence 0000, whose sender does not count: only byte-identical frames, and only
briefly, or a second real alarm of a zone would be swallowed."""


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
