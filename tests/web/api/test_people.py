"""People by the API: numbers, names, the one rule's answer; nothing private, nothing of another company."""

from typing import Any

import pytest
from django.test import Client

from lianjing.domain.people.actions import create_token
from lianjing.domain.people.fact_policy import NewFact
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, SYSTEM, Cast
from tests.staff import put_on_file


@pytest.fixture
def ask(cast: Cast, client: Client) -> Any:
    def get(name: str, path: str) -> Any:
        token = create_token(cast.users[name], label="", by=SYSTEM, at=NOON, source="test")
        return client.get(f"/api/v1/{path}", HTTP_AUTHORIZATION=f"Bearer {token}")

    return get


def test_people_are_listed_with_the_answer_of_the_one_rule(cast: Cast, ask: Any) -> None:
    first = put_on_file(cast, "001", "陈思远")
    second = put_on_file(cast, "002", "林国华", without=(Kind.EDUCATION,))
    assert ask("mia", "people?company=harbour").json() == {
        "items": [
            {
                "id": first.pk,
                "company": "harbour",
                "staff_no": "001",
                "name": "陈思远",
                "post_kind": "watch",
                "eligible": True,
                "reasons": [],
            },
            {
                "id": second.pk,
                "company": "harbour",
                "staff_no": "002",
                "name": "林国华",
                "post_kind": "watch",
                "eligible": False,
                "reasons": ["没有登记学历。"],
            },
        ],
        "next": None,
    }


def test_the_list_goes_on_behind_what_next_said(cast: Cast, ask: Any) -> None:
    for place in range(3):
        put_on_file(cast, f"00{place}")
    first = ask("leo", "people?limit=2").json()
    second = ask("leo", f"people?limit=2&after={first['next']}").json()
    numbers = [[item["staff_no"] for item in page["items"]] for page in (first, second)]
    assert (numbers, second["next"]) == ([["000", "001"], ["002"]], None)


def test_eligibility_is_told_for_any_day_with_every_reason(cast: Cast, ask: Any) -> None:
    member = put_on_file(cast)
    certificate = member.facts.get(kind="guard_certificate")
    told = ask("mia", f"people/{member.pk}/eligibility?on=2026-11-22").json()
    assert (told["id"], told["on"], told["eligible"], len(told["reasons"])) == (member.pk, "2026-11-22", True, 11)
    assert told["reasons"][-1] == {
        "code": "certificate",
        "clause": "5.1.4",
        "met": True,
        "sentence": "保安员证有效。",
        "fact": certificate.pk,
    }
    later = ask("mia", f"people/{member.pk}/eligibility?on=2028-01-01").json()
    assert later["eligible"] is False
    assert ask("mia", f"people/{member.pk}/eligibility?on=2028-13-01").status_code == 422


def test_what_is_private_is_told_only_to_who_reads_the_file(cast: Cast, ask: Any) -> None:
    member = put_on_file(cast, more=(NewFact(Kind.BAR, "crime"),))
    (mine,), (his,) = (ask(name, "people").json()["items"] for name in ("mia", "leo"))
    assert (mine["reasons"], his["reasons"]) == (["有不得从业的情形。"], ["另有不便公开的原因，请向经理了解。"])
    codes = [reason["code"] for reason in ask("leo", f"people/{member.pk}/eligibility").json()["reasons"]]
    assert ("conduct" in codes, "private" in codes) == (False, True)


def test_a_stranger_and_a_wrong_role_get_nothing(cast: Cast, ask: Any) -> None:
    member = put_on_file(cast)
    assert ask("sam", "people").json()["items"] == []
    assert ask("sam", "people?company=harbour").status_code == 404
    assert ask("sam", f"people/{member.pk}/eligibility").status_code == 404
    assert [ask("olivia", path).status_code for path in ("people", f"people/{member.pk}/eligibility")] == [403, 403]
