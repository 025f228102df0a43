"""Equipment and places by the API: filters, cursor, papers and limits; nothing of another company."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianjing.domain.facilities.actions.places import correct_place
from lianjing.domain.facilities.actions.room_limits import record_room_limit
from lianjing.domain.facilities.policy import NewPlace, NewRoomLimit
from lianjing.domain.people.actions import create_token
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.facilities.equipped import certified, maintained, piece
from tests.domain.facilities.rooms import centre, found, measured, room

DAY = timedelta(days=1)


@pytest.fixture
def ask(cast: Cast, client: Client) -> Any:
    def get(name: str, path: str) -> Any:
        token = create_token(cast.users[name], label="", by=SYSTEM, at=NOON, source="test")
        return client.get(f"/api/v1/{path}", HTTP_AUTHORIZATION=f"Bearer {token}")

    return get


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["number"] for item in answer.json()["items"]]


def test_a_piece_is_listed_with_what_ends_and_told_with_its_papers(cast: Cast, ask: Any) -> None:
    today, hall = timezone.localdate(), centre(cast)
    one = piece(cast, place=hall.pk, warranty_until=today + 5 * DAY)
    paper, done = certified(cast, one, valid_until=today - DAY), maintained(cast, one, today, timezone.now())
    listed = ask("mia", "equipment?company=harbour").json()
    (item,) = listed["items"]
    assert (listed["next"], item["id"], item["number"], item["state"]) == (None, one.pk, "E-001", "serving")
    assert (item["place"], item["keeper"]) == ({"id": hall.pk, "name": "运营中心"}, None)
    assert item["ends"] == [
        {"what": "certificate", "on": str(today - DAY), "days_left": -1},
        {"what": "warranty", "on": str(today + 5 * DAY), "days_left": 5},
    ]
    told = ask("leo", f"equipment/{one.pk}").json()
    assert {name: told[name] for name in item} == item
    assert [(row["id"], row["number"], row["over"], row["has_scan"]) for row in told["certificates"]] == [
        (paper.pk, "3C-1", True, False)
    ]
    assert [(row["id"], row["done_on"], row["done_by"]) for row in told["maintenances"]] == [
        (done.pk, str(today), "陈工")
    ]


def test_the_register_is_narrowed_and_goes_on_behind_what_next_said(cast: Cast, ask: Any) -> None:
    today = timezone.localdate()
    for place in range(3):
        piece(cast, number=f"E-{place}", serial="", kind="ups" if place else "receiver")
    certified(cast, piece(cast, number="A-1", serial=""), valid_until=today - DAY)
    first = ask("mia", "equipment?limit=3")
    assert numbers(first) == ["A-1", "E-0", "E-1"]
    assert numbers(ask("mia", f"equipment?limit=3&after={first.json()['next']}")) == ["E-2"]
    assert numbers(ask("mia", "equipment?kind=ups")) == ["E-1", "E-2"]
    assert numbers(ask("mia", "equipment?due=over")) == ["A-1"]
    assert numbers(ask("mia", "equipment?q=e-2&state=serving")) == ["E-2"]
    for wrong in ("kind=spaceship", "due=soon", "state=x", "place=x", "q=%00", "after=x"):
        assert ask("mia", f"equipment?{wrong}").status_code == 422


def test_places_are_listed_once_however_often_they_were_corrected(cast: Cast, ask: Any) -> None:
    hall = centre(cast)
    inside = room(cast, hall)
    new = NewPlace("machine_room", "主机房", centre_id=hall.pk, area="41.5")
    correct_place(inside.pk, new, "改名", by=cast.viewer("mia"), at=NOON)
    office = centre(cast, name="二号中心")
    listed = ask("mia", "places?limit=2").json()
    assert [(one["id"], one["name"], one["centre"], one["area_m2"]) for one in listed["items"]] == [
        (hall.pk, "运营中心", None, "120"),
        (inside.pk, "主机房", hall.pk, "41.5"),
    ]
    rest = ask("mia", f"places?limit=2&after={listed['next']}").json()
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([office.pk], None)
    assert [one["id"] for one in ask("mia", "places?kind=machine_room").json()["items"]] == [inside.pk]
    assert [one["id"] for one in ask("mia", "places?on=2026-01-04").json()["items"]] == [inside.pk]


def test_a_place_tells_its_values_with_limit_source_and_confidence(cast: Cast, ask: Any) -> None:
    hall = centre(cast)
    inside = room(cast, hall)
    measured(cast, inside, "30")
    found(cast, inside, "hold_up")
    own = NewRoomLimit("temperature", "machine_room", "15", "32", "Q/LJ 6-2026", "4.2", "MEM")
    record_room_limit(cast.company.pk, replace(own, valid_from=NOON.date()), by=cast.viewer("mia"), at=NOON)
    told = ask("mia", f"places/{inside.pk}?on=2026-11-22").json()
    assert (told["name"], [one["kind"] for one in told["records"]]) == ("机房", ["hold_up"])
    values = {one["quantity"]: one for one in told["values"]}
    assert values["temperature"] == {
        "quantity": "temperature",
        "value": "30",
        "unit": "℃",
        "measured_at": "2026-11-22T04:00:00Z",
        "valid_until": "2026-12-23",
        "limit": "15～32 ℃",
        "source": "Q/LJ 6-2026 4.2",
        "confidence": "MEM",
        "own_limit": True,
        "kept": True,
    }
    assert (values["humidity"]["value"], values["humidity"]["kept"]) == (None, None)


def test_strangers_and_wrong_roles_get_nothing(cast: Cast, ask: Any) -> None:
    one, hall = piece(cast), centre(cast)
    for path in ("equipment", "places"):
        assert ask("sam", path).json()["items"] == []
        assert ask("sam", f"{path}?company=harbour").status_code == 404
        assert ask("olivia", path).status_code == 403
        assert len(ask("polly", path).json()["items"]) == 1
    for path in (f"equipment/{one.pk}", f"places/{hall.pk}"):
        assert [ask(name, path).status_code for name in ("sam", "olivia", "polly")] == [404, 403, 200]


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_however_many_rows(cast: Cast, ask: Any, count: int) -> None:
    for place in range(count):
        piece(cast, number=f"E-{place}", serial="", place=centre(cast, name=f"中心{place}").pk)
    taken = []
    for path in ("equipment", "places"):
        with CaptureQueriesContext(connection) as asked:
            ask("mia", path)
        taken.append(len([one for one in asked if "facilities_" in one["sql"]]))
    assert taken == [2, 1]
