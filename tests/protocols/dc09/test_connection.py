"""What a frame turns out to be, and what is said about it."""

import pytest

from lianjing.protocols.dc09 import FrameReceived
from lianjing.protocols.dc09.envelope import wrap
from lianjing.protocols.dc09.panel import build_frame
from lianjing.protocols.sia_dcs import MOST_EVENTS
from lianjing.terms.codes import EventClass, Grade, Phase, Scheme
from lianjing.terms.signals import FrameKind
from tests.protocols.dc09.cases import NOW, receive_one

ACK = wrap(b'"ACK"0001L0#1234[]')
DUH = wrap(b'"DUH"0001L0#1234[]')


def plain(token: str, data: str | bytes, sequence: int | str = 1, **more: object) -> FrameReceived:
    return receive_one(build_frame(token, data, "1234", sequence, **more))  # type: ignore[arg-type]


def test_a_contact_id_alarm() -> None:
    frame = plain("ADM-CID", "#1234|1130 01 003", at=NOW)
    assert (frame.kind, frame.reason, frame.answer) == (FrameKind.SIGNAL, None, ACK)
    signal = frame.signal
    assert signal is not None
    assert (signal.protocol, signal.token, signal.account, signal.data_account) == ("dc09", "ADM-CID", "1234", "1234")
    assert (signal.receiver, signal.line, signal.sequence, signal.encrypted) == (None, "0", "0001", False)
    assert signal.device_at == NOW
    (event,) = signal.events
    assert (event.meaning.event_class, event.meaning.grade, event.meaning.phase) == (
        EventClass.INTRUSION,
        Grade.SECOND,
        Phase.RAISED,
    )
    assert (event.qualifier, event.area, event.address) == ("1", "01", "003")


def test_a_person_sees_that_a_frame_holds_more_than_can_be_read() -> None:
    many = b"#1234|N" + b"BA1" * MOST_EVENTS
    for data in (many + b"BA2", many + b"][#1234|NBA2"):
        frame = plain("SIA-DCS", data)
        assert (frame.kind, frame.answer) == (FrameKind.SIGNAL, ACK)
        signal = frame.signal
        assert signal is not None
        assert len(signal.events) == MOST_EVENTS + 1
        assert (signal.events[-1].meaning.scheme, signal.events[-1].meaning.code) == (Scheme.OTHER, "SIA-DCS")
        assert "unread-remainder" in signal.dialect


def test_several_sia_events_come_in_one_frame_and_get_one_answer() -> None:
    frame = plain("SIA-DCS", "#1234|Nri1/BA1/BV1/TA2")
    assert frame.signal is not None
    assert [event.meaning.code for event in frame.signal.events] == ["BA", "BV", "TA"]
    assert frame.answer == ACK


@pytest.mark.parametrize(
    ("token", "data", "extras"),
    [
        ("NULL", "", ()),
        ("NULL", "#1234", ()),
        ("NULL", "#0000|0000 00 000", ()),
        ("XNM", "", (("C", "DP4"),)),
    ],
)
def test_a_heartbeat_is_acknowledged_and_says_nothing(
    token: str, data: str, extras: tuple[tuple[str, str], ...]
) -> None:
    frame = plain(token, data, extras=extras)
    assert (frame.kind, frame.reason, frame.answer, frame.repeat_key) == (FrameKind.HEARTBEAT, None, ACK, None)
    assert frame.signal is not None
    assert (frame.signal.events, frame.signal.extras) == ((), extras)


def test_a_ping_that_is_a_test_signal_stays_one() -> None:
    """Ajax supervises with SIA-DCS Nri0/RP0000: a signal, unless the panel's profile will say otherwise."""
    assert plain("SIA-DCS", "#1234|Nri0/RP0000").kind is FrameKind.SIGNAL


def test_extended_data_is_kept_in_order() -> None:
    frame = plain(
        "SIA-DCS",
        "#1234|NBA1",
        extras=[("V", "https://v.example/a,https://v.example/b"), ("I", "大厅"), ("J", '{"a":["b","c"]}'), ("I", "2")],
    )
    assert frame.signal is not None
    assert frame.signal.extras == (
        ("V", "https://v.example/a,https://v.example/b"),
        ("I", "大厅"),
        ("J", '{"a":["b","c"]}'),
        ("I", "2"),
    )


def test_text_may_hold_brackets() -> None:
    frame = plain("SIA-DCS", "#1234|NBA1^Hall [2]^", extras=[("I", "x")])
    assert frame.signal is not None
    assert (frame.signal.events[0].text, frame.signal.extras) == ("Hall [2]", (("I", "x"),))


def test_an_unknown_code_is_a_signal_all_the_same() -> None:
    for frame in (plain("SIA-DCS", "#1234|NXC12"), plain("ADM-CID", "#1234|1199 01 003")):
        assert (frame.kind, frame.answer) == (FrameKind.SIGNAL, ACK)
        assert frame.signal is not None
        assert not frame.signal.events[0].meaning.known


@pytest.mark.parametrize("token", ["WHAT", "SIA-DCS2"])
def test_an_unknown_token(token: str) -> None:
    frame = plain(token, "#1234|NBA1")
    assert (frame.kind, frame.reason, frame.answer) == (FrameKind.UNSUPPORTED, "unknown-token", DUH)
    assert frame.signal is not None
    assert (frame.signal.account, frame.signal.events) == ("1234", ())


@pytest.mark.parametrize(
    ("token", "data", "text"),
    [
        ("ADM-CID", "#1234|2130 01 001", "2130 01 001"),
        ("ADM-CID", "#1234|门厅有人", "门厅有人"),
        ("SIA-DCS", "#1234|AHall", "AHall"),
        ("SIA-DCS", "#1234|ESA1", "ESA1"),
    ],
)
def test_data_that_says_what_cannot_be_read_is_shown_to_a_person(token: str, data: str, text: str) -> None:
    """It may be a hold-up: acknowledged, so that the panel goes on, and raised with what it says."""
    frame = plain(token, data)
    assert (frame.kind, frame.reason, frame.answer) == (FrameKind.SIGNAL, "unreadable-data", ACK)
    assert frame.signal is not None
    (event,) = frame.signal.events
    assert (event.meaning.code, event.meaning.known, event.meaning.grade, event.text) == (token, False, 2, text)
    assert frame.signal.dialect == ("unread-remainder",)


@pytest.mark.parametrize(("token", "data"), [("ADM-CID", ""), ("SIA-DCS", "#1234|"), ("SIA-DCS", " ")])
def test_data_that_says_nothing(token: str, data: str) -> None:
    frame = plain(token, data)
    assert (frame.kind, frame.reason, frame.answer) == (FrameKind.UNSUPPORTED, "unreadable-data", DUH)


def test_data_that_says_nothing_with_a_picture_is_shown_to_a_person() -> None:
    frame = plain("SIA-DCS", "#1234|", extras=[("V", "https://v.example/a")])
    assert (frame.kind, frame.reason, frame.answer) == (FrameKind.SIGNAL, "unreadable-data", ACK)


@pytest.mark.parametrize(
    ("token", "data", "code"),
    [
        ("SIA-DCS", "#1234|1130 01 001", "130"),
        ("ADM-CID", "#1234|Nri1/BA1", "BA"),
        ("sia-dcs", "#1234|nri1/ba1", "BA"),
        ("adm-cid", "#1234|E130 01 001", "130"),
    ],
)
def test_an_alarm_under_the_other_formats_name_or_in_lower_case_is_an_alarm(token: str, data: str, code: str) -> None:
    frame = plain(token, data)
    assert (frame.kind, frame.answer) == (FrameKind.SIGNAL, ACK)
    assert frame.signal is not None
    assert [event.meaning.code for event in frame.signal.events] == [code]
    assert frame.signal.token == token


def test_data_that_is_never_closed() -> None:
    frame = receive_one(wrap(b'"SIA-DCS"0001L0#1234[#1234|NBA1'))
    assert (frame.kind, frame.reason, frame.answer) == (FrameKind.UNSUPPORTED, "unreadable-data", DUH)


def test_one_changed_byte_is_no_answer() -> None:
    raw = build_frame("SIA-DCS", "#1234|Nri1/BA001", "1234", 1)
    frame = receive_one(raw.replace(b"BA001", b"BA002"))
    assert (frame.kind, frame.reason, frame.answer) == (FrameKind.UNREADABLE, "crc", None)
    assert frame.signal is not None
    assert (frame.signal.account, frame.signal.events) == ("1234", ())


@pytest.mark.parametrize(
    ("at", "field", "reason"),
    [(1, b"ZZZZ", "crc"), (1, b"+123", "crc"), (5, b"0FFF", "length"), (5, b"1027", "length"), (5, b"zzzz", "length")],
)
def test_a_wrong_crc_or_length_is_no_answer(at: int, field: bytes, reason: str) -> None:
    raw = build_frame("SIA-DCS", "#1234|Nri1/BA001", "1234", 1)
    frame = receive_one(raw[:at] + field + raw[at + 4 :])
    assert (frame.kind, frame.reason, frame.answer) == (FrameKind.UNREADABLE, reason, None)


def test_hexadecimal_may_be_lower_case() -> None:
    raw = build_frame("SIA-DCS", "#1234|Nri1/BA001^abcdefg^", "1234", 0xAB)
    assert raw[1:9] != raw[1:9].lower()
    assert receive_one(raw[:1] + raw[1:9].lower() + raw[9:]).kind is FrameKind.SIGNAL


@pytest.mark.parametrize("body", [b'"SIA-DCS"10000R0L0#1234[#1234|NBA1]', b'"ACK"0000NoneL0#1409[]', b'"SIA-DCS"'])
def test_a_header_beyond_reading(body: bytes) -> None:
    frame = receive_one(wrap(body))
    assert (frame.kind, frame.reason, frame.answer, frame.signal) == (FrameKind.UNREADABLE, "no-header", None, None)


@pytest.mark.parametrize(
    ("body", "dialect"),
    [
        (b'"SIA-DCS"0001#1234[#1234|NBA1]', ("no-line",)),
        (b'"SIA-DCS"0001L#1234[#1234|NBA1]', ("no-line",)),
        (b'"SIA-DCS"000AL0#1234[#1234|NBA1]', ("hex-sequence",)),
        (b'"SIA-DCS"0001L0[#1234|NBA1]', ("no-account",)),
        (b'"SIA-DCS"0001L0#1234[1234|NBA1]', ("account-without-hash",)),
        (b'"SIA-DCS"0001L0#1234[1234|nri1/ba1]', ("account-without-hash",)),
        (b'"ADM-CID"0001L0#1234[1234|E130 01 001]', ("account-without-hash",)),
        (b'"SIA-DCS"0001L0#1234[NBA1|NFA2]', ()),
        (b'"SIA-DCS"0001L0#ABCD[#0000|NBA1]', ("account-differs",)),
        (b'"SIA-DCS"0001L0#abcd[#ABCD|NBA1]', ()),
        (b'"SIA-DCS"0001L0#1234[|NBA1]', ()),
        (b'"SIA-DCS"0001L0#1234[#1234|NBA1]garbage', ("trailing-text",)),
        (b'"SIA-DCS"0001L0#1234[#1234|NBA1]_25:61:61,13-32-2026', ("impossible-time",)),
        (b'"SIA-DCS"0001L0#1234[#1234|NBA1]_23:59:59,12-31-9999', ("impossible-time",)),
        (b'"SIA-DCS"0001L0#1234[#1234|NBA1]_00:00:00,01-01-0001', ("impossible-time",)),
        (b'"SIA-DCS"0001L0#1234[#1234|NBA1/\xff\xfe]', ("unread-remainder",)),
    ],
)
def test_departures_are_read_and_named(body: bytes, dialect: tuple[str, ...]) -> None:
    frame = receive_one(wrap(body))
    assert frame.kind is FrameKind.SIGNAL
    assert frame.signal is not None
    assert frame.signal.dialect == dialect
    assert frame.signal.account in ("1234", "ABCD", "abcd")
    assert frame.signal.events[0].meaning.code in ("BA", "130")


def test_a_crc_that_counts_the_cr() -> None:
    """Eldes: CRC and length include the closing CR (found log)."""
    frame = receive_one(b'\nF19A002B"ADM-CID"0056L9999#9999[#9999|1900 00 001]\r')
    assert frame.signal is not None
    assert (frame.kind, frame.signal.dialect) == (FrameKind.SIGNAL, ("crc-counts-cr",))
    assert frame.answer == wrap(b'"ACK"0056L9999#9999[]')


def test_a_frame_cannot_be_changed_afterwards() -> None:
    frame = plain("NULL", "")
    with pytest.raises(AttributeError):
        frame.reason = "x"  # type: ignore[misc]
