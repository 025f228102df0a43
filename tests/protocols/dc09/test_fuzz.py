"""Whatever comes, the answer is a list of frames; no byte is lost; a documented reason is given."""

from hypothesis import example, given
from hypothesis import strategies as st

from lianjing.protocols.dc09 import FrameReceived
from lianjing.protocols.dc09.panel import UnreadableReply, build_frame, parse_reply
from lianjing.terms.signals import FrameKind
from tests.protocols.dc09.cases import KEY, NOW, fixed_pad, receive, receiver, vectors

REASONS = {
    FrameKind.UNREADABLE: {"crc", "length", "no-header", "cut-off", "too-long", "stray-bytes"},
    FrameKind.UNSUPPORTED: {
        "unknown-token",
        "unreadable-data",
        "reply-token",
        "no-key",
        "wrong-key",
        "time-window",
        "no-timestamp",
        "plain-with-key",
    },
    FrameKind.SIGNAL: {None, "plain-with-key", "unread-token", "unreadable-data"},
    FrameKind.HEARTBEAT: {None},
}
ENCRYPTED = build_frame("SIA-DCS", "#1234|Nri1/BA001", "1234", 42, at=NOW, key=KEY, pad=fixed_pad)
SEEDS = [vector.frame for vector in vectors()] + [ENCRYPTED]
PIECES = [b'\n0000"', b"\n", b"\r", b"\0", b'"', b"[", b"]", b"|", b"#", b"_12:00:00,01-01-2026", b'\nAB0010"', *SEEDS]

streams = st.lists(st.one_of(st.binary(max_size=30), st.sampled_from(PIECES)), max_size=12)


def check(stream: bytes, frames: list[FrameReceived]) -> None:
    """Frames are runs of the stream in order; only NUL, CR and LF stand between them; reasons are documented."""
    position = 0
    for frame in frames:
        at = stream.index(frame.raw, position)
        assert not stream[position:at].strip(b"\0\r\n")
        position = at + len(frame.raw)
        assert frame.reason in REASONS[frame.kind]
        assert frame.raw
        if frame.kind is FrameKind.UNREADABLE:
            assert frame.answer is None
        elif frame.reason != "reply-token":
            assert frame.answer is not None
    assert not stream[position:].strip(b"\0\r\n")


@given(streams)
@example([b'\n\n\n\n\n\n\n\n0000"'])
@example([b'\n12"', b'345678"'])
def test_any_stream_in_any_pieces(parts: list[bytes]) -> None:
    stream = b"".join(parts)
    whole = receive(stream, KEY)
    check(stream, whole)
    connection = receiver(KEY)
    assert [f for part in parts for f in connection.receive_data(part, NOW)] + connection.close(NOW) == whole


@given(st.sampled_from(SEEDS), st.data())
def test_a_damaged_frame_is_a_result_or_a_documented_reason(seed: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(seed) - 1))
    kind = data.draw(st.sampled_from(["change", "insert", "delete", "cut"]))
    byte = data.draw(st.binary(min_size=1, max_size=3))
    damaged = {
        "change": seed[:at] + byte + seed[at + 1 :],
        "insert": seed[:at] + byte + seed[at:],
        "delete": seed[:at] + seed[at + 1 :],
        "cut": seed[:at],
    }[kind]
    check(damaged, receive(damaged, KEY))


@given(st.binary(max_size=80), st.sampled_from(["SIA-DCS", "ADM-CID", "NULL", "WHAT"]), st.booleans())
def test_any_data_in_a_sound_frame(data: bytes, token: str, encrypted: bool) -> None:
    block = bytes(byte for byte in data if byte not in b"\r\n")
    raw = build_frame(token, block, "1234", 1, at=NOW, key=KEY if encrypted else None, pad=fixed_pad)
    frames = receive(raw, KEY)
    check(raw, frames)
    assert frames[0].kind is not FrameKind.UNREADABLE


@given(st.binary(max_size=60))
def test_a_panel_survives_any_reply(raw: bytes) -> None:
    try:
        parse_reply(raw, KEY)
    except UnreadableReply:
        return
