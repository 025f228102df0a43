"""Another day, or other knowledge, is judged once, and again only of what something has woken since."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.domain.compliance import verdict_reading
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.compliance.verdict_keeping import judge_waiting
from lianjing.domain.compliance.verdict_reading import standing_clauses
from tests.cast import NOON, SYSTEM, Cast
from tests.clauses.whole_company import whole_company
from tests.domain.compliance.test_verdict_store import (
    ALL,
    DAY,
    TODAY,
    WOKEN_BY_CONTRACTS,
    begin,
    break_rule,
    reading,
    sweep,
    tell,
    wake,
)

__all__ = ["reading"]
PAST = date(2026, 11, 15)


def judged_now(cast: Cast, on: date = PAST, known: Any = None) -> set[str]:
    """What of a day is judged when somebody asks for it."""
    found = standing_clauses(cast.viewer("mia"), cast.company.pk, on, known)
    return {one.judged.clause.number for one in found if one.has_evidence}


def test_a_day_is_judged_once_whatever_was_known_and_each_by_itself(cast: Cast, reading: None) -> None:
    asked = [(PAST, None), (PAST, end_of(PAST, None)), (PAST - DAY, None), (TODAY, NOON)]
    assert [judged_now(cast, *one) for one in asked] == [set(ALL)] * 4
    assert [judged_now(cast, *one) for one in asked] == [set()] * 4


def test_what_was_woken_is_judged_each_time_until_it_is_kept_anew_and_once_after(cast: Cast, reading: None) -> None:
    judged_now(cast)
    tell(cast, "contract.changed")
    assert [judged_now(cast), judged_now(cast)] == [WOKEN_BY_CONTRACTS] * 2
    wake(cast, "contract.changed")
    assert [judged_now(cast), judged_now(cast)] == [WOKEN_BY_CONTRACTS] * 2
    judge_waiting(cast.company.pk, by=SYSTEM, at=NOON)
    assert [judged_now(cast), judged_now(cast)] == [WOKEN_BY_CONTRACTS, set()]


def test_an_answer_that_was_read_before_a_change_is_not_taken_after_it(
    cast: Cast, reading: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(*told: Any, **named: Any) -> Any:
        found = judged_clauses(*told, **named)
        wake(cast, "contract.changed")
        judge_waiting(cast.company.pk, by=SYSTEM, at=NOON)
        return found

    monkeypatch.setattr(verdict_reading, "judged_clauses", judge)
    judged_now(cast)
    monkeypatch.undo()
    assert judged_now(cast) == WOKEN_BY_CONTRACTS


def test_the_sweep_of_a_new_day_has_everything_judged_again(cast: Cast, reading: None) -> None:
    judged_now(cast)
    sweep(cast, NOON + DAY)
    assert [judged_now(cast), judged_now(cast)] == [set(ALL), set()]


def test_nothing_is_remembered_of_whom_nothing_is_kept_and_of_a_rule_that_failed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [judged_now(cast), judged_now(cast)] == [set(ALL)] * 2
    begin(cast)
    break_rule(monkeypatch)
    assert [judged_now(cast), judged_now(cast)] == [set(ALL), {"4.2"}]


def test_what_is_remembered_reads_as_what_is_judged_to_everybody_and_is_nobody_else_s(cast: Cast) -> None:
    whole_company(cast, {"watch": 3})
    begin(cast)
    judged_now(cast)
    for name in ("mia", "leo", "polly"):
        viewer = cast.viewer(name)
        live = judged_clauses(viewer, cast.company.pk, PAST)
        found = standing_clauses(viewer, cast.company.pk, PAST)
        assert [(one.verdict, one.sentences, one.figures) for one in (s.judged.judgement for s in found)] == [
            (one.judgement.verdict, one.judgement.sentences, one.judgement.figures) for one in live
        ]
    assert standing_clauses(cast.viewer("sam"), cast.company.pk, PAST) == []


def test_a_remembered_day_takes_a_handful_of_queries(cast: Cast, reading: None) -> None:
    judged_now(cast)
    viewer = cast.viewer("mia")
    with CaptureQueriesContext(connection) as asked:
        standing_clauses(viewer, cast.company.pk, PAST)
    assert len(asked) == 5
