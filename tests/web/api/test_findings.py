"""Findings by the API."""

from typing import Any

import pytest
from django.test import Client

from lianjing.domain.people.actions import create_token
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.findings.found import moved_to, raised


@pytest.fixture
def ask(cast: Cast, client: Client) -> Any:
    def get(name: str, path: str) -> Any:
        token = create_token(cast.users[name], label="", by=SYSTEM, at=NOON, source="test")
        return client.get(f"/api/v1/{path}", HTTP_AUTHORIZATION=f"Bearer {token}")

    return get


def test_findings_are_listed_by_the_latest_and_one_by_one(cast: Cast, ask: Any) -> None:
    finding = moved_to(cast, "assigned", clauses=("6.2",))
    raised(cast, "另一件", grade="major")
    told = ask("mia", "findings?company=harbour").json()
    assert ([item["number"] for item in told["items"]], told["next"]) == (["R-2026-002", "R-2026-001"], None)
    assert ask("mia", f"findings/{finding.pk}").json() == told["items"][1]
    assert told["items"][1] == {
        "id": finding.pk,
        "number": "R-2026-001",
        "title": "值守室没有灭火器",
        "description": "",
        "grade": "minor",
        "state": "assigned",
        "cause": "",
        "measure": "",
        "due_on": "2026-12-01",
        "raised_at": "2026-11-22T04:00:00Z",
        "raised_by": "Mia",
        "done_at": None,
        "done_by": "",
        "proof": "",
        "verified_at": None,
        "verified_by": "",
        "verification": "",
        "needs_retest": False,
        "retested_on": None,
        "check_on": None,
        "closed_at": None,
        "verdict_good_since": None,
        "company": "harbour",
        "source": {"kind": "own", "ref": None, "words": ""},
        "clauses": ["6.2"],
        "owner": {"staff_no": "001", "name": "陈思远"},
        "department": None,
        "overdue": told["items"][1]["overdue"],
        "source_bad": None,
        "effect": None,
        "dismissed_for": None,
    }


def test_the_list_narrows_and_goes_on(cast: Cast, ask: Any) -> None:
    for place in range(3):
        raised(cast, str(place), grade="major" if place else "minor")
    first = ask("mia", "findings?limit=2").json()
    assert (len(first["items"]), first["next"]) == (2, str(first["items"][-1]["id"]))
    assert [item["title"] for item in ask("mia", f"findings?limit=2&after={first['next']}").json()["items"]] == ["0"]
    assert [item["title"] for item in ask("mia", "findings?grade=minor").json()["items"]] == ["0"]
    assert ask("mia", "findings?overdue=1").json()["items"] == []
    assert len(ask("mia", "findings?open=1&state=identified").json()["items"]) == 3
    assert ask("mia", "findings?grade=huge").status_code == 422


def test_nobody_else_reads_them(cast: Cast, ask: Any) -> None:
    finding = raised(cast)
    assert ask("sam", "findings").json()["items"] == []
    assert ask("sam", f"findings/{finding.pk}").status_code == 404
    assert ask("sam", "findings?company=harbour").status_code == 404
    assert ask("gus", "findings").status_code == 403
