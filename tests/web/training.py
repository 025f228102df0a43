"""A company with a course of two questions for the tests of its pages."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from lianjing.domain.people.assigning import To, assign_course
from lianjing.domain.people.course_policy import NewQuestion
from lianjing.domain.people.courses import add_course, add_question, open_course
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.models import Assignment, Attempt, Course, StaffMember
from lianjing.domain.people.staff import NewMember, add_member, link_account
from lianjing.domain.people.taking import start_attempt
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import Cast

COURSE: dict[str, Any] = {
    "code": "L1",
    "title": "保安服务管理条例",
    "subjects": ["law"],
    "content": "# 第一章\n\n**不得**限制他人人身自由。",
    "hours": Decimal("4.5"),
    "pass_mark": 60,
    "valid_months": 12,
}
WHO = NewQuestion("谁发给保安员证？", ["公安机关", "本单位"], [0])
WHAT = NewQuestion("保安员不得做什么？", ["搜查他人身体", "巡逻", "扣押证件"], [0, 2])
RIGHT, WRONG = {"q0": "0", "q1": ["0", "2"]}, {"q0": "1", "q1": ["1"]}


@dataclass
class School:
    cast: Cast
    course: Course
    gus: StaffMember

    @property
    def today(self) -> date:
        return timezone.localdate()

    def assigned(self, course: Course | None = None, days: int = 3) -> Assignment:
        """To Gus, due so many days from now; negative: assigned then, and overdue since."""
        at, due_on = timezone.now() - timedelta(days=max(0, -days)), self.today + timedelta(days=days)
        assign_course((course or self.course).pk, To([self.gus.pk]), due_on, by=self.cast.viewer("mia"), at=at)
        return Assignment.objects.latest("pk")

    def another_course(self, code: str) -> Course:
        return make_course(self.cast, code)

    def begun(self) -> Attempt:
        return start_attempt(self.assigned().pk, by=self.cast.viewer("gus"), at=timezone.now())


def on_file(cast: Cast, staff_no: str, name: str) -> StaffMember:
    new = NewMember({"staff_no": staff_no, "name": name}, "", [NewFact(Kind.EMPLOYMENT)])
    return add_member(cast.company.pk, new, by=cast.viewer("mia"), at=timezone.now())


def make_course(cast: Cast, code: str) -> Course:
    """Open, with two questions."""
    who: dict[str, Any] = {"by": cast.viewer("mia"), "at": timezone.now()}
    course = add_course(cast.company.pk, {**COURSE, "code": code}, **who)
    for question in (WHO, WHAT):
        add_question(course.pk, question, **who)
    return open_course(course.pk, **who)


def make_school(cast: Cast) -> School:
    gus = on_file(cast, "001", "吴大勇")
    link_account(gus.pk, "gus", by=cast.viewer("mia"), at=timezone.now())
    return School(cast, make_course(cast, "L1"), gus)
