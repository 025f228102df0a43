"""Clause 8.3.1: a department is looked at within so many workdays, and assessed in its rhythm."""

from datetime import date, datetime, timedelta

import pytest

from lianjing.core.workdays import Workdays
from lianjing.domain.assessments.queries import Limits
from lianjing.domain.assessments.supervising import retract_entry, set_supervision_limits
from lianjing.domain.compliance.assessments_known import Assessments, CycleKnown, DepartmentKnown
from lianjing.domain.compliance.clauses.clause_8_3_1_supervision import Clause831Supervision
from lianjing.domain.sites.actions.workdays import set_workday
from lianjing.terms.assessments import CyclePeriod
from tests.cast import NOON, Cast
from tests.clauses.test_companies import ON, judged, said, verdicts
from tests.domain.assessments.assessed import assessed, logged, scored
from tests.domain.compliance.evidence import accepted

DAY = timedelta(days=1)
FRIDAY = date(2026, 11, 20)
DESK, WORKS = DepartmentKnown(1, "管理部", date(2026, 1, 5)), DepartmentKnown(2, "技术部", date(2026, 1, 5))
BOTH_KINDS = frozenset({"self", "mutual"})
CYCLE = CycleKnown(
    *(7, "三季度考核", CyclePeriod.QUARTER, date(2026, 9, 30), NOON, None, None, date(2026, 12, 20)),
    {1: BOTH_KINDS, 2: BOTH_KINDS},
)
KEPT = {1: FRIDAY, 2: FRIDAY}


def verdict(
    on: date = FRIDAY,
    last: dict[int, date] | None = None,
    cycles: tuple[CycleKnown, ...] = (CYCLE,),
    departments: tuple[DepartmentKnown, ...] = (DESK, WORKS),
    began: date | None = date(2026, 2, 2),
) -> str:
    facts = Assessments(
        *(on, NOON, departments, KEPT if last is None else last, began, cycles, Limits(), Workdays()),
    )
    found = Clause831Supervision().judge_records(facts)
    return found.verdict.value if found else ""


def test_three_workdays_without_an_entry_are_the_last_that_are_in_time() -> None:
    # Friday; Monday, Tuesday, Wednesday are workdays, the weekend counts for nothing.
    days = (FRIDAY, date(2026, 11, 25), date(2026, 11, 26), FRIDAY + 30 * DAY, FRIDAY + 31 * DAY)
    assert [verdict(day) for day in days] == ["met", "met", "mostly", "mostly", "not_met"]


def test_a_department_that_nobody_wrote_of_is_unknown_for_thirty_days_and_then_missing() -> None:
    began = date(2026, 11, 2)
    days = (began + 30 * DAY, began + 31 * DAY)
    assert [verdict(day, {1: day}, began=began) for day in days] == ["insufficient", "not_met"]
    young = DepartmentKnown(2, "技术部", FRIDAY)
    assert verdict(FRIDAY + 30 * DAY, {1: FRIDAY + 30 * DAY}, departments=(DESK, young)) == "insufficient"


def test_an_assessment_stands_until_a_month_after_its_next_period() -> None:
    last = CYCLE.until
    assert last == date(2027, 1, 30)
    assert [verdict(day, {1: day, 2: day}) for day in (last, last + DAY)] == ["met", "not_met"]


def test_a_department_that_was_not_assessed_is_missing_unless_it_is_younger_than_the_period() -> None:
    third = DepartmentKnown(3, "运行部", date(2026, 9, 30))
    young = DepartmentKnown(3, "运行部", date(2026, 10, 1))
    last = {**KEPT, 3: FRIDAY}
    assert [verdict(last=last, departments=(DESK, WORKS, one)) for one in (third, young)] == ["not_met", "met"]


@pytest.mark.parametrize(("began", "cycles"), [(None, (CYCLE,)), (date(2026, 2, 2), ())])
def test_one_of_the_two_alone_proves_nothing(began: date | None, cycles: tuple[CycleKnown, ...]) -> None:
    assert verdict(began=began, cycles=cycles) == "insufficient"
    assert verdict(began=None, cycles=()) == ""
    assert verdict(departments=()) == "insufficient"


def test_it_turns_with_the_log_and_back_with_what_is_taken_back(cast: Cast) -> None:
    who = assessed(cast)
    scored(cast, who)
    assert said(judged(cast)["8.3.1"]).startswith("还没有日常监督记录。")
    rows = [logged(cast, one) for one in who.departments.values()]
    found = judged(cast)["8.3.1"]
    assert (found.verdict.value, found.figures["log_kept"], found.figures["next_assessment_by"]) == (
        "met",
        3,
        "2027-01-30",
    )
    assert "3 个工作日内（本系统默认，规范没有写明）都有日常监督记录" in said(found)
    retract_entry(rows[0].pk, "写错部门", by=cast.viewer("leo"), at=NOON + 60 * DAY)
    assert verdicts(cast)["8.3.1"] == "insufficient"
    assert verdicts(cast, known=NOON + 59 * DAY)["8.3.1"] == "met"


def test_what_was_written_later_was_not_known_then_and_no_other_day_is_changed_by_it(cast: Cast) -> None:
    who = assessed(cast)
    scored(cast, who)
    before = verdicts(cast, ON - DAY)["8.3.1"]
    for one in who.departments.values():
        logged(cast, one, at=NOON + DAY)
    assert verdicts(cast, known=NOON)["8.3.1"] == "insufficient"
    assert verdicts(cast)["8.3.1"] == "met"
    assert verdicts(cast, ON - DAY)["8.3.1"] == before == "insufficient"


def test_the_limit_is_the_company_s_as_it_was_set_then(cast: Cast) -> None:
    who = assessed(cast)
    scored(cast, who)
    for one in who.departments.values():
        logged(cast, one)
    later = ON + 5 * DAY
    assert verdicts(cast, later)["8.3.1"] == "mostly"
    at = NOON + timedelta(hours=1)
    set_supervision_limits(cast.company.pk, 5, 12, "考核制度第 4 条", by=cast.viewer("mia"), at=at)
    assert (verdicts(cast, later)["8.3.1"], verdicts(cast, later, NOON)["8.3.1"]) == ("met", "mostly")
    assert "5 个工作日内（本单位设定）" in said(judged(cast, later)["8.3.1"])


def test_a_workday_that_was_set_later_was_not_known_then(cast: Cast) -> None:
    who = assessed(cast)
    scored(cast, who)
    for one in who.departments.values():
        logged(cast, one, FRIDAY)
    thursday = FRIDAY + 6 * DAY
    set_workday(thursday - DAY, False, "停业", by=cast.viewer("ada"), at=NOON + timedelta(hours=1))
    assert (verdicts(cast, thursday)["8.3.1"], verdicts(cast, thursday, NOON)["8.3.1"]) == ("met", "mostly")


def test_evidence_fills_what_records_leave_open_and_does_not_better_what_they_say(cast: Cast) -> None:
    accepted(cast, clauses=("8.3.1",))
    assert verdicts(cast)["8.3.1"] == "met"
    who = assessed(cast)
    rows = [logged(cast, one) for one in who.departments.values()]
    found = judged(cast)["8.3.1"]
    assert (found.verdict.value, said(found).endswith("另有有效证据 1 份，表明符合。")) == ("met", True)
    cycle = scored(cast, who)
    late = datetime(2026, 12, 28, 12, tzinfo=NOON.tzinfo)
    assert (verdicts(cast, late.date())["8.3.1"], len(rows), cycle.state) == ("not_met", 3, "scored")
