"""Cuts a byte stream into DC-09 frames: LF, CRC, length, body, CR. Nothing that came in is lost or taken twice.

A frame ends at the first CR behind its body's start. Binary extended data may hold a CR: then the CRC does not fit
there, but does where the length field puts the end. A wrong length never keeps a good frame back: what fits its CRC is
whole. A frame is found by its header, never by LF alone: with the two-byte CRC of old
panels a CRC byte may itself be LF or CR.
"""

import re
from enum import Enum
from typing import NamedTuple

from fastcrc import crc16

MAX_FRAME = 8192
"""The standard's longest is 4,105 bytes (the length field is "0" and three hexadecimal digits); panels with long links
and JSON write more."""

_START = re.compile(rb"\n(?:[^\n\r\x00\"]{8}|[\x00-\xff]{2}[0-9A-Fa-f]{4})\"")
# A header inside a body means that a frame broke off. Indented JSON has LFs and quotes too, so this one is strict.
_RESTART = re.compile(rb"\n(?:[0-9A-Fa-f]{4}|[\x00-\xff]{2})0[0-9A-Fa-f]{3}\"[A-Z*]")
_START_WITHOUT_LF = re.compile(rb"[0-9A-Fa-f]{8}\"")
# What nearly every panel sends in nearly every segment: one whole frame and nothing else.
_WHOLE = re.compile(rb"\n[0-9A-Fa-f]{8}\"[^\n\r]*\r")
_LENGTH_AT, _WHOLE_BODY_AT = 5, 9
FIXED_CRC = b"0101"
"""What Osborne-Hoffman and its heirs write in place of a CRC; their length counts otherwise."""
_LENGTH = re.compile(rb"[0-9A-Fa-f]{4}")
_OH_HEARTBEAT = re.compile(rb"SR[0-9A-Fa-f]{4}L[0-9A-Fa-f]{4}[ \x00]+[0-9A-Za-z]{1,16}[ \x00]+\[[0-9A-Za-z]{0,16}\]")
_SEPARATORS = re.compile(rb"[\x00\r]+")
_LONGEST_HEAD = 10
_LF = 0x0A


class Shape(Enum):
    """What a piece of the stream turned out to be."""

    FRAME = "frame"
    CUT_OFF = "cut-off"
    """A header, but no CR before the next frame or the end, and not as long as it says."""
    OH_HEARTBEAT = "oh-heartbeat"
    """`SR0001L0001    006969XX    [ID00000000]`, of panels that speak Osborne-Hoffman beside DC-09."""
    TOO_LONG = "too-long"
    STRAY = "stray-bytes"


class Piece(NamedTuple):
    """Bytes of the stream in order. For a FRAME `raw[body_at:body_end]` is what CRC and length count."""

    shape: Shape
    raw: bytes
    body_at: int = 0
    body_end: int = 0


class Framer:
    """Collects bytes and hands out pieces. The pieces do not depend on how the bytes were split on their way.

    Between pieces NUL, CR and LF are skipped. At most one incomplete piece (`max_frame` bytes) is kept.
    """

    def __init__(self, max_frame: int = MAX_FRAME) -> None:
        self._max_frame = max_frame
        self._buffer = b""
        self._ended = False

    @property
    def has_begun(self) -> bool:
        """Whether an incomplete piece is kept. LFs alone are none: some panels send one behind a frame."""
        return self._buffer.strip(b"\n") != b""

    def feed(self, data: bytes) -> list[Piece]:
        """All pieces that are complete with `data`."""
        if not self._buffer and _WHOLE.fullmatch(data) and len(data) <= self._max_frame:
            end = len(data) - 1
            if int(data[_LENGTH_AT:_WHOLE_BODY_AT], 16) <= end - _WHOLE_BODY_AT:
                return [Piece(Shape.FRAME, data, _WHOLE_BODY_AT, end)]
        self._buffer += data
        return self._pieces()

    def end(self) -> list[Piece]:
        """What is left when no more bytes will come."""
        self._ended = True
        pieces = self._pieces()
        self._buffer, self._ended = b"", False
        return pieces

    def _pieces(self) -> list[Piece]:
        pieces: list[Piece] = []
        position = 0
        while True:
            position = self._skip_separators(position)
            piece = self._piece(position)
            if piece is None:
                break
            pieces.append(piece)
            position += len(piece.raw)
        self._buffer = self._buffer[position:]
        return pieces

    def _skip_separators(self, position: int) -> int:
        """To the next byte that belongs to a piece. A LF is skipped once it is sure that no header follows it."""
        buffer = self._buffer
        while position < len(buffer):
            skipped = _SEPARATORS.match(buffer, position)
            if skipped:
                position = skipped.end()
                continue
            if buffer[position] != _LF or _START.match(buffer, position):
                break
            if not self._ended and len(buffer) - position < _LONGEST_HEAD:
                break
            position += 1
        return position

    def _piece(self, position: int) -> Piece | None:
        """The piece at `position`, None when it is not complete yet (or nothing is there)."""
        if position >= len(self._buffer):
            return None
        head = _START.match(self._buffer, position) or _START_WITHOUT_LF.match(self._buffer, position)
        if head:
            return self._frame(position, head.end() - 1)
        if heartbeat := _OH_HEARTBEAT.match(self._buffer, position, position + self._max_frame):
            return Piece(Shape.OH_HEARTBEAT, heartbeat[0])
        return None if self._buffer[position] == _LF else self._stray(position)

    def _frame(self, start: int, body_at: int) -> Piece | None:
        buffer = self._buffer
        limit = start + self._max_frame
        end = self._end(body_at, limit)
        restart = _RESTART.search(buffer, body_at, limit if end < 0 else end)
        if restart:
            return self._without_cr(start, body_at, restart.start())
        if end >= 0:
            return Piece(Shape.FRAME, buffer[start : end + 1], body_at - start, end - start)
        if len(buffer) >= limit:
            return Piece(Shape.TOO_LONG, buffer[start:limit])
        return self._without_cr(start, body_at, len(buffer)) if self._ended else None

    def _end(self, body_at: int, limit: int) -> int:
        """Where the frame's CR stands; -1 when it has not come yet."""
        buffer = self._buffer
        first = buffer.find(b"\r", body_at, limit)
        if first < 0:
            return first
        length = buffer[body_at - 4 : body_at]
        told = body_at + int(length, 16) if _LENGTH.fullmatch(length) else 0
        if not first < told < limit or _complete(buffer, body_at, first):
            return first
        if _START.match(buffer, self._skip_separators(first + 1), told) or _RESTART.search(buffer, first, told):
            # The next frame is there: nobody's alarm waits for the rest of a damaged one. Only a header that ends
            # before `told` counts, or the outcome would depend on how much has come so far.
            return first
        if told >= len(buffer) and not self._ended:
            return -1
        return told if buffer[told : told + 1] == b"\r" and _crc_fits(buffer, body_at, told) else first

    def _without_cr(self, start: int, body_at: int, end: int) -> Piece:
        """A frame that only lacks its CR is a frame all the same."""
        raw = self._buffer[start:end]
        body = raw[body_at - start :].rstrip(b"\x00\n")
        length = raw[body_at - start - 4 : body_at - start]
        if length.upper() == b"%04X" % len(body):
            return Piece(Shape.FRAME, raw, body_at - start, body_at - start + len(body))
        return Piece(Shape.CUT_OFF, raw)

    def _stray(self, start: int) -> Piece | None:
        """Bytes of no frame, up to the next LF."""
        limit = start + self._max_frame
        end = self._buffer.find(b"\n", start + 1, limit)
        if end < 0 and len(self._buffer) >= limit:
            end = limit
        if end < 0 and self._ended:
            end = len(self._buffer)
        return Piece(Shape.STRAY, self._buffer[start:end]) if end >= 0 else None


def _complete(buffer: bytes, body_at: int, end: int) -> bool:
    """Whether the frame surely ends at the CR at `end`: nobody's alarm waits for the rest that a length promises when
    the CRC fits, with the CR counted (Eldes) or not, or when it is no CRC at all (Osborne-Hoffman)."""
    if buffer[body_at - 8 : body_at - 4] == FIXED_CRC:
        return True
    return _crc_fits(buffer, body_at, end) or _crc_fits(buffer, body_at, end + 1)


def _crc_fits(buffer: bytes, body_at: int, end: int) -> bool:
    """Whether the CRC in front of the body, in either form, is that of the bytes up to `end`."""
    crc = crc16.arc(buffer[body_at:end])
    head = buffer[max(0, body_at - 8) : body_at - 4]
    return head.upper() == b"%04X" % crc or head[-2:] == crc.to_bytes(2, "big")
