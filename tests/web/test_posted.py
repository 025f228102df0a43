"""What happens to somebody who opens the address of a form's answer again."""

import pytest

from tests.cast import Cast
from tests.web.console.conftest import As

pytestmark = pytest.mark.django_db


def test_whoever_opens_an_address_that_only_takes_a_form_comes_to_the_page_above_it(cast: Cast, signed_on: As) -> None:
    client, path = signed_on("mia"), f"/office/sites/{cast.shop.pk}/drawings/add/"
    led = client.get(path, headers={"accept": "text/html"})
    assert (led.status_code, led["Location"]) == (302, f"/office/sites/{cast.shop.pk}/drawings/")
    assert client.get(path).status_code == 405
