"""Verdicts as they are kept: what wakes them, turns and since when, sweeps, defects, two workers."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from lianjing.core.outbox.models import Message
from lianjing.core.outbox.stamp import stamp
from lianjing.core.outbox.write import News, emit
from lianjing.core.seals.signing import SealKey
from lianjing.domain.companies.models import CompanyFact
from lianjing.domain.compliance import registry, verdict_keeping, waking
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.clauses.clause_4_2_licence import Clause42Licence
from lianjing.domain.compliance.handled_records import REVEALED, TAKEN_OUT
from lianjing.domain.compliance.models import (
    ClauseReader,
    JudgedCompany,
    StandingVerdict,
    VerdictCount,
    VerdictTurn,
    WaitingClause,
)
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.compliance.verdict_keeping import judge_all, judge_waiting
from lianjing.domain.compliance.verdict_reading import standing_clauses
from lianjing.domain.compliance.verdicts_due import unswept_company, woken_company
from lianjing.domain.compliance.woken import note_wakes
from lianjing.domain.records.actions import Deed, write_order, write_records
from lianjing.domain.records.policy import ERASED
from lianjing.domain.sites.actions.workdays import forget_workday, set_workday
from lianjing.terms.verdicts import Verdict
from lianjing.workers.sealing import Sealer
from tests.cast import NOON, SYSTEM, Cast
from tests.clauses.whole_company import whole_company

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
ALL = [clause.number for clause in catalogue().judged]
SEALED_CLAUSE = "GB55029-3.5.1(7)"
WOKEN_BY_CONTRACTS = {"5.2", "令564-21"}


def sweep(cast: Cast, at: datetime = NOON) -> None:
    judge_all(cast.company.pk, by=SYSTEM, at=at)


def tell(cast: Cast, topic: str, count: int = 1, at: datetime = NOON, company_id: int | None = 0) -> None:
    """News of the company, stamped."""
    with transaction.atomic():
        emit([News(topic, cast.company.pk if company_id == 0 else company_id, {})] * count, at=at)
    while stamp():
        pass


def wake(cast: Cast, topic: str, at: datetime = NOON) -> set[str]:
    """Tells it and reads it; which clauses of the company wait."""
    tell(cast, topic, at=at)
    note_wakes(by=SYSTEM, at=at)
    return set(WaitingClause.objects.filter(company=cast.company).values_list("clause", flat=True))


def standing(cast: Cast, clause: str) -> StandingVerdict:
    return StandingVerdict.objects.get(company=cast.company, clause=clause)


def turns(cast: Cast) -> list[tuple[str, str, str, date]]:
    rows = VerdictTurn.objects.filter(company=cast.company).order_by("pk")
    return list(rows.values_list("clause", "from_verdict", "to_verdict", "day"))


def end_licence(last: date = TODAY) -> None:
    CompanyFact.objects.filter(kind="guard_licence").update(valid_until=last)


def begin(cast: Cast) -> None:
    """The reader has begun, and everything is swept."""
    while stamp():
        pass
    note_wakes(by=SYSTEM, at=NOON)
    sweep(cast)


@pytest.fixture
def reading(cast: Cast) -> None:
    begin(cast)


def break_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule of 4.2 raises, until it is undone."""

    def fail(*_told: Any) -> None:
        raise KeyError("王小明")

    monkeypatch.setattr(Clause42Licence, "judge", fail)


# The sweep


def test_a_sweep_keeps_every_clause_as_it_is_judged(cast: Cast) -> None:
    whole_company(cast)
    sweep(cast)
    live = judged_clauses(SYSTEM, cast.company.pk, TODAY)
    kept = standing_clauses(cast.viewer("mia"), cast.company.pk, TODAY)
    assert [row.clause for row in StandingVerdict.objects.order_by("pk")] == ALL
    told = [(one.clause.number, one.judgement.verdict, one.judgement.sentences) for one in live]
    # Not today by the clock: what is shown for NOON's day is judged on the spot.
    assert [(s.judged.clause.number, s.judged.judgement.verdict, s.judged.judgement.sentences) for s in kept] == told
    assert {row.since for row in StandingVerdict.objects.all()} == {None}
    assert (turns(cast), Message.objects.filter(topic="clause.turned").count()) == ([], 0)


def test_a_company_is_due_until_it_was_swept_on_that_day_by_these_rules(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = cast.company.pk, cast.other.pk
    assert unswept_company(SYSTEM, NOON) == mine
    sweep(cast)
    assert unswept_company(SYSTEM, NOON) == other
    judge_all(other, by=SYSTEM, at=NOON)
    assert unswept_company(SYSTEM, NOON) is None
    assert unswept_company(SYSTEM, NOON + DAY) == mine
    midnight = datetime.fromisoformat("2026-11-23T00:00:00+08:00")
    assert [unswept_company(SYSTEM, midnight - timedelta(seconds=1)), unswept_company(SYSTEM, midnight)] == [None, mine]
    monkeypatch.setattr(waking, "__version__", "another")
    waking.fingerprint.cache_clear()
    assert unswept_company(SYSTEM, NOON) == mine
    monkeypatch.undo()
    waking.fingerprint.cache_clear()


def test_days_pass_without_a_message_and_a_licence_ends(cast: Cast) -> None:
    whole_company(cast)
    end_licence()
    sweep(cast)
    assert (standing(cast, "4.2").verdict, turns(cast)) == ("met", [])
    sweep(cast, NOON + DAY)
    row = standing(cast, "4.2")
    assert (row.verdict, row.since, row.on) == ("not_met", TODAY + DAY, TODAY + DAY)
    assert ("4.2", "met", "not_met", TODAY + DAY) in turns(cast)
    sweep(cast, NOON + 2 * DAY)
    assert standing(cast, "4.2").since == TODAY + DAY


def test_where_nobody_looked_for_days_the_turn_has_its_own_day(cast: Cast) -> None:
    whole_company(cast)
    end_licence(TODAY + 2 * DAY)
    sweep(cast)
    sweep(cast, NOON + 9 * DAY)
    assert standing(cast, "4.2").since == TODAY + 3 * DAY


def test_clauses_that_are_gone_are_kept_no_longer_and_new_ones_are(cast: Cast) -> None:
    sweep(cast)
    standing(cast, "4.2").delete()
    StandingVerdict.objects.filter(clause="4.1").update(clause="9.9")
    sweep(cast, NOON + DAY)
    assert set(StandingVerdict.objects.values_list("clause", flat=True)) == set(ALL)
    assert turns(cast) == []


# Wakes


def test_every_topic_wakes_the_clauses_that_name_it(cast: Cast, reading: None) -> None:
    assert wake(cast, "site.changed") == {"5.2"}
    assert wake(cast, "contract.changed") == WOKEN_BY_CONTRACTS
    assert wake(cast, "plan.withdrawn") == WOKEN_BY_CONTRACTS | {"8.4.1 a", "8.4.1 b"}
    named = {topic for rule in registry.rules().values() for topic in rule.wakes_on}
    assert set(waking.woken_by()) == named


def test_what_is_no_company_s_news_wakes_every_company(cast: Cast, reading: None) -> None:
    tell(cast, "contract.changed", company_id=None)
    note_wakes(by=SYSTEM, at=NOON)
    assert set(WaitingClause.objects.values_list("company_id", "clause")) == {
        *((cast.company.pk, clause) for clause in WOKEN_BY_CONTRACTS),
        *((cast.other.pk, clause) for clause in WOKEN_BY_CONTRACTS),
    }


def read_wakes(at: datetime = NOON) -> set[tuple[int, str]]:
    """Which clauses wait since, of which company."""
    WaitingClause.objects.all().delete()
    while stamp():
        pass
    note_wakes(by=SYSTEM, at=at)
    return set(WaitingClause.objects.values_list("company_id", "clause"))


def test_what_the_centre_says_about_workdays_wakes_what_counts_them_of_every_company(cast: Cast, reading: None) -> None:
    both = {(company.pk, clause) for company in (cast.company, cast.other) for clause in ("4.1", "8.3.1")}
    for act in (partial(set_workday, TODAY, True, ""), partial(forget_workday, TODAY)):
        act(by=cast.viewer("ada"), at=NOON)
        assert read_wakes() == both


def test_what_is_sealed_wakes_whom_it_concerns_once_a_minute_and_at_the_end(
    cast: Cast, reading: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealer, mine = Sealer(SealKey(b"\x07" * 32)), cast.company.pk

    def seal(seconds: int, company_id: int | None) -> set[tuple[int, str]]:
        at = NOON + timedelta(seconds=seconds)
        monkeypatch.setattr("lianjing.workers.sealing.timezone.now", lambda: at)
        if company_id:
            with transaction.atomic():
                write_records([Deed("thing.done", "thing", 1, company_id)], by=SYSTEM, at=at)
        sealer.turn()
        return read_wakes(at)

    # Whatever the sealer before it had not told.
    assert seal(0, None) == {(mine, SEALED_CLAUSE), (cast.other.pk, SEALED_CLAUSE)}
    assert seal(1, mine) == {(mine, SEALED_CLAUSE)}
    assert [seal(second, mine) for second in (2, 3, 30, 59)] == [set()] * 4
    assert [seal(60, None), seal(61, None), seal(62, None)] == [set(), {(mine, SEALED_CLAUSE)}, set()]


def test_what_is_revealed_taken_out_or_erased_wakes_who_counts_it(cast: Cast, reading: None) -> None:
    mine = cast.company.pk
    for action in (*REVEALED, *TAKEN_OUT):
        with transaction.atomic():
            write_records([Deed(action, "thing", 1, mine), Deed(action, "thing", 2, None)], by=SYSTEM, at=NOON)
        assert (action, read_wakes()) == (action, {(mine, "令564-30")})
    with transaction.atomic():
        write_order(Deed(ERASED, "retention", "30", None, {}), by=SYSTEM, at=NOON)
    counting = {"令564-25", "令564-30", SEALED_CLAUSE}
    assert read_wakes() == {(one, clause) for one in (mine, cast.other.pk) for clause in counting}


def test_an_import_of_a_thousand_contracts_wakes_once(
    cast: Cast, reading: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(cast, "contract.changed", 1000)
    assert note_wakes(by=SYSTEM, at=NOON) == 1000
    asked: list[Any] = []

    def judge(viewer: Any, company_id: int, on: date, known: Any = None, only: Any = None) -> Any:
        asked.append(sorted(only))
        return judged_clauses(viewer, company_id, on, known, only)

    monkeypatch.setattr(verdict_keeping, "judged_clauses", judge)
    assert judge_waiting(cast.company.pk, by=SYSTEM, at=NOON) == len(WOKEN_BY_CONTRACTS)
    assert judge_waiting(cast.company.pk, by=SYSTEM, at=NOON) == 0
    assert (asked, WaitingClause.objects.count()) == ([sorted(WOKEN_BY_CONTRACTS)], 0)


def test_a_burst_is_waited_for_but_not_for_ever(cast: Cast, reading: None) -> None:
    def woken(milliseconds: int) -> bool:
        return woken_company(SYSTEM, NOON + timedelta(milliseconds=milliseconds)) is not None

    wake(cast, "staff.changed")
    assert [woken(300), woken(400)] == [False, True]
    for step in range(300, 2100, 300):
        wake(cast, "staff.changed", NOON + timedelta(milliseconds=step))
    assert [woken(1900), woken(2000)] == [False, True]


def test_only_what_was_woken_is_judged_and_its_turn_is_told(cast: Cast) -> None:
    whole_company(cast)
    begin(cast)
    end_licence(TODAY - DAY)
    later = NOON + timedelta(minutes=1)
    wake(cast, "company.changed", later)
    judge_waiting(cast.company.pk, by=SYSTEM, at=later)
    judged = set(StandingVerdict.objects.filter(judged_at=later).values_list("clause", flat=True))
    assert judged == waking.woken_by()["company.changed"]
    assert turns(cast) == [(clause, "met", "not_met", TODAY) for clause in ("4.1", "4.2")]
    told = Message.objects.filter(topic="clause.turned").order_by("pk").values_list("company_id", "payload")
    mine = cast.company.pk
    assert list(told) == [
        (mine, {"clause": clause, "from": "met", "to": "not_met", "company": mine}) for clause in ("4.1", "4.2")
    ]
    point = VerdictCount.objects.get(company=cast.company, on=TODAY)
    assert (point.not_met, point.in_retrospect) == (2, False)
    assert point.met + point.mostly + point.not_met + point.insufficient + point.not_applicable == len(ALL)


def test_on_a_new_day_a_wake_is_answered_by_the_full_sweep(cast: Cast, reading: None) -> None:
    wake(cast, "contract.changed")
    assert judge_waiting(cast.company.pk, by=SYSTEM, at=NOON + DAY) == len(ALL)
    assert (WaitingClause.objects.count(), JudgedCompany.objects.get(pk=cast.company.pk).swept_on) == (0, TODAY + DAY)


def test_what_is_woken_while_it_is_judged_goes_on_waiting(
    cast: Cast, reading: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    wake(cast, "contract.changed")

    def judge(viewer: Any, company_id: int, on: date, known: Any = None, only: Any = None) -> Any:
        found = judged_clauses(viewer, company_id, on, known, only)
        wake(cast, "contract.changed", NOON + timedelta(seconds=1))
        return found

    monkeypatch.setattr(verdict_keeping, "judged_clauses", judge)
    assert judge_waiting(cast.company.pk, by=SYSTEM, at=NOON) == len(WOKEN_BY_CONTRACTS)
    assert set(WaitingClause.objects.values_list("woken_at", flat=True)) == {NOON + timedelta(seconds=1)}


def test_messages_that_were_tidied_away_unread_make_everything_due(cast: Cast, reading: None) -> None:
    tell(cast, "contract.changed", 3)
    Message.objects.filter(position__lte=2).delete()
    note_wakes(by=SYSTEM, at=NOON)
    assert unswept_company(SYSTEM, NOON) == cast.company.pk
    assert note_wakes(by=SYSTEM, at=NOON) == 0


def test_a_worker_that_dies_while_reading_has_read_nothing(
    cast: Cast, reading: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ClauseReader.objects.get().position

    def die(*_told: Any, **_named: Any) -> None:
        raise SystemExit

    tell(cast, "contract.changed")
    monkeypatch.setattr(ClauseReader, "save", die)
    with pytest.raises(SystemExit):
        note_wakes(by=SYSTEM, at=NOON)
    monkeypatch.undo()
    assert (ClauseReader.objects.get().position, WaitingClause.objects.count()) == (before, 0)
    note_wakes(by=SYSTEM, at=NOON)
    assert set(WaitingClause.objects.values_list("clause", flat=True)) == WOKEN_BY_CONTRACTS


# Two workers, and rules that fail


def test_of_two_workers_that_saw_the_same_only_one_turns_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_company(cast)
    begin(cast)
    end_licence(TODAY - DAY)
    wake(cast, "company.changed")

    def judge(*told: Any, **named: Any) -> Any:
        """The other one is quicker."""
        monkeypatch.setattr(verdict_keeping, "judged_clauses", judged_clauses)
        assert judge_waiting(cast.company.pk, by=SYSTEM, at=NOON) > 0
        return judged_clauses(*told, **named)

    monkeypatch.setattr(verdict_keeping, "judged_clauses", judge)
    assert judge_waiting(cast.company.pk, by=SYSTEM, at=NOON) == 0
    assert [turn[0] for turn in turns(cast)] == ["4.1", "4.2"]
    assert Message.objects.filter(topic="clause.turned").count() == 2


def test_a_rule_that_raises_is_seen_stops_no_other_and_turns_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole_company(cast)
    sweep(cast)
    had = standing(cast, "4.2")
    break_rule(monkeypatch)
    end_licence()
    sweep(cast, NOON + DAY)
    row = standing(cast, "4.2")
    assert (row.defect, row.verdict, row.on, row.sentences) == ("KeyError", had.verdict, TODAY, had.sentences)
    assert ("4.2" in {turn[0] for turn in turns(cast)}, standing(cast, "4.1").verdict) == (False, "not_met")
    assert "the rule of clause 4.2 failed" in caplog.text
    live = {one.clause.number: one for one in judged_clauses(SYSTEM, cast.company.pk, TODAY)}["4.2"]
    assert (live.judgement.verdict, live.defect) == (Verdict.INSUFFICIENT, "KeyError")
    monkeypatch.undo()
    sweep(cast, NOON + 2 * DAY)
    row = standing(cast, "4.2")
    assert (row.defect, row.verdict, row.since) == ("", "not_met", TODAY + DAY)


def test_the_first_answer_of_a_rule_that_had_failed_is_no_turn(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    break_rule(monkeypatch)
    whole_company(cast)
    sweep(cast)
    assert (standing(cast, "4.2").verdict, standing(cast, "4.2").defect) == ("", "KeyError")
    monkeypatch.undo()
    sweep(cast, NOON + DAY)
    assert (standing(cast, "4.2").verdict, turns(cast)) == ("met", [])
