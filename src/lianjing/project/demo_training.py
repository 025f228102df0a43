"""Training of the demo company: one open course that the desk and the patrols owe, and somebody who is late with it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lianjing.core.viewer import Viewer
    from lianjing.domain.companies.models import Company
    from lianjing.domain.people.assigning import To

CODE = "D-01"
COURSE = {
    "code": CODE,
    "title": "警情复核与转发（演示）",
    "subjects": ["guard", "skill"],
    "content": (
        "## 接到报警\n\n先看清类别、级别和场所，再复核。复核的方式：电话、视频、现场。\n\n"
        "## 转发\n\n核实为警情的，立即转发公安机关，报清时间、地点、类别和已经采取的措施。\n\n"
        "## 暗语\n\n对方报出受胁迫暗语时，不要追问，按受胁迫处置。\n"
    ),
    "hours": Decimal("2"),
    "pass_mark": 80,
    "valid_months": 12,
}
QUESTIONS = (
    ("接到报警后，第一步做什么？", ("看清类别、级别和场所，再复核", "直接关闭", "等下一条信号"), (0,)),
    ("下列哪些是复核方式？", ("电话", "视频", "现场", "猜测"), (0, 1, 2)),
    ("对方报出受胁迫暗语，应当怎样？", ("追问原因", "不追问，按受胁迫处置", "挂断后不再处理"), (1,)),
    ("转发公安机关时要报清什么？", ("时间、地点、类别和已采取的措施", "只报客户名称"), (0,)),
)
LATE = "W03"
"""Nobody who signs on in the demo: whoever is late with a course is not let on duty."""
DAYS = timedelta(days=30)
LATE_BY = timedelta(days=5)
BEFORE = timedelta(days=15)
"""So long ago the course was written, and the late one was assigned it."""


def make_training(company: "Company", by: "Viewer", at: datetime, today: date) -> None:
    """Only once: when the company has the course, nothing is added. People are on file already."""
    from lianjing.domain.people.assigning import To
    from lianjing.domain.people.models import Course, StaffMember
    from lianjing.terms.staffing import PostKind

    if Course.objects.filter(company=company, code=CODE).exists():
        return
    course_id = _open_course(company, by, at - BEFORE)
    late = StaffMember.objects.get(company=company, staff_no=LATE)
    _assign(course_id, To([late.pk]), today - LATE_BY, by, at - BEFORE)
    for kind in (PostKind.WATCH, PostKind.PATROL):
        _assign(course_id, To(post_kind=kind), today + DAYS, by, at)


def _open_course(company: "Company", by: "Viewer", at: datetime) -> int:
    from lianjing.domain.people.course_policy import NewQuestion
    from lianjing.domain.people.courses import add_course, add_question, open_course

    course = add_course(company.pk, COURSE, by=by, at=at, source="demo-data")
    for words, options, right in QUESTIONS:
        add_question(course.pk, NewQuestion(words, options, right), by=by, at=at, source="demo-data")
    open_course(course.pk, by=by, at=at, source="demo-data")
    return course.pk


def _assign(course_id: int, to: "To", due_on: date, by: "Viewer", at: datetime) -> None:
    from lianjing.domain.people.assigning import assign_course

    assign_course(course_id, to, due_on, by=by, at=at, source="demo-data")
