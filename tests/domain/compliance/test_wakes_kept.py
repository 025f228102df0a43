"""No wake is lost between reading and writing, and a company that cannot be judged holds up no other."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from lianjing.core.outbox.stamp import stamp
from lianjing.domain.compliance import verdict_counts, verdict_keeping, verdict_reading
from lianjing.domain.compliance.faults import clause_faults
from lianjing.domain.compliance.local_judging import all_judged
from lianjing.domain.compliance.models import JudgedCompany, VerdictCount, WaitingClause
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.compliance.verdict_keeping import judge_waiting
from lianjing.domain.compliance.verdict_reading import standing_clauses
from lianjing.domain.records.actions import Deed, write_records
from lianjing.terms.verdicts import Verdict
from lianjing.workers import clauses
from tests.cast import NOON, SYSTEM, Cast
from tests.clauses.whole_company import whole_company
from tests.domain.compliance.test_verdict_store import DAY, TODAY, begin, end_licence, standing, wake

SECOND = timedelta(seconds=1)


def test_of_two_clauses_that_wait_since_different_moments_none_is_lost(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(cast)
    wake(cast, "classes.changed")
    wake(cast, "contract.changed", NOON + 5 * SECOND)

    def judge(*told: Any, **named: Any) -> Any:
        found = judged_clauses(*told, **named)
        wake(cast, "classes.changed", NOON + 4 * SECOND)
        return found

    monkeypatch.setattr(verdict_keeping, "judged_clauses", judge)
    assert judge_waiting(cast.company.pk, by=SYSTEM, at=NOON + 6 * SECOND) == 3
    assert list(WaitingClause.objects.values_list("clause", "woken_at")) == [("8.4.1 b", NOON + 4 * SECOND)]


def test_what_is_judged_while_a_page_reads_is_not_shown_as_it_was_before(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdict_reading, "today", lambda: TODAY)
    whole_company(cast)
    begin(cast)
    end_licence(TODAY - DAY)
    wake(cast, "company.changed")
    read = verdict_reading._rows

    def rows(*asked: Any) -> Any:
        found = read(*asked)
        judge_waiting(cast.company.pk, by=SYSTEM, at=NOON)
        return found

    monkeypatch.setattr(verdict_reading, "_rows", rows)
    shown = standing_clauses(cast.viewer("mia"), cast.company.pk, TODAY)
    assert {one.judged.judgement.verdict for one in shown if one.judged.clause.number == "4.2"} == {Verdict.NOT_MET}


class Clock:
    """The worker's, to be put on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = timezone.now()
        monkeypatch.setattr(clauses.timezone, "now", lambda: self.now)

    def turns(self, minutes: int = 0) -> int:
        """Turns until nothing is done any more; how many clauses were judged."""
        self.now += timedelta(minutes=minutes)
        return sum(clauses.turn() for _ in range(5))


def failing(cast: Cast, monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    def judge(viewer: Any, company_id: int, *told: Any, **named: Any) -> Any:
        if company_id == cast.company.pk:
            raise KeyError("王小明")
        return all_judged(viewer, company_id, *told, **named)

    monkeypatch.setattr(module, "all_judged", judge)


def test_one_company_that_fails_is_told_and_tried_again_and_the_others_are_judged(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    while stamp():
        pass
    clock = Clock(monkeypatch)
    failing(cast, monkeypatch, verdict_keeping)
    assert clock.turns() > 0
    assert set(JudgedCompany.objects.exclude(swept_on=None).values_list("pk", flat=True)) == {cast.other.pk}
    assert clause_faults(SYSTEM).named == (f"company {cast.company.pk}: KeyError",)
    assert f"company {cast.company.pk}: its clauses cannot be judged" in caplog.text
    assert [clock.turns(), clock.turns(1), clock.turns(1)] == [0, 0, 0]
    assert JudgedCompany.objects.get(pk=cast.company.pk).failures == 2
    monkeypatch.setattr(verdict_keeping, "all_judged", all_judged)
    assert clock.turns(1) > 0
    assert (clause_faults(SYSTEM).count, standing(cast, "4.2").defect) == (0, "")


def test_one_whose_past_months_fail_does_not_keep_the_others_from_theirs(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    while stamp():
        pass
    clock = Clock(monkeypatch)
    clock.turns()
    JudgedCompany.objects.update(looked_back_to=None)
    VerdictCount.objects.filter(in_retrospect=True).delete()
    long_ago = clock.now - 100 * DAY
    with transaction.atomic():
        deeds = [Deed("thing.done", "thing", 1, one.pk) for one in (cast.company, cast.other)]
        write_records(deeds, by=SYSTEM, at=long_ago)
    failing(cast, monkeypatch, verdict_counts)
    clock.turns()
    assert JudgedCompany.objects.get(pk=cast.company.pk).defect == "KeyError"
    assert set(VerdictCount.objects.filter(in_retrospect=True).values_list("company_id", flat=True)) == {cast.other.pk}
