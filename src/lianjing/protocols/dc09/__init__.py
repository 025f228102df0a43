"""SIA DC-09 (ANSI/SIA DC-09, editions 2007 to 2026), the receiver's side; `panel` holds the other one."""

from lianjing.protocols.dc09.connection import Connection
from lianjing.protocols.dc09.counting import SequenceWatch
from lianjing.protocols.dc09.crypt import safe_pad
from lianjing.protocols.dc09.frames import FrameReceived, PanelProfile, Policy, Profiles, WithoutKey

__all__ = [
    "Connection",
    "FrameReceived",
    "PanelProfile",
    "Policy",
    "Profiles",
    "SequenceWatch",
    "WithoutKey",
    "safe_pad",
]
