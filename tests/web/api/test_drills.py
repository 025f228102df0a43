"""Drills and assessments by the API."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from lianjing.domain.drills.running import record_held
from lianjing.domain.people.actions import create_token
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.assessments.assessed import analysed, assessed, drafted, scored
from tests.domain.drills.exercise import as_, planned, prepared, reviewed


@pytest.fixture
def ask(cast: Cast, client: Client) -> Any:
    def get(name: str, path: str) -> Any:
        token = create_token(cast.users[name], label="", by=SYSTEM, at=NOON, source="test")
        return client.get(f"/api/v1/{path}", HTTP_AUTHORIZATION=f"Bearer {token}")

    return get


def test_a_drill_is_read_with_all_that_belongs_to_it(cast: Cast, ask: Any) -> None:
    drill = reviewed(cast)
    listed = ask("mia", "drills?company=harbour").json()["items"]
    told = ask("mia", f"drills/{drill.pk}").json()
    assert {name: told[name] for name in listed[0]} == listed[0]
    assert (told["state"], told["late_entry"], told["from_paper"], told["percent"]) == ("reviewed", False, False, 80.0)
    assert told["recorded_at"] == "2026-11-22T05:00:00Z"
    assert [(one["staff_no"], one["role"]) for one in told["participants"]] == [
        *(("001", "director"), ("002", "evaluator"), ("003", "player"))
    ]
    assert [(one["text"], one["seconds"], one["inject"]) for one in told["observations"]] == [("40 秒受理", 40, 0)]
    assert [(one["title"], one["version"]) for one in told["plans"]] == [("ours", 1)]
    assert (told["review"]["conclusion"], told["findings"], told["unaltered"]) == ("no_change", [], None)


def test_a_drill_from_paper_has_both_its_times(cast: Cast, ask: Any) -> None:
    drill = prepared(cast)
    record_held(drill.pk, NOON, NOON + timedelta(hours=1), **as_(cast, "leo", NOON + timedelta(days=3)))
    told = ask("mia", "drills").json()["items"][0]
    assert (told["ended_at"], told["recorded_at"], told["late_entry"]) == (
        *("2026-11-22T05:00:00Z", "2026-11-25T04:00:00Z", True),
    )


def test_an_assessment_is_read_with_what_its_departments_have_come_to(cast: Cast, ask: Any) -> None:
    who = assessed(cast)
    cycle = analysed(cast, scored(cast, who))
    month = {"period": "month", "last_on": cycle.first_on + timedelta(days=30)}
    drafted(cast, who, name="七月考核", **month)
    listed = ask("mia", "assessments?company=harbour").json()["items"]
    counted = [(one["name"], one["sheets"], one["submitted"]) for one in listed]
    assert counted == [("七月考核", 0, 0), ("三季度考核", 9, 9)]
    assert [one["name"] for one in ask("mia", "assessments?state=analysed").json()["items"]] == ["三季度考核"]
    told = ask("mia", f"assessments/{cycle.pk}").json()
    assert {name: told[name] for name in listed[1]} == listed[1]
    assert told["departments"][0] == {
        "id": who.departments["管理部"].pk,
        "name": "管理部",
        "self": "90.0",
        "mutual": "80.0",
        "assessor": "70.0",
        "score": "77.0",
        "figures": None,
        "deviation": "10.0",
    }
    assert (told["analysis"], told["findings"], told["criteria"]["version"]) == ("自评普遍偏高。", [], 1)


def test_lists_go_on_and_odd_words_are_refused(cast: Cast, ask: Any) -> None:
    who = assessed(cast)
    for place in range(3):
        days = {"first_on": date(2026, 7 + place, 1), "last_on": date(2026, 7 + place, 30)}
        drafted(cast, who, name=f"第 {place} 次", period="month", **days)
    first = ask("mia", "assessments?limit=2").json()
    assert [one["name"] for one in first["items"]] == ["第 2 次", "第 1 次"]
    assert [one["name"] for one in ask("mia", f"assessments?after={first['next']}").json()["items"]] == ["第 0 次"]
    assert ask("mia", "assessments?state=odd").status_code == 422
    assert ask("mia", "drills?kind=odd").status_code == 422


def test_strangers_read_none_of_them(cast: Cast, ask: Any) -> None:
    cycle, drill = drafted(cast, assessed(cast)), planned(cast)
    of_harbour = [f"{name}?company=harbour" for name in ("drills", "assessments")]
    for path in (f"drills/{drill.pk}", f"assessments/{cycle.pk}", *of_harbour):
        assert ask("sam", path).status_code == 404, path
    assert (ask("sam", "drills").json()["items"], ask("sam", "assessments").json()["items"]) == ([], [])
    assert {ask("gus", path).status_code for path in ("drills", "assessments", f"drills/{drill.pk}")} == {403}
