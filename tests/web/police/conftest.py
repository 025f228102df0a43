from dataclasses import dataclass

import pytest
from django.test import Client

from lianjing.domain.companies.area import set_area
from lianjing.domain.people.actions import NewUser, add_user
from lianjing.domain.people.models import User
from lianjing.terms.roles import Role
from tests.cast import NOON, PASSWORD, SYSTEM, Cast


@dataclass(frozen=True)
class Area:
    """Shen is in charge of 绍兴市 (3306), where Harbour Alarm lies; Hill Alarm lies in 杭州."""

    cast: Cast
    shen: User
    browser: Client


@pytest.fixture
def area(cast: Cast) -> Area:
    how = {"by": SYSTEM, "at": NOON, "source": "test"}
    set_area(cast.company.pk, "330602", **how)
    set_area(cast.other.pk, "330106", **how)
    shen = add_user(NewUser("shen", "沈警官", Role.POLICE, None, "3306"), PASSWORD, **how)
    browser = Client()
    browser.force_login(shen, backend="allauth.account.auth_backends.AuthenticationBackend")
    return Area(cast, shen, browser)
