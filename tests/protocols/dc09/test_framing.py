"""A TCP stream is a stream: frames are found however it is cut, and no byte is lost."""

import pytest

from lianjing.protocols.dc09 import FrameReceived
from lianjing.protocols.dc09.framing import MAX_FRAME
from lianjing.protocols.dc09.panel import build_frame
from lianjing.terms.signals import FrameKind
from tests.protocols.dc09.cases import NOW, receive, receive_one, receiver

ONE = build_frame("SIA-DCS", "#1234|Nri1/BA001", "1234", 1, receiver="0", at=NOW)
TWO = build_frame("ADM-CID", "#1234|1130 01 001", "1234", 2, receiver="0")
# Neither its CRC nor its length fits; the length ends where the next frame does.
LYING = b'\n0000%04X"SIA-DCS"0001L0#1234[#1234|NBA1]\r' % (31 + len(TWO) + 3)
BINARY = b'\n\xc5[002A"NULL"0000R8L0#41213[]_21:00:10,02-20-2024\r'
BINARY_LF = (
    b'\n\xa6\n00a7"*SIA-DCS"0000Rc0ffdL1234#080027E62A64[1636385bf3ee2cf761f578f5b57eea422ca7601e0823c89d6f19feadf6901046'
    b"90e105e61d3989316bcb26df482a42dc3b4b3b0e9c40da4d3642e7d72cc5ce95\r"
)


def told(frames: list[FrameReceived]) -> list[tuple[str, str | None, bytes]]:
    return [(frame.kind.value, frame.reason, frame.raw) for frame in frames]


@pytest.mark.parametrize(
    "stream",
    [
        ONE,
        ONE + TWO,
        ONE + b"\n" + TWO,
        b"\0\0" + ONE + b"\n\0\r\n" + TWO + b"\0",
        BINARY + BINARY_LF + ONE,
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + ONE,
        ONE[:40] + TWO,
        ONE[1:] + TWO[1:],
        b"noise" + ONE,
        ONE[:-1],
        LYING + b"\0\1" + TWO + b"\0",
    ],
    ids=["one", "two", "lf", "nul", "binary", "http", "cut", "no-lf", "noise", "no-cr", "lying"],
)
def test_every_cut_of_the_stream_gives_the_same(stream: bytes) -> None:
    whole = receive(stream)
    for cut in range(len(stream) + 1):
        connection = receiver()
        parts = connection.receive_data(stream[:cut], NOW) + connection.receive_data(stream[cut:], NOW)
        assert parts + connection.close(NOW) == whole
    connection = receiver()
    single = [frame for byte in stream for frame in connection.receive_data(bytes([byte]), NOW)]
    assert single + connection.close(NOW) == whole


def test_two_frames_in_one_segment_are_two() -> None:
    frames = receiver().receive_data(ONE + TWO, NOW)
    assert [frame.raw for frame in frames] == [ONE, TWO]
    assert [frame.kind for frame in frames] == [FrameKind.SIGNAL] * 2


def test_separators_belong_to_no_frame() -> None:
    assert [frame.raw for frame in receive(b"\r\n\0\n" + ONE + b"\0\0\n\r" + TWO + b"\n")] == [ONE, TWO]


def test_other_bytes_are_reported_up_to_the_next_line() -> None:
    frames = receive(b"hello\x01" + ONE + b"SR0001L0001    006969XX\r" + TWO)
    assert told(frames) == [
        ("unreadable", "stray-bytes", b"hello\x01"),
        ("signal", None, ONE),
        ("unreadable", "stray-bytes", b"SR0001L0001    006969XX\r"),
        ("signal", None, TWO),
    ]


def test_a_frame_that_breaks_off_does_not_swallow_the_next() -> None:
    assert told(receive(ONE[:30] + TWO)) == [("unreadable", "cut-off", ONE[:30]), ("signal", None, TWO)]


def test_line_feeds_in_a_text_do_not_break_a_frame() -> None:
    indented = [("J", '{\n        "address": {\n    "x": "y"}}')]
    frame = receive_one(build_frame("SIA-DCS", "#1234|NBA1", "1234", 1, extras=indented))
    assert frame.kind is FrameKind.SIGNAL
    assert frame.signal is not None
    assert frame.signal.extras == tuple(indented)


def test_what_the_peer_leaves_behind_is_reported() -> None:
    connection = receiver()
    assert connection.receive_data(ONE[:30], NOW) == []
    assert told(connection.close(NOW)) == [("unreadable", "cut-off", ONE[:30])]
    assert connection.close(NOW) == []


def test_a_frame_that_lacks_only_its_cr_counts() -> None:
    frame = receive_one(ONE[:-1])
    assert frame.kind is FrameKind.SIGNAL
    assert frame.signal is not None
    assert frame.signal.dialect == ("no-cr",)


def test_a_frame_that_lacks_only_its_lf_counts() -> None:
    frame = receive_one(ONE[1:])
    assert frame.kind is FrameKind.SIGNAL
    assert frame.signal is not None
    assert frame.signal.dialect == ("no-lf",)


def test_the_longest_frame_is_read() -> None:
    """The standard's longest is 4,105 bytes; we read up to MAX_FRAME, and what is one byte longer is given up."""
    around = len(build_frame("SIA-DCS", "#1234|NBA1^^", "1234", 1))
    longest, longer = (
        build_frame("SIA-DCS", f"#1234|NBA1^{'x' * (size - around)}^", "1234", 1) for size in (MAX_FRAME, MAX_FRAME + 1)
    )
    assert len(longest) == MAX_FRAME
    assert receive_one(longest).kind is FrameKind.SIGNAL
    assert receive(longer)[0].reason == "too-long"


def test_a_frame_longer_than_the_format_allows_is_given_up_at_a_bound() -> None:
    endless = b'\nAAAA0FFF"' + b"x" * (3 * MAX_FRAME)
    connection = receiver()
    frames = connection.receive_data(endless, NOW)
    assert [(frame.reason, len(frame.raw)) for frame in frames] == [
        ("too-long", MAX_FRAME),
        ("stray-bytes", MAX_FRAME),
        ("stray-bytes", MAX_FRAME),
    ]
    assert told(connection.receive_data(ONE, NOW)) == [("unreadable", "stray-bytes", b"x" * 10), ("signal", None, ONE)]


def test_a_heartbeat_that_is_filled_up_without_end_is_given_up_at_the_same_bound() -> None:
    endless = b"SR0001L0001" + b" " * MAX_FRAME + b"006969XX    [ID00000000]"
    assert [frame.reason for frame in receive(endless)] == ["stray-bytes"] * 2
    assert max(len(frame.raw) for frame in receive(endless)) == MAX_FRAME


def test_the_header_of_the_next_frame_ends_the_wait_for_a_damaged_one_however_the_stream_was_cut() -> None:
    stream = b'\n24CC0016"ACK"0]\rh#\n12CE0026"NULL"0\n24CC0016[]\r'
    whole = receive(stream)
    for cut in range(len(stream) + 1):
        connection = receiver()
        parts = connection.receive_data(stream[:cut], NOW) + connection.receive_data(stream[cut:], NOW)
        assert parts + connection.close(NOW) == whole


def test_a_datagram_is_complete_at_once() -> None:
    connection = receiver(stream=False)
    assert told(connection.receive_data(ONE + TWO[:20], NOW)) == [
        ("signal", None, ONE),
        ("unreadable", "cut-off", TWO[:20]),
    ]
    assert connection.close(NOW) == []


def test_a_length_that_lies_does_not_make_the_reader_wait() -> None:
    lying = ONE[:5] + b"0FFF" + ONE[9:]
    assert told(receiver().receive_data(lying + TWO, NOW)) == [("unreadable", "length", lying), ("signal", None, TWO)]


def test_crc_bytes_may_be_line_feeds() -> None:
    connection = receiver()
    frames = connection.receive_data(BINARY_LF + ONE, NOW)
    assert [frame.raw for frame in frames] == [BINARY_LF, ONE]
