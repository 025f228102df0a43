"""Reads the body of a DC-09 frame: header, data block, extended data, timestamp. Pure bytes, no cryptography."""

import re
from datetime import datetime
from typing import NamedTuple

from lianjing.protocols.dc09.clock import STAMP, STAMP_LENGTH, read_stamp
from lianjing.protocols.text import decode_text

# "id" seq [Rrcvr] Lpref [#acct] [ ... ; the standard's limits are wider here (account 3-16 hex, L required, decimal
# sequence) because panels in the field exceed them and an alarm with a long account is still an alarm.
_HEADER = re.compile(
    rb'"(?P<star>\*?)(?P<token>[!#-Z\\^-~]{1,16})"'
    rb"(?P<echo>(?P<sequence>[0-9A-Fa-f]{4})"
    rb"(?:R(?P<receiver>[0-9A-Fa-f]{0,12}))?"
    rb"(?:L(?P<line>[0-9A-Fa-f]{0,12}))?"
    rb"(?:#(?P<account>[0-9A-Za-z]{0,32}))?)"
    rb"\["
)
# A bracket closes a block where a block, a timestamp or the end follows: text and JSON may contain brackets.
_BLOCK_END = re.compile(rb"\](?=\[|_|\Z)")
_EXTRA = re.compile(rb"\[(.*?)\](?=\[|\Z)", re.DOTALL)
_STAMP = re.compile(STAMP)
_ACCOUNT = re.compile(rb"(?:#([0-9A-Za-z]{0,32})|([0-9A-Za-z]{0,32}))\|(.*)", re.DOTALL)
_ACCOUNT_ALONE = re.compile(rb"#([0-9A-Za-z]{0,32})")


HIDDEN = "…"
"""In place of a key that a panel or a receiver sends: the reading is shown to people."""
_KEY = "K"


class Header(NamedTuple):
    """The clear part. `echo` is sequence to account exactly as sent: an answer repeats it."""

    token: str
    encrypted: bool
    sequence: str
    receiver: str | None
    line: str | None
    account: str | None
    echo: bytes


class Content(NamedTuple):
    """The part that may be encrypted, `data][x...]_time`. `block` is the data with its account, `data` without.

    `more` are further data blocks, which Osborne-Hoffman panels put behind the first.
    """

    block: bytes
    data_account: str | None
    data: bytes
    extra_bytes: bytes
    extras: tuple[tuple[str, str], ...]
    stamp: bytes
    device_at: datetime | None
    oddities: tuple[str, ...]
    more: tuple[bytes, ...] = ()


def read_header(body: bytes) -> tuple[Header, bytes] | None:
    """The header and what follows its opening bracket; None when the body has no DC-09 header."""
    match = _HEADER.match(body)
    if match is None:
        return None
    star, token, echo, sequence, receiver, line, account = match.groups()
    header = Header(
        token=token.decode("ascii"),
        encrypted=bool(star),
        sequence=sequence.decode("ascii"),
        receiver=_text(receiver),
        line=_text(line),
        account=_text(account),
        echo=echo,
    )
    return header, body[match.end() :]


def _text(field: bytes | None) -> str | None:
    return None if field is None else field.decode("ascii")


def read_content(rest: bytes) -> Content | None:
    """Reads `[#acct|]data][Xtext]..._stamp`; None when the data block is never closed."""
    oddities: list[str] = []
    found = _STAMP.fullmatch(rest, max(0, len(rest) - STAMP_LENGTH))
    stamp = found[0] if found else b""
    blocks = rest[: found.start()] if found else rest
    close = _end_of_block(blocks)
    if close < 0:
        return None
    block, extra_bytes = blocks[:close], blocks[close + 1 :]
    extras, more, trailing = _read_extras(extra_bytes)
    if trailing:
        oddities.append("trailing-text")
    device_at = read_stamp(stamp)
    if stamp and device_at is None:
        oddities.append("impossible-time")
    data_account, data, bare = split_account(block)
    if bare:
        oddities.append("account-without-hash")
    return Content(block, data_account, data, extra_bytes, extras, stamp, device_at, tuple(oddities), more)


def _end_of_block(blocks: bytes) -> int:
    """Where the data block's bracket closes; -1 when it never does."""
    first = blocks.find(b"]")
    if first == len(blocks) - 1:
        return first
    match = _BLOCK_END.search(blocks)
    return match.start() if match else first


def split_account(block: bytes) -> tuple[str | None, bytes, bool]:
    """Account, data, and whether the account lacked its "#". Text blocks contain "|" too, so what follows must start
    as data does (N or O in SIA, a digit in Contact ID) before a bare word counts as an account."""
    match = _ACCOUNT.match(block)
    if match and match[1] is not None:
        return match[1].decode("ascii") or None, match[3], False
    if match and (not match[2] or match[3][:1] in b"NO0123456789"):
        return match[2].decode("ascii") or None, match[3], bool(match[2])
    alone = _ACCOUNT_ALONE.fullmatch(block)
    if alone:
        return alone[1].decode("ascii") or None, b"", False
    return None, block, False


def _read_extras(raw: bytes) -> tuple[tuple[tuple[str, str], ...], tuple[bytes, ...], bool]:
    """Extended data in order, the data of further blocks, and whether something else stands among them."""
    if not raw:
        return (), (), False
    extras: list[tuple[str, str]] = []
    more: list[bytes] = []
    position = 0
    while match := _EXTRA.match(raw, position):
        position = match.end()
        if match[1].startswith(b"#"):
            more.append(split_account(match[1])[1])
            continue
        text = decode_text(match[1])
        extras.append((text[:1], HIDDEN if text[:1] == _KEY else text[1:]))
    return tuple(extras), tuple(more), position < len(raw)
