"""令564 art. 25: records of the last 30 days are there, and nothing younger than exactly 30 days was erased."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from lianjing.core.seals.signing import SealKey
from lianjing.domain.compliance.attested_rule import Attested
from lianjing.domain.compliance.clauses.clause_gap_564_25_kept import ClauseGap56425Kept, Kept, Order
from lianjing.domain.compliance.forecast import forecast
from lianjing.domain.compliance.partly_seen_rule import PartlySeen
from lianjing.domain.records.actions import erase_records, seal_records
from lianjing.domain.records.models import Record
from tests.cast import NOON, SYSTEM, Cast, alarm
from tests.clauses.test_companies import ON, judged, verdicts
from tests.domain.compliance.evidence import accepted

MOMENT = timedelta(microseconds=1)
DAYS_30 = timedelta(days=30)


def only(seen: Kept) -> PartlySeen[Kept]:
    """Without any evidence of what the system does not see."""
    return PartlySeen(seen, Attested(ON, ()))


@pytest.mark.parametrize(
    ("age", "wanted"), [(DAYS_30 + MOMENT, "mostly"), (DAYS_30, "mostly"), (DAYS_30 - MOMENT, "not_met")]
)
def test_what_is_exactly_30_days_old_may_go(age: timedelta, wanted: str) -> None:
    found = ClauseGap56425Kept().judge(only(Kept(1, (), (Order(7, NOON, NOON - age),))))
    assert (found.verdict.value, found.figures["early_erasures"]) == (wanted, int(wanted == "not_met"))


@pytest.mark.parametrize(
    ("cases", "bare", "wanted"), [(0, (), "insufficient"), (1, (), "mostly"), (2, (5,), "not_met")]
)
def test_no_case_is_no_pass_and_one_without_a_record_decides(cases: int, bare: tuple[int, ...], wanted: str) -> None:
    assert ClauseGap56425Kept().judge(only(Kept(cases, bare, ()))).verdict.value == wanted


def test_images_are_shown_by_accepted_evidence_as_long_as_it_holds_and_no_case_is_still_no_pass(cast: Cast) -> None:
    accepted(cast, clauses=("令564-25",), title="录像留存证明")
    assert verdicts(cast)["令564-25"] == "insufficient"
    alarm()
    assert verdicts(cast)["令564-25"] == "met"
    row = accepted(cast, clauses=("令564-25",), title="录像抽查", shows="not_met", text="gap")
    assert verdicts(cast)["令564-25"] == "not_met"
    row.delete()
    turns = forecast(cast.viewer("mia"), cast.company.pk, ON, 60)
    told = [(turn.on, turn.after.verdict.value) for turn in turns if turn.clause.number == "令564-25"]
    assert told == [(ON + timedelta(days=30), "insufficient")]


def test_a_case_is_looked_at_for_30_days(cast: Cast) -> None:
    alarm()
    days = (ON - timedelta(days=1), ON, ON + timedelta(days=29), ON + timedelta(days=30))
    assert [judged(cast, day)["令564-25"].figures["cases"] for day in days] == [0, 1, 1, 0]


def test_cases_whose_records_are_there_and_an_erasure_that_came_too_early(cast: Cast) -> None:
    case = alarm()
    assert verdicts(cast)["令564-25"] == "mostly"
    told = {"before": (NOON - timedelta(days=29)).isoformat()}
    order = Record.objects.create(at=NOON, actor_name="x", action="retention.erased", after=told)
    found = judged(cast)["令564-25"]
    assert (found.verdict.value, [one.id for one in found.evidence]) == ("not_met", [order.pk])
    order.delete()
    Record.objects.filter(subject_type="incident", subject_id=str(case.pk)).delete()
    found = judged(cast)["令564-25"]
    assert (found.verdict.value, [one.id for one in found.evidence]) == ("not_met", [case.pk])


def test_a_past_day_stays_as_it_was_when_its_records_were_erased_long_after(cast: Cast, tmp_path: Path) -> None:
    alarm()
    seal_records(SealKey.load_or_make(tmp_path / "key"), [], at=NOON + timedelta(minutes=1))
    asked = [(ON, None), (ON, NOON + timedelta(hours=1))]
    before = [(judged(cast, *one)["令564-25"].verdict.value, forecast_of(cast)) for one in asked]
    later = NOON + timedelta(days=400)
    assert erase_records("records", later - timedelta(days=365), kept={}, by=SYSTEM, at=later) > 0
    assert [(judged(cast, *one)["令564-25"].verdict.value, forecast_of(cast)) for one in asked] == before
    assert before[0][0] == "mostly"


def forecast_of(cast: Cast) -> list[tuple[date, str]]:
    turns = forecast(cast.viewer("mia"), cast.company.pk, ON - timedelta(days=2), 40)
    return [(turn.on, turn.after.verdict.value) for turn in turns if turn.clause.number == "令564-25"]
