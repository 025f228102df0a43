"""两步验证 with allauth: how its secrets are kept, how codes are asked for, and the set-up page."""

import logging
from typing import Any, cast

from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.app_settings import RECOVERY_CODE_COUNT
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.views import IndexView
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import decrypt, encrypt, is_mfa_enabled
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianjing.core.access import viewer_of
from lianjing.core.crypto import Unopenable, open_field, seal_field
from lianjing.domain.people.actions import TooManyWrong, WrongCode, take_code
from lianjing.domain.people.models import User
from lianjing.domain.people.policy import plain_code, totp_step

log = logging.getLogger(__name__)

GROUP = 4
"""Characters of the secret between two spaces, for whoever types it."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the authenticator app and seeds of recovery codes are encrypted with the data key."""

    def encrypt(self, text: str) -> str:
        return seal_field(settings.ENVIRONMENT.data_key, text.encode())

    def decrypt(self, encrypted_text: str) -> str:
        return open_field(settings.ENVIRONMENT.data_key, encrypted_text).decode()

    def get_totp_issuer(self) -> str:
        """The app shows it above the code, in the language of nobody in particular."""
        return "联警"


WRONG = _("验证码不正确，或已经用过。请等验证器显示下一个再试。")


class CodeInput(forms.TextInput):
    """Telephones offer digits, and the code itself when they have it. A code that was refused is not worth keeping."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, None, attrs)


def _code_field(label: Any) -> forms.CharField:
    asked = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
    return forms.CharField(label=label, max_length=20, widget=CodeInput(attrs=asked))


class TakesCode(forms.Form):
    """The code is used up when the form is read: a form that is valid has opened."""

    code = _code_field(_("验证码或恢复码"))
    user: User

    def clean_code(self) -> str:
        request, code = context.request, str(self.cleaned_data["code"])
        try:
            self.authenticator = take_code(
                self.user, code, by=self.user.as_viewer(), at=timezone.now(), source=_source(request)
            )
        except TooManyWrong:
            raise ImmediateHttpResponse(render(request, "account/locked.html", status=429)) from None
        except WrongCode:
            raise ValidationError(WRONG) from None
        except Unopenable as wrong:
            log.exception("the second factor of %s was encrypted with another data key", self.user.username)
            raise ValidationError(_("两步验证的密钥无法解读，请管理员为您重置。")) from wrong
        return code


class SecondStepForm(TakesCode, AuthenticateForm):  # type: ignore[misc]
    """The second step of sign-on."""


class SecondStepAgainForm(TakesCode, ReauthenticateForm):  # type: ignore[misc]
    """A code in place of the password, where either is asked again."""


class SetUpForm(ActivateTOTPForm):  # type: ignore[misc]
    """Confirms that the app has the secret. Until then the secret waits in the session, encrypted as it will stay."""

    code = _code_field(_("验证器显示的 6 位数字"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **kwargs)
        self.user, self.at, session = user, timezone.now(), context.request.session
        if SECRET_SESSION_KEY not in session:
            session[SECRET_SESSION_KEY] = encrypt(generate_totp_secret())
        self.secret = decrypt(session[SECRET_SESSION_KEY])

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if totp_step(self.secret, plain_code(code), self.at) is None:
            raise ValidationError(_("数字不正确。请核对手机时间是否准确，再输入当前显示的数字。"))
        return code


class SetUp(ActivateTOTPView):  # type: ignore[misc]
    """The set-up page; whoever has set it up already is shown how things stand."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_mfa_enabled(request.user):
            return HttpResponseRedirect(reverse("mfa_index"))
        return cast(HttpResponseBase, super().dispatch(request, *args, **kwargs))

    def form_valid(self, form: SetUpForm) -> HttpResponse:
        by, source = viewer_of(self.request), _source(self.request)
        with transaction.atomic():
            response = super().form_valid(form)
            # Used up: whoever looked over his shoulder cannot sign on with it.
            take_code(form.user, form.cleaned_data["code"], by=by, at=form.at, source=source)
        return cast(HttpResponse, response)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = super().get_context_data(**kwargs)
        secret = told["form"].secret
        groups = [secret[at : at + GROUP] for at in range(0, len(secret), GROUP)]
        return told | {"groups": groups, "must": _must(self.request)}


class Overview(IndexView):  # type: ignore[misc]
    """How things stand with the second factor of whoever looks."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = super().get_context_data(**kwargs)
        codes = told["authenticators"].get("recovery_codes")
        # Counted without opening them: a page that only counts should stand when the data key is another.
        left = RECOVERY_CODE_COUNT - codes.instance.data["used_mask"].bit_count() if codes else 0
        return told | {"must": _must(self.request), "left": left}


def _must(request: HttpRequest) -> bool:
    return cast(User, request.user).must_have_second_factor(viewer_of(request))


def _source(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


set_up, overview = SetUp.as_view(), Overview.as_view()
