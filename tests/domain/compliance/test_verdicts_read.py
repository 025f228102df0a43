"""Verdicts as they are kept, read: by pages of today, and month by month over the year."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lianjing.core.outbox.stamp import stamp
from lianjing.core.outbox.write import News, emit
from lianjing.domain.compliance.models import (
    JudgedCompany,
    VerdictCount,
)
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.compliance.verdict_counts import judge_past_month
from lianjing.domain.compliance.verdict_keeping import judge_waiting
from lianjing.domain.compliance.verdict_reading import Standing, standing_clauses
from lianjing.domain.compliance.woken import note_wakes
from tests.cast import NOON, SYSTEM, Cast
from tests.clauses.whole_company import BEFORE, whole_company
from tests.domain.compliance.test_verdict_store import ALL, DAY, TODAY, WOKEN_BY_CONTRACTS, begin, reading, sweep

__all__ = ["reading"]


# Reading them


def kept(found: list[Standing]) -> set[str]:
    return {one.judged.clause.number for one in found if one.judged_at}


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianjing.domain.compliance.verdict_reading.today", lambda: TODAY)


def test_only_today_s_verdict_by_what_is_known_now_is_taken_from_what_is_kept(
    cast: Cast, reading: None, today: None
) -> None:
    mia, mine = cast.viewer("mia"), cast.company.pk
    assert kept(standing_clauses(mia, mine, TODAY)) == set(ALL)
    assert kept(standing_clauses(mia, mine, TODAY - DAY)) == set()
    assert kept(standing_clauses(mia, mine, TODAY, NOON)) == set()
    assert standing_clauses(cast.viewer("sam"), mine, TODAY) == []


def test_what_was_woken_and_not_judged_yet_is_judged_on_the_spot(cast: Cast, reading: None, today: None) -> None:
    mia, mine = cast.viewer("mia"), cast.company.pk
    with transaction.atomic():
        emit([News("contract.changed", mine, {})], at=NOON)
    assert kept(standing_clauses(mia, mine, TODAY)) == set(ALL) - WOKEN_BY_CONTRACTS
    stamp()
    assert kept(standing_clauses(mia, mine, TODAY)) == set(ALL) - WOKEN_BY_CONTRACTS
    note_wakes(by=SYSTEM, at=NOON)
    assert kept(standing_clauses(mia, mine, TODAY)) == set(ALL) - WOKEN_BY_CONTRACTS
    judge_waiting(mine, by=SYSTEM, at=NOON)
    assert kept(standing_clauses(mia, mine, TODAY)) == set(ALL)


def test_what_is_kept_reads_as_what_is_judged(cast: Cast, today: None) -> None:
    whole_company(cast, {"watch": 3})
    begin(cast)
    for name in ("mia", "leo", "polly"):
        viewer = cast.viewer(name)
        live = judged_clauses(viewer, cast.company.pk, TODAY)
        found = standing_clauses(viewer, cast.company.pk, TODAY)
        assert [(one.verdict, one.sentences, dict(one.figures)) for one in (s.judged.judgement for s in found)] == [
            (one.judgement.verdict, one.judgement.sentences, dict(one.judgement.figures)) for one in live
        ]


def test_reading_costs_the_same_however_many_people(cast: Cast, today: None) -> None:
    whole_company(cast, {"watch": 30})
    begin(cast)
    viewer = cast.viewer("mia")
    with CaptureQueriesContext(connection) as asked:
        standing_clauses(viewer, cast.company.pk, TODAY)
    assert len(asked) == 4


# The year


def test_months_before_the_first_count_are_judged_as_they_were_known_then(cast: Cast) -> None:
    whole_company(cast)
    assert BEFORE.date() == date(2026, 11, 2)
    sweep(cast)
    while judge_past_month(by=SYSTEM, at=NOON):
        pass
    assert list(VerdictCount.objects.order_by("on").values_list("on", flat=True)) == [TODAY]
    sweep(cast, NOON + 40 * DAY)
    VerdictCount.objects.filter(on=TODAY).delete()
    JudgedCompany.objects.update(looked_back_to=None)
    while judge_past_month(by=SYSTEM, at=NOON + 40 * DAY):
        pass
    points = VerdictCount.objects.order_by("on").values_list("on", "met", "in_retrospect")
    assert list(points) == [
        (date(2026, 11, 30), 18, True),
        (date(2026, 12, 31), 18, True),
        (TODAY + 40 * DAY, 18, False),
    ]


def test_only_so_many_months_are_judged_in_a_night(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_company(cast)
    sweep(cast, NOON + 100 * DAY)
    monkeypatch.setattr("lianjing.domain.compliance.verdict_counts.A_NIGHT", 1)
    done = [judge_past_month(by=SYSTEM, at=NOON + 100 * DAY) for _ in range(3)]
    assert (done, judge_past_month(by=SYSTEM, at=NOON + 101 * DAY)) == ([1, 0, 0], 1)
