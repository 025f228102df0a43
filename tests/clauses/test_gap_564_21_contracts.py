"""令564 art. 21: contracts are kept for two years after their end, to the day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lianjing.core.scans import scan_of
from lianjing.domain.compliance.clauses.clause_gap_564_21_contracts import ClauseGap56421Contracts, Paper, Papers
from lianjing.domain.compliance.judging import Judgement
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.sites.actions.contracts import (
    Beginning,
    add_contract,
    keep_scan,
    remove_contract,
    set_contract_state,
)
from lianjing.domain.sites.models import Contract
from lianjing.terms.sentences import words
from tests.cast import NOON, Cast

RULE = ClauseGap56421Contracts()
TODAY = date(2026, 11, 22)
BEGUN = date(2020, 1, 1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def paper(ended: date | None, removed: date | None = None, has_scan: bool = True) -> Paper:
    return Paper(1, "HT-1", ended or BEGUN, ended, has_scan, noon(removed) if removed else None)


def judged(cast: Cast, on: date = TODAY, known: datetime | None = None) -> Judgement:
    [found] = judged_clauses(cast.viewer("mia"), cast.company.pk, on, known, only=("令564-21",))
    return found.judgement


def ended(cast: Cast, on: date, number: str = "HT-1", at: datetime = NOON) -> int:
    by = cast.viewer("mia")
    told = {"number": number, "starts_on": BEGUN}
    contract = add_contract(cast.shop.customer_id, told, Beginning("in_service", BEGUN), by=by, at=at)
    set_contract_state(contract.pk, "ended", on, "退租", by=by, at=at)
    return contract.pk


@pytest.mark.parametrize(
    ("end", "removed", "early"),
    [
        (date(2024, 11, 22), date(2026, 11, 22), False),
        (date(2024, 11, 22), date(2026, 11, 21), True),
        (date(2024, 2, 29), date(2026, 3, 1), False),
        (date(2024, 2, 29), date(2026, 2, 28), True),
        (None, date(2030, 1, 1), True),
    ],
)
def test_it_may_go_two_years_after_its_end_and_not_a_day_before(end: date | None, removed: date, early: bool) -> None:
    found = RULE.judge(Papers((), (paper(end, removed),)))
    assert (found.verdict == "not_met", found.figures["removed_early"]) == (early, int(early))
    assert [one.name for one in found.evidence] == (["HT-1"] if early else [])


@pytest.mark.parametrize(
    ("scans", "verdict"),
    [((True, True), "met"), ((True, False), "mostly"), ((False,), "insufficient"), ((), "insufficient")],
)
def test_what_is_kept_is_proved_by_its_scan(scans: tuple[bool, ...], verdict: str) -> None:
    found = RULE.judge(Papers(tuple(paper(TODAY, has_scan=scan) for scan in scans), ()))
    assert (found.verdict, found.figures["ended"], found.figures["with_scan"]) == (verdict, len(scans), sum(scans))


def test_an_ended_contract_must_be_kept_until_the_day_before_two_years_are_over(cast: Cast) -> None:
    ended(cast, date(2024, 11, 22))
    days = (date(2024, 11, 21), date(2024, 11, 22), date(2026, 11, 21), date(2026, 11, 22))
    assert [judged(cast, day).figures["ended"] for day in days] == [0, 1, 1, 0]


def test_both_times_hold_for_ends_scans_and_removals(cast: Cast) -> None:
    by, later = cast.viewer("mia"), NOON + timedelta(hours=1)
    keep_scan(ended(cast, date(2026, 1, 1)), scan_of(b"%PDF-1.7\nscan\n%%EOF\n"), by=by, at=later)
    gone = ended(cast, date(2024, 1, 1), "HT-2")
    remove_contract(gone, by=by, at=later)
    known = [judged(cast, known=at) for at in (NOON - timedelta(hours=1), NOON, later, None)]
    assert [(one.verdict, one.figures["with_scan"], one.figures["removed"]) for one in known] == [
        ("insufficient", 0, 0),
        ("insufficient", 0, 0),
        ("met", 1, 1),
        ("met", 1, 1),
    ]


def test_a_contract_that_went_a_day_early_is_named_with_its_reason(cast: Cast) -> None:
    pk = ended(cast, date(2025, 1, 1))
    Contract.objects.filter(pk=pk).update(removed_at=NOON, removed_by="x")
    found = judged(cast)
    assert (found.verdict, [(one.kind, one.id) for one in found.evidence]) == ("not_met", [("contract", pk)])
    assert "".join(map(words, found.sentences)) == (
        "没有终止不满 2 年的合同。撤除合同 1 份，其中终止不满 2 年的 1 份。"
    )
    assert judged(cast, TODAY - timedelta(days=1)).verdict == "insufficient"
