"""Encrypted frames: three key lengths, pads of any length, wrong keys, clocks that are off."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from lianjing.protocols.dc09 import Connection, FrameReceived, PanelProfile, safe_pad
from lianjing.protocols.dc09.crypt import decrypt, encrypt, strip_pad
from lianjing.protocols.dc09.envelope import wrap
from lianjing.protocols.dc09.panel import build_frame, parse_reply
from lianjing.terms.signals import FrameKind
from tests.protocols.dc09.cases import KEY, NOW, fixed_pad, receive_one

STAMP = b"_12:00:00,01-01-2026"


def sealed(region: bytes, key: bytes = KEY, header: bytes = b'"*SIA-DCS"0001L0#1234[') -> bytes:
    """A frame around `region` exactly as given: the caller pads it to whole blocks."""
    encryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    return wrap(header + (encryptor.update(region) + encryptor.finalize()).hex().encode())


def refused(frame: FrameReceived, reason: str) -> None:
    """DUH, the account known, no events, and never taken for the repeat of anything."""
    assert (frame.kind, frame.reason, frame.answer) == (FrameKind.UNSUPPORTED, reason, wrap(b'"DUH"0001L0#1234[]'))
    assert frame.signal is not None
    assert (frame.signal.account, frame.signal.events, frame.signal.encrypted) == ("1234", (), True)
    assert frame.repeat_key is None


@pytest.mark.parametrize("length", [16, 24, 32])
def test_every_key_length(length: int) -> None:
    key = bytes(range(length))
    frame = receive_one(
        build_frame("SIA-DCS", "#1234|Nri1/BA001", "1234", 42, receiver="1", at=NOW, key=key, pad=fixed_pad), key
    )
    assert frame.kind is FrameKind.SIGNAL
    assert frame.signal is not None
    assert [event.meaning.code for event in frame.signal.events] == ["BA"]
    assert frame.signal.device_at == NOW
    assert frame.answer is not None
    reply = parse_reply(frame.answer, key)
    assert (reply.kind, reply.sequence, reply.account, reply.encrypted, reply.at) == ("ACK", "0042", "1234", True, NOW)


def test_the_encrypted_ack_byte_for_byte() -> None:
    """The plaintext of found frame 29 (Swissdotnet), padded alike, gives its ciphertext."""
    pad = b"\x12\xf1\xc2*\x88\xebDVy\xda"
    region = b"]_16:08:12,04-14-2015"
    key = bytes.fromhex("ABCDABCDABCDABCDABCDABCDABCDABCD")
    body = b'"*ACK"0001R5678L1234#080027E62A64[' + encrypt(region, key, lambda count: pad[:count])
    assert wrap(body) == (
        b'\nE34C0062"*ACK"0001R5678L1234#080027E62A64[14F088FF5DCB19D1908069507EAB97C7CDB20F1C6EFA550BB59864D54B2DFA1C\r'
    )


@pytest.mark.parametrize("length", [0, 1, 9, 15, 16, 17, 31, 40])
def test_a_pad_of_any_length(length: int) -> None:
    data = b"|#1234|NBA1" + b"^" + b"x" * (-(length + 12 + 22) % 16) + b"^]" + STAMP
    region = b"p" * length + data
    frame = receive_one(sealed(region + b"\0" * (-len(region) % 16)), KEY)
    assert frame.kind is FrameKind.SIGNAL
    assert frame.signal is not None
    assert (frame.signal.data_account, frame.signal.dialect) == ("1234", ())


@pytest.mark.parametrize("fill", [b"\0", b" ", b"\r", b"\x08"], ids=["zeros", "blanks", "cr", "pkcs7"])
def test_a_last_block_that_was_filled_up_behind_the_time(fill: bytes) -> None:
    plain = b"p" * 14 + b"|#1234|NBA1]" + STAMP
    frame = receive_one(sealed(plain + fill * (-len(plain) % 16)), KEY)
    assert frame.signal is not None
    assert [(event.meaning.code, event.address) for event in frame.signal.events] == [("BA", "1")]


@pytest.mark.parametrize("behind", [b"]", b"]" + STAMP])
def test_a_bracket_behind_the_ciphertext_is_no_part_of_it(behind: bytes) -> None:
    body = b'"*NULL"0001L0#1234[' + encrypt(b"]" + STAMP, KEY, fixed_pad) + behind
    assert receive_one(wrap(body), KEY).kind is FrameKind.HEARTBEAT


@pytest.mark.parametrize("region", [b"#1234|Nri1/BA1]", b"\0\0\0#1234|Nri1/BA1]", b"Nri1/BA1]"])
def test_zeros_in_place_of_a_pad(region: bytes) -> None:
    plain = region + STAMP
    frame = receive_one(sealed(plain + b"\0" * (-len(plain) % 16)), KEY)
    assert frame.signal is not None
    assert [(event.meaning.code, event.address) for event in frame.signal.events] == [("BA", "1")]


@pytest.mark.parametrize("region", [b"0123456789|]", b"0123456789+]"])
def test_an_empty_block_with_or_without_bar(region: bytes) -> None:
    frame = receive_one(sealed(region + STAMP, header=b'"*NULL"0000L0#1234['), KEY)
    assert frame.kind is FrameKind.HEARTBEAT
    assert frame.answer is not None
    assert parse_reply(frame.answer, KEY).kind == "ACK"


def test_another_key_is_named_as_the_reason() -> None:
    frame = build_frame("SIA-DCS", "#1234|Nri1/BA001", "1234", 1, at=NOW, key=KEY, pad=fixed_pad)
    refused(receive_one(frame, bytes(16)), "wrong-key")
    refused(receive_one(frame, bytes(32)), "wrong-key")


def test_no_key_is_named_as_the_reason() -> None:
    frame = build_frame("SIA-DCS", "#1234|Nri1/BA001", "1234", 1, at=NOW, key=KEY, pad=fixed_pad)
    refused(receive_one(frame, None), "no-key")
    refused(receive_one(frame, b"fifteen bytes.."), "no-key")
    (unknown,) = Connection(lambda account: None, pad=fixed_pad).receive_data(frame, NOW)
    refused(unknown, "no-key")


def test_the_key_is_chosen_by_the_account_of_the_header() -> None:
    asked: list[str] = []

    def profiles(account: str) -> PanelProfile:
        asked.append(account)
        return PanelProfile(KEY)

    frame = build_frame("SIA-DCS", "#9999|NBA1", "1234", 1, at=NOW, key=KEY, pad=fixed_pad)
    (read,) = Connection(profiles, pad=fixed_pad).receive_data(frame, NOW)
    assert asked == ["1234"]
    assert read.signal is not None
    assert (read.signal.account, read.signal.data_account) == ("1234", "9999")
    assert "account-differs" in read.signal.dialect


@pytest.mark.parametrize("ciphertext", [b"ABCDEF", b"XYZ", b"", b"0" * 31])
def test_what_is_no_ciphertext(ciphertext: bytes) -> None:
    refused(receive_one(wrap(b'"*SIA-DCS"0001L0#1234[' + ciphertext), KEY), "unreadable-data")


@pytest.mark.parametrize(("seconds", "accepted"), [(-40, True), (-41, False), (20, True), (21, False), (0, True)])
def test_the_time_window_holds_for_encrypted_frames(seconds: int, accepted: bool) -> None:
    at = NOW + timedelta(seconds=seconds)
    frame = receive_one(build_frame("ADM-CID", "#1234|1130 01 001", "1234", 5, at=at, key=KEY, pad=fixed_pad), KEY)
    if accepted:
        assert frame.kind is FrameKind.SIGNAL
        return
    assert (frame.kind, frame.reason) == (FrameKind.UNSUPPORTED, "time-window")
    assert frame.answer == wrap(b'"NAK"0000R0L0A0[]' + STAMP)
    assert frame.repeat_key is None  # the panel sends the same again, and then it must count
    assert frame.signal is not None
    assert frame.signal.events == ()


@pytest.mark.parametrize("seconds", [-86400, -41, 21, 86400])
def test_an_unencrypted_frame_may_be_of_any_time(seconds: int) -> None:
    at = NOW + timedelta(seconds=seconds)
    frame = receive_one(build_frame("ADM-CID", "#1234|1130 01 001", "1234", 5, at=at))
    assert frame.kind is FrameKind.SIGNAL
    assert frame.signal is not None
    assert frame.signal.device_at == at


def test_an_encrypted_frame_without_a_time_is_told_the_time() -> None:
    plain = b"0123|#1234|Nri1/BA001]"
    frame = receive_one(sealed(plain + b"\0" * (-len(plain) % 16)), KEY)
    assert (frame.reason, frame.answer) == ("no-timestamp", wrap(b'"NAK"0000R0L0A0[]' + STAMP))


def test_an_impossible_time_is_told_the_time() -> None:
    plain = b"0123|#1234|Nri1/BA001]_25:61:61,13-32-2026"
    frame = receive_one(sealed(plain + b"\0" * (-len(plain) % 16)), KEY)
    assert frame.reason == "time-window"


def test_forbidden_pad_bytes_never_get_into_a_message() -> None:
    assert set(safe_pad(bytes(range(256)))).isdisjoint(b"|[]\r\n\0")
    for count in range(40):
        plain = decrypt(encrypt(b"x" * count + b"]" + STAMP, KEY, fixed_pad), KEY)
        assert plain is not None
        assert strip_pad(plain) == b"x" * count + b"]" + STAMP


def test_a_region_that_needs_no_pad_gets_sixteen_bytes() -> None:
    plain = decrypt(encrypt(b"x" * 15, KEY, fixed_pad), KEY)
    assert plain is not None
    assert (len(plain), plain.index(b"|")) == (32, 16)
