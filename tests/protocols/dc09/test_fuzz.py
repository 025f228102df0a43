"""Whatever comes, the answer is a list of frames; no byte is lost; a documented reason is given."""

from hypothesis import example, given
from hypothesis import strategies as st

from lianjing.protocols.dc09 import FrameReceived
from lianjing.protocols.dc09.framing import MAX_FRAME
from lianjing.protocols.dc09.panel import UnreadableReply, build_frame, parse_reply
from lianjing.terms.signals import FrameKind
from tests.protocols.dc09.cases import KEY, NOW, fixed_pad, receive, receiver, vectors
from tests.protocols.oracle import is_answered, is_bounded, is_consistent, is_whole

ENCRYPTED = build_frame("SIA-DCS", "#1234|Nri1/BA001", "1234", 42, at=NOW, key=KEY, pad=fixed_pad)
SEEDS = [vector.frame for vector in vectors()] + [ENCRYPTED]
PIECES = [b'\n0000"', b"\n", b"\r", b"\0", b'"', b"[", b"]", b"|", b"#", b"_12:00:00,01-01-2026", b'\nAB0010"', *SEEDS]

streams = st.lists(st.one_of(st.binary(max_size=30), st.sampled_from(PIECES)), max_size=12)


def check(stream: bytes, frames: list[FrameReceived]) -> None:
    is_whole(stream, frames)
    for frame in frames:
        is_bounded(frame, MAX_FRAME)
        is_consistent(frame)
        is_answered(frame, KEY)


@given(streams)
@example([b'\n\n\n\n\n\n\n\n0000"'])
@example([b'\n12"', b'345678"'])
def test_any_stream_in_any_pieces(parts: list[bytes]) -> None:
    stream = b"".join(parts)
    whole = receive(stream, KEY)
    check(stream, whole)
    for pieces in (parts, [stream[at : at + 1] for at in range(len(stream))]):
        connection = receiver(KEY)
        assert [f for piece in pieces for f in connection.receive_data(piece, NOW)] + connection.close(NOW) == whole


@given(streams)
def test_any_datagram_is_complete_at_once(parts: list[bytes]) -> None:
    datagram = b"".join(parts)
    connection = receiver(KEY, stream=False)
    check(datagram, connection.receive_data(datagram, NOW))
    assert connection.close(NOW) == []


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
