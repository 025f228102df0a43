"""A company with a course of two questions, and somebody on file who takes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lianjing.domain.people.assigning import To, assign_course
from lianjing.domain.people.course_policy import NewQuestion
from lianjing.domain.people.courses import add_course, add_question, open_course
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.models import Assignment, Attempt, Course, StaffMember
from lianjing.domain.people.staff import NewMember, add_member, link_account
from lianjing.domain.people.taking import start_attempt
from lianjing.terms.staffing import PostKind
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, Cast

TODAY = date(2026, 11, 22)
COURSE: Mapping[str, Any] = {
    "code": "L1",
    "title": "保安服务管理条例",
    "subjects": ["law"],
    "content": "# 第一章\n\n不得限制他人人身自由。",
    "hours": Decimal("4.5"),
    "pass_mark": 60,
    "valid_months": 12,
}
WHO = NewQuestion("谁发给保安员证？", ["公安机关", "本单位"], [0])
WHAT = NewQuestion("保安员不得做什么？", ["搜查他人身体", "巡逻", "扣押证件"], [0, 2])


@dataclass
class School:
    """A company with a course of two questions, and Gus the guard on file."""

    cast: Cast
    course: Course
    gus: StaffMember

    def mia(self, **more: Any) -> dict[str, Any]:
        return {"by": self.cast.viewer("mia"), "at": NOON} | more

    def guard(self, **more: Any) -> dict[str, Any]:
        return {"by": self.cast.viewer("gus"), "at": NOON} | more

    def assigned(self, due_on: date = TODAY) -> Assignment:
        assign_course(self.course.pk, To([self.gus.pk]), due_on, **self.mia())
        return Assignment.objects.latest("pk")

    def begun(self) -> Attempt:
        return start_attempt(self.assigned().pk, **self.guard())


def on_file(cast: Cast, staff_no: str, name: str, kind: PostKind = PostKind.PATROL, **employed: date) -> StaffMember:
    facts = [NewFact(Kind.EMPLOYMENT, **employed), NewFact(Kind.POST_KIND, kind.value)]
    new = NewMember({"staff_no": staff_no, "name": name}, "", facts)
    return add_member(cast.company.pk, new, by=cast.viewer("mia"), at=NOON)


def made_school(cast: Cast) -> School:
    mia = cast.viewer("mia")
    gus = on_file(cast, "001", "吴大勇")
    link_account(gus.pk, "gus", by=mia, at=NOON)
    course = add_course(cast.company.pk, COURSE, by=mia, at=NOON)
    for question in (WHO, WHAT):
        add_question(course.pk, question, by=mia, at=NOON)
    open_course(course.pk, by=mia, at=NOON)
    return School(cast, course, gus)
