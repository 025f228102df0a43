"""Clauses by the API: verdicts with numbers and records, for any day and any state of knowledge, and who gets them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.people.actions import create_token
from tests.cast import NOON, SYSTEM, Cast
from tests.clauses.whole_company import put_in_post, whole_company

DAY = "日期请写成 2026-11-22 的样子。"


@pytest.fixture
def ask(cast: Cast, client: Client) -> Any:
    def get(name: str, **query: object) -> Any:
        token = create_token(cast.users[name], label="", by=SYSTEM, at=NOON, source="test")
        return client.get("/api/v1/compliance/clauses", query, HTTP_AUTHORIZATION=f"Bearer {token}")

    return get


def clause(answer: Any, number: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in answer.json()["items"] if item["clause"] == number)
    return found


def test_every_judged_clause_is_an_item_with_the_same_fields(cast: Cast, ask: Any) -> None:
    answer = ask("mia", company="harbour", on="2026-11-22").json()
    assert [item["clause"] for item in answer["items"]] == [one.number for one in catalogue().judged]
    fields = {"clause", "title", "verdict", "label", "sentence", "figures", "evidence", "since", "owner", "late"}
    assert {frozenset(item) for item in answer["items"]} == {frozenset(fields)}
    assert all(item["sentence"] for item in answer["items"])
    assert (answer["next"], answer["company"], answer["on"], answer["known"]) == (None, "harbour", "2026-11-22", None)


def test_5_2_holds_its_figures_by_post_and_leads_to_the_records(cast: Cast, ask: Any) -> None:
    whole_company(cast, {"watch": 2, "patrol": 1})
    member = put_in_post(cast, "X1", "watch")
    member.facts.filter(kind="education").delete()
    found = clause(ask("mia", company="Harbour Alarm", on="2026-11-22"), "5.2")
    assert (found["title"], found["verdict"], found["label"]) == ("人员配置", "not_met", "不符合")
    assert {name: found["figures"][name] for name in ("customers", "row", "required", "eligible", "margin")} == {
        "customers": 1,
        "row": "≤100",
        "required": {"patrol": 10, "watch": 10, "design_install": 20},
        "eligible": {"patrol": 1, "watch": 2, "design_install": 0},
        "margin": {"patrol": -9, "watch": -8, "design_install": -20},
    }
    assert found["evidence"][0] == {
        "kind": "contracts",
        "id": None,
        "name": "在服务的合同",
        "sentence": "1 户，一份合同计一户。",
        "href": f"/office/contracts/?company={cast.company.pk}&state=in_service&on=2026-11-22",
    }
    assert found["evidence"][-1] == {
        "kind": "person",
        "id": member.pk,
        "name": "X1 员工X1",
        "sentence": "没有登记学历。",
        "href": f"/office/people/{member.pk}/?on=2026-11-22",
    }


def test_every_page_that_evidence_leads_to_opens_for_its_reader(cast: Cast, ask: Any, client: Client) -> None:
    whole_company(cast, {"watch": 2, "patrol": 1})
    put_in_post(cast, "X1", "watch").facts.filter(kind="education").delete()
    for name in ("mia", "polly"):
        hrefs = {one["href"] for item in ask(name).json()["items"] for one in item["evidence"] if one["href"]}
        client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        assert {href: client.get(href).status_code for href in hrefs if client.get(href).status_code != 200} == {}
        assert hrefs


def test_on_and_known_ask_for_another_day_and_another_state_of_knowledge(cast: Cast, ask: Any) -> None:
    whole_company(cast, {})
    told = {"company": "harbour", "on": "2026-11-22"}
    assert clause(ask("mia", **told), "4.2")["verdict"] == "met"
    assert clause(ask("mia", **{**told, "on": "2024-01-09"}), "4.2")["verdict"] == "not_met"
    recorded = (NOON - timedelta(days=20)).date()
    verdicts = [
        clause(ask("mia", **told, known=known), "4.2")["verdict"]
        for known in (
            recorded - timedelta(days=1),
            recorded,
            f"{recorded}T11:59:00+08:00",
            f"{recorded}T12:00:00+08:00",
        )
    ]
    assert verdicts == ["not_met", "met", "not_met", "met"]


def test_without_a_day_it_is_today_and_without_a_company_the_only_one(cast: Cast, ask: Any) -> None:
    from django.utils import timezone

    answer = ask("mia").json()
    assert (answer["company"], answer["on"]) == ("harbour", str(timezone.localdate()))
    assert ask("ada").status_code == 422


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"company": "hill"}, 404),
        ({"company": "nowhere"}, 404),
        ({"on": "soon"}, 422),
        ({"on": "2026-02-30"}, 422),
        ({"known": "soon"}, 422),
        ({"known": "2026-13-01"}, 422),
        ({"known": "9999-12-31"}, 200),
        ({"known": "0001-01-01"}, 200),
        ({"on": "0001-01-01", "known": "0001-01-01"}, 200),
        ({"on": "9999-12-31"}, 200),
        ({"on": "0001-01-01"}, 200),
    ],
)
def test_what_cannot_be_answered_is_refused(cast: Cast, ask: Any, query: dict[str, str], status: int) -> None:
    assert ask("mia", **query).status_code == status


def test_who_gets_it(cast: Cast, ask: Any) -> None:
    names = ("mia", "leo", "polly", "olivia", "gus")
    assert [ask(name).status_code for name in names] == [200, 200, 200, 403, 403]
    assert ask("sam", company="harbour").status_code == 404
    assert ask("sam").json()["company"] == "hill"
    assert ask("ada", company="hill").status_code == 200


def test_the_police_get_the_same_verdicts_and_the_names_of_their_register(cast: Cast, ask: Any) -> None:
    member = put_in_post(cast, "X1", "watch")
    member.facts.filter(kind="guard_certificate").delete()
    day = date(2026, 11, 22)
    mia, polly = ask("mia", on=day), ask("polly", on=day)
    assert [item["verdict"] for item in polly.json()["items"]] == [item["verdict"] for item in mia.json()["items"]]
    told = [clause(answer, "5.1.4")["evidence"][0] for answer in (mia, polly)]
    assert [(one["id"], one["name"]) for one in told] == [(member.pk, "X1 员工X1")] * 2
    assert told[1]["href"] == f"/police/companies/{cast.company.pk}/people/?person={member.pk}&on={day}"


def test_a_past_day_tells_how_it_was_judged_when_it_ended_and_what_was_entered_since(cast: Cast, ask: Any) -> None:
    member = put_in_post(cast, "X1", "watch")
    member.facts.filter(kind="guard_certificate").update(recorded_at=NOON)
    told = clause(ask("mia", on="2026-11-15"), "5.1.4")
    assert (told["verdict"], told["late"]["verdict_then"], told["late"]["label_then"]) == ("met", "not_met", "不符合")
    assert told["late"]["sentence_then"] == "三类岗位在职 1 人：符合 0 人，不符合 1 人，证据不足 0 人。"
    assert (told["late"]["figures_then"]["met"], told["late"]["more"]) == (0, 0)
    [entry] = told["late"]["entries"]
    assert (entry["kind"], entry["id"], entry["name"]) == ("person", member.pk, "X1 员工X1")
    assert entry["sentence"].startswith("保安员证（")
    assert entry["href"] == f"/office/people/{member.pk}/?on=2026-11-15"
    assert (entry["act"], entry["by"]) == ("recorded", "Mia")
    assert entry["at"].startswith("2026-11-22T04:00:00")
    assert clause(ask("mia", on="2026-11-15", known="2026-11-30"), "5.1.4")["late"] is None
    assert clause(ask("mia", on="2026-11-15"), "4.2")["late"] is None


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        *(
            ("on", wrong, DAY)
            for wrong in ("2026-02-29", "1767225600", "2026-11-22T00:00", "2026-W47-7", "", "２０２６-11-22")
        ),
        *(("known", wrong, DAY) for wrong in ("2026-W47", "20261122", "2026-02-29")),
        ("company", "x" * 101, "太长。"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_field_and_in_our_words(
    cast: Cast, ask: Any, name: str, given: str, message: str
) -> None:
    answer = ask("mia", **{name: given})
    told = answer.json()
    assert (answer.status_code, told["field"], message in told["detail"]) == (422, name, True)
    assert "nput should" not in answer.content.decode()
