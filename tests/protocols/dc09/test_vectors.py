"""The frames collected from standards, libraries, logs and manuals (`vectors/dc09.jsonl`), each read and compared."""

from collections.abc import Callable

import pytest

from lianjing.protocols.contact_id import read_contact_id
from lianjing.protocols.dc09.body import Blocks, Header, read_header, split_time
from lianjing.protocols.dc09.crypt import decrypt
from lianjing.protocols.dc09.envelope import EnvelopeError, body_of, open_envelope
from lianjing.protocols.dc09.framing import Framer, Piece, Shape
from lianjing.protocols.sia_dcs import read_sia
from lianjing.terms.signals import FrameKind
from tests.protocols.dc09.cases import Vector, receive, unescape, utf8, vectors

ALL = {vector.id: vector for vector in vectors()}
FRAMES = [vector for vector in ALL.values() if vector.expect.get("token")]

# Where we read otherwise than the collection says, and why.
FIRE_NOT_NF = (
    "N + FA: the standard's sample is a fire alarm in zone 129 (its Contact ID twin is 1110 00 129), not NF A129"
)
NAK_LITERAL = "the A0 of a NAK is a literal, not line 0A0 with account 0; panel.parse_reply reads it"
CR_COUNTED = "Eldes counts the CR in CRC and length: accepted, with its dialect named"
CR_COUNTED_NO_LENGTH = "Eldes; the CRC is good, and a length of 0000 says nothing against it"
CUT_BEFORE_LOOKING = (
    "the collection looked at everything at once; the stream is cut at the first CR, so both checks pass"
)
OSBORNE_HOFFMAN = "Osborne-Hoffman panels write 0101 in place of a CRC and a length that counts otherwise: read, named"
SECOND_BLOCK = "Osborne-Hoffman puts a second data block behind the first: its events are read, it is no extended data"
KEY_HIDDEN = "the K block holds a key: a reading is shown to people, so the key is not in it"
ID_IS_ADDRESS = "the id or pi modifier is the number of a code that has none: panels leave it out of the code"
CLOSED_UP = "nine digits in a row are QXYZGGCCC, the form of receivers and of the telephone line: the alarm is read"
NAMED_TEXT = "a text behind an event belongs to it, in whatever of the three ways it is written"

OTHERWISE: dict[str, dict[int, str]] = {
    "envelope": {87: CR_COUNTED, 88: CR_COUNTED, 89: CR_COUNTED}
    | dict.fromkeys((114, 154, 155, 156), OSBORNE_HOFFMAN)
    | dict.fromkeys((189, 194), CUT_BEFORE_LOOKING)
    | dict.fromkeys((82, 84, 85), CR_COUNTED_NO_LENGTH),
    "header": dict.fromkeys((6, 10, 11, 97), NAK_LITERAL),
    "stamp": dict.fromkeys((189, 194), CUT_BEFORE_LOOKING),
    "extras": {59: KEY_HIDDEN, 156: SECOND_BLOCK},
    "events": {54: FIRE_NOT_NF, 166: FIRE_NOT_NF}
    | dict.fromkeys((110, 111, 112), ID_IS_ADDRESS)
    | dict.fromkeys((52, 53, 155, 156, 162), NAMED_TEXT),
    "cid": {220: CLOSED_UP},
    "modifiers": dict.fromkeys((114, 155, 156), NAMED_TEXT),
}


def piece_of(vector: Vector) -> Piece:
    framer = Framer()
    return (framer.feed(vector.frame) + framer.end())[0]


def header_of(vector: Vector) -> tuple[Header, bytes]:
    read = read_header(body_of(piece_of(vector)))
    assert read is not None
    return read


def content_of(vector: Vector) -> Blocks | None:
    header, rest = header_of(vector)
    return None if header.encrypted and not vector.key else vector.blocks(rest)


def verdict(piece: Piece) -> str:
    try:
        open_envelope(piece)
    except EnvelopeError as error:
        return error.reason
    return "good"


def compare(vector: Vector, about: str, found: object, expected: object) -> None:
    """Equal, or listed above as read otherwise (and then really different: the list holds nothing stale)."""
    if vector.id in OTHERWISE.get(about, {}):
        assert found != expected
    else:
        assert found == expected


def by_id(function: Callable[[Vector], None]) -> Callable[[Vector], None]:
    mark = pytest.mark.parametrize("vector", FRAMES, ids=lambda vector: str(vector.id))
    return mark(function)


def test_the_collection_is_whole() -> None:
    assert len(ALL) == 178
    assert len(FRAMES) == 151


@by_id
def test_crc_and_length(vector: Vector) -> None:
    expect = vector.expect
    expected = "good" if expect["crc_ok"] and expect["len_ok"] else "length" if expect["crc_ok"] else "crc"
    piece = piece_of(vector)
    assert piece.shape is Shape.FRAME
    compare(vector, "envelope", verdict(piece), expected)


@by_id
def test_header(vector: Vector) -> None:
    header, _ = header_of(vector)
    expect = vector.expect
    fields = ("token", "encrypted", "receiver", "line", "account")
    found = [getattr(header, name) for name in fields] + [header.sequence]
    compare(vector, "header", found, [expect[name] for name in (*fields, "seq")])


@by_id
def test_time_and_extended_data(vector: Vector) -> None:
    content = content_of(vector)
    if content is None:
        assert vector.expect.get("decrypted", "") is None or vector.id in (207, 165, 231)
        return
    _, stamp = split_time(vector.text(header_of(vector)[1]))
    compare(vector, "stamp", stamp[1:].decode() or None, vector.expect["timestamp"])
    extras = [[letter, text] for letter, text in content.extras] or None
    expected = vector.expect.get("xdata")
    compare(vector, "extras", extras, expected and [[letter, utf8(text)] for letter, text in expected])


@by_id
def test_data_account(vector: Vector) -> None:
    content = content_of(vector)
    if content is not None:
        assert content.data_account == vector.expect["data_account"]


@pytest.mark.parametrize("vector", [v for v in FRAMES if v.expect["token"] == "ADM-CID"], ids=lambda v: str(v.id))
def test_contact_id(vector: Vector) -> None:
    content = content_of(vector)
    assert content is not None
    found = [
        {"q": event.qualifier, "code": event.meaning.code, "group": event.area or "00", "zone": event.address or "000"}
        for event in read_contact_id(content.data)
    ]
    expected = vector.expect.get("cid")
    compare(vector, "cid", found, [expected] if expected else [])


@pytest.mark.parametrize("vector", [v for v in FRAMES if v.expect["token"] == "SIA-DCS"], ids=lambda v: str(v.id))
def test_sia(vector: Vector) -> None:
    content = content_of(vector)
    if content is None:
        return
    events, complete = read_sia(content.data)
    found = [
        {name: value for name, value in zip(("code", "addr", "text"), parts, strict=True) if value}
        for event in events
        for parts in [(event.meaning.code, event.address, event.text)]
    ]
    expected = vector.expect.get("sia_events")
    compare(
        vector,
        "events",
        found,
        [{k: utf8(v) if k == "text" else v for k, v in e.items()} for e in expected] if expected else [],
    )
    modifiers = {name: value for name, value in (events[-1].modifiers if events else ()) if "^" not in name}
    compare(vector, "modifiers", modifiers, vector.expect.get("sia_modifiers") or {})
    assert complete or vector.id == 167  # a blank data block


@pytest.mark.parametrize("vector", [v for v in FRAMES if v.key], ids=lambda v: str(v.id))
def test_plaintext(vector: Vector) -> None:
    _, rest = header_of(vector)
    assert vector.key is not None
    plain = decrypt(rest, vector.key)
    assert plain == unescape(vector.expect["plaintext"])
    assert vector.expect["decrypt_ok"]
    assert plain.index(b"|") == vector.expect["pad_len"]


@pytest.mark.parametrize("vector", [v for v in ALL.values() if v not in FRAMES], ids=lambda v: str(v.id))
def test_what_is_not_dc09_is_kept_and_not_answered(vector: Vector) -> None:
    """Other protocols, scanners, and headers beyond reading. 190 is a frame after stray CR LF; 201 counts in hex.

    66 and 160 are the heartbeats of panels that speak Osborne-Hoffman too."""
    frames = receive(vector.raw)
    read = {190: FrameKind.SIGNAL, 201: FrameKind.SIGNAL, 66: FrameKind.HEARTBEAT, 160: FrameKind.HEARTBEAT}
    if vector.id in read:
        assert [frame.kind for frame in frames] == [read[vector.id]]
        return
    assert all(frame.kind is FrameKind.UNREADABLE and frame.answer is None for frame in frames)
    ignored = bytes(byte for byte in vector.raw if byte not in b"\0\r\n")
    assert bytes(byte for frame in frames for byte in frame.raw if byte not in b"\0\r\n") == ignored
