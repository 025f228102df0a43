"""The panel's side: frames as the standard writes them, replies as receivers send them."""

from datetime import UTC, datetime

import pytest

from lianjing.protocols.dc09.panel import ReplyKind, UnreadableReply, build_frame, parse_reply
from tests.protocols.dc09.cases import KEY, NOW, fixed_pad, receive_one, vectors

FOUND = {vector.id: vector.frame for vector in vectors()}


def test_frames_equal_those_of_the_collection() -> None:
    assert build_frame("SIA-DCS", "#1234|Nri1/BA12", "1234", 1).removesuffix(b"\r") in FOUND[48]
    assert build_frame("ADM-CID", "#7099|1131 01 003", "7099", 1) == FOUND[49]
    assert build_frame("SIA-DCS", "#1234|NBA1", "1234", 9999, receiver="0") == FOUND[200]
    assert build_frame("SIA-DCS", "#1234|NBA1", "1234", 1, line=None) == FOUND[202]
    assert build_frame("XNM", "", "1234", 1, extras=[("C", "DP4")]) == FOUND[224]
    assert (
        build_frame(
            "NULL",
            "",
            "080027E62A64",
            0,
            receiver="C0FFD",
            line="1234",
            at=datetime(2015, 6, 22, 13, 40, 27, tzinfo=UTC),
        )
        == FOUND[13]
    )


def test_an_encrypted_frame_equals_that_of_the_collection() -> None:
    pad = b"\x93\x1f\xf59\xa4\xa3\x98\xf5\x0f"
    frame = build_frame(
        "ADM-CID",
        "#1234|1130 01 001",
        "1234",
        42,
        receiver="1",
        line="2",
        at=NOW,
        key=KEY,
        pad=lambda count: pad[:count],
    )
    assert frame == FOUND[239]


def test_encryption_needs_a_time_and_a_pad() -> None:
    with pytest.raises(ValueError, match="a time and pad"):
        build_frame("NULL", "", "1234", 1, key=KEY, pad=fixed_pad)
    with pytest.raises(ValueError, match="a time and pad"):
        build_frame("NULL", "", "1234", 1, key=KEY, at=NOW)


def test_the_replies_of_the_collection() -> None:
    ack = parse_reply(FOUND[2])
    assert (ack.kind, ack.sequence, ack.account, ack.encrypted, ack.at) == (ReplyKind.ACK, "0001", "7099", False, None)
    nak = parse_reply(FOUND[6])
    assert (nak.kind, nak.sequence, nak.at) == (ReplyKind.NAK, "0000", datetime(2015, 4, 14, 16, 9, 9, tzinfo=UTC))
    duh = parse_reply(FOUND[26])
    assert (duh.kind, duh.account) == (ReplyKind.DUH, "080027E62A64")
    key = bytes.fromhex("ABCDABCDABCDABCDABCDABCDABCDABCD")
    sealed = parse_reply(FOUND[29], key)
    assert (sealed.kind, sealed.encrypted, sealed.at) == (
        ReplyKind.ACK,
        True,
        datetime(2015, 4, 14, 16, 8, 12, tzinfo=UTC),
    )


@pytest.mark.parametrize("key", [None, KEY])
def test_panel_and_receiver_understand_each_other(key: bytes | None) -> None:
    for sequence, (token, data) in enumerate(
        [("SIA-DCS", "#1234|Nri1/BA001"), ("ADM-CID", "#1234|3401 01 005"), ("NULL", "")], start=1
    ):
        frame = receive_one(build_frame(token, data, "1234", sequence, at=NOW, key=key, pad=fixed_pad), key)
        assert frame.answer is not None
        reply = parse_reply(frame.answer, key)
        assert (reply.kind, reply.sequence, reply.account) == (ReplyKind.ACK, f"{sequence:04d}", "1234")


@pytest.mark.parametrize("raw", [b"", b"\n\r", FOUND[2] * 2, FOUND[2].replace(b"7099", b"7098"), FOUND[48], FOUND[29]])
def test_what_is_no_reply(raw: bytes) -> None:
    with pytest.raises(UnreadableReply):
        parse_reply(raw)
