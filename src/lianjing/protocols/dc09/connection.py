"""The receiver's side of DC-09: bytes in, frames with their reading and their answer out. No socket, no clock."""

from datetime import datetime

from lianjing.protocols.dc09.body import Header, read_header
from lianjing.protocols.dc09.counting import SequenceWatch
from lianjing.protocols.dc09.crypt import Pad
from lianjing.protocols.dc09.envelope import EnvelopeError, body_of, open_envelope
from lianjing.protocols.dc09.frames import PLAIN_WITH_KEY, FrameReceived, PanelProfile, Policy, Profiles
from lianjing.protocols.dc09.framing import MAX_FRAME, Framer, Piece, Shape
from lianjing.protocols.dc09.osborne_hoffman import read_oh_heartbeat
from lianjing.protocols.dc09.reading import Arrival, header_signal, read_frame
from lianjing.terms.signals import FrameKind

DEFAULT_POLICY = Policy()


class Connection:
    """One TCP connection, or with `stream=False` one UDP datagram.

    `profiles` gives the keys; `pad(n)` gives n unpredictable bytes, of any values, for encrypted answers. `max_frame`
    bounds one frame and with it the memory of a connection, in bytes. `watch` is shared by the connections of a
    listener, since a panel may open one for every frame.
    """

    def __init__(
        self,
        profiles: Profiles,
        *,
        pad: Pad,
        stream: bool = True,
        policy: Policy = DEFAULT_POLICY,
        max_frame: int = MAX_FRAME,
        watch: SequenceWatch | None = None,
    ) -> None:
        self._profiles = profiles
        self._policy = policy
        self._pad = pad
        self._stream = stream
        self._framer = Framer(max_frame)
        self._watch = watch or SequenceWatch()

    @property
    def has_begun(self) -> bool:
        """Whether the beginning of a frame has come, and not its end."""
        return self._framer.has_begun

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
        if piece.shape is Shape.OH_HEARTBEAT:
            return read_oh_heartbeat(piece.raw)
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
        header, rest = read
        profile = self._profiles(header.account or "")
        doubt = self._doubt(header, profile)
        if profile is not None and profile.key is not None and not header.encrypted:
            dialect += (PLAIN_WITH_KEY,)
        arrival = Arrival(piece.raw, header, form, dialect, now, self._pad, self._watch, doubt)
        return read_frame(arrival, rest, profile, self._policy)

    def _doubt(self, header: Header, profile: PanelProfile | None) -> str | None:
        """See docs/decisions/0008: what is doubtful is treated all the same, and its panel told."""
        if profile is None:
            return "unknown-account" if self._policy.refuse_unknown and self._policy.ready() else None
        if profile.key is not None and not header.encrypted and not profile.plain_allowed:
            return PLAIN_WITH_KEY
        return None
