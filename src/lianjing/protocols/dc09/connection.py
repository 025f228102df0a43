"""The receiver's side of DC-09: bytes in, frames with their reading and their answer out. No socket, no clock."""

from datetime import datetime

from lianjing.protocols.dc09.body import read_header
from lianjing.protocols.dc09.crypt import Pad
from lianjing.protocols.dc09.envelope import EnvelopeError, body_of, open_envelope
from lianjing.protocols.dc09.frames import FrameReceived, Profiles
from lianjing.protocols.dc09.framing import Framer, Piece, Shape
from lianjing.protocols.dc09.reading import Arrival, header_signal, read_frame
from lianjing.terms.signals import FrameKind


class Connection:
    """One TCP connection, or with `stream=False` one UDP datagram.

    `profiles` gives the keys; `pad(n)` gives n unpredictable bytes, of any values, for encrypted answers. With
    `refuse_unknown` a frame of an account without profile is read as ever and answered DUH in place of ACK.
    """

    def __init__(self, profiles: Profiles, *, pad: Pad, stream: bool = True, refuse_unknown: bool = False) -> None:
        self._profiles = profiles
        self._refuse_unknown = refuse_unknown
        self._pad = pad
        self._stream = stream
        self._framer = Framer()

    def receive_data(self, data: bytes, now: datetime) -> list[FrameReceived]:
        """The frames that `data` completes, in order. `now` is aware UTC. Never raises, whatever the bytes.

        The result does not depend on how the stream was cut into `data`. A datagram is complete at once.
        """
        pieces = self._framer.feed(data)
        if not self._stream:
            pieces += self._framer.end()
        return [self._read(piece, now) for piece in pieces]

    def close(self, now: datetime) -> list[FrameReceived]:
        """What was still incomplete when the peer left: reported, never lost. A frame that lacks only its CR counts."""
        return [self._read(piece, now) for piece in self._framer.end()]

    def _read(self, piece: Piece, now: datetime) -> FrameReceived:
        if piece.shape is not Shape.FRAME:
            return FrameReceived(piece.raw, FrameKind.UNREADABLE, reason=piece.shape.value)
        try:
            body, form, dialect = open_envelope(piece)
        except EnvelopeError as error:
            # Damaged on its way: no answer, the panel repeats. What its header seems to say helps to find the panel.
            read = read_header(body_of(piece))
            signal = header_signal(read[0]) if read else None
            return FrameReceived(piece.raw, FrameKind.UNREADABLE, signal, error.reason)
        read = read_header(body)
        if read is None:
            return FrameReceived(piece.raw, FrameKind.UNREADABLE, reason="no-header")
        refused = self._refuse_unknown and self._profiles(read[0].account or "") is None
        arrival = Arrival(piece.raw, read[0], form, dialect, now, self._pad, refused)
        return read_frame(arrival, read[1], self._profiles)
