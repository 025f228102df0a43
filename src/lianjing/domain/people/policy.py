"""Small decisions about people; no Django, no clock."""

import re
import unicodedata
from base64 import b32decode
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from lianjing.domain.people.gate_policy import ROLES_OF, DutyFacts, Entitlement, weigh
from lianjing.terms.roles import Role
from lianjing.terms.staffing import PostKind

FAILURES_AT_MOST = 5
"""Wrong passwords, or wrong codes of the second step, within COOL_OFF; then nothing is taken until it is over."""
COOL_OFF = timedelta(minutes=15)
TOTP_STEP = 30
"""Seconds that a code of the authenticator app stands (RFC 6238, 4.1)."""
TOTP_DIGITS = 6


def token_digest(secret: str) -> str:
    """What is kept of an API token. With its 256 random bits a plain hash cannot be guessed back."""
    return sha256(secret.encode()).hexdigest()


def must_have_second_factor(held: Collection[Role], required_of: Collection[Role], *, in_person: bool) -> bool:
    """Whether somebody who holds these roles needs a second factor, by one of them or by name."""
    return in_person or not set(held).isdisjoint(required_of)


def plain_code(typed: str) -> str:
    """A code as it is compared: full-width digits of an input method, spaces and dashes are how people type."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign.isalnum())


def totp_step(secret: str, code: str, at: datetime, after: int = 0) -> int | None:
    """The step whose code this is; None when it is of none that may be taken at `at`.

    `secret` is base32. The step before and the one after are taken too: clocks differ, and people type slowly. Nothing
    up to step `after` is: a code opens once (RFC 6238, 5.2).
    """
    hotp = HOTP(b32decode(secret), TOTP_DIGITS, SHA1())  # noqa: S303 what every authenticator app computes
    now = int(at.timestamp()) // TOTP_STEP
    steps = (step for step in (now - 1, now, now + 1) if step > after)
    return next((step for step in steps if compare_digest(hotp.generate(step), code.encode())), None)


def still_counted(failures: Iterable[float], at: datetime) -> list[float]:
    """Those of the failures, in seconds since 1970, that are not older than COOL_OFF."""
    return [failed for failed in failures if failed > (at - COOL_OFF).timestamp()]


DUTY_ROLES = ROLES_OF[PostKind.WATCH]
"""Who stands duty at a desk (值守)."""

LOAD_LIMITS = range(1, 51)
REGION = re.compile(r"[1-9]\d{1,5}")
"""The beginning of a division code: province, city or district."""


def may_stand_duty(facts: DutyFacts, at: datetime) -> Entitlement:
    """The one rule of who may stand duty at `at`, at a desk or on patrol; see `gate_policy`."""
    return weigh(facts, at)
