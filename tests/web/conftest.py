from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Cast

As = Callable[[str], Client]


@pytest.fixture
def signed_on(cast: Cast) -> As:
    """A browser in which that person has signed on."""

    def browser(name: str) -> Client:
        client = Client()
        client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return browser
