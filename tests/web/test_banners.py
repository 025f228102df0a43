"""Every room says plainly what is down."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from lianjing.core.outbox.pulse import WORK, beat
from lianjing.core.receiver_status import read_status
from tests.cast import Cast
from tests.web.conftest import As


def say(**told: object) -> None:
    now = timezone.now().isoformat()
    settings.ENVIRONMENT.status_path.write_text(json.dumps({"at": now, "journal_ok": True, **told}))


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ({"supervision_fault": "no such table (100%)"}, "线路监视设置读不到"),
        ({"directory_fault": "away"}, "设备登记读不到"),
    ],
)
def test_a_receiver_that_does_not_know_the_latest_is_told_everywhere(
    cast: Cast, signed_on: As, told: dict[str, str], title: str
) -> None:
    say(**told)
    beat(WORK, timezone.now())
    for name in ("olivia", "mia", "gus"):
        text = signed_on(name).get("/banners/").content.decode()
        assert (text.count('class="banner"'), title in text, *[fault in text for fault in told.values()]) == (
            1,
            True,
            True,
        )
    assert title in signed_on("olivia").get("/").content.decode()
    status = read_status(settings.ENVIRONMENT.status_path)
    assert {"supervision_fault": status.supervision_fault, "directory_fault": status.directory_fault} == {
        "supervision_fault": "",
        "directory_fault": "",
        **told,
    }
    settings.ENVIRONMENT.status_path.unlink()


def test_the_office_fetches_what_is_down_and_nothing_when_all_is_well(cast: Cast, signed_on: As) -> None:
    assert 'hx-get="/banners/"' in signed_on("mia").get("/office/customers/").content.decode()
    say()
    beat(WORK, timezone.now())
    assert signed_on("mia").get("/banners/").content.decode().strip() == ""
    beat(WORK, timezone.now() - timedelta(minutes=1))
    assert "后台程序失去响应" in signed_on("mia").get("/banners/").content.decode()
    settings.ENVIRONMENT.status_path.unlink()
