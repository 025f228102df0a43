"""Two who write on one company's file at once."""

from dataclasses import replace
from datetime import date

import pytest

from lianjing.domain.companies.changing import company_to_change
from lianjing.domain.companies.models import CompanyFact
from lianjing.domain.companies.recording import correct_company_fact, record_company_fact
from tests.at_once import second_meanwhile
from tests.cast import NOON, Cast
from tests.domain.companies.test_company_facts import LICENCE, record


@pytest.mark.django_db(transaction=True)
def test_who_corrects_a_fact_waits_for_who_records_the_next_one() -> None:
    cast = Cast()
    fact, who = record(cast, LICENCE), {"by": cast.viewer("mia"), "at": NOON}
    renewed = replace(LICENCE, valid_from=date(2026, 1, 1), number="浙公保服20260001号")
    ended = second_meanwhile(
        lambda: company_to_change(cast.company.pk, cast.viewer("mia")),
        lambda: correct_company_fact(fact.pk, LICENCE, "写错了", **who),
        then=lambda: record_company_fact(cast.company.pk, renewed, **who),
    )
    assert ended == ["first", "missing"]
    assert CompanyFact.objects.filter(retracted_at=None).count() == 2
