"""The forecast by the API: what turns when and by whose papers, how far it looks, and who gets it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from lianjing.domain.people.actions import create_token
from lianjing.terms.staffing import StaffFactKind
from tests.cast import NOON, SYSTEM, Cast
from tests.clauses.whole_company import whole_company


@pytest.fixture
def ask(cast: Cast, client: Client) -> Any:
    people = whole_company(cast)
    people[0].facts.filter(kind=StaffFactKind.GUARD_CERTIFICATE.value).update(valid_until=date(2026, 12, 11))

    def get(name: str, **query: object) -> Any:
        token = create_token(cast.users[name], label="", by=SYSTEM, at=NOON, source="test")
        return client.get("/api/v1/compliance/forecast", query, HTTP_AUTHORIZATION=f"Bearer {token}")

    return get


def test_each_turn_names_day_verdicts_sentence_and_records(ask: Any) -> None:
    answer = ask("mia", company="harbour", on="2026-11-22").json()
    assert (answer["next"], answer["company"], answer["on"], answer["days"]) == (None, "harbour", "2026-11-22", 365)
    found = next(item for item in answer["items"] if item["clause"] == "5.1.4")
    person = found["evidence"].pop()
    assert found == {
        "clause": "5.1.4",
        "title": "《保安员证》",
        "on": "2026-12-12",
        "from": "met",
        "to": "not_met",
        "sentence": "三类岗位在职 40 人：符合 39 人，不符合 1 人，证据不足 0 人。",
        "evidence": [],
        "not_listed": 0,
        "looks_back": False,
    }
    assert (person["name"], person["sentence"]) == ("p000 员工p000", "保安员证已于 2026-12-11 到期。")
    assert person["href"] == f"/office/people/{person['id']}/?on=2026-12-12"


def test_it_looks_so_many_days_ahead_and_the_last_one_counts(ask: Any) -> None:
    told = {days: len(ask("mia", company="harbour", on="2026-11-22", days=days).json()["items"]) for days in (19, 20)}
    assert told == {19: 0, 20: 4}
    assert [ask("mia", company="harbour", days=days).status_code for days in (0, 1096, 1097, "x")] == [
        422,
        200,
        422,
        422,
    ]


def test_the_police_are_told_what_their_register_tells_and_others_nothing(ask: Any) -> None:
    names = {
        who: [
            one["name"]
            for item in ask(who, company="harbour", on="2026-11-22").json()["items"]
            for one in item["evidence"]
        ]
        for who in ("polly", "mia")
    }
    assert names["polly"] == names["mia"] != []
    assert (ask("sam", company="harbour").status_code, ask("olivia", company="harbour").status_code) == (404, 403)
