"""What a receiver says back (DC-09 5.5.3): ACK, encrypted ACK, NAK with the time, DUH."""

from datetime import datetime

from lianjing.protocols.dc09.clock import write_stamp
from lianjing.protocols.dc09.crypt import Pad, encrypt
from lianjing.protocols.dc09.envelope import CrcForm, wrap


def ack(echo: bytes, form: CrcForm = CrcForm.HEX) -> bytes:
    """Received. `echo` is sequence, R, L and account exactly as the panel sent them: some compare them as text."""
    return wrap(b'"ACK"%b[]' % echo, form)


def encrypted_ack(echo: bytes, now: datetime, key: bytes, pad: Pad, form: CrcForm = CrcForm.HEX) -> bytes:
    """Received, to an encrypted frame: pad and timestamp are required."""
    return wrap(b'"*ACK"%b[%b' % (echo, encrypt(b"]" + write_stamp(now), key, pad)), form)


def nak(now: datetime, form: CrcForm = CrcForm.HEX) -> bytes:
    """Outside the time window: carries the receiver's clock for the panel to set itself by. Never encrypted, and the
    fields are the standard's literals, not an echo."""
    return wrap(b'"NAK"0000R0L0A0[]' + write_stamp(now), form)


def duh(echo: bytes, form: CrcForm = CrcForm.HEX) -> bytes:
    """Received whole, but it cannot be processed. Never encrypted."""
    return wrap(b'"DUH"%b[]' % echo, form)
