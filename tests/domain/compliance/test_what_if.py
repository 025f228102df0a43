"""What another number of customers or people means for table 1: at every boundary, and by the company's own unit."""

from datetime import date

import pytest
from django.utils import timezone

from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.effects import Agreed, if_it_serves, if_it_stops, units_of, without
from lianjing.domain.compliance.table_1 import POSTS
from lianjing.domain.compliance.what_if import Staffed, added, customers_told
from lianjing.domain.sites.models import Contract
from lianjing.terms.sentences import Phrase, words
from tests.cast import Cast
from tests.clauses.whole_company import whole_company

ENOUGH = dict(zip(POSTS, (20, 15, 25), strict=True))


@pytest.mark.parametrize(
    ("customers", "more", "left"),
    [
        (100, (10, 5, 5), 1),
        (500, (10, 5, 5), 1),
        (1000, (10, 5, 10), 1),
        (2000, (15, 5, 5), 1),
        (5000, (25, 5, 5), 1),
        (10000, (120, 5, 50), 1),
        (489, (0, 0, 0), 12),
    ],
)
def test_one_more_customer_at_each_boundary(customers: int, more: tuple[int, ...], left: int) -> None:
    before = Staffed(customers, {})
    assert tuple(added(before.row, before.serving(1).row).values()) == more
    assert before.next_row is not None
    assert before.next_row[0] == left


def test_the_last_row_has_no_next_one() -> None:
    assert Staffed(10_001, {}).next_row is None


def test_the_sentence_of_the_501st_customer() -> None:
    before = Staffed(500, ENOUGH)
    told = "".join(words(one) for one in customers_told(Phrase("签约后"), before, before.serving(1)))
    assert told == (
        "签约后在服务 501 户，进入“501~1000”一行：现场处置巡逻 +10、人工值守 +5、设计施工 +5。"
        "现有合格人员：现场处置巡逻 20、人工值守 15、设计施工 25；还差：现场处置巡逻 10、人工值守 5、设计施工 5。"
        "再签 500 户进入“1001~2000”：现场处置巡逻 +10、人工值守 +5、设计施工 +10。"
    )


@pytest.mark.parametrize(("unit", "worth"), [("contract", 1), ("customer", 0), ("site", 0)])
def test_a_second_contract_of_a_customer_counts_by_the_unit(cast: Cast, unit: str, worth: int) -> None:
    whole_company(cast)
    Company.objects.filter(pk=cast.company.pk).update(counted_unit=unit)
    today = timezone.localdate()
    customer = cast.shop.customer_id
    assert units_of(cast.viewer("mia"), cast.company.pk, Agreed(customer), today) == worth
    first = Contract.objects.get(number="1")
    assert units_of(cast.viewer("mia"), cast.company.pk, Agreed(customer, contract_id=first.pk), today) > 0


def test_a_contract_that_stops_leads_back_and_strangers_are_told_nothing(cast: Cast) -> None:
    whole_company(cast)
    today, agreed = timezone.localdate(), Agreed(cast.shop.customer_id, contract_id=Contract.objects.get().pk)
    told = if_it_stops(cast.viewer("mia"), cast.company.pk, agreed, today, "终止后")
    assert words(told[0]) == "终止后在服务 0 户，仍适用“≤100”一行。"
    assert if_it_serves(cast.viewer("sam"), cast.company.pk, agreed, today, "x") == []


def test_who_leaves_is_lacking_in_his_post(cast: Cast) -> None:
    people = whole_company(cast)
    told = without(cast.viewer("mia"), cast.company.pk, people[0].pk, date(2026, 12, 1), "他离职后")
    assert [words(one) for one in told] == ["他离职后现场处置巡逻 9 人，应 ≥10，少 1 人。"]
    people[0].facts.filter(kind="guard_certificate").delete()
    told = without(cast.viewer("mia"), cast.company.pk, people[0].pk, date(2026, 12, 1), "他离职后")
    assert [words(one) for one in told] == ["2026-12-01 他不计入表 1 的人数，不改变 5.2。"]
