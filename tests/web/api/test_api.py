"""The outside API: forms, pages, refusals."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lianjing.core.seals.signing import SealKey
from lianjing.domain.people.actions import create_token, revoke_token
from lianjing.domain.people.duties import sign_on_duty
from lianjing.domain.people.models import ApiToken
from lianjing.domain.records.actions import seal_records
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm, journal, treat

Call = Callable[..., Any]


def bearer(cast: Cast, name: str) -> dict[str, str]:
    token = create_token(cast.users[name], label="test", by=SYSTEM, at=NOON, source="test")
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


@pytest.fixture
def olivia(cast: Cast, client: Client) -> Call:
    headers = bearer(cast, "olivia")

    def call(path: str, body: dict[str, Any] | None = None) -> Any:
        if body is None:
            return client.get(f"/api/v1/{path}", **headers)
        return client.post(f"/api/v1/{path}", body, content_type="application/json", **headers)

    return call


def test_a_signal_is_listed_in_the_agreed_form(cast: Cast, olivia: Call) -> None:
    case = alarm()
    item = olivia("signals?account=1001").json()["items"][0]
    told = {
        k: item[k]
        for k in ("account", "protocol", "code", "class", "grade", "zone", "repeats", "fate", "incident", "raw")
    }
    assert told == {
        "account": "1001",
        "protocol": "dc09",
        "code": "BA",
        "class": "intrusion",
        "grade": 2,
        "zone": "003",
        "repeats": 0,
        "fate": "in_case",
        "incident": case.pk,
        "raw": r"\x0araw\\frame\x0d",
    }


def test_a_second_path_names_the_signal_that_came_first(cast: Cast, olivia: Call) -> None:
    first = journal(Sent())
    second = journal(Sent(transport="udp"))
    treat()
    told = [(item["id"], item["same_as"], item["fate"]) for item in olivia("signals").json()["items"]]
    assert told == [(second, first, "in_case"), (first, None, "in_case")]


def test_lists_are_paged_by_a_cursor_and_the_limit_is_clamped(cast: Cast, olivia: Call) -> None:
    ids = [journal(Sent()) for _ in range(5)]
    first = olivia("signals?limit=3").json()
    second = olivia(f"signals?limit=3&after={first['next']}").json()
    assert [i["id"] for i in first["items"] + second["items"]] == list(reversed(ids))
    assert second["next"] is None
    assert len(olivia("signals?limit=0").json()["items"]) == 1
    assert olivia("signals?limit=99999").status_code == 200


def test_a_case_is_led_to_its_end_through_the_api(cast: Cast, olivia: Call) -> None:
    case = alarm()
    steps = [
        ("take", {}),
        ("note", {"text": "checked"}),
        ("verify", {"how": "call", "outcome": "real"}),
        ("forward", {"to": "110"}),
        ("dispose", {"result": "real", "cause": "broken window"}),
        ("close", {}),
    ]
    states = [olivia(f"incidents/{case.pk}/actions/{name}", body).json()["state"] for name, body in steps]
    assert states == ["taken", "taken", "verified", "forwarded", "disposed", "closed"]
    whole = olivia(f"incidents/{case.pk}").json()
    assert [step["action"].split(".")[1] for step in whole["timeline"]] == [
        "opened",
        "taken",
        "noted",
        "verified",
        "forwarded",
        "disposed",
        "closed",
    ]
    assert (whole["company"], whole["class"], whole["confirmed"]) == ("harbour", "intrusion", True)
    assert [i["id"] for i in olivia("incidents?state=closed").json()["items"]] == [case.pk]
    assert olivia("incidents?state=open").json()["items"] == []


def test_a_case_says_whether_it_is_confirmed_its_level_and_why(cast: Cast, olivia: Call) -> None:
    alarm()
    alarm(Sent(zone="004", at=NOON + timedelta(seconds=34)))
    item = olivia("incidents").json()["items"][0]
    assert (item["confirmed"], item["level"], item["grade"]) == (True, 2, 1)
    assert item["reasons"] == [
        "按最紧急的信号“入侵报警”（SIA BA）定级。",
        "确认警情：front door 12:00:00 与hall 12:00:34，不同探测原理；由二级升为一级",
        "核实等级 2：两处探测相互印证，很可能有人。",
    ]


def test_a_refused_move_is_a_problem_with_a_sentence(cast: Cast, olivia: Call) -> None:
    case = alarm()
    answer = olivia(f"incidents/{case.pk}/actions/dispose", {"result": "real", "cause": "x"})
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["detail"] == "请先受理此警情。"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("incidents/{case}/actions/dance", {}, 404),
        ("incidents/999999/actions/take", {}, 404),
        ("incidents/999999", None, 404),
        ("nothing/here", None, 404),
        ("incidents/{case}/actions/reopen", {"reason": "x"}, 403),
        ("incidents/{case}/actions/take", "not an object", 400),
        ("signals?after=abc", None, 422),
        ("signals?account=%00", None, 422),
        ("queue/next", None, 405),
        ("", None, 404),
        ("accounting?on=yesterday", None, 422),
        ("incidents?state=lost", None, 422),
    ],
)
def test_what_cannot_be_done_is_said_as_a_problem(cast: Cast, olivia: Call, path: str, body: Any, status: int) -> None:
    answer = olivia(path.replace("{case}", str(alarm().pk)), body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status


def test_a_wrong_word_names_its_field(cast: Cast, olivia: Call) -> None:
    case = alarm()
    olivia(f"incidents/{case.pk}/actions/take", {})
    answer = olivia(f"incidents/{case.pk}/actions/verify", {"how": "guess", "outcome": "real"})
    assert (answer.status_code, answer.json()["field"]) == (422, "how")


def test_next_takes_the_top_of_the_queue_until_it_is_empty(cast: Cast, olivia: Call) -> None:
    case = alarm()
    assert olivia("queue/next", {}).json()["id"] == case.pk
    answer = olivia("queue/next", {})
    assert (answer.status_code, answer.content) == (204, b"")


def test_the_account_of_a_day(cast: Cast, olivia: Call) -> None:
    journal(Sent(), repeat_of=journal(Sent()))
    treat(NOON + timedelta(seconds=1))
    account = olivia("accounting?on=2026-11-22").json()

    def told(row: dict[str, object]) -> dict[str, object]:
        return {key: value for key, value in row.items() if value}

    figures = {"received": 2, "in_cases": 1, "duplicates": 1, "balances": True}
    by_company, by_class = account.pop("by_company"), account.pop("by_class")
    assert told(account) == {"on": "2026-11-22", **figures}
    assert [told(row) for row in by_class] == [{"class": "intrusion", **figures}]
    assert [told(row) for row in by_company] == [
        {"company": "harbour", "name": "Harbour Alarm", "by_class": by_class, **figures}
    ]


def test_the_account_of_a_day_before_all_days_balances_at_nothing(cast: Cast, olivia: Call) -> None:
    account = olivia("accounting?on=0001-01-01").json()
    assert {key: value for key, value in account.items() if value} == {"on": "0001-01-01", "balances": True}


def test_an_ended_or_invented_token_opens_nothing(cast: Cast, client: Client) -> None:
    headers = bearer(cast, "olivia")
    revoke_token(ApiToken.objects.get().pk, by=SYSTEM, at=NOON, source="test")
    for wrong in (headers, {"HTTP_AUTHORIZATION": "Bearer lj_invented"}, {}):
        answer = client.get("/api/v1/signals", **wrong)
        assert (answer.status_code, answer.json()["status"]) == (401, 401)


def test_metrics_need_a_managers_token(cast: Cast, client: Client) -> None:
    assert client.get("/api/v1/metrics").status_code == 401
    assert client.get("/api/v1/metrics", **bearer(cast, "olivia")).status_code == 403
    text = client.get("/api/v1/metrics", **bearer(cast, "mia")).content.decode()
    assert 'lianjing_open_incidents{grade="1"} 0.0' in text


def test_health_names_the_part_that_is_silent(cast: Cast, client: Client) -> None:
    answer = client.get("/api/v1/health")
    assert (answer.status_code, answer.json()["parts"]["receive"]) == (503, "silent")


def test_the_head_of_the_log_is_there_for_a_program_that_keeps_it(cast: Cast, olivia: Call) -> None:
    assert olivia("records/head").json() is None
    alarm()
    seal = seal_records(SealKey(b"\x07" * 32), [], at=NOON)
    assert seal
    told = olivia("records/head").json()
    assert (told["number"], told["hash"]) == (seal.number, seal.hash)


@pytest.mark.parametrize(
    ("action", "field"),
    [("note", "text"), ("verify", "how"), ("call", "contact"), ("take", "kind"), ("wait", "text")],
)
@pytest.mark.parametrize("bad", [r"a\ud800", r"a\u0000"])
def test_half_a_character_in_any_text_is_refused_with_its_field(
    cast: Cast, client: Client, action: str, field: str, bad: str
) -> None:
    case, sent = alarm(), f'{{"{field}": "{bad}"}}'
    where = f"/api/v1/incidents/{case.pk}/actions/{action}"
    answer = client.post(where, sent, content_type="application/json", **bearer(cast, "olivia"))
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["field"] == field


def test_another_charset_is_no_way_around_it(client: Client) -> None:
    answer = client.get(r"/api/v1/signals?account=%5Cud800", CONTENT_TYPE="text/plain; charset=unicode_escape")
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")
    page = client.post("/sign-on/", {}, content_type="multipart/form-data; boundary=x; charset=utf-16")
    assert page.status_code == 415


def test_a_program_puts_off_hands_over_and_takes_over(cast: Cast, olivia: Call) -> None:
    case = alarm()
    where = f"incidents/{case.pk}/actions"
    assert olivia(f"{where}/take", {}).json()["queue_level"] == 2
    held = olivia(f"{where}/hold", {"reason": "owner calls back", "minutes": 10, "return_level": 7}).json()
    assert (held["queue_level"], held["held_until"] is not None) == (9, True)
    assert olivia(f"{where}/hold", {"reason": "again", "minutes": 10}).status_code == 409
    assert olivia(f"{where}/wake", {}).json()["queue_level"] == 7
    assert olivia(f"{where}/hold", {"reason": "again", "until": "2026-11-22T04:00:00"}).status_code == 422
    assert olivia(f"{where}/offer", {"to": "oscar"}).json()["field"] == "to"
    sign_on_duty(cast.company.pk, by=cast.viewer("oscar"), at=NOON)
    assert olivia(f"{where}/offer", {"to": "oscar", "note": "I must leave"}).json()["offered_to"] == "oscar"
    assert olivia(f"{where}/accept", {}).status_code == 409
    assert olivia(f"{where}/withdraw", {}).json()["offered_to"] is None
