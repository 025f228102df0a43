"""Clause 8.1.1: the three departments, a department on the day it ends, and who holds the key posts."""

from dataclasses import replace
from datetime import date

import pytest

from lianjing.domain.companies.models import Department, Post
from lianjing.domain.compliance.clauses.clause_8_1_1_departments import Clause811Departments
from lianjing.domain.compliance.organisation_rule import OrganisationKnown
from lianjing.domain.people.models import Appointment
from lianjing.domain.people.organisation_policy import DepartmentThatDay, PostThatDay, gaps_of
from lianjing.terms.staffing import DepartmentKind
from tests.cast import Cast
from tests.clauses.test_companies import ON, judged, verdicts
from tests.clauses.whole_company import whole_company

CHIEF = PostThatDay(1, "值班长", True, 1, True, 1, 1)
KINDS = (DepartmentKind.MANAGEMENT, DepartmentKind.TECHNICAL, DepartmentKind.OPERATION)


def verdict(*kinds: DepartmentKind, chief: PostThatDay = CHIEF) -> str:
    departments = [DepartmentThatDay(place, kind.zh, kind, True, False) for place, kind in enumerate(kinds)]
    departments[:1] = [replace(one, posts=(chief,)) for one in departments[:1]]
    known = OrganisationKnown(len(kinds), 1, int(chief.is_key), tuple(gaps_of(departments)))
    return Clause811Departments().judge(known).verdict.value


@pytest.mark.parametrize("place", [0, 1, 2])
def test_all_three_departments_are_asked_for(place: int) -> None:
    assert verdict(*KINDS) == "met"
    assert verdict(*KINDS[:place], *KINDS[place + 1 :]) == "not_met"


@pytest.mark.parametrize(
    ("chief", "wanted"),
    [
        (replace(CHIEF, deputies=0), "mostly"),
        (replace(CHIEF, holders=0), "not_met"),
        (replace(CHIEF, is_key=False), "not_met"),
    ],
)
def test_key_posts_are_held(chief: PostThatDay, wanted: str) -> None:
    assert verdict(*KINDS, chief=chief) == wanted


def test_a_department_counts_on_the_day_it_ends(cast: Cast) -> None:
    whole_company(cast)
    Department.objects.filter(kind="technical").update(valid_until=ON)
    assert [verdicts(cast, day)["8.1.1"] for day in (ON, date(2026, 11, 23))] == ["met", "not_met"]


def test_a_key_post_without_a_deputy_is_mostly_met_and_without_a_holder_not(cast: Cast) -> None:
    whole_company(cast)
    Appointment.objects.filter(is_deputy=True).delete()
    assert verdicts(cast)["8.1.1"] == "mostly"
    Appointment.objects.all().delete()
    found = judged(cast)["8.1.1"]
    assert (found.verdict.value, found.evidence[0].kind, found.evidence[0].id) == (
        "not_met",
        "post",
        Post.objects.get().pk,
    )
