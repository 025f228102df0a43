"""The form for what was handled on paper."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lianjing.domain.incidents.models import Incident
from lianjing.domain.people.actions import create_token
from tests.cast import NOON, SYSTEM, Cast
from tests.web.console.conftest import As


def sheet(**changes: str) -> dict[str, str]:
    began = timezone.localtime() - timedelta(hours=3)

    def at(minutes: int) -> str:
        return f"{began + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%S}"

    told = {
        "key": "abc",
        "event_class": "fire",
        "grade": "1",
        "what": "烟感",
        "handled_by": "王班长",
        "received_at": at(0),
    }
    told |= {"forwarded_to": "119", "forwarded_at": at(1), "closed_at": at(50), "result": "real", "cause": "厨房起火"}
    return told | changes


def test_a_sheet_is_entered_and_shown_as_paper_everywhere(cast: Cast, signed_on: As, client: Client) -> None:
    olivia = signed_on("olivia")
    path = f"/paper/?site={cast.shop.pk}"
    assert 'name="key"' in olivia.get(path).content.decode()
    first, second = olivia.post(path, sheet()), olivia.post(path, sheet())
    case = Incident.objects.get()
    assert (first["Location"], second["Location"]) == (f"/incidents/{case.pk}/",) * 2
    assert "纸质补录（王班长 处理；收到" in olivia.get(f"/incidents/{case.pk}/").content.decode()
    assert '<span class="badge quiet">纸质补录</span>' in olivia.get("/incidents/?state=closed").content.decode()
    token = create_token(cast.users["olivia"], label="", by=SYSTEM, at=NOON, source="test")
    told = client.get("/api/v1/incidents", HTTP_AUTHORIZATION=f"Bearer {token}").json()["items"]
    assert [(item["id"], item["on_paper"], item["state"]) for item in told] == [(case.pk, True, "closed")]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closed_at": "2099-01-01T00:00"}, "这个时间还没有到"),
        ({"received_at": "yesterday"}, "时刻请写成"),
        ({"result": "won"}, "没有这个选项"),
        ({"handled_by": ""}, "请填写内容"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    cast: Cast, signed_on: As, changes: dict[str, str], sentence: str
) -> None:
    answer = signed_on("olivia").post(f"/paper/?site={cast.shop.pk}", sheet(**changes))
    text = answer.content.decode()
    assert (answer.status_code, sentence in text, "厨房起火" in text) == (422, True, True)
    assert not Incident.objects.exists()


def test_the_site_is_found_first_and_a_strangers_does_not_exist(cast: Cast, signed_on: As) -> None:
    assert f"?site={cast.shop.pk}" in signed_on("olivia").get("/paper/?q=1001").content.decode()
    assert signed_on("sam").get(f"/paper/?site={cast.shop.pk}").status_code == 404
    assert signed_on("sam").post(f"/paper/?site={cast.shop.pk}", sheet()).status_code == 404
    assert signed_on("polly").get("/paper/").status_code == 403
