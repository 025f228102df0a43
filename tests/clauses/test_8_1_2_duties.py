"""Clause 8.1.2: written duties of every department and post, on the day."""

from datetime import date

import pytest

from lianjing.domain.companies.models import DutyText
from lianjing.domain.compliance.clauses.clause_8_1_2_duties import Clause812Duties
from lianjing.domain.compliance.organisation_rule import OrganisationKnown
from lianjing.domain.people.organisation_policy import DepartmentThatDay, PostThatDay, gaps_of
from lianjing.terms.staffing import DepartmentKind
from tests.cast import Cast
from tests.clauses.test_companies import ON, judged, verdicts
from tests.clauses.whole_company import SINCE, whole_company


@pytest.mark.parametrize(
    ("of_department", "of_post", "without", "wanted"),
    [(True, True, 0, "met"), (True, False, 1, "not_met"), (False, True, 1, "not_met"), (False, False, 2, "not_met")],
)
def test_each_one_without_duties_is_counted(of_department: bool, of_post: bool, without: int, wanted: str) -> None:
    post = PostThatDay(1, "值班长", True, 1, of_post, 1, 1)
    department = DepartmentThatDay(1, "管理部", DepartmentKind.MANAGEMENT, of_department, False, (post,))
    found = Clause812Duties().judge(OrganisationKnown(1, 1, 1, tuple(gaps_of([department]))))
    assert (found.verdict.value, found.figures["without"], len(found.evidence)) == (wanted, without, without)


def test_without_departments_nobody_knows(cast: Cast) -> None:
    assert verdicts(cast)["8.1.2"] == "insufficient"


def test_duties_count_from_their_first_day_to_their_last(cast: Cast) -> None:
    whole_company(cast, {"watch": 2})
    days = (date(2026, 1, 4), SINCE.begins)
    assert [verdicts(cast, day)["8.1.2"] for day in days] == ["insufficient", "met"]
    DutyText.objects.filter(post=None, department__kind="technical").update(valid_until=ON)
    found = [judged(cast, day)["8.1.2"] for day in (ON, date(2026, 11, 23))]
    assert [(one.verdict.value, one.figures["without"]) for one in found] == [("met", 0), ("not_met", 1)]
