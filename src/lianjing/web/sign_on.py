"""Sign-on with allauth: who gets an account, and which of allauth's pages exist here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class SignOnAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator: nobody signs himself up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
