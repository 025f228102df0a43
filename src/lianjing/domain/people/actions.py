import secrets
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Viewer, require
from lianjing.domain.people.models import ApiToken, Membership, PoliceArea, User
from lianjing.domain.people.policy import FAILURES_AT_MOST, plain_code, still_counted, token_digest, totp_step
from lianjing.domain.records.actions import Deed, write_records
from lianjing.terms.roles import Role

TOTP, RECOVERY_CODES = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


class WrongCode(Exception):
    """The code is wrong, of another time, or was taken before."""


class TooManyWrong(WrongCode):
    """So many wrong codes that for a while none is taken."""


def create_token(user: User, *, label: str, by: Viewer, at: datetime, source: str) -> str:
    """Makes an API token for `user` and returns it; it cannot be shown again. Raises Forbidden without the right."""
    require(by, "installation.manage", None)
    secret = "lj_" + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(user=user, label=label, digest=token_digest(secret), created_at=at)
        deed = Deed("token.created", "token", token.pk, None, after={"user": user.username, "label": label})
        write_records([deed], by=by, at=at, source=source)
    return secret


class NameTaken(Exception):
    """Another user has this sign-on name."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """Who is to sign on. Without company the role is held for the installation, which only `admin` can be; `police` may
    hold an area instead: what its codes begin with (`area_begins`)."""

    username: str
    display_name: str
    role: Role
    company_id: int | None
    area: str = ""


@transaction.atomic
def add_user(new: NewUser, password: str, *, by: Viewer, at: datetime, source: str) -> User:
    """A new user with one role. Raises NameTaken, ValidationError for a poor name or password, Forbidden."""
    require(by, "installation.manage", None)
    user = User(username=new.username, display_name=new.display_name)
    user.clean_fields(exclude=["password"])
    if User.objects.filter(username=new.username).exists():
        raise NameTaken(new.username)
    validate_password(password, user)
    user.set_password(password)
    user.save()
    after = {"user": user.username, "role": new.role.value, "company": new.company_id}
    if new.area and new.role == Role.POLICE:
        PoliceArea.objects.create(user=user, begins=new.area)
        after["area"] = new.area
    if not new.area or new.company_id is not None:
        Membership.objects.create(user=user, company_id=new.company_id, role=new.role.value, given_at=at)
    write_records([Deed("user.added", "user", user.pk, new.company_id, after)], by=by, at=at, source=source)
    if new.company_id is not None:
        emit([News("access.changed", new.company_id, {"user": user.pk})], at=at)
    return user


def record_sign_on(event: str, user: User | None, name: str, *, by: Viewer, at: datetime, source: str) -> None:
    """Writes that somebody signed on or off, failed to, was locked out, or changed his password.

    `event` is the record's action, "user.signed_on" and the like; `name` is what was typed when no user has it.
    """
    deed = Deed(event, "user", user.pk if user else "", None, after={"user": user.username if user else name[:150]})
    with transaction.atomic():
        write_records([deed], by=by, at=at, source=source)


def revoke_token(token_id: int, *, by: Viewer, at: datetime, source: str) -> bool:
    """Ends a token; False when there is no valid one of that id. Raises Forbidden without the right."""
    require(by, "installation.manage", None)
    with transaction.atomic():
        token = ApiToken.objects.select_for_update(no_key=True).filter(pk=token_id, revoked_at=None).first()
        if token is None:
            return False
        token.revoked_at = at
        token.save()
        write_records([Deed("token.revoked", "token", token.pk, None)], by=by, at=at, source=source)
    return True


def require_second_factor(user: User, required: bool, *, by: Viewer, at: datetime, source: str) -> bool:
    """Says that `user` must have a second factor, whatever his roles; False when that was said already.

    From his next request on he can do nothing but set it up. Raises Forbidden without the right.
    """
    require(by, "installation.manage", None)
    with transaction.atomic():
        otherwise = User.objects.filter(pk=user.pk, second_factor_required=not required)
        if not otherwise.update(second_factor_required=required):
            return False
        after = {"user": user.username, "required": required}
        deed = Deed("user.second_factor_required", "user", user.pk, None, after=after)
        write_records([deed], by=by, at=at, source=source)
    return True


def reset_second_factor(user: User, *, by: Viewer, at: datetime, source: str) -> bool:
    """Removes the second factor of `user` and his recovery codes, for a lost phone; False when he had none.

    Raises Forbidden without the right.
    """
    require(by, "installation.manage", None)
    with transaction.atomic():
        if not Authenticator.objects.filter(user=user).delete()[0]:
            return False
        deed = Deed("user.second_factor_reset", "user", user.pk, None, after={"user": user.username})
        write_records([deed], by=by, at=at, source=source)
    return True


def take_code(user: User, code: str, *, by: Viewer, at: datetime, source: str) -> Authenticator:
    """Takes a code of the second step, of the authenticator app or a recovery code, and uses it up.

    Returns what it belongs to. Raises WrongCode, from the fifth wrong one within 15 minutes on TooManyWrong, whatever
    address they come from: who comes this far knows the password. Raises Unopenable when the secret was sealed with
    another data key.
    """
    with transaction.atomic():
        taken, failures = _tried(user, plain_code(code), at)
        write_records(_deeds_of_step(user, taken, failures), by=by, at=at, source=source)
    if taken is None:
        raise TooManyWrong if failures >= FAILURES_AT_MOST else WrongCode
    return taken


def _tried(user: User, code: str, at: datetime) -> tuple[Authenticator | None, int]:
    """What the code belongs to, and how many wrong ones count against the user now."""
    # Locked: of many tries at once each would find few failures before it.
    totp = Authenticator.objects.select_for_update(no_key=True).filter(user=user, type=TOTP).first()
    failures = still_counted(totp.data.get("failures", []), at) if totp else []
    if totp is None or len(failures) >= FAILURES_AT_MOST:
        return None, len(failures)
    taken = _matching(totp, code, at)
    totp.data["failures"] = [] if taken else [*failures, at.timestamp()]
    totp.save(update_fields=["data"])
    return taken, len(totp.data["failures"])


def _matching(totp: Authenticator, code: str, at: datetime) -> Authenticator | None:
    step = totp_step(decrypt(totp.data["secret"]), code, at, after=totp.data.get("step", 0))
    if step is not None:
        totp.data["step"] = step
        return totp
    recovery = Authenticator.objects.filter(user=totp.user_id, type=RECOVERY_CODES).first()
    codes = recovery.wrap() if recovery else None
    return codes.instance if codes and codes.validate_code(code) else None


def _deeds_of_step(user: User, taken: Authenticator | None, failures: int) -> list[Deed]:
    """A code of the app needs no record of its own: the sign-on that it ends is one."""
    events = ["user.recovery_code_used"] if taken and taken.type == RECOVERY_CODES else []
    events += [] if taken else ["user.second_step_failed"]
    events += ["user.locked_out"] if failures >= FAILURES_AT_MOST else []
    return [Deed(event, "user", user.pk, None, after={"user": user.username}) for event in events]


def unlock_user(user: User, *, by: Viewer, at: datetime, source: str) -> int:
    """Forgets the failed sign-ons of `user`; returns how many addresses had any. Raises Forbidden without the right.

    Wrong codes of the second step count as those of one more address.
    """
    require(by, "installation.manage", None)
    with transaction.atomic():
        count = reset(username=user.username) + _forget_wrong_codes(user)
        deed = Deed("user.unlocked", "user", user.pk, None, after={"user": user.username, "addresses": count})
        write_records([deed], by=by, at=at, source=source)
    return int(count)


def _forget_wrong_codes(user: User) -> int:
    totp = Authenticator.objects.select_for_update(no_key=True).filter(user=user, type=TOTP).first()
    if totp is None or not totp.data.pop("failures", []):
        return 0
    totp.save(update_fields=["data"])
    return 1
