"""Companies side by side: what is kept where it is fresh, a few judged on the spot, the others with their time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.domain.companies.models import Company
from lianjing.domain.compliance import area_overview, verdict_reading
from lianjing.domain.compliance.area_overview import overviews
from lianjing.domain.compliance.models import StandingVerdict
from lianjing.domain.compliance.verdict_keeping import judge_all
from lianjing.terms.verdicts import Verdict
from tests.cast import NOON, SYSTEM, Cast
from tests.clauses.test_local_standards import add
from tests.domain.compliance.test_verdict_store import begin, tell

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def that_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict_reading, "today", lambda: TODAY)


@contextmanager
def judged(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The companies that are judged on the spot meanwhile."""
    found: list[int] = []
    real = area_overview.standing_with_local

    def noted(viewer: Any, company_id: int, on: date) -> Any:
        found.append(company_id)
        return real(viewer, company_id, on)

    with monkeypatch.context() as patch:
        patch.setattr(area_overview, "standing_with_local", noted)
        yield found


def test_what_is_fresh_is_read_and_what_is_not_judged_for_a_few(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    more = Company.objects.bulk_create(Company(code=f"c{place}", name=f"单位{place}") for place in range(4))
    begin(cast)
    mine, unjudged = cast.company.pk, [one.pk for one in more]
    with judged(monkeypatch) as asked:
        told = overviews(SYSTEM, [mine, *unjudged], TODAY)
    assert asked == unjudged[:3]
    assert (told[mine].judged_at, bool(told[mine].counts)) == (None, True)
    assert [bool(told[pk].counts) for pk in unjudged] == [True, True, True, False]


def test_after_news_it_is_judged_anew_or_says_since_when(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(cast)
    StandingVerdict.objects.filter(clause="5.2").update(verdict=Verdict.MET.value)
    had = overviews(SYSTEM, [cast.company.pk], TODAY)[cast.company.pk].counts[Verdict.MET]
    tell(cast, "contract.changed")
    assert overviews(SYSTEM, [cast.company.pk], TODAY)[cast.company.pk].counts[Verdict.MET] == had - 1
    monkeypatch.setattr(area_overview, "JUDGED_AT_MOST", 0)
    one = overviews(SYSTEM, [cast.company.pk], TODAY)[cast.company.pk]
    assert (one.counts[Verdict.MET], one.judged_at) == (had, NOON)
    tomorrow = overviews(SYSTEM, [cast.company.pk], TODAY + timedelta(days=1))[cast.company.pk]
    assert tomorrow.judged_at == NOON


@pytest.mark.parametrize("count", [1, 4])
def test_fresh_ones_cost_the_same_however_many(cast: Cast, count: int) -> None:
    more = Company.objects.bulk_create(Company(code=f"c{place}", name=f"单位{place}") for place in range(4))
    begin(cast)
    for one in more:
        judge_all(one.pk, by=SYSTEM, at=NOON)
    with CaptureQueriesContext(connection) as asked:
        overviews(SYSTEM, [one.pk for one in more[:count]], TODAY)
    assert len(asked) == 5


def test_clauses_of_local_texts_are_counted(cast: Cast) -> None:
    begin(cast)
    had = sum(overviews(SYSTEM, [cast.company.pk], TODAY)[cast.company.pk].counts.values())
    add(companies=[cast.company.pk])
    judge_all(cast.company.pk, by=SYSTEM, at=NOON)
    has = sum(overviews(SYSTEM, [cast.company.pk], TODAY)[cast.company.pk].counts.values())
    assert has > had
