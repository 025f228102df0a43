"""What panels in the field do otherwise than the standard says, and is read all the same."""

import pytest

from lianjing.protocols.dc09 import Connection, FrameReceived, PanelProfile, Policy, WithoutKey
from lianjing.protocols.dc09.crypt import encrypt
from lianjing.protocols.dc09.envelope import wrap
from lianjing.protocols.dc09.panel import build_frame
from lianjing.terms.codes import EventClass, Scheme
from lianjing.terms.signals import FrameKind
from tests.protocols.dc09.cases import KEY, NOW, fixed_pad, receive, receive_one, receiver


def codes(frame: FrameReceived) -> list[tuple[str, str]]:
    assert frame.signal is not None
    return [(event.meaning.code, event.address or "") for event in frame.signal.events]


def test_a_fixed_crc_is_answered_in_kind_with_a_nul_behind() -> None:
    frame = receive_one(b'\n01010034"ADM-CID"0005RABCDLDEAD[#005412|1150 04 261]\r')
    assert frame.signal is not None
    assert (frame.kind, frame.signal.account, codes(frame)) == (FrameKind.SIGNAL, "005412", [("150", "261")])
    assert frame.signal.dialect == ("fixed-crc", "no-account")
    assert frame.answer == b'\n01010015"ACK"0005RABCDLDEAD[]\r\0'


@pytest.mark.parametrize("trailer", [b"", b"7C9677F21948CC12|#001465"])
def test_every_block_of_a_frame_has_its_events(trailer: bytes) -> None:
    data = b"[#001465|NUA021*'hall'NM][#001465|NFA022]"
    frame = receive_one(b'\n0101005B"SIA-DCS"0008R0075L0001' + data + trailer + b"\r")
    assert codes(frame) == [("UA", "021"), ("FA", "022")]


def test_a_length_of_zeros_says_nothing_against_a_crc_that_counts_the_cr() -> None:
    """Found in logs of Eldes panels, of whom nobody knows whether they or the log left the length out."""
    frame = receive_one(b'\nBCD30000"ADM-CID"1533L0#4F39[#4F39|1412 00 000]\r')
    assert frame.signal is not None
    assert (codes(frame), frame.signal.dialect) == ([("412", "")], ("crc-counts-cr", "no-length"))
    assert frame.answer == wrap(b'"ACK"1533L0#4F39[]')


def test_an_osborne_hoffman_heartbeat_is_one_however_it_was_cut() -> None:
    raw = b"SR0001L0001    006969XX    [ID00000000]"
    connection = receiver()
    (frame,) = [f for at in range(len(raw)) for f in connection.receive_data(raw[at : at + 1], NOW)]
    assert (frame.raw, frame.kind, frame.answer) == (raw, FrameKind.HEARTBEAT, b"ACK\r")
    assert frame.signal is not None
    assert (frame.signal.account, frame.signal.receiver, frame.signal.line) == ("006969", "0001", "0001")


def test_a_cr_in_binary_data_does_not_end_the_frame() -> None:
    body = b'"SIA-DCS"0001L0#1234[#1234|Nri1/BA1][P\x80\r\x83]'
    (first, second) = receive(wrap(body) + build_frame("NULL", "", "1234", 0))
    assert (first.raw, codes(first)) == (wrap(body), [("BA", "1")])
    assert second.kind is FrameKind.HEARTBEAT


def test_the_alarm_behind_a_damaged_frame_is_read_at_once() -> None:
    damaged = b'\n00000FFF"SIA-DCS"0001L0#1234[#1234|Nri1/BA1]\r'
    alarm = build_frame("SIA-DCS", "#1234|Nri1/BA2", "1234", 2)
    connection = receiver()
    assert connection.receive_data(damaged, NOW) == []
    first, second = connection.receive_data(alarm, NOW)
    assert (first.raw, first.reason) == (damaged, "crc")
    assert codes(second) == [("BA", "2")]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("#861234567890123|1130 01 003", ("130", "raised", True)),
        ("#861234567890123|3400 00 099", ("400", "restored", True)),
        ("#861234567890123|E456 00 001", ("456", "raised", True)),
        ("#861234567890123|1700 00 099", ("700", "raised", True)),
        ("#861234567890123|1709 00 123", ("709", "raised", True)),
        ("#861234567890123|2756 00 000", ("756", "noted", True)),
        ("#861234567890123|1899 00 000", ("899", "raised", False)),
    ],
)
def test_the_frames_of_heng_bo_hosts_are_contact_id(data: str, found: tuple[str, str, bool]) -> None:
    """A serial number as account, the format's own name, sequence 0000, and codes of its own beside the standard's."""
    frame = receive_one(build_frame("HENG-BO", data, "861234567890123", 0))
    assert frame.signal is not None
    (event,) = frame.signal.events
    assert (event.meaning.code, event.meaning.phase, event.meaning.known) == found
    assert frame.signal.dialect == ("heng-bo",)
    assert frame.answer == wrap(b'"ACK"0000L0#861234567890123[]')


def test_an_emergency_call_of_a_heng_bo_host_is_one_and_the_same_code_elsewhere_is_not() -> None:
    """The panel's number stands in the data, the SIM card's in the header; both are kept."""
    sos, other = (
        receive_one(build_frame(token, "#00000A|1709 00 123", "89860012345678901234", 0)).signal
        for token in ("HENG-BO", "ADM-CID")
    )
    assert sos is not None
    assert other is not None
    assert (sos.events[0].meaning.event_class, sos.events[0].meaning.grade) == (EventClass.HOLD_UP, 1)
    assert (sos.account, sos.data_account) == ("89860012345678901234", "00000A")
    assert not other.events[0].meaning.known


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        (b"\0\x06123456", "…"),
        (b"0006123456", "…"),
        (b"\0\x01\x27", "27"),
        (b"\0\x0d\xeb\xba\r\n]\r]\n[_x\0\1", "EBBA0D0A5D0D5D0A5B5F780001"),
        (b"\0\x03ABC", "414243"),
    ],
)
def test_counted_data_of_heng_bo_hosts_is_shown_in_hexadecimal_and_a_code_not_at_all(block: bytes, shown: str) -> None:
    body = b'"HENG-BO"0000R1234L6789#000010[#000010|1704 00 000][%b]_12:00:00,01-01-2026' % block
    (frame,) = receiver().receive_data(wrap(body), NOW)
    assert frame.signal is not None
    assert (frame.signal.extras, codes(frame)) == ((("*", shown),), [("704", "")])


@pytest.mark.parametrize("token", ["SIA-PUL", "ADM-41E", "VIS-BBA", "SK-FSK1"])
def test_a_format_that_is_not_decoded_is_shown_to_a_person(token: str) -> None:
    frame = receive_one(build_frame(token, "#1234|8 1 3", "1234", 1))
    assert (frame.kind, frame.reason) == (FrameKind.SIGNAL, "unread-token")
    assert frame.answer == wrap(b'"ACK"0001L0#1234[]')
    assert frame.signal is not None
    (event,) = frame.signal.events
    assert (event.meaning.scheme, event.meaning.code, event.meaning.known) == (Scheme.OTHER, token, False)
    assert event.text == "8 1 3"


@pytest.mark.parametrize(
    ("token", "data", "zone"), [("ADM-42E", "3 1", "1"), ("ADM-42E", "3B", "B"), ("ADM-41E", "3", None)]
)
def test_the_zone_of_a_pulse_format_is_known_where_the_format_has_one(token: str, data: str, zone: str | None) -> None:
    frame = receive_one(build_frame(token, f"#1234|{data}", "1234", 1))
    assert frame.signal is not None
    assert [(event.address, event.text) for event in frame.signal.events] == [(zone, data)]


@pytest.mark.parametrize(
    ("raw", "text"),
    [("门厅".encode(), "门厅"), ("门厅".encode("gb18030"), "门厅"), ("Küche".encode("cp1252"), "Küche")],
)
def test_text_is_read_in_the_encoding_of_its_maker(raw: bytes, text: str) -> None:
    frame = receive_one(build_frame("SIA-DCS", b"#1234|Nri1/BA1^" + raw + b"^", "1234", 1))
    assert frame.signal is not None
    assert frame.signal.events[0].text == text


def test_a_key_on_its_way_is_not_shown() -> None:
    frame = receive_one(wrap(b'"SIA-DCS"0001L0#1234[#1234|Nri1/RP][K00112233445566778899AABBCCDDEEFF]'))
    assert frame.signal is not None
    assert frame.signal.extras == (("K", "…"),)


def told(profile: PanelProfile | None, raw: bytes, policy: Policy) -> FrameReceived:
    (frame,) = Connection(lambda _: profile, pad=fixed_pad, policy=policy).receive_data(raw, NOW)
    return frame


ENCRYPTED = build_frame("SIA-DCS", "#1234|Nri1/BA001", "1234", 42, at=NOW, key=KEY, pad=fixed_pad)


@pytest.mark.parametrize(
    ("without_key", "answer"),
    [
        (WithoutKey.DUH, wrap(b'"DUH"0042L0#1234[]')),
        (WithoutKey.SILENT, None),
        (WithoutKey.ACK, wrap(b'"ACK"0042L0#1234[]')),
    ],
)
def test_an_encrypted_frame_without_key_is_kept_and_answered_as_the_centre_decided(
    without_key: WithoutKey, answer: bytes | None
) -> None:
    frame = told(PanelProfile(None), ENCRYPTED, Policy(without_key=without_key))
    assert (frame.kind, frame.reason, frame.answer) == (FrameKind.UNSUPPORTED, "no-key", answer)


def test_nothing_is_said_of_a_key_before_the_keys_have_been_read() -> None:
    frame = told(None, ENCRYPTED, Policy(refuse_unknown=True, ready=lambda: False))
    assert (frame.kind, frame.reason, frame.answer) == (FrameKind.UNSUPPORTED, "keys-not-read", None)


def test_a_plain_alarm_of_a_panel_with_a_key_is_an_alarm_and_is_told_that_it_is_not_trusted() -> None:
    raw = build_frame("SIA-DCS", "#1234|Nri1/BA001", "1234", 1)
    frame = told(PanelProfile(KEY), raw, Policy())
    assert (frame.kind, frame.reason, codes(frame)) == (FrameKind.SIGNAL, "plain-with-key", [("BA", "001")])
    assert frame.answer == wrap(b'"DUH"0001L0#1234[]')


def test_a_plain_heartbeat_of_a_panel_with_a_key_is_no_sign_of_its_life() -> None:
    frame = told(PanelProfile(KEY), build_frame("NULL", "", "1234", 0), Policy())
    assert (frame.kind, frame.reason) == (FrameKind.UNSUPPORTED, "plain-with-key")


def test_a_panel_that_may_send_in_clear_too_is_acknowledged_and_named() -> None:
    frame = told(PanelProfile(KEY, plain_allowed=True), build_frame("NULL", "", "1234", 0), Policy())
    assert (frame.kind, frame.reason, frame.answer) == (FrameKind.HEARTBEAT, None, wrap(b'"ACK"0000L0#1234[]'))
    assert frame.signal is not None
    assert frame.signal.dialect == ("plain-with-key",)


@pytest.mark.parametrize("account", ["1", "XYZ", "AB-12", "08:00:27:E6:2A:64", "13800138000", "898602b1101830154321"])
def test_an_account_need_be_no_hexadecimal_number(account: str) -> None:
    frame = receive_one(wrap(f'"SIA-DCS"0001L0#{account}[#{account}|NBA1]'.encode()))
    assert (frame.kind, frame.signal and frame.signal.account) == (FrameKind.SIGNAL, account)
    assert frame.answer == wrap(f'"ACK"0001L0#{account}[]'.encode())


@pytest.mark.parametrize("body", [b'"NULL"0000L0#1234', b'"NULL"0000L0#1234_12:00:00,01-01-2026'])
def test_a_null_without_a_data_block_is_a_heartbeat(body: bytes) -> None:
    frame = receive_one(wrap(body))
    assert (frame.kind, frame.answer) == (FrameKind.HEARTBEAT, wrap(b'"ACK"0000L0#1234[]'))


def counting_cr(body: bytes) -> bytes:
    """The frame as Eldes builds it: CRC and length over the body with its CR."""
    counted = wrap(body + b"\r")
    return counted[:-1]


@pytest.mark.parametrize(
    "raw",
    [
        counting_cr(b'"NULL"0000L9999#9999[]'),
        counting_cr(b'"ADM-CID"0056L9999#9999[#9999|1130 01 003]'),
        counting_cr(b'"*ADM-CID"0056L9999#9999[' + encrypt(b"#9999|1130 01 003]_12:00:00,01-01-2026", KEY, fixed_pad)),
        b'\n01010034"ADM-CID"0005RABCDLDEAD[#005412|1150 04 261]\r\0',
        b'\n0101005B"SIA-DCS"0008R0075L0001[#001465|NUA021]7C9677F21948CC12|#001465\r',
    ],
    ids=["eldes-null", "eldes", "eldes-encrypted", "oh", "oh-trailer"],
)
def test_a_length_that_counts_more_than_the_body_holds_no_frame_back(raw: bytes) -> None:
    """The panel waits for its answer while its connection stays open."""
    (frame,) = receiver(KEY).receive_data(raw, NOW)
    assert frame.answer is not None
    assert frame.reason in (None, "plain-with-key")
