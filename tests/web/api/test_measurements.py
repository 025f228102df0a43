"""Measured values by the API: a sensor sends them, a program reads them."""

import json
from typing import Any

import pytest
from django.test import Client

from lianjing.domain.facilities.models import Measurement
from lianjing.domain.findings.models import Finding
from lianjing.domain.people.actions import create_token
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.facilities.rooms import centre, measured, room

SENT = {
    "quantity": "temperature",
    "value": 29.4,
    "unit": "℃",
    "instrument": "WS-1",
    "measured_at": "2026-11-22T12:00:00+08:00",
}


@pytest.fixture
def call(cast: Cast, client: Client) -> Any:
    def asked(name: str, path: str, body: dict[str, Any] | None = None, **more: str) -> Any:
        token = create_token(cast.users[name], label="", by=SYSTEM, at=NOON, source="test")
        head = {"HTTP_AUTHORIZATION": f"Bearer {token}", **more}
        if body is None:
            return client.get(f"/api/v1/{path}", **head)
        return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", **head)

    return asked


def test_a_sensor_s_value_is_kept_listed_and_raises_its_finding(cast: Cast, call: Any) -> None:
    place = room(cast, centre(cast))
    told = call("mia", "measurements", {**SENT, "place": place.pk})
    assert told.status_code == 200
    assert told.json() | {"id": 0, "recorded_at": ""} == {
        "id": 0,
        "company": "harbour",
        "place": place.pk,
        "quantity": "temperature",
        "value": "29.4",
        "unit": "℃",
        "as_read": "29.4 ℃",
        "measured_at": "2026-11-22T04:00:00Z",
        "measured_by": "Mia",
        "instrument": "WS-1",
        "instrument_no": "",
        "calibrated_until": None,
        "valid_until": "2026-12-23",
        "report_no": "",
        "recorded_at": "",
    }
    assert Finding.objects.get().title == "机房：温度超出限值"
    assert call("leo", "measurements?quantity=temperature").json() == {"items": [told.json()], "next": None}
    assert call("leo", "measurements?quantity=humidity").json()["items"] == []


STATES = "identified、confirmed、assigned、in_progress、done、verified、closed、dismissed"


@pytest.mark.parametrize(
    ("path", "field", "message"),
    [
        ("findings?state=nosuch", "state", f"不在可选的值里：{STATES}。"),
        ("compliance/forecast?days=0", "days", "太小，最小为 1。"),
        ("compliance/forecast?days=1097", "days", "太大，最大为 1096。"),
        ("compliance/forecast?days=x", "days", "请写一个整数。"),
        ("signals?after=x", "after", "请写一个整数。"),
    ],
)
def test_a_query_that_cannot_be_is_refused_in_words_that_say_what_may_be(
    cast: Cast, call: Any, path: str, field: str, message: str
) -> None:
    told = call("mia", path)
    wanted = {"field": field, "detail": f"{field}：{message}", "errors": [{"field": field, "message": message}]}
    assert (told.status_code, {name: told.json()[name] for name in wanted}) == (422, wanted)


@pytest.mark.parametrize("path", ["documents?kind=x", "places?kind=x", "equipment?due=8", "drills?state=x"])
def test_each_choice_in_a_query_is_refused_with_the_name_of_its_field(cast: Cast, call: Any, path: str) -> None:
    told, field = call("mia", path), path.partition("?")[2].partition("=")[0]
    assert (told.status_code, told.json()["field"]) == (422, field)
    assert told.json()["detail"].startswith(f"{field}：不在可选的值里：")


def test_a_quantity_that_there_is_not_is_refused_and_no_empty_list(cast: Cast, call: Any) -> None:
    told = call("mia", "measurements?quantity=x")
    assert (told.status_code, told.json()["field"], told.json()["detail"]) == (422, "quantity", "没有这个测量项目。")


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"unit": ""}, 422, "unit"),
        ({"unit": "lx"}, 422, "unit"),
        ({"value": "warm"}, 422, "value"),
        ({"value": {}}, 422, "value"),
        ({"value": True}, 422, "value"),
        ({"value": None}, 422, "value"),
        ({"instrument": ""}, 422, "instrument"),
        ({"place": 0}, 404, None),
    ],
)
def test_what_cannot_be_is_refused_and_named(
    cast: Cast, call: Any, change: dict[str, Any], status: int, field: str | None
) -> None:
    place = room(cast, centre(cast))
    told = call("mia", "measurements", {**SENT, "place": place.pk, **change})
    assert (told.status_code, told.json().get("field")) == (status, field)
    assert not Measurement.objects.exists()


@pytest.mark.parametrize(("name", "reads", "writes"), [("polly", 200, 403), ("olivia", 403, 403), ("sam", 200, 404)])
def test_who_may(cast: Cast, call: Any, name: str, reads: int, writes: int) -> None:
    place = room(cast, centre(cast))
    measured(cast, place)
    told = call(name, "measurements")
    assert told.status_code == reads
    assert name == "polly" or told.json().get("items", []) == []
    assert call(name, "measurements", {**SENT, "place": place.pk}).status_code == writes


def test_a_value_that_is_sent_again_with_its_key_is_recorded_once(cast: Cast, call: Any) -> None:
    place = room(cast, centre(cast))
    sent = {**SENT, "place": place.pk}
    told = [call("mia", "measurements", sent, HTTP_IDEMPOTENCY_KEY="k-1").json()["id"] for _time in range(2)]
    other = call("mia", "measurements", sent | {"value": 21.5}, HTTP_IDEMPOTENCY_KEY="k-1").json()["id"]
    assert (told[0], Measurement.objects.count(), other == told[0]) == (told[1], 2, False)
    assert call("mia", "measurements", sent | {"unit": ""}, HTTP_IDEMPOTENCY_KEY="k-2").status_code == 422
    assert call("mia", "measurements", sent, HTTP_IDEMPOTENCY_KEY="k-2").status_code == 200


def test_pages_go_on_behind_the_last(cast: Cast, call: Any) -> None:
    place = room(cast, centre(cast))
    rows = [measured(cast, place, str(20 + number)) for number in range(3)]
    first = call("mia", "measurements?limit=2").json()
    rest = call("mia", f"measurements?limit=2&after={first['next']}").json()
    assert [item["id"] for item in (*first["items"], *rest["items"])] == [row.pk for row in reversed(rows)]
