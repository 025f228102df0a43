"""Clause 6.1: an operation centre, kept apart from the offices; what evidence adds, and when a record ends."""

from datetime import date, timedelta

import pytest

from lianjing.domain.compliance.clauses.clause_6_1_isolation import Clause61Isolation
from lianjing.domain.facilities.models import PlaceFact
from lianjing.terms.facilities import ISOLATION, PlaceFactKind
from tests.cast import NOON, Cast
from tests.clauses.premises import BAD, CENTRE, ON, fact, judge, known
from tests.clauses.test_companies import judged, said, verdicts
from tests.clauses.whole_premises import UNTIL, whole_premises
from tests.domain.compliance.evidence import accepted, submitted

RULE = Clause61Isolation()
WHOLE = tuple(fact(kind) for kind in ISOLATION)


def test_a_centre_with_wall_door_rules_and_drawing_is_met() -> None:
    found = judge(RULE, known(facts=WHOLE))
    assert (found.verdict.value, found.figures) == ("met", {"centres": 1, "missing": 0, "undrawn": 0})
    assert {one.kind for one in found.evidence} == {"place_fact"}


def test_without_a_centre_nobody_knows() -> None:
    assert judge(RULE, known(places=())).verdict.value == "insufficient"


@pytest.mark.parametrize(
    ("kind", "missing", "absent"),
    [
        (PlaceFactKind.SEPARATION, "insufficient", "not_met"),
        (PlaceFactKind.ENTRY_CONTROL, "insufficient", "not_met"),
        (PlaceFactKind.WHO_ENTERS, "mostly", "mostly"),
        (PlaceFactKind.VISITORS, "mostly", "mostly"),
    ],
)
def test_each_part_missing_and_absent(kind: PlaceFactKind, missing: str, absent: str) -> None:
    others = tuple(one for one in WHOLE if one.kind is not kind)
    found = judge(RULE, known(facts=others))
    assert (found.verdict.value, said(found)) == (missing, f"没有有效的记录：运营中心的{kind.zh}。")
    assert (found.evidence[-1].kind, found.evidence[-1].id) == ("place", CENTRE.id)
    assert judge(RULE, known(facts=(*others, fact(kind, BAD)))).verdict.value == absent


def test_without_a_drawing_it_is_mostly_met() -> None:
    found = judge(RULE, known(facts=WHOLE, drawn=frozenset()))
    assert (found.verdict.value, said(found)) == ("mostly", "没有平面图：运营中心。")


def test_a_record_counts_on_its_last_day_and_no_longer_on_the_next(cast: Cast) -> None:
    whole_premises(cast, NOON)
    found = [verdicts(cast, UNTIL + timedelta(days=place))["6.1"] for place in (0, 1)]
    assert found == ["met", "insufficient"]


def test_accepted_evidence_supplies_what_no_record_says_and_outweighs_none(cast: Cast) -> None:
    accepted(cast, clauses=("6.1",))
    assert verdicts(cast)["6.1"] == "met"
    whole_premises(cast, NOON)
    PlaceFact.objects.filter(kind="separation").update(standing="bad")
    found = judged(cast)["6.1"]
    assert (found.verdict.value, [one.kind for one in found.evidence][-1]) == ("not_met", "evidence")


def test_accepted_evidence_that_is_worse_decides_and_what_waits_is_told(cast: Cast) -> None:
    whole_premises(cast, NOON)
    submitted(cast, clauses=("6.1",))
    found = judged(cast)["6.1"]
    assert (found.verdict.value, said(found).endswith("证据待审核 1 份，接受后才算数。")) == ("met", True)
    accepted(cast, text="b", clauses=("6.1",), shows="not_met")
    assert verdicts(cast)["6.1"] == "not_met"


def test_a_centre_that_was_not_in_use_yet_is_none(cast: Cast) -> None:
    whole_premises(cast, NOON)
    assert verdicts(cast, date(2026, 1, 4))["6.1"] == "insufficient"
    assert (verdicts(cast, ON)["6.1"], verdicts(cast, ON, NOON - timedelta(seconds=1))["6.1"]) == (
        "met",
        "insufficient",
    )
