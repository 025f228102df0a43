"""What is answered, byte for byte."""

from datetime import UTC, datetime

import pytest

from lianjing.protocols.dc09 import Connection, Policy, answers
from lianjing.protocols.dc09.envelope import wrap
from lianjing.protocols.dc09.panel import build_frame
from lianjing.terms.signals import FrameKind
from tests.protocols.dc09.cases import NOW, fixed_pad, receive_one


def test_the_nak_of_the_standard() -> None:
    at = datetime(2015, 4, 14, 16, 9, 9, tzinfo=UTC)
    assert answers.nak(at) == b'\n3C830025"NAK"0000R0L0A0[]_16:09:09,04-14-2015\r'


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        # A found pair: the ACK of frame 2 of the collection.
        (b'"NULL"0001L0#7099[]', b'\nA62A0012"ACK"0001L0#7099[]\r'),
        (b'"SIA-DCS"0001L0#1234[#1234|Nri1/BA12]', b'\n1BC10012"ACK"0001L0#1234[]\r'),
        (b'"NULL"0000L0#1[]', b'\nA4D5000F"ACK"0000L0#1[]\r'),
    ],
)
def test_ack(body: bytes, answer: bytes) -> None:
    assert receive_one(wrap(body)).answer == answer


@pytest.mark.parametrize(
    "echo",
    [
        b"0001L0#1234",
        b"0042Rc0ffdL12aB#080027e62a64",
        b"0002R1L232#78919",
        b"0003L#7303658550",
        b"0004#1234",
        b"0005R0001L0001",
        b"0006L000#XTRM189",
        b"0007L0#00:26:b9:e4:26:8b",
        b"0008L0#00-26-B9-E4-26-8B",
        b"0009R1L1#+8613800138000",
        b"0010rabcdefl1#ab12",
        b"00abR123456L789abc#89860012345678901234",
        b"9999R0L0#1234567890ABCDEF",
    ],
)
def test_an_answer_echoes_exactly_what_came(echo: bytes) -> None:
    """Pyronix goes into poll failure over one character (dialects)."""
    assert receive_one(wrap(b'"NULL"' + echo + b"[]")).answer == wrap(b'"ACK"' + echo + b"[]")
    assert receive_one(wrap(b'"ADM-CID"' + echo + b"[#1234|1130 01 001]")).answer == wrap(b'"ACK"' + echo + b"[]")
    assert receive_one(wrap(b'"WHAT"' + echo + b"[]")).answer == wrap(b'"DUH"' + echo + b"[]")


def test_an_unknown_account_is_acknowledged_unless_the_centre_says_otherwise() -> None:
    raw = wrap(b'"SIA-DCS"0001L0#1234[#1234|Nri1/BA12]')
    readers = [
        Connection(lambda _: None, pad=fixed_pad, policy=Policy(refuse_unknown=refuse)) for refuse in (False, True)
    ]
    kept, refused = (reader.receive_data(raw, NOW)[0] for reader in readers)
    assert kept.answer == wrap(b'"ACK"0001L0#1234[]')
    assert refused.answer == wrap(b'"DUH"0001L0#1234[]')
    assert (refused.kind, refused.signal, refused.reason) == (FrameKind.SIGNAL, kept.signal, "unknown-account")


def test_duh_byte_for_byte() -> None:
    """Frame 27 of the collection (Swissdotnet) is what a receiver says to this one."""
    frame = receive_one(build_frame("WHAT", "", "080027E62A64", 45, receiver="C0FFD", line="1234"))
    assert frame.answer == b'\n14140023"DUH"0045RC0FFDL1234#080027E62A64[]\r'


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        (b'\n\xc5[002A"NULL"0000R8L0#41213[]_21:00:10,02-20-2024\r', b'"ACK"0000R8L0#41213[]'),
        (b'\n0n003D"ADM-CID"0002R1L1#9413[#9413|1602 99 999]_23:05:30,08-30-2023\r', b'"ACK"0002R1L1#9413[]'),
    ],
)
def test_a_binary_crc_is_answered_in_kind(raw: bytes, answer: bytes) -> None:
    frame = receive_one(raw)
    assert frame.answer is not None
    assert frame.answer[3:] == b"%04X%b\r" % (len(answer), answer)
    assert frame.answer[1:3] == bytes.fromhex(wrap(answer)[1:5].decode())
    assert frame.signal is not None
    assert frame.signal.dialect == ("binary-crc",)


@pytest.mark.parametrize("token", ["ACK", "NAK", "DUH", "RSP", "VIS-ACK", "ack"])
def test_an_answer_is_not_answered(token: str) -> None:
    frame = receive_one(build_frame(token, "", "1234", 1))
    assert (frame.kind, frame.reason, frame.answer) == (FrameKind.UNSUPPORTED, "reply-token", None)
