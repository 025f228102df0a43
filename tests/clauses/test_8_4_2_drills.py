"""Clause 8.4.2: programme, kinds, and what each drill of the last year must have."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lianjing.domain.compliance.clauses.clause_8_4_2_drills import Clause842Drills, Exercises, ProgrammeKnown
from lianjing.domain.compliance.drill_policy import DrillKnown
from lianjing.domain.compliance.looking_ahead import Span
from lianjing.domain.compliance.registry import rules
from lianjing.domain.drills.actions import retract_drill
from lianjing.domain.drills.programming import draft_programme
from lianjing.terms.drills import DrillKind
from tests.cast import NOON, Cast
from tests.clauses.test_companies import judged, said, verdicts
from tests.domain.drills.exercise import DAY, archived, as_, held, line_of, programme

ON = date(2026, 11, 22)
GOOD = DrillKnown(1, "D-1", "一", DrillKind.TABLETOP, ON, evaluated_on=ON, reviewed_on=ON, archived_on=ON)
THREE = tuple(replace(GOOD, id=place, kind=kind) for place, kind in enumerate(DrillKind) if kind.counts)
PROGRAMME = ProgrammeKnown(1, 2026, 2)


def judge(*drills: DrillKnown, on: date = ON, programme: ProgrammeKnown | None = PROGRAMME) -> str:
    return Clause842Drills().judge(Exercises(on, 14, programme, drills)).verdict.value


def test_everything_is_met_and_one_thing_less_is_not() -> None:
    assert judge(*THREE) == "met"
    assert judge(*THREE, programme=None) == "mostly"
    assert judge(*THREE, programme=ProgrammeKnown(1, 2026, 1)) == "mostly"
    assert judge(*THREE[:2]) == "mostly"
    assert judge() == "insufficient"
    assert judge(replace(GOOD, kind=DrillKind.COMMUNICATION)) == "insufficient"


@pytest.mark.parametrize(
    ("lacks", "in_time", "too_late"),
    [
        ({"archived_on": None}, "met", "mostly"),
        ({"evaluated_on": None, "archived_on": None}, "met", "not_met"),
        ({"is_observed": False}, "met", "not_met"),
        ({"has_script": False}, "not_met", "not_met"),
        ({"has_roles": False}, "not_met", "not_met"),
    ],
)
def test_there_are_fourteen_days_for_what_comes_after_it(lacks: dict[str, Any], in_time: str, too_late: str) -> None:
    drills = (*THREE, replace(GOOD, id=9, **lacks))
    last = ON + timedelta(days=14)
    assert (judge(*drills, on=last), judge(*drills, on=last + timedelta(days=1))) == (in_time, too_late)


@pytest.mark.parametrize(
    ("held_on", "last"),
    [
        (date(2025, 3, 1), date(2026, 2, 28)),
        (date(2023, 11, 22), date(2024, 11, 21)),
        (date(2024, 2, 29), date(2025, 2, 28)),
    ],
)
def test_a_year_is_over_on_its_day_also_when_it_leaps(held_on: date, last: date) -> None:
    one = replace(GOOD, held_on=held_on)
    assert [one.is_within_years(day) for day in (last, last + timedelta(days=1))] == [True, False]


def test_a_kind_counts_for_three_years() -> None:
    old = tuple(replace(one, held_on=date(2023, 11, 23)) for one in THREE)
    assert judge(*old, *THREE[:1]) == "met"
    assert DrillKnown(1, "", "", DrillKind.FULL, date(2023, 11, 22)).is_within_years(ON, 3) is False


def test_from_nothing_to_met(cast: Cast) -> None:
    assert verdicts(cast)["8.4.2"] == "insufficient"
    row = programme(cast, "tabletop", "functional", "full")
    assert verdicts(cast)["8.4.2"] == "insufficient"
    for place in (1, 2):
        archived(cast, NOON - place * 30 * DAY, line_of(row, place))
    found = judged(cast)["8.4.2"]
    assert (found.verdict.value, found.figures["kinds_missing"]) == ("mostly", ["full"])
    assert said(found) == "一年内举行演练 2 次，已评估 2 次，已归档 2 次。三年内没有做过：实战演练。"
    drill = archived(cast, NOON - 10 * DAY, line_of(row, 3))
    assert verdicts(cast)["8.4.2"] == "met"
    assert [one.kind for one in judged(cast)["8.4.2"].evidence] == ["programme", "drill", "drill", "drill"]
    assert verdicts(cast, known=NOON - 10 * DAY)["8.4.2"] == "mostly"
    assert verdicts(cast, ON - timedelta(days=11))["8.4.2"] == "mostly"
    draft_programme(cast.company.pk, 2026, **as_(cast, "leo"))
    assert verdicts(cast)["8.4.2"] == "met"
    assert drill.state == "archived"


def ahead(cast: Cast, first: date, days: int, known: datetime | None = None) -> None:
    """The forecast says of each day what the clause says on it."""
    rule, viewer, pk = rules()["8.4.2"], cast.viewer("mia"), cast.company.pk
    span = Span(first, first + timedelta(days=days))
    found = rule.ahead(viewer, pk, span, known)
    last = None
    for day in span.days:
        now = rule.judge(rule.facts(viewer, pk, day, known))
        assert rule.judge(found.on(day)) == now, day
        assert last is None or last == now.verdict or day in found.days, day
        last = now.verdict


def test_the_forecast_tells_when_a_drill_falls_out_of_its_year(cast: Cast) -> None:
    row = programme(cast, "tabletop", "full")
    archived(cast, NOON - 40 * DAY, line_of(row))
    late = held(cast, NOON - 5 * DAY, line_of(row, 2))
    ahead(cast, ON - timedelta(days=45), 90)
    ahead(cast, ON - timedelta(days=45), 60, NOON - 20 * DAY)
    ahead(cast, ON + timedelta(days=320), 45)
    retract_drill(late.pk, "不算", **as_(cast, "mia"))
    ahead(cast, ON - timedelta(days=10), 15, NOON - DAY)
