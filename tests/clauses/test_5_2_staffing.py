"""Clause 5.2, table 1: every boundary of customers, with one person short, exactly enough, and one over."""

from datetime import date

import pytest

from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.clauses.clause_5_2_staffing import Clause52Staffing, Staffing
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.compliance.table_1 import POSTS, TABLE, row_for
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.facts import record_fact
from lianjing.domain.records.changing import Actor
from lianjing.domain.sites.contract_spans import keep_spans
from lianjing.domain.sites.models import Contract, ContractState
from lianjing.terms.premises import CustomerUnit
from lianjing.terms.sentences import words
from lianjing.terms.staffing import PostKind
from lianjing.terms.staffing import StaffFactKind as Kind
from lianjing.terms.verdicts import Verdict
from tests.cast import NOON, Cast
from tests.staff import put_on_file

RULE = Clause52Staffing()
BOUNDARIES = {
    0: (10, 10, 20),
    100: (10, 10, 20),
    101: (20, 15, 25),
    500: (20, 15, 25),
    501: (30, 20, 30),
    1000: (30, 20, 30),
    1001: (40, 25, 40),
    2000: (40, 25, 40),
    2001: (55, 30, 45),
    5000: (55, 30, 45),
    5001: (80, 35, 50),
    10000: (80, 35, 50),
    10001: (200, 40, 100),
    1_000_000: (200, 40, 100),
}
ON = date(2026, 11, 22)


def staffed(customers: int, people: tuple[int, ...]) -> Staffing:
    by_post = dict(zip(POSTS, people, strict=True))
    return Staffing(customers, CustomerUnit.CONTRACT, by_post, by_post)


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize("over", [-1, 0, 1])
@pytest.mark.parametrize("customers", BOUNDARIES)
def test_one_short_exactly_enough_and_one_over_in_each_post(customers: int, over: int, post: PostKind) -> None:
    required = BOUNDARIES[customers]
    people = tuple(need + (over if one == post else 0) for one, need in zip(POSTS, required, strict=True))
    found = RULE.judge(staffed(customers, people))
    assert found.verdict == (Verdict.NOT_MET if over < 0 else Verdict.MET)
    names = [one.value for one in POSTS]
    assert found.figures["customers"] == customers
    assert found.figures["required"] == dict(zip(names, required, strict=True))
    assert found.figures["eligible"] == dict(zip(names, people, strict=True))
    assert found.figures["margin"] == {name: over if name == post.value else 0 for name in names}
    assert found.figures["shortage"] == {name: 1 if name == post.value and over < 0 else 0 for name in names}


def test_the_table_is_that_of_the_specification() -> None:
    rows = [(row.words, f"≥{row.patrol}", f"≥{row.watch}", f"≥{row.design_install}") for row in TABLE]
    assert rows == [tuple(row) for row in catalogue().clauses["5.2"].table[1:]]
    assert [row_for(customers).words for customers in (100, 101, 10001)] == ["≤100", "101~500", "≥10001"]


def test_the_sentence_says_which_row_who_is_short_and_who_does_not_count() -> None:
    facts = Staffing(512, CustomerUnit.CONTRACT, {}, dict(zip(POSTS, (34, 18, 29), strict=True)), barred_count=2)
    assert "".join(words(one) for one in RULE.judge(facts).sentences) == (
        "在服务客户 512 户，适用“501~1000”一行。人工值守少 2 人。设计施工少 1 人。在岗而不符合 5.1 的 2 人不计入。"
    )


def serve(cast: Cast, number: str, begins: date, ends: date | None = None) -> None:
    customer = cast.shop.customer
    contract = Contract.objects.create(company=cast.company, customer=customer, number=number, starts_on=begins)
    ContractState.objects.create(contract=contract, state="in_service", starts_on=begins, ends_on=ends)
    keep_spans([contract.pk], Actor(cast.viewer("mia"), NOON, ""))


def staffing(cast: Cast, on: date, name: str = "mia") -> dict[str, object]:
    found = judged_clauses(cast.viewer(name), cast.company.pk, on)
    return dict(next(one for one in found if one.clause.number == "5.2").judgement.figures)


def test_customers_are_those_in_service_on_that_day_by_their_effective_dates(cast: Cast) -> None:
    serve(cast, "1", date(2026, 1, 1), date(2026, 6, 30))
    serve(cast, "2", date(2026, 6, 30))
    days = (date(2025, 12, 31), date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 1))
    assert [staffing(cast, day)["customers"] for day in days] == [0, 1, 2, 1]


def test_only_who_is_eligible_counts_and_each_in_one_post_only(cast: Cast) -> None:
    put_on_file(cast, "001")
    put_on_file(cast, "002", without=(Kind.GUARD_CERTIFICATE, Kind.EDUCATION))
    put_on_file(cast, "003", without=(Kind.POST_KIND,), more=(NewFact(Kind.POST_KIND, "patrol", date(2026, 1, 5)),))
    put_on_file(cast, "004", without=(Kind.POST_KIND,), more=(NewFact(Kind.POST_KIND, "other", date(2026, 1, 5)),))
    found = staffing(cast, ON)
    assert found["employed"] == {"patrol": 1, "watch": 2, "design_install": 0}
    assert found["eligible"] == {"patrol": 1, "watch": 1, "design_install": 0}


def test_who_changes_his_post_counts_in_the_one_of_that_day(cast: Cast) -> None:
    member = put_on_file(cast)
    moved = NewFact(Kind.POST_KIND, "patrol", date(2026, 11, 1))
    record_fact(member.pk, moved, by=cast.viewer("mia"), at=NOON)
    eligible = [staffing(cast, day)["eligible"] for day in (date(2026, 10, 31), date(2026, 11, 1))]
    assert eligible == [
        {"patrol": 0, "watch": 1, "design_install": 0},
        {"patrol": 1, "watch": 0, "design_install": 0},
    ]
