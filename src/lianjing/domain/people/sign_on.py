"""Signing on and off and the second factor go on record: Django, axes and allauth say when, the action writes it."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.core import context
from allauth.mfa.models import Authenticator
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from lianjing.core.viewer import Link, Person, Viewer
from lianjing.domain.people.actions import record_sign_on
from lianjing.domain.people.models import User


def connect() -> None:
    """Called once when the app is ready; the receivers stay for the life of the process."""
    user_logged_in.connect(_signed_on, dispatch_uid="record-sign-on")
    user_logged_out.connect(_signed_off, dispatch_uid="record-sign-off")
    user_login_failed.connect(_failed, dispatch_uid="record-sign-on-failure")
    user_locked_out.connect(_locked_out, dispatch_uid="record-lock-out")
    password_changed.connect(_password_changed, dispatch_uid="record-password-change")
    # Those of the rows, not allauth's own: these are sent inside the transaction.
    post_save.connect(_factor_made, sender=Authenticator, dispatch_uid="record-factor-made")
    post_delete.connect(_factor_removed, sender=Authenticator, dispatch_uid="record-factor-removed")


def _signed_on(request: Any, user: User, **_: Any) -> None:
    _record("user.signed_on", request, user)


def _signed_off(request: Any, user: User | None, **_: Any) -> None:
    if user is not None:
        _record("user.signed_off", request, user)


def _failed(credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    name = str(credentials.get("username") or "")
    _record("user.sign_on_failed", request, User.objects.filter(username=name).first(), name)


def _locked_out(request: Any, username: str | None, **_: Any) -> None:
    name = username or ""
    _record("user.locked_out", request, User.objects.filter(username=name).first(), name)


def _password_changed(request: Any, user: User, **_: Any) -> None:
    _record("user.password_changed", request, user)


def _factor_made(instance: Authenticator, created: bool, **_: Any) -> None:
    if created and context.request is not None:
        is_totp = instance.type == Authenticator.Type.TOTP
        _record("user.second_factor_set" if is_totp else "user.recovery_codes_made", context.request, instance.user)


def _factor_removed(instance: Authenticator, **_: Any) -> None:
    """Recovery codes go with it, or make place for new ones: both are told. Outside a request an action tells it."""
    if instance.type == Authenticator.Type.TOTP and context.request is not None:
        _record("user.second_factor_removed", context.request, instance.user)


def _record(event: str, request: Any, user: User | None, name: str = "") -> None:
    source = str(request.META.get("REMOTE_ADDR", "")) if request is not None else ""
    by: Viewer = Person(user.pk, user.shown_name, {}) if user else Link("sign-on", name[:150] or "?")
    record_sign_on(event, user, name, by=by, at=timezone.now(), source=source)
