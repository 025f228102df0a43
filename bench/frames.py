"""Frames of many panels, built before they are sent, so that the load generator is not what is measured.

No two are alike (account and sequence number differ), so none passes as a repeat.
"""

import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from lianjing.protocols.dc09.panel import build_frame

FIXED = {
    "heartbeat": ("NULL", ""),
    "mains lost": ("ADM-CID", "#{account}|1301 01 000"),
    "no answer": ("ADM-CID", "#{account}|1350 01 000"),
    "hold-up": ("ADM-CID", "#{account}|1120 01 001"),
}
"""Kinds that say the same each time: token and data."""
KINDS = ("plain", "encrypted", "heartbeat")

_ALARMS = (
    ("ADM-CID", "1130 01 {zone:03d}"),
    ("SIA-DCS", "Nri1/BA{zone:03d}"),
    ("ADM-CID", "1131 01 {zone:03d}"),
    ("SIA-DCS", "Nri1/FA{zone:03d}"),
    ("ADM-CID", "1120 01 {zone:03d}"),
)
_DAILY = (
    ("ADM-CID", "1401 01 {zone:03d}"),
    ("ADM-CID", "3401 01 {zone:03d}"),
    ("SIA-DCS", "Nri1/OP{zone:03d}"),
    ("SIA-DCS", "Nri1/CL{zone:03d}"),
    ("ADM-CID", "1602 01 000"),
    ("SIA-DCS", "Nri1/RP"),
    ("ADM-CID", "3130 01 {zone:03d}"),
    ("SIA-DCS", "Nri1/BR{zone:03d}"),
)
LAP = 200
EVERY = 50
"""One frame of so many is an alarm: 2 %. The rest is what panels send all day: openings, closings, tests, restores."""


class Letter(NamedTuple):
    """A frame, and what its answer must hold."""

    frame: bytes
    echo: bytes


def account_of(number: int) -> str:
    """The account of a panel of the bench. `number` from 0 to 4,194,303."""
    return f"{0xC00000 + number:06X}"


def key_of(account: str) -> bytes:
    """Every panel has a key of its own, of 16 ASCII characters, which is what the peer takes."""
    return f"{account:0>16}".encode()


def letters(kind: str, accounts: Sequence[str], count: int, first: int) -> Iterator[Letter]:
    """`count` frames, by turns from each of `accounts`; `first` numbers the first of them, 0 for a new journal.

    Their time is that of their making; receivers that are strict about it take them for some forty seconds.
    """
    for number in range(first, first + count):
        account, sequence = accounts[number % len(accounts)], number // len(accounts) % 9999 + 1
        yield _letter(kind, account, sequence, number)


def _letter(kind: str, account: str, sequence: int, number: int) -> Letter:
    token, data = FIXED.get(kind) or event(number, account)
    data = data.format(account=account) if kind in FIXED else data
    star = b"*" if kind == "encrypted" else b""
    key = key_of(account) if kind == "encrypted" else None
    at = datetime.now(UTC)
    frame = build_frame(token, data, account, sequence, receiver="1", at=at, key=key, pad=secrets.token_bytes)
    return Letter(frame, b'"%bACK"%04dR1L0#%b[' % (star, sequence, account.encode()))


def event(number: int, account: str) -> tuple[str, str]:
    """Token and data of the frame with this number."""
    # One place on at every lap: each panel alarms in its turn, and says something else each time.
    lap = number // LAP
    if number % EVERY == lap % EVERY:
        token, form = _ALARMS[number // EVERY % len(_ALARMS)]
    else:
        token, form = _DAILY[(number + lap) % len(_DAILY)]
    return token, f"#{account}|{form.format(zone=1 + number % 64)}"
