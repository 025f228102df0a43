"""Guards, hand-overs and causes through the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lianjing.domain.people.actions import create_token
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm

Call = Callable[..., Any]


def caller(cast: Cast, client: Client, name: str) -> Call:
    token = create_token(cast.users[name], label="", by=SYSTEM, at=NOON, source="test")

    def call(path: str, body: object = None) -> Any:
        headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
        if body is None:
            return client.get(f"/api/v1/{path}", **headers)
        return client.post(f"/api/v1/{path}", body, content_type="application/json", **headers)

    return call


@pytest.fixture
def olivia(cast: Cast, client: Client) -> Call:
    return caller(cast, client, "olivia")


def test_a_hold_up_is_handed_over_step_by_step(cast: Cast, olivia: Call) -> None:
    case = alarm(Sent(code="PA"))
    act = f"incidents/{case.pk}/actions"
    duty = olivia(f"{act}/take", {}).json()["duties"]
    assert [(one["service"], one["stands"]) for one in duty] == [("110", True)]
    states = [
        olivia(f"{act}/{name}", body).json()["notices"][0]["state"]
        for name, body in (
            ("police", {}),
            ("police_sent", {}),
            ("police_accepted", {"number": "0311"}),
            ("police_dispatched", {}),
            ("police_arrived", {}),
            ("police_closed", {"note": "arrested"}),
        )
    ]
    assert states == ["prepared", "sent", "accepted", "dispatched", "arrived", "closed"]
    whole = olivia(f"{act}/dispose", {"result": "real", "kind": "robbery"}).json()
    assert (whole["cause"], whole["cause_kind"], whole["notices"][0]["number"]) == ("抢劫或威胁", "robbery", "0311")
    assert olivia(f"{act}/close", {}).json()["state"] == "closed"


def test_what_must_be_reported_is_a_problem_until_it_is_or_a_reason_is_given(cast: Cast, olivia: Call) -> None:
    case = alarm(Sent(code="PA"))
    act = f"incidents/{case.pk}/actions"
    for name, body in (("take", {}), ("forward", {"to": "patrol"})):
        olivia(f"{act}/{name}", body)
    refused = olivia(f"{act}/dispose", {"result": "human_false", "kind": "pressed"})
    assert (refused.status_code, "应立即报告 110" in refused.json()["detail"]) == (409, True)
    bad = olivia(f"{act}/waive_police", {"reason": ""})
    assert (bad.status_code, bad.json()["field"]) == (422, "reason")
    olivia(f"{act}/waive_police", {"reason": "clerk pressed it by mistake, seen on video"})
    assert olivia(f"{act}/dispose", {"result": "human_false", "kind": "pressed"}).status_code == 200


def test_a_guard_is_sent_and_works_through_the_api(cast: Cast, client: Client, olivia: Call) -> None:
    case, gus = alarm(), caller(cast, client, "gus")
    act = f"incidents/{case.pk}/actions"
    olivia(f"{act}/take", {})
    task = olivia(f"{act}/send_task", {"guard": "gus", "instructions": "back door"}).json()["tasks"][0]
    assert (task["guard"], task["state"], task["instructions"]) == ("gus", "assigned", "back door")
    assert [item["id"] for item in gus("tasks").json()["items"]] == [task["id"]]
    steps = [("accept", {}), ("depart", {}), ("arrive", {}), ("report", {"result": "nothing"}), ("leave", {})]
    states = [gus(f"tasks/{task['id']}/actions/{name}", body).json()["state"] for name, body in steps]
    assert states == ["accepted", "on_the_way", "arrived", "done", "left"]
    assert gus("tasks").json()["items"] == []
    assert [item["state"] for item in gus("tasks?over=1").json()["items"]] == ["left"]
    assert gus(f"tasks/{task['id']}/actions/accept", {}).status_code == 409
    assert gus(f"tasks/{task['id']}/actions/dance", {}).status_code == 404


def test_a_guard_is_called_back_through_the_api(cast: Cast, olivia: Call) -> None:
    case = alarm()
    act = f"incidents/{case.pk}/actions"
    olivia(f"{act}/take", {})
    task = olivia(f"{act}/send_task", {"guard": "gus"}).json()["tasks"][0]
    assert olivia(f"{act}/cancel_task", {"task": task["id"]}).json()["tasks"][0]["state"] == "cancelled"


def test_operators_have_no_tasks_and_strangers_none_of_ours(cast: Cast, client: Client, olivia: Call) -> None:
    case = alarm()
    olivia(f"incidents/{case.pk}/actions/take", {})
    task = olivia(f"incidents/{case.pk}/actions/send_task", {"guard": "gus"}).json()["tasks"][0]
    assert olivia("tasks").status_code == 403
    assert olivia(f"tasks/{task['id']}/actions/accept", {}).status_code == 403
    sam = caller(cast, client, "sam")
    assert sam(f"incidents/{case.pk}/actions/send_task", {"guard": "gus"}).status_code == 404


def test_old_callers_who_write_a_cause_as_text_are_understood(cast: Cast, olivia: Call) -> None:
    case = alarm()
    act = f"incidents/{case.pk}/actions"
    for name, body in (("take", {}), ("verify", {"how": "call", "outcome": "false"})):
        olivia(f"{act}/{name}", body)
    whole = olivia(f"{act}/dispose", {"result": "human_false", "cause": "forgot the code"}).json()
    assert (whole["cause"], whole["cause_kind"]) == ("forgot the code", "other")
