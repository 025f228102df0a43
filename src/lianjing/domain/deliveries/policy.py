"""How a message is tried again, what an address looks like, and what of it may be shown. No Django, no clock."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from lianjing.terms.sentences import marked as _


class Channel(StrEnum):
    """By which way a message leaves."""

    SMS = "sms"
    WECHAT = "wechat"
    EMAIL = "email"
    WEBHOOK = "webhook"


class State(StrEnum):
    """queued → sending → sent, or failed (tried again) → given_up."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"


WAITS = (
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
)
"""After the first failure, the second, ...; after one more it is given up."""
ATTEMPTS = len(WAITS) + 1
BROKEN_OFF_AFTER = timedelta(minutes=2)
"""Sending takes seconds: what is being sent for so long has lost its worker, and nobody knows whether it went out."""

PHONE = re.compile(r"\+?\d{5,15}")
EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]{1,190}")
ADDRESS_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a message after an attempt that failed."""

    state: State
    next_at: datetime | None


def after_failure(attempts: int, at: datetime, *, hopeless: bool = False) -> Fate:
    """`attempts` have failed by now; `hopeless`: another attempt cannot go better, as with an address that is none."""
    if hopeless or attempts >= ATTEMPTS:
        return Fate(State.GIVEN_UP, None)
    return Fate(State.FAILED, at + WAITS[attempts - 1])


def normal_address(channel: str, address: str) -> str:
    """Without what people put between digits."""
    stripped = address.strip()
    return re.sub(r"[\s\-()]", "", stripped) if channel == Channel.SMS else stripped


def address_problem(channel: str, address: str, hosts: frozenset[str]) -> str:
    """What is wrong with a normal address, as a sentence; "" when nothing is. `hosts`: where webhooks may go."""
    if not address or len(address) > ADDRESS_LIMIT:
        return _("没有可用的地址。")
    if channel == Channel.SMS and not PHONE.fullmatch(address):
        return _("这不是可用的电话号码。")
    if channel == Channel.EMAIL and not EMAIL.fullmatch(address):
        return _("这不是可用的邮箱地址。")
    if channel == Channel.WEBHOOK and not _is_allowed(address, hosts):
        return _("这个网址不在允许发送的名单里。")
    return ""


def _is_allowed(address: str, hosts: frozenset[str]) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and (parts.hostname or "") in hosts


def shown_address(channel: str, address: str) -> str:
    """As everybody may see it: 138****2201, w***@example.cn, https://desk.example.cn."""
    if channel == Channel.EMAIL:
        name, _at, host = address.partition("@")
        return f"{name[:1]}***@{host}"[:100]
    if channel == Channel.WEBHOOK:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.hostname}"[:100]
    if len(address) >= 11:
        return f"{address[:3]}****{address[-4:]}"[:100]
    return "****" + address[-2:] if len(address) > 4 else "****"


MAY_RETRY = frozenset({State.FAILED.value, State.GIVEN_UP.value})
