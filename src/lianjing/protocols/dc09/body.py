"""Reads the body of a DC-09 frame: header, data block, extended data, timestamp. Pure bytes, no cryptography."""

import re
from functools import lru_cache
from typing import NamedTuple

from lianjing.protocols.dc09.clock import STAMP, STAMP_LENGTH
from lianjing.protocols.text import decode_text

# "id" [Rrcvr] Lpref [#acct]: a head without its sequence. The standard's limits are wider here (account 3-16 hex, L
# required) because panels in the field exceed them and an alarm with a long account is still an alarm.
_HEAD = re.compile(
    rb'"(?P<star>\*?)(?P<token>[!#-Z\\^-~]{1,16})"'
    rb"(?:[Rr](?P<receiver>[0-9A-Fa-f]{0,12}))?"
    rb"(?:[Ll](?P<line>[0-9A-Fa-f]{0,12}))?"
    rb"(?:#(?P<account>[0-9A-Za-z:._+-]{0,32}))?"
)
_SEQUENCE = re.compile(rb"[0-9A-Fa-f]{4}")
_SEQUENCE_LENGTH = 4
# A bracket closes a block where a block, a timestamp or the end follows: text and JSON may contain brackets.
_BLOCK_END = re.compile(rb"\](?=\[|_|\Z)")
_EXTRA = re.compile(rb"\[(.*?)\](?=\[|\Z)", re.DOTALL)
# Something else may stand behind the last block (Osborne-Hoffman's trailer).
_LAST_EXTRA = re.compile(rb"\[(.*)\]", re.DOTALL)
_STAMP = re.compile(STAMP)
_ACCOUNT = re.compile(rb"(?:#([0-9A-Za-z:._+-]{0,32})|([0-9A-Za-z:._+-]{0,32}))\|(.*)", re.DOTALL)
_ACCOUNT_ALONE = re.compile(rb"#([0-9A-Za-z:._+-]{0,32})")
# A bare word in front of "|" is an account only where data follows, and when it is no event itself ("NBA1|NFA2").
_DATA = re.compile(rb"[NO0-9]|[ERPerp][0-9A-Fa-f]{3}|[a-z]{2}[0-9a-z]|\Z")
_EVENT = re.compile(rb"[NO](?:[a-z]{2}|[A-Z]{2})[0-9]+")


HIDDEN = "…"
"""In place of a key that a panel or a receiver sends: the reading is shown to people."""
_KEY = "K"
_SHORTEST_CODE = 4


_REMEMBERED = 16_384
_LONGEST_HEAD = 96


class Header(NamedTuple):
    """The clear part. `echo` is sequence to account exactly as sent: an answer repeats it."""

    token: str
    encrypted: bool
    receiver: str | None
    line: str | None
    account: str | None
    sequence: str
    echo: bytes


class Blocks(NamedTuple):
    """The part that may be encrypted, `data][x...]`, without its time. `block` is the data with its account, `data`
    without. `more` are further data blocks, which Osborne-Hoffman panels put behind the first."""

    block: bytes
    data_account: str | None
    data: bytes
    extra_bytes: bytes
    extras: tuple[tuple[str, str], ...]
    more: tuple[bytes, ...]
    oddities: tuple[str, ...]


def read_header(body: bytes) -> tuple[Header, bytes] | None:
    """The header and what follows its opening bracket; None when the body has no DC-09 header."""
    head, bracket, rest = body.partition(b"[")
    if not bracket:
        # A NULL may come without a data block.
        head, stamp = split_time(body)
        rest = b"]" + stamp
    at = head.find(b'"', 1) + 1
    sequence = head[at : at + _SEQUENCE_LENGTH]
    if len(head) > _LONGEST_HEAD:
        return None
    if not (sequence.isdigit() and len(sequence) == _SEQUENCE_LENGTH) and not _SEQUENCE.fullmatch(sequence):
        return None
    names = _names(head[:at] + head[at + _SEQUENCE_LENGTH :])
    return names and (Header(*names, sequence.decode("ascii"), head[at:]), rest)


# From one frame of a panel to the next the sequence changes, and little else.
@lru_cache(maxsize=_REMEMBERED)
def _names(head: bytes) -> tuple[str, bool, str | None, str | None, str | None] | None:
    match = _HEAD.fullmatch(head)
    if match is None:
        return None
    star, token, *origin = match.groups()
    receiver, line, account = (None if field is None else field.decode("ascii") for field in origin)
    return token.decode("ascii"), bool(star), receiver, line, account


def split_time(rest: bytes) -> tuple[bytes, bytes]:
    """`[#acct|]data][Xtext]..._stamp` as blocks and stamp; the latter is empty when there is none."""
    found = _STAMP.fullmatch(rest, max(0, len(rest) - STAMP_LENGTH))
    return (rest[: found.start()], found[0]) if found else (rest, b"")


def read_blocks(text: bytes) -> Blocks | None:
    """Reads `[#acct|]data][Xtext]...`; None when the data block is never closed."""
    close = _end_of_block(text)
    if close < 0:
        return None
    block, extra_bytes = text[:close], text[close + 1 :]
    extras, more, trailing = _read_extras(extra_bytes)
    data_account, data, bare = split_account(block)
    oddities = ("trailing-text",) * trailing + ("account-without-hash",) * bare
    return Blocks(block, data_account, data, extra_bytes, extras, more, oddities)


def _end_of_block(blocks: bytes) -> int:
    """Where the data block's bracket closes; -1 when it never does."""
    first = blocks.find(b"]")
    if first == len(blocks) - 1:
        return first
    match = _BLOCK_END.search(blocks)
    return match.start() if match else first


def split_account(block: bytes) -> tuple[str | None, bytes, bool]:
    """Account, data, and whether the account lacked its "#". Text blocks contain "|" too, so what follows must start
    as data does before a bare word counts as an account."""
    match = _ACCOUNT.match(block)
    if match and match[1] is not None:
        return match[1].decode("ascii") or None, match[3], False
    if match and (not match[2] or (_DATA.match(match[3]) and not _EVENT.fullmatch(match[2]))):
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
    while match := _EXTRA.match(raw, position) or _LAST_EXTRA.match(raw, position):
        position = match.end()
        if match[1].startswith(b"#"):
            more.append(split_account(match[1])[1])
            continue
        extras.append(_counted(match[1]) or _lettered(match[1]))
    return tuple(extras), tuple(more), position < len(raw)


def _lettered(block: bytes) -> tuple[str, str]:
    text = decode_text(block)
    return text[:1], HIDDEN if text[:1] == _KEY else text[1:]


def _counted(block: bytes) -> tuple[str, str] | None:
    """Heng-Bo's `[len data]` in place of a letter, the length in two bytes or four digits; shown in hexadecimal, but
    for a row of digits, which is a code that disarms."""
    for size, length in ((2, block[:1] == b"\0" and int.from_bytes(block[:2], "big")), (4, _decimal(block[:4]))):
        data = block[size:]
        if length and length == len(data):
            return "*", HIDDEN if data.isdigit() and len(data) >= _SHORTEST_CODE else data.hex().upper()
    return None


def _decimal(digits: bytes) -> int:
    return int(digits) if len(digits) == 4 and digits.isdigit() else 0
