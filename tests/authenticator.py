"""The telephone in somebody's pocket: an authenticator app with its secret, and users who have one."""

import time
from base64 import b32decode
from dataclasses import dataclass

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import totp

from lianjing.domain.people.models import User


@dataclass
class App:
    """Shows one code after the other. The server takes the next one early, so that no test has to wait."""

    secret: str
    codes: tuple[str, ...] = ()

    def code(self, later: int = 0) -> str:
        """The code of now, or of `later` times thirty seconds."""
        generator = totp.TOTP(b32decode(self.secret), 6, SHA1(), 30)  # noqa: S303 as every app does
        return generator.generate(int(time.time()) + 30 * later).decode()

    def wrong(self) -> str:
        """Six digits that are the code of no time near this one."""
        near = {self.code(later) for later in range(-3, 4)}
        return next(code for code in (f"{n:06}" for n in range(10)) if code not in near)


def app_of(user: User) -> App:
    """Gives `user` a second factor with recovery codes."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return App(secret, tuple(RecoveryCodes.activate(user).get_unused_codes()))
