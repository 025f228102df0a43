"""The panel's side of DC-09: builds frames and reads replies. For the simulator and for tests."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lianjing.protocols.dc09.body import read_blocks, read_header, split_time
from lianjing.protocols.dc09.clock import STAMP, read_stamp, write_stamp
from lianjing.protocols.dc09.crypt import decrypt, encrypt, strip_pad
from lianjing.protocols.dc09.envelope import EnvelopeError, open_envelope, wrap
from lianjing.protocols.dc09.framing import Framer, Shape


class ReplyKind(StrEnum):
    """What the receiver said."""

    ACK = "ACK"
    NAK = "NAK"
    DUH = "DUH"
    RSP = "RSP"


@dataclass(frozen=True, slots=True)
class Reply:
    """A receiver's reply. `at` is its clock (UTC) when it says one."""

    kind: ReplyKind
    sequence: str
    account: str
    encrypted: bool
    at: datetime | None


class UnreadableReply(Exception):
    """The bytes are not one whole reply, or the key does not open it."""


# The standard's NAK writes its account as the literal A0, without "#".
_NAK = re.compile(rb'"NAK"([0-9]{4})[^\[]*\[\](' + STAMP + rb")?")


def build_frame(
    token: str,
    data: str | bytes,
    account: str,
    sequence: int | str,
    *,
    receiver: str | None = None,
    line: str | None = "0",
    extras: Iterable[tuple[str, str]] = (),
    at: datetime | None = None,
    key: bytes | None = None,
    pad: Callable[[int], bytes] | None = None,
) -> bytes:
    """One frame, LF to CR. `data` is what stands between the brackets, account included: "#1234|Nri1/BA003".

    `key` (16, 24 or 32 bytes) encrypts; then `at` and `pad` are required. Raises ValueError without them.
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    region = content + b"]" + b"".join(f"[{letter}{text}]".encode() for letter, text in extras)
    region += write_stamp(at) if at else b""
    number = sequence if isinstance(sequence, str) else f"{sequence:04d}"
    echo = number + (f"R{receiver}" if receiver is not None else "") + (f"L{line}" if line is not None else "")
    header = f"{echo}#{account}[".encode("ascii")
    if key is None:
        return wrap(b'"%b"%b%b' % (token.encode("ascii"), header, region))
    if at is None or pad is None:
        raise ValueError("an encrypted frame needs a time and pad bytes")
    return wrap(b'"*%b"%b%b' % (token.encode("ascii"), header, encrypt(region, key, pad)))


def parse_reply(raw: bytes, key: bytes | None = None) -> Reply:
    """Reads one reply. Raises UnreadableReply: the panel then waits for a better one or sends again."""
    body = _body(raw)
    nak = _NAK.fullmatch(body)
    if nak:
        return Reply(ReplyKind.NAK, nak[1].decode("ascii"), "", False, read_stamp(nak[2] or b""))
    read = read_header(body)
    if read is None:
        raise UnreadableReply("no header")
    header, rest = read
    text, stamp = split_time(_opened(rest, key) if header.encrypted else rest)
    if read_blocks(text) is None or header.token not in ReplyKind.__members__:
        raise UnreadableReply("not a reply, or another key")
    kind = ReplyKind(header.token)
    return Reply(kind, header.sequence, header.account or "", header.encrypted, read_stamp(stamp))


def _body(raw: bytes) -> bytes:
    framer = Framer()
    pieces = framer.feed(raw) + framer.end()
    if len(pieces) != 1 or pieces[0].shape is not Shape.FRAME:
        raise UnreadableReply("not one frame")
    try:
        return open_envelope(pieces[0])[0]
    except EnvelopeError as error:
        raise UnreadableReply(error.reason) from error


def _opened(rest: bytes, key: bytes | None) -> bytes:
    plain = decrypt(rest, key) if key else None
    if plain is None:
        raise UnreadableReply("no key, or not ciphertext")
    return strip_pad(plain)
