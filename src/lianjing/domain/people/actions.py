import secrets
from datetime import datetime

from axes.utils import reset
from django.db import transaction

from lianjing.core.viewer import Viewer, require
from lianjing.domain.people.models import ApiToken, User
from lianjing.domain.people.policy import token_digest
from lianjing.domain.records.actions import Deed, write_records


def create_token(user: User, *, label: str, by: Viewer, at: datetime, source: str) -> str:
    """Makes an API token for `user` and returns it; it cannot be shown again. Raises Forbidden without the right."""
    require(by, "installation.manage", None)
    secret = "lj_" + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(user=user, label=label, digest=token_digest(secret), created_at=at)
        deed = Deed("token.created", "token", token.pk, None, after={"user": user.username, "label": label})
        write_records([deed], by=by, at=at, source=source)
    return secret


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
        token = ApiToken.objects.select_for_update().filter(pk=token_id, revoked_at=None).first()
        if token is None:
            return False
        token.revoked_at = at
        token.save()
        write_records([Deed("token.revoked", "token", token.pk, None)], by=by, at=at, source=source)
    return True


def unlock_user(user: User, *, by: Viewer, at: datetime, source: str) -> int:
    """Forgets the failed sign-ons of `user`; returns how many addresses had any. Raises Forbidden without the right."""
    require(by, "installation.manage", None)
    with transaction.atomic():
        count = reset(username=user.username)
        deed = Deed("user.unlocked", "user", user.pk, None, after={"user": user.username, "addresses": count})
        write_records([deed], by=by, at=at, source=source)
    return int(count)
