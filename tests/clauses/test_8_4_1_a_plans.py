"""Clause 8.4.1 a: each plan in force was found lawful by somebody else than its author, for the day that is asked."""

from datetime import date, timedelta
from typing import Any

import pytest

from lianjing.domain.compliance.clauses.clause_8_4_1_a_plans import Clause841aPlans, Reviewed
from lianjing.domain.compliance.evidence_known import EvidenceKnown
from lianjing.domain.plans.actions import PlanPlace, withdraw_version
from lianjing.domain.plans.plan_reviewing import record_review, retract_review
from lianjing.domain.plans.review_policy import PlanStanding, ReviewKnown
from lianjing.terms.evidence import EvidenceState
from lianjing.terms.plans import ReviewConclusion, ReviewKind
from lianjing.terms.sentences import words
from lianjing.terms.verdicts import Verdict
from tests.cast import NOON, Cast
from tests.clauses.test_companies import ON, judged, said, verdicts
from tests.clauses.test_forecast import assert_exact, of, turns
from tests.domain.compliance.evidence import accepted
from tests.domain.plans.test_actions import as_, in_force
from tests.domain.plans.test_reviewing import legal

CLAUSE = "8.4.1 a"
LAST = date(2027, 11, 22)


def plan(pk: int, *conclusions: tuple[str, date, date]) -> PlanStanding:
    reviews = [
        ReviewKnown(place, pk, ReviewKind.LEGAL, ReviewConclusion(told), begins, ends, "Mia")
        for place, (told, begins, ends) in enumerate(conclusions)
    ]
    return PlanStanding(pk, f"预案{pk}", "fire", None, "class", pk, 1, ON, ON, tuple(reviews))


def piece(shows: Verdict) -> EvidenceKnown:
    return EvidenceKnown(1, "意见书", shows, ON, None, EvidenceState.ACCEPTED, "Leo", "Mia", (CLAUSE,), True)


FITS, FAILS = ("fits", ON, LAST), ("fails", ON, LAST)
OVER = ("fits", ON - timedelta(days=365), ON - timedelta(days=1))


@pytest.mark.parametrize(
    ("plans", "shows", "wanted"),
    [
        ([], None, "insufficient"),
        ([plan(1)], None, "insufficient"),
        ([plan(1, OVER)], None, "insufficient"),
        ([plan(1, FITS)], None, "met"),
        ([plan(1, OVER, FITS)], None, "met"),
        ([plan(1, FITS), plan(2)], None, "mostly"),
        ([plan(1, FITS), plan(2, FAILS)], None, "not_met"),
        ([plan(1, FITS, FAILS)], None, "not_met"),
        ([plan(1)], Verdict.MET, "met"),
        ([plan(1, FITS), plan(2)], Verdict.MET, "met"),
        ([plan(1, FITS)], Verdict.NOT_MET, "not_met"),
        ([plan(1, FAILS)], Verdict.MET, "not_met"),
    ],
)
def test_what_was_found_of_every_plan_decides_and_evidence_covers_what_nobody_reviewed(
    plans: list[PlanStanding], shows: Verdict | None, wanted: str
) -> None:
    facts = Reviewed(ON, tuple(plans), (piece(shows),) if shows else ())
    assert Clause841aPlans().judge(facts).verdict.value == wanted


def test_a_plan_without_a_review_is_named_and_one_that_was_reviewed_says_until_when(cast: Cast) -> None:
    assert said(judged(cast)[CLAUSE]) == "没有执行中的预案，无从评审。"
    fire = in_force(cast, PlanPlace("fire"))
    in_force(cast, PlanPlace("medical"))
    assert said(judged(cast)[CLAUSE]) == "执行中的预案 2 份都没有有效的合法性和适用性评审。"
    record_review(fire.pk, legal(), **as_(cast, "mia"))
    found = judged(cast)[CLAUSE]
    assert (found.verdict.value, said(found)) == (
        "mostly",
        "执行中的预案 2 份，经评审合法适用的 1 份。没有有效评审：ours。",
    )
    assert [words(one) for one in found.evidence] == [
        "第 1 版：还没有评审。",
        "第 1 版：2026-11-22 评审为符合，有效至 2027-11-22。",
    ]


def test_by_both_times(cast: Cast) -> None:
    version = in_force(cast, PlanPlace("fire"))
    late: dict[str, Any] = {"by": cast.viewer("mia"), "at": NOON + timedelta(days=2)}
    review = record_review(version.pk, legal(), **late)
    day_before = ON - timedelta(days=1)
    assert [verdicts(cast, day)[CLAUSE] for day in (day_before, ON, LAST)] == ["insufficient", "met", "met"]
    assert verdicts(cast, ON, NOON)[CLAUSE] == "insufficient"
    retract_review(review.pk, "错", by=cast.viewer("mia"), at=NOON + timedelta(days=3))
    assert (verdicts(cast)[CLAUSE], verdicts(cast, ON, NOON + timedelta(days=2))[CLAUSE]) == ("insufficient", "met")


def test_accepted_evidence_counts_beside_the_reviews(cast: Cast) -> None:
    in_force(cast, PlanPlace("fire"))
    accepted(cast, clauses=(CLAUSE,))
    found = judged(cast)[CLAUSE]
    assert (found.verdict.value, found.evidence[-1].kind) == ("met", "evidence")


def test_a_review_that_ends_is_seen_ahead_and_named(cast: Cast) -> None:
    version = in_force(cast, PlanPlace("fire"))
    record_review(version.pk, legal(valid_until=ON + timedelta(days=9)), **as_(cast, "mia"))
    found = turns(cast)
    assert of(CLAUSE, found) == [("2026-12-02", "met", "insufficient")]
    causes = next(one.causes for one in found if one.clause.number == CLAUSE)
    assert [words(one) for one in causes] == ["第 1 版：评审已于 2026-12-01 到期。"]
    withdraw_version(version.pk, "no longer fits", by=cast.viewer("mia"), at=NOON + timedelta(days=4))
    assert_exact(cast, ON, 15)
