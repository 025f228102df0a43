"""What a device sent (信号), in one neutral form whatever protocol carried it."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from lianjing.terms.codes import CodeMeaning


class FrameKind(StrEnum):
    """What a received frame turned out to be."""

    SIGNAL = "signal"
    """Read to the end; carries one or more decoded events."""
    HEARTBEAT = "heartbeat"
    """A supervision poll (NULL, XNM): proves that the path lives, carries no event."""
    UNSUPPORTED = "unsupported"
    """A sound frame that we cannot turn into events: answered DUH, or NAK when only its clock is wrong."""
    UNREADABLE = "unreadable"
    """Broken: wrong CRC or length, or no frame at all. Never answered."""


# Tuples, as all that is made anew for every frame: a frozen dataclass takes four times as long to make.
class DecodedEvent(NamedTuple):
    """One thing that a panel reported. A frame may carry several."""

    meaning: CodeMeaning
    qualifier: str
    """As sent: "1", "3", "6" in Contact ID; "N", "O" in SIA."""
    area: str | None
    """Partition or area number as sent, None when the frame names none."""
    address: str | None
    """Zone, user or device number as sent (`meaning.address_kind` says which), leading zeros kept; None when absent."""
    text: str | None = None
    """Free text that the panel sent with this event."""
    modifiers: tuple[tuple[str, str], ...] = ()
    """What else stood beside it, e.g. SIA's ("ti", "10:01"), ("id", "15"), ("ri", "2"); "ri^" is the area's name."""


class Signal(NamedTuple):
    """A frame's content, decoded. Times are UTC; `device_at` is the panel's own clock or None."""

    protocol: str
    """Listener family, "dc09"."""
    token: str
    """The frame's own name for its format, "SIA-DCS", "ADM-CID", "NULL"."""
    account: str
    """As sent in the header (selects key and site); "" when the header names none and the data neither."""
    data_account: str | None
    """The account inside the data block when it differs from or stands beside the header's."""
    receiver: str | None
    line: str | None
    sequence: str
    encrypted: bool
    device_at: datetime | None
    events: tuple[DecodedEvent, ...] = ()
    extras: tuple[tuple[str, str], ...] = ()
    """Extended data in order of appearance: letter and text, e.g. ("V", "https://…")."""
    dialect: tuple[str, ...] = ()
    """Names of the departures from the standard that were recognised, e.g. "lower-case-crc"."""
