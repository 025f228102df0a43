"""Clause 6.1: an operation centre, kept apart from the offices; what evidence adds, and when a record ends."""

from datetime import date, timedelta

import pytest

from lianjing.domain.compliance.clauses.clause_6_1_isolation import Clause61Isolation
from lianjing.domain.compliance.judging import Judgement
from lianjing.domain.facilities.models import Place, PlaceFact, PlaceFile
from lianjing.terms.facilities import ISOLATION, PlaceFactKind
from tests.cast import NOON, Cast
from tests.clauses.premises import BAD, CENTRE, ON, fact, judge, known
from tests.clauses.test_companies import judged, said, verdicts
from tests.clauses.whole_premises import UNTIL, fact_row, whole_premises
from tests.domain.compliance.evidence import accepted, submitted

RULE = Clause61Isolation()
WHOLE = tuple(fact(kind) for kind in ISOLATION)


def by_centre(found: Judgement) -> dict[str, str]:
    rows: list[dict[str, str]] = found.figures["by_centre"]  # type: ignore[assignment]
    return {one["centre"]: one["verdict"] for one in rows}


def test_a_centre_with_wall_door_rules_and_drawing_is_met() -> None:
    found = judge(RULE, known(facts=WHOLE))
    assert (found.verdict.value, found.figures) == (
        "met",
        {"centres": 1, "missing": 0, "undrawn": 0, "by_centre": [{"centre": "运营中心", "verdict": "met"}]},
    )
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


def test_evidence_that_is_older_than_a_second_centre_says_nothing_of_it(cast: Cast) -> None:
    whole_premises(cast, NOON)
    PlaceFact.objects.all().delete()
    accepted(cast, clauses=("6.1",))
    found = judged(cast)["6.1"]
    assert (found.verdict.value, by_centre(found)) == ("met", {"运营中心": "met"})
    assert said(found).startswith("没有记录，以证据为准：运营中心的隔墙与门、运营中心的进入控制、")
    opened = {"valid_from": ON + timedelta(days=1), "recorded_at": NOON, "recorded_by": "Mia"}
    second = Place.objects.create(company=cast.company, kind="centre", name="二号中心", **opened)
    PlaceFile.objects.create(
        company=cast.company, place=second, kind="drawing", bytes=1, recorded_at=NOON, recorded_by="Mia"
    )
    later = judged(cast, ON + timedelta(days=1))["6.1"]
    assert later.verdict.value == "insufficient"
    assert by_centre(later) == {"运营中心": "met", "二号中心": "insufficient"}
    assert "没有有效的记录：二号中心的隔墙与门、" in said(later)
    assert said(later).endswith("证据早于启用，不能说明：二号中心。")


def test_evidence_written_when_both_centres_were_in_use_speaks_of_both_and_one_bad_record_decides(cast: Cast) -> None:
    whole_premises(cast, NOON)
    since = {"valid_from": date(2026, 2, 1), "recorded_at": NOON, "recorded_by": "Mia"}
    second = Place.objects.create(company=cast.company, kind="centre", name="二号中心", **since)
    accepted(cast, clauses=("6.1",))
    assert by_centre(judged(cast)["6.1"]) == {"运营中心": "met", "二号中心": "met"}
    fact_row(second, PlaceFactKind.SEPARATION, NOON, standing="bad").save()
    found = judged(cast)["6.1"]
    assert (found.verdict.value, by_centre(found)["运营中心"]) == ("not_met", "met")


def test_a_centre_that_was_not_in_use_yet_is_none(cast: Cast) -> None:
    whole_premises(cast, NOON)
    assert verdicts(cast, date(2026, 1, 4))["6.1"] == "insufficient"
    assert (verdicts(cast, ON)["6.1"], verdicts(cast, ON, NOON - timedelta(seconds=1))["6.1"]) == (
        "met",
        "insufficient",
    )
