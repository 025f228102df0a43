"""Clause 8.3.2: each department has evaluated itself, and was evaluated by another, within the months that count."""

from datetime import date, timedelta

import pytest

from lianjing.core.workdays import Workdays
from lianjing.domain.assessments.queries import Limits
from lianjing.domain.companies.departments import add_department
from lianjing.domain.companies.versions import Span
from lianjing.domain.compliance.assessments_known import Assessments, CycleKnown, DepartmentKnown
from lianjing.domain.compliance.clauses.clause_8_3_2_evaluation import Clause832Evaluation
from lianjing.terms.assessments import CyclePeriod
from tests.cast import NOON, Cast
from tests.clauses.test_companies import ON, judged, said, verdicts
from tests.domain.assessments.assessed import assessed, opened, scored

DAY = timedelta(days=1)
DESK, WORKS = DepartmentKnown(1, "管理部", date(2026, 1, 5)), DepartmentKnown(2, "技术部", date(2026, 1, 5))
ALL = {"self", "mutual", "assessor"}


def verdict(
    evaluated: dict[int, set[str]], on: date = ON, departments: tuple[DepartmentKnown, ...] = (DESK, WORKS)
) -> str:
    kinds = {pk: frozenset(found) for pk, found in evaluated.items()}
    cycle = CycleKnown(7, "三季度", CyclePeriod.QUARTER, date(2026, 9, 30), NOON, None, None, date(2026, 12, 20), kinds)
    facts = Assessments(on, NOON, departments, {}, None, (cycle,), Limits(), Workdays())
    found = Clause832Evaluation().judge_records(facts)
    assert found is not None
    return found.verdict.value


@pytest.mark.parametrize(
    ("second", "wanted"),
    [(ALL, "met"), ({"self", "mutual"}, "met"), ({"self"}, "not_met"), ({"mutual"}, "not_met"), (set(), "not_met")],
)
def test_each_department_needs_both(second: set[str], wanted: str) -> None:
    assert verdict({1: ALL, 2: second}) == wanted


def test_an_evaluation_counts_for_twelve_months_the_same_day_included() -> None:
    days = (date(2027, 11, 22), date(2027, 11, 23))
    assert [verdict({1: ALL, 2: ALL}, day) for day in days] == ["met", "not_met"]


def test_a_department_younger_than_the_evaluation_is_not_due_yet() -> None:
    found = [
        verdict({1: ALL}, departments=(DESK, DepartmentKnown(3, "新部", since)))
        for since in (date(2026, 9, 30), date(2026, 10, 1))
    ]
    assert found == ["not_met", "met"]


def test_it_turns_when_the_assessment_is_scored_and_not_before(cast: Cast) -> None:
    who = assessed(cast)
    cycle = opened(cast, who)
    assert (verdicts(cast)["8.3.2"], said(judged(cast)["8.3.2"])) == (
        "insufficient",
        "还没有部门自我评价和相互评价的记录。",
    )
    cycle.delete()
    scored(cast, who)
    found = judged(cast)["8.3.2"]
    assert (found.verdict.value, found.figures["next_evaluation_by"]) == ("met", "2027-11-22")
    assert said(found) == ("12 个月内（本系统默认，规范没有写明）部门 3 个：自我评价 3 个，相互评价 3 个。")
    assert verdicts(cast, ON - DAY)["8.3.2"] == "insufficient"
    assert verdicts(cast, known=NOON - DAY)["8.3.2"] == "insufficient"


def test_a_department_left_out_is_named(cast: Cast) -> None:
    who = assessed(cast)
    told = {"name": "客服部", "kind": "operation", "parent": None}
    add_department(cast.company.pk, told, Span(date(2026, 2, 1)), by=cast.viewer("mia"), at=NOON)
    scored(cast, who)
    found = judged(cast)["8.3.2"]
    assert (found.verdict.value, found.figures["not_evaluated"]) == ("not_met", 1)
    assert (found.evidence[0].name, found.evidence[0].sentence) == ("客服部", "既没有自我评价，也没有被其他部门评价。")
