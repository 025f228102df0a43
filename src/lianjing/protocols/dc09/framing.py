"""Cuts a byte stream into DC-09 frames: LF, CRC, length, body, CR. Nothing that came in is lost or taken twice.

A frame ends at the first CR behind its body's start, whatever its length field says, so a wrong length never makes the
reader wait for bytes that do not come. It is found by its header, never by LF alone: with the two-byte CRC of old
panels a CRC byte may itself be LF or CR.
"""

import re
from enum import Enum
from typing import NamedTuple

MAX_BODY = 0xFFF  # the length field is "0" and three hexadecimal digits
MAX_FRAME = 1 + 4 + 4 + MAX_BODY + 1

_START = re.compile(rb"\n(?:[^\n\r\x00\"]{8}|[\x00-\xff]{2}[0-9A-Fa-f]{4})\"")
# A header inside a body means that a frame broke off. Indented JSON has LFs and quotes too, so this one is strict.
_RESTART = re.compile(rb"\n(?:[0-9A-Fa-f]{4}|[\x00-\xff]{2})0[0-9A-Fa-f]{3}\"[A-Z*]")
_START_WITHOUT_LF = re.compile(rb"[0-9A-Fa-f]{8}\"")
# What nearly every panel sends in nearly every segment: one whole frame and nothing else.
_WHOLE = re.compile(rb"\n[0-9A-Fa-f]{8}\"[^\n\r]*\r")
_WHOLE_BODY_AT = 9
_SEPARATORS = re.compile(rb"[\x00\r]+")
_LONGEST_HEAD = 10
_LF = 0x0A


class Shape(Enum):
    """What a piece of the stream turned out to be."""

    FRAME = "frame"
    CUT_OFF = "cut-off"
    """A header, but no CR before the next frame or the end, and not as long as it says."""
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

    Between pieces NUL, CR and LF are skipped. At most one incomplete piece (MAX_FRAME bytes) is kept.
    """

    def __init__(self) -> None:
        self._buffer = b""
        self._ended = False

    def feed(self, data: bytes) -> list[Piece]:
        """All pieces that are complete with `data`."""
        if not self._buffer and _WHOLE.fullmatch(data) and len(data) <= MAX_FRAME:
            return [Piece(Shape.FRAME, data, _WHOLE_BODY_AT, len(data) - 1)]
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
        return None if self._buffer[position] == _LF else self._stray(position)

    def _frame(self, start: int, body_at: int) -> Piece | None:
        buffer = self._buffer
        limit = start + MAX_FRAME
        end = buffer.find(b"\r", body_at, limit)
        restart = _RESTART.search(buffer, body_at, limit if end < 0 else end)
        if restart:
            return self._without_cr(start, body_at, restart.start())
        if end >= 0:
            return Piece(Shape.FRAME, buffer[start : end + 1], body_at - start, end - start)
        if len(buffer) >= limit:
            return Piece(Shape.TOO_LONG, buffer[start:limit])
        return self._without_cr(start, body_at, len(buffer)) if self._ended else None

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
        limit = start + MAX_FRAME
        end = self._buffer.find(b"\n", start + 1, limit)
        if end < 0 and len(self._buffer) >= limit:
            end = limit
        if end < 0 and self._ended:
            end = len(self._buffer)
        return Piece(Shape.STRAY, self._buffer[start:end]) if end >= 0 else None
