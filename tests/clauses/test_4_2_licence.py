"""Clause 4.2: the licence on its first and last day, its scope, and none at all."""

from datetime import date

from lianjing.domain.companies.models import CompanyFact
from lianjing.terms.staffing import CompanyFactKind as Kind
from tests.cast import Cast
from tests.clauses.test_companies import judged, said, verdicts
from tests.clauses.whole_company import whole_company


def test_the_licence_counts_on_its_last_day_and_must_cover_what_is_done(cast: Cast) -> None:
    whole_company(cast)
    days = (date(2024, 1, 9), date(2024, 1, 10), date(2029, 1, 9), date(2029, 1, 10))
    assert [verdicts(cast, day)["4.2"] for day in days] == ["not_met", "met", "met", "not_met"]
    CompanyFact.objects.filter(kind=Kind.GUARD_LICENCE.value).update(details={"scope": ["patrol"]})
    found = judged(cast)["4.2"]
    assert found.verdict == "not_met"
    assert "不含安全技术防范" in said(found)


def test_how_many_days_are_left_is_told_on_the_last_one_too(cast: Cast) -> None:
    assert judged(cast)["4.2"].figures == {"valid_until": None, "days_left": None}
    whole_company(cast, {})
    days = (date(2028, 2, 29), date(2029, 1, 8), date(2029, 1, 9))
    assert [judged(cast, day)["4.2"].figures["days_left"] for day in days] == [315, 1, 0]


def test_what_is_taken_back_is_no_licence(cast: Cast) -> None:
    whole_company(cast, {})
    CompanyFact.objects.filter(kind=Kind.GUARD_LICENCE.value).delete()
    assert verdicts(cast)["4.2"] == "not_met"
