"""Clause 6.2: each part of the centre's own protection, by how far its text was read; area at its boundary."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lianjing.domain.compliance.clauses.clause_6_2_protection import Clause62Protection
from lianjing.domain.facilities.models import PlaceFact
from lianjing.domain.facilities.standing import Shown
from lianjing.terms.facilities import PROTECTION, PlaceFactKind
from tests.cast import NOON, Cast
from tests.clauses.premises import BAD, CENTRE, DUTY, MACHINE, fact, judge, known
from tests.clauses.test_companies import ON, judged, said, verdicts
from tests.clauses.whole_premises import whole_premises
from tests.domain.compliance.evidence import accepted

RULE = Clause62Protection()
WHOLE = tuple(fact(kind) for kind in PROTECTION)


def test_all_seven_on_record_are_met_and_none_without_a_centre() -> None:
    found = judge(RULE, known(facts=WHOLE))
    assert (found.verdict.value, found.figures) == (
        "met",
        {"centres": 1, "missing": 0, "absent": 0, "by_centre": [{"centre": "运营中心", "verdict": "met"}]},
    )
    assert judge(RULE, known(places=(), facts=WHOLE)).verdict.value == "insufficient"


@pytest.mark.parametrize("kind", PROTECTION)
def test_each_part_missing_and_absent(kind: PlaceFactKind) -> None:
    others = tuple(one for one in WHOLE if one.kind is not kind)
    unread = kind in (PlaceFactKind.VIDEO, PlaceFactKind.GUARD)
    assert judge(RULE, known(facts=others)).verdict.value == "insufficient"
    found = judge(RULE, known(facts=(*others, fact(kind, BAD))))
    assert found.verdict.value == ("mostly" if unread else "not_met")
    assert said(found).startswith("待核实：" if unread else "不具备或不合格：")


@pytest.mark.parametrize(
    ("kind", "shown", "wanted"),
    [
        ("hold_up", {"value": "按钮 4 只"}, "记录待补，没有写明由谁查实：运营中心的紧急报警装置。"),
        ("hold_up", {"origin": "本单位"}, "记录待补，没有写明情况，也没有报告编号或文件：运营中心的紧急报警装置。"),
        ("hold_up", {"origin": "本单位", "has_file": True}, ""),
        ("hold_up", {"origin": "本单位", "value": "按钮 4 只"}, ""),
    ],
)
def test_a_record_that_shows_nothing_is_no_pass(kind: str, shown: dict[str, Any], wanted: str) -> None:
    bare = replace(fact(PlaceFactKind(kind)), shown=Shown(**shown))
    found = judge(RULE, known(facts=(*(one for one in WHOLE if one.kind != kind), bare)))
    assert found.verdict.value == ("insufficient" if wanted else "met")
    assert (said(found) == wanted) == bool(wanted)


def test_that_a_part_is_absent_needs_no_more_to_count() -> None:
    bare = replace(fact(PlaceFactKind.HOLD_UP, BAD), shown=Shown())
    assert judge(RULE, known(facts=(*WHOLE, bare))).verdict.value == "not_met"


def test_what_one_room_lacks_the_centre_lacks() -> None:
    lacking = fact(PlaceFactKind.ACCESS, BAD, place=MACHINE.id)
    assert judge(RULE, known(facts=(*WHOLE, lacking))).verdict.value == "not_met"


@pytest.mark.parametrize(("area", "wanted"), [("20", "met"), ("19.99", "mostly"), (None, "met")])
def test_the_area_at_its_boundary_is_only_looked_into(area: str | None, wanted: str) -> None:
    centre = replace(CENTRE, area_m2=Decimal(area) if area else None)
    found = judge(RULE, known(places=(centre, MACHINE, DUTY), facts=WHOLE))
    assert found.verdict.value == wanted
    if wanted == "mostly":
        assert said(found) == "待核实：运营中心面积 19.99 m²，JGJ 16-2008 14.9 为不小于 20 m²。"


def test_a_test_that_has_run_out_counts_no_more_and_evidence_may_stand_for_it(cast: Cast) -> None:
    whole_premises(cast, NOON)
    PlaceFact.objects.filter(kind="hold_up").update(valid_until=ON)
    tomorrow = ON + timedelta(days=1)
    assert [verdicts(cast, day)["6.2"] for day in (ON, tomorrow)] == ["met", "insufficient"]
    assert said(judged(cast, tomorrow)["6.2"]) == "没有有效的记录：运营中心的紧急报警装置。"
    accepted(cast, clauses=("6.2",), shows="mostly")
    assert [verdicts(cast, day)["6.2"] for day in (ON, tomorrow)] == ["mostly", "mostly"]
