"""From a checked DC-09 body to what it says and what is answered (DC-09 5.5.3)."""

import re
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from lianjing.protocols.contact_id import read_contact_id
from lianjing.protocols.dc09 import answers
from lianjing.protocols.dc09.body import Blocks, Header, read_blocks, split_time
from lianjing.protocols.dc09.clock import in_window, read_stamp
from lianjing.protocols.dc09.counting import SequenceWatch
from lianjing.protocols.dc09.crypt import KEY_LENGTHS, Pad, decrypt, strip_pad
from lianjing.protocols.dc09.envelope import CrcForm
from lianjing.protocols.dc09.frames import (
    IDENTICAL_WINDOW,
    PLAIN_WITH_KEY,
    REPEAT_WINDOW,
    FrameReceived,
    PanelProfile,
    Policy,
    WithoutKey,
)
from lianjing.protocols.sia_dcs import MOST_EVENTS, read_sia
from lianjing.protocols.text import decode_text
from lianjing.terms.code_tables import meaning
from lianjing.terms.codes import Scheme
from lianjing.terms.signals import DecodedEvent, FrameKind, Signal

PROTOCOL = "dc09"

_HEARTBEATS = frozenset({"NULL", "XNM"})
_REPLIES = frozenset({"ACK", "NAK", "DUH", "RSP", "VIS-ACK"})
_HENG_BO = "HENG-BO"
_CONTACT_ID = frozenset({"ADM-CID", _HENG_BO})
_EVENTS = _CONTACT_ID | {"SIA-DCS"}
# Formats of DC-07 that carry pulses and the like: received, kept, and shown to a person, who sees more in them than we.
_UNREAD = frozenset(
    {
        *("SIA-PUL", "ACR-SF", "ADM-41E", "ADM-42E", "ADM-HS", "DSC-43", "FBI-SF", "ITI-I", "SCN-S8", "SCN-S16"),
        *("SCN-S24", "SCT", "SES-SS", "SIA-S2K", "SK-FSK1", "SK-FSK2", "VIS-BBA"),
    }
)
# Code and zone, a digit each. What the code means is up to each panel's programming.
_EXPRESS = re.compile(rb"\s*[0-9A-F]\s?([0-9A-F])\s*")
_UNCOUNTED = "0000"
_SHORT = 128
_REMEMBERED = 16_384
"""Short contents that need not be read again: some 20 MB."""
_SHORTEST_PROOF = 8  # so many printable bytes hardly come out of a wrong key


class Arrival(NamedTuple):
    """A frame whose CRC, length and header are good."""

    raw: bytes
    header: Header
    form: CrcForm
    dialect: tuple[str, ...]
    now: datetime
    pad: Pad
    watch: SequenceWatch
    doubt: str | None = None
    """Why its panel is answered DUH though the frame is read, kept and treated: "unknown-account", "plain-with-key"."""


class Message(NamedTuple):
    """What a frame says, its number and time apart."""

    block: bytes
    data_account: str | None
    extra_bytes: bytes
    extras: tuple[tuple[str, str], ...]
    events: tuple[DecodedEvent, ...]
    oddities: tuple[str, ...]
    """Departures from the standard that were read all the same."""
    unread: str | None
    """Why nothing in it could be read as an event, one stable word."""


class Refusal(Exception):
    """The frame is sound, but cannot be taken. `reason` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ClockRefusal(Refusal):
    """Encrypted, but not from now: the panel must set its clock and send again. `device_at` is what it showed."""

    def __init__(self, reason: str, device_at: datetime | None = None) -> None:
        super().__init__(reason)
        self.device_at = device_at


class NoAnswer(Refusal):
    """Cannot be judged now: the panel shall ask again."""


def read_frame(arrival: Arrival, rest: bytes, profile: PanelProfile | None, policy: Policy) -> FrameReceived:
    """Reads what stands behind the header's bracket and decides on the answer. `profile`: what is known of the
    header's account."""
    header = arrival.header
    if header.token.upper() in _REPLIES:
        # Answering an answer would make two receivers talk for ever.
        return FrameReceived(arrival.raw, FrameKind.UNSUPPORTED, header_signal(header), "reply-token")
    try:
        if header.encrypted:
            key = _key(profile, policy)
            return _judge(arrival, *_open(arrival, rest, key), key)
        text, stamp = split_time(rest)
        return _judge(arrival, _message(header, text), stamp, None)
    except NoAnswer as refusal:
        return _refused(arrival, refusal.reason, None)
    except ClockRefusal as refusal:
        nak = answers.nak(arrival.now, arrival.form)
        return _refused(arrival, refusal.reason, nak, device_at=refusal.device_at)
    except Refusal as refusal:
        return _refused(arrival, refusal.reason, _answer_to_refused(arrival, refusal.reason, policy))


def header_signal(header: Header, dialect: tuple[str, ...] = ()) -> Signal:
    """A reading that knows the header only, and says so by having no events."""
    return Signal(
        protocol=PROTOCOL,
        token=header.token,
        account=header.account or "",
        data_account=None,
        receiver=header.receiver,
        line=header.line,
        sequence=header.sequence,
        encrypted=header.encrypted,
        device_at=None,
        dialect=dialect,
    )


def _answer_to_refused(arrival: Arrival, reason: str, policy: Policy) -> bytes | None:
    """DUH, but for what a centre may want otherwise: see `frames.WithoutKey`."""
    if reason == "no-key" and policy.without_key is WithoutKey.SILENT:
        return None
    if reason == "no-key" and policy.without_key is WithoutKey.ACK:
        return answers.ack(arrival.header.echo, arrival.form)
    return answers.duh(arrival.header.echo, arrival.form)


def _refused(
    arrival: Arrival, reason: str, answer: bytes | None, *, device_at: datetime | None = None
) -> FrameReceived:
    """No repeat key: the same frame may be welcome a minute later, with the key entered or the clock set."""
    signal = header_signal(arrival.header, arrival.dialect)._replace(device_at=device_at)
    return FrameReceived(arrival.raw, FrameKind.UNSUPPORTED, signal, reason, answer)


def _key(profile: PanelProfile | None, policy: Policy) -> bytes:
    """The key is chosen by the header's account: nothing else of the frame can be read yet."""
    if profile is None or profile.key is None or len(profile.key) not in KEY_LENGTHS:
        raise Refusal("no-key") if policy.ready() else NoAnswer("keys-not-read")
    return profile.key


def _open(arrival: Arrival, rest: bytes, key: bytes) -> tuple[Message | None, bytes]:
    """Decrypts. The timestamp, required here (5.5.2.1), shows at once whether the key was right."""
    plain = decrypt(rest, key)
    if plain is None:
        raise Refusal("unreadable-data")
    region = strip_pad(plain)
    text, stamp = split_time(region)
    message = _message(arrival.header, text)
    if message is None or not stamp:
        right_key = message is not None and region.isascii() and len(region) >= _SHORTEST_PROOF
        raise ClockRefusal("no-timestamp") if right_key else Refusal("wrong-key")
    device_at = read_stamp(stamp)
    if not in_window(device_at, arrival.now):
        raise ClockRefusal("time-window", device_at)
    return message, stamp


def _judge(arrival: Arrival, message: Message | None, stamp: bytes, key: bytes | None) -> FrameReceived:
    """What the frame is, once its content lies open."""
    if message is None:
        raise Refusal("unreadable-data")
    header = arrival.header
    signal = _signal(arrival, message, stamp)
    if header.token.upper() in _HEARTBEATS:
        # Anyone can send a plain NULL in the name of a panel that has been silenced: no sign of its life.
        kind = FrameKind.UNSUPPORTED if arrival.doubt == PLAIN_WITH_KEY else FrameKind.HEARTBEAT
        return FrameReceived(arrival.raw, kind, signal, arrival.doubt, _answer(arrival, key))
    repeat_key, window = _repeat(arrival, message)
    if not message.events:
        duh = answers.duh(header.echo, arrival.form)
        return FrameReceived(arrival.raw, FrameKind.UNSUPPORTED, signal, message.unread, duh, repeat_key, window)
    reason, answer = arrival.doubt or message.unread, _answer(arrival, key)
    return FrameReceived(arrival.raw, FrameKind.SIGNAL, signal, reason, answer, repeat_key, window)


def _message(header: Header, text: bytes) -> Message | None:
    """None when the data block is never closed."""
    read = _remembered_message if len(text) <= _SHORT else _read_message
    return read(header.token, header.account, header.line, text)


def _read_message(token: str, account: str | None, line: str | None, text: bytes) -> Message | None:
    blocks = read_blocks(text)
    if blocks is None:
        return None
    name = token.upper()
    events, complete = _events(name, blocks)
    odd = {
        "no-line": not line,
        "no-account": not account,
        "account-differs": account and blocks.data_account and blocks.data_account.upper() != account.upper(),
        "unread-remainder": not complete,
        "lower-case-token": token != name,
        "heng-bo": name == _HENG_BO,
    }
    oddities = blocks.oddities + tuple(word for word, found in odd.items() if found)
    unread = _why_unread(name, events)
    return Message(blocks.block, blocks.data_account, blocks.extra_bytes, blocks.extras, events, oddities, unread)


# Panels say the same few things again and again.
_remembered_message = lru_cache(maxsize=_REMEMBERED)(_read_message)


def _events(token: str, blocks: Blocks) -> tuple[tuple[DecodedEvent, ...], bool]:
    """The events of all data blocks, and whether everything in them was understood. What says something that cannot
    be read is an event too: it may be the alarm that counts, and a person looks at its text."""
    events, complete = _events_of(token, blocks.data)
    for data in blocks.more:
        further, whole = _events_of(token, data)
        events, complete = events + further, complete and whole
    if not events and token in _EVENTS and (blocks.data.strip() or blocks.extra_bytes.strip(b" []")):
        return (_unread_event(token, blocks.data),), False
    if len(events) > MOST_EVENTS:
        # No panel has so much to say: a person looks at the frame for what is behind it.
        return (*events[:MOST_EVENTS], _unread_event(token, b"")), False
    return events, complete


def _events_of(token: str, data: bytes) -> tuple[tuple[DecodedEvent, ...], bool]:
    if token in _UNREAD:
        return (_unread_event(token, data),), True
    if token not in _EVENTS:
        return (), True
    own = Scheme.HENG_BO if token == _HENG_BO else Scheme.CONTACT_ID
    if token in _CONTACT_ID and (events := read_contact_id(data, own)):
        return events, True
    # Some panels name the one format and send the other.
    events, complete = read_sia(data)
    return (events, complete) if events else (read_contact_id(data), True)


def _unread_event(token: str, data: bytes) -> DecodedEvent:
    express = _EXPRESS.fullmatch(data) if token == "ADM-42E" else None  # noqa: S105
    zone = express[1].decode("ascii") if express else None
    return DecodedEvent(meaning(Scheme.OTHER, token, ""), "", None, zone, text=decode_text(data.strip()) or None)


def _why_unread(token: str, events: tuple[DecodedEvent, ...]) -> str | None:
    """The reason that stands beside what nobody, or only a person, can read."""
    if events and events[0].meaning.scheme is not Scheme.OTHER:
        return None
    if token in _EVENTS:
        return "unreadable-data"
    return "unread-token" if token in _UNREAD else "unknown-token"


def _answer(arrival: Arrival, key: bytes | None) -> bytes:
    echo = arrival.header.echo
    if arrival.doubt:
        return answers.duh(echo, arrival.form)
    if key is None:
        return answers.ack(echo, arrival.form)
    return answers.encrypted_ack(echo, arrival.now, key, arrival.pad, arrival.form)


def _signal(arrival: Arrival, message: Message, stamp: bytes) -> Signal:
    header = arrival.header
    device_at = read_stamp(stamp) if stamp else None
    dialect = arrival.dialect + message.oddities
    if stamp and device_at is None:
        dialect += ("impossible-time",)
    if not header.sequence.isdigit():
        dialect += ("hex-sequence",)
    return Signal(
        PROTOCOL,
        header.token,
        header.account or message.data_account or "",
        message.data_account,
        header.receiver,
        header.line,
        header.sequence,
        header.encrypted,
        device_at,
        message.events,
        message.extras,
        dialect,
    )


def _repeat(arrival: Arrival, message: Message) -> tuple[bytes, int]:
    """What a retransmission has in common with its first: all but the timestamp, which a re-encrypted one renews."""
    header = arrival.header
    content = message.block, message.extra_bytes
    sender = header.account, header.receiver, header.line
    if header.sequence == _UNCOUNTED or not arrival.watch.counts(sender, header.sequence, content, arrival.now):
        return sha256(arrival.raw).digest(), IDENTICAL_WINDOW
    parts = (header.token.encode("ascii"), header.echo, b"%d" % len(message.block), *content)
    return sha256(b"\0".join(parts)).digest(), REPEAT_WINDOW
