"""CRC and length around a DC-09 body, in the forms that panels use."""

from enum import Enum

from fastcrc import crc16

from lianjing.protocols.dc09.framing import FIXED_CRC, Piece

_BINARY_BODY_AT = 7  # LF, two CRC bytes, four length digits


class CrcForm(Enum):
    """How a panel writes its CRC. Binary is the form of devices from the time of the 2007 edition; Osborne-Hoffman and
    its heirs (UTC, Aritech) write a fixed text in its place, and a length that nobody could explain."""

    HEX = "hex"
    BINARY = "binary"
    FIXED = "fixed"


class EnvelopeError(Exception):
    """The bytes did not arrive as they were sent. `reason` is "crc" or "length"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def wrap(body: bytes, form: CrcForm = CrcForm.HEX) -> bytes:
    """LF, CRC-16/ARC, length, `body`, CR. Lengths up to 0xFFF."""
    crc = crc16.arc(body)
    if form is CrcForm.HEX:
        return b"\n%04X%04X%b\r" % (crc, len(body), body)
    if form is CrcForm.FIXED:
        return b"\n%b%04X%b\r\0" % (FIXED_CRC, len(body), body)
    return b"\n%b%04X%b\r" % (crc.to_bytes(2, "big"), len(body), body)


def body_of(piece: Piece) -> bytes:
    """What CRC and length count, unchecked."""
    return piece.raw[piece.body_at : piece.body_end]


def open_envelope(piece: Piece) -> tuple[bytes, CrcForm, tuple[str, ...]]:
    """The checked body, the CRC's form and the departures from the standard. Raises EnvelopeError."""
    raw, body_at = piece.raw, piece.body_at
    body = body_of(piece)
    if raw == wrap(body):
        return body, CrcForm.HEX, ()
    length = raw[body_at - 4 : body_at]
    if body_at == _BINARY_BODY_AT:
        return body, CrcForm.BINARY, _dialects(piece, raw[1:3].hex().encode("ascii"), length)
    crc = raw[body_at - 8 : body_at - 4]
    if crc == FIXED_CRC and crc16.arc(body) != int(FIXED_CRC, 16):
        return body, CrcForm.FIXED, ("fixed-crc",)
    return body, CrcForm.HEX, _dialects(piece, crc, length)


def _dialects(piece: Piece, sent: bytes, length: bytes) -> tuple[str, ...]:
    """Names of what is unusual about an envelope that still checks out."""
    body = body_of(piece)
    with_cr = body + b"\r"
    names = ["binary-crc"] if piece.body_at == _BINARY_BODY_AT else []
    if _is_hex(sent, crc16.arc(body)):
        counted = body
    elif _is_hex(sent, crc16.arc(with_cr)):
        names.append("crc-counts-cr")
        counted = with_cr
    else:
        raise EnvelopeError("crc")
    if counted is with_cr and length == b"0000":
        names.append("no-length")
    elif not _is_hex(length, len(counted)):
        raise EnvelopeError("length")
    if piece.raw[:1] != b"\n":
        names.append("no-lf")
    if piece.raw[piece.body_end : piece.body_end + 1] != b"\r":
        names.append("no-cr")
    return tuple(names)


def _is_hex(field: bytes, value: int) -> bool:
    return field.upper() == b"%04X" % value
