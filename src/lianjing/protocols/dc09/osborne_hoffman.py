"""The heartbeat of panels that speak Osborne-Hoffman beside DC-09 (UTC, Aritech), seen in the logs of two projects."""

import re

from lianjing.protocols.dc09.frames import FrameReceived
from lianjing.terms.signals import FrameKind, Signal

_FIELDS = re.compile(rb"SR([0-9A-Fa-f]{4})L([0-9A-Fa-f]{4})[ \x00]+([0-9A-Za-z]+?)X*[ \x00]+\[")
_ANSWER = b"ACK\r"


def read_oh_heartbeat(raw: bytes) -> FrameReceived:
    """`SR0001L0001    006969XX    [ID00000000]`: receiver, line, and the account filled up with X. Raises ValueError
    for other bytes."""
    fields = _FIELDS.match(raw)
    if fields is None:
        raise ValueError("not a heartbeat of Osborne-Hoffman")
    receiver, line, account = (field.decode("ascii") for field in fields.groups())
    signal = Signal(
        protocol="dc09",
        token="OH",  # noqa: S106  a protocol's name, not a password
        account=account,
        data_account=None,
        receiver=receiver,
        line=line,
        sequence="",
        encrypted=False,
        device_at=None,
        dialect=("osborne-hoffman",),
    )
    return FrameReceived(raw, FrameKind.HEARTBEAT, signal, answer=_ANSWER)
