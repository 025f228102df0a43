"""What must be true of everything that a reader makes of any bytes: for the tests here, and for `make fuzz`."""

import re
from collections.abc import Iterable

from lianjing.protocols.dc09.panel import ReplyKind, parse_reply
from lianjing.protocols.received import FrameReceived
from lianjing.protocols.receiver_output import ACK as OUTPUT_ACK
from lianjing.protocols.sia_dcs import MOST_EVENTS, MOST_MODIFIERS
from lianjing.terms.signals import FrameKind

ACK, DUH, NAK = ReplyKind.ACK, ReplyKind.DUH, ReplyKind.NAK
Answers = dict[FrameKind, dict[str | None, ReplyKind | None]]

DC09: Answers = {
    FrameKind.UNREADABLE: dict.fromkeys(("crc", "length", "no-header", "cut-off", "too-long", "stray-bytes")),
    FrameKind.UNSUPPORTED: {
        **dict.fromkeys(("unknown-token", "unreadable-data", "no-key", "wrong-key", "plain-with-key"), DUH),
        **dict.fromkeys(("time-window", "no-timestamp"), NAK),
        **dict.fromkeys(("reply-token", "keys-not-read")),
    },
    FrameKind.SIGNAL: {
        None: ACK,
        "unread-token": ACK,
        "plain-with-key": DUH,
        "unknown-account": DUH,
        "unreadable-data": ACK,
    },
    FrameKind.HEARTBEAT: {None: ACK, "unknown-account": DUH},
}
"""Every reason that docs/protocols/dc09.md knows, and what is answered; None: nothing."""
OUTPUTS: Answers = {
    FrameKind.UNREADABLE: dict.fromkeys(("cut-off", "too-long", "stray-bytes")),
    FrameKind.SIGNAL: {None: ACK, "unread-token": ACK},
    FrameKind.HEARTBEAT: {None: ACK},
}

_ECHO = re.compile(rb'"\*?[^"]{1,16}"([0-9A-Fa-f]{4}[^\["\r\n\0]*?)(?:\[|_[0-9]{2}:[0-9]{2}:|[\r\n\0]|\Z)')


def is_whole(stream: bytes, frames: Iterable[FrameReceived]) -> None:
    """The raw bytes of the frames, and the NUL, CR and LF between them, are the stream."""
    position = 0
    for frame in frames:
        assert frame.raw
        at = stream.index(frame.raw, position)
        assert not stream[position:at].strip(b"\0\r\n")
        position = at + len(frame.raw)
    assert not stream[position:].strip(b"\0\r\n")


def is_bounded(frame: FrameReceived, max_frame: int) -> None:
    """What a frame takes of our memory is in proportion to what it took to send it."""
    assert len(frame.raw) <= max_frame
    events = frame.signal.events if frame.signal else ()
    assert len(events) <= MOST_EVENTS + 1
    assert all(len(event.modifiers) <= MOST_MODIFIERS + 1 for event in events)


def is_consistent(frame: FrameReceived) -> None:
    """A signal has events and can be told from its repeat; nothing else has events that anybody would treat."""
    has_events = frame.signal is not None and frame.signal.events != ()
    assert has_events is (frame.kind is FrameKind.SIGNAL)
    assert frame.repeat_key is None or len(frame.repeat_key) == 32
    assert frame.kind is not FrameKind.SIGNAL or frame.repeat_key is not None


def is_answered(frame: FrameReceived, key: bytes | None, rules: Answers = DC09) -> None:
    """The answer is the one that `rules` has for this reason, can be read by a panel, and repeats what it compares."""
    wanted = rules[frame.kind][frame.reason]
    if wanted is None:
        assert frame.answer is None
        return
    assert frame.answer is not None
    signal = frame.signal
    assert signal is not None
    if signal.token == "OH":
        assert frame.answer == b"ACK\r"
        return
    reply = parse_reply(frame.answer, key)
    assert reply.kind is wanted
    assert reply.encrypted is (signal.encrypted and wanted is ACK and rules[frame.kind] is not NO_KEY_ACKED)
    if wanted is not NAK:
        echo = _ECHO.search(frame.raw)
        assert echo is not None
        assert b'"%b[' % echo[1] in frame.answer


NO_KEY_ACKED: dict[str | None, ReplyKind | None] = {**DC09[FrameKind.UNSUPPORTED], "no-key": ACK}
NO_KEY_SILENT: dict[str | None, ReplyKind | None] = {**DC09[FrameKind.UNSUPPORTED], "no-key": None}


def is_answered_to_receiver(frame: FrameReceived) -> None:
    """An older receiver gets its one byte for all that was read, and nothing for what it must send again."""
    assert frame.answer == (OUTPUT_ACK if OUTPUTS[frame.kind][frame.reason] is ACK else None)
