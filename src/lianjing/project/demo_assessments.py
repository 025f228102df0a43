"""Supervision and assessments of the demo company: a log of some weeks, one assessment at its end, one being scored."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from lianjing.project import demo_company as demo

if TYPE_CHECKING:
    from lianjing.core.viewer import Viewer
    from lianjing.domain.assessments.models import AssessmentCycle, CriteriaSet, ScoreSheet
    from lianjing.domain.assessments.policy import NewCriterion, NewCycle
    from lianjing.domain.companies.models import Company

DAY = timedelta(days=1)
SOURCE = "demo-data"


@dataclass(frozen=True, slots=True)
class Look:
    """An entry of the log: so many days ago, of which department."""

    ago: int
    department: str
    looked_at: str
    found: str = ""


ROUNDS = (
    ("运行维护部", "夜班交接班记录、接警席整洁", 1),
    ("技术部", "工单关闭情况、备件台账", 2),
    ("综合管理部", "合同归档、证件到期提醒", 3),
)
"""What is looked at, and every how many days."""
LOGGED_DAYS = 24
PROBLEMS = (
    Look(9, "运行维护部", "夜班交接班记录", "11 号台耳机接触不良，交接单没有记。（演示）"),
    Look(5, "技术部", "备件台账", "两块备用主板没有登记序列号。（演示）"),
)


def make_assessments(company: "Company", at: datetime, today: date) -> None:
    """Only once. The demo's own people act, each with what is his."""
    from lianjing.domain.assessments.models import SupervisionEntry
    from lianjing.domain.people.models import User

    if SupervisionEntry.objects.filter(company=company).exists():
        return
    people = {name: User.objects.get(username=name).as_viewer() for name in demo.USERS}
    places = _departments(company)
    _support_post(company, places["技术部"], people["manager"], at, today)
    _log(company, places, people["leader"], at, today)
    criteria = _criteria(company, people["manager"], at - 100 * DAY)
    _past(company, criteria, people["manager"], at, today)
    _present(company, criteria, people["manager"], at, today)


def _departments(company: "Company") -> dict[str, int]:
    from lianjing.domain.companies.models import Department

    return dict(Department.objects.filter(company=company, first=None).values_list("name", "pk"))


def _support_post(company: "Company", department: int, by: "Viewer", at: datetime, today: date) -> None:
    """A post of the technical department whose holder has an account: he scores for it."""
    from lianjing.domain.companies.departments import add_post, write_duties
    from lianjing.domain.companies.versions import Span
    from lianjing.domain.people.appointments import Appointed, appoint

    span, who = Span(today - 300 * DAY), {"by": by, "at": at - 200 * DAY, "source": SOURCE}
    values = {"title": "系统支持员（兼）", "is_key": False, "post_kind": "other", "places": 1}
    post = add_post(department, values, span, **who)  # type: ignore[arg-type]
    write_duties(post, "值守席与设备的联络，技术部对外评价。（演示）", today - 300 * DAY, **who)  # type: ignore[arg-type]
    appoint(post.pk, Appointed("W01", span), **who)  # type: ignore[arg-type]


def _log(company: "Company", places: dict[str, int], by: "Viewer", at: datetime, today: date) -> None:
    from lianjing.domain.assessments.supervising import NewEntry, log_supervision

    looks = [
        Look(ago, name, what)
        for name, what, every in ROUNDS
        for ago in range(LOGGED_DAYS)
        if ago % every == 0 and (today - ago * DAY).isoweekday() <= 5
    ]
    for look in sorted((*looks, *PROBLEMS), key=lambda one: -one.ago):
        new = NewEntry(
            today - look.ago * DAY,
            places[look.department],
            f"{look.looked_at}（演示）",
            "problem" if look.found else "normal",
            look.found,
        )
        log_supervision(company.pk, new, by=by, at=at - look.ago * DAY, source=SOURCE)


def _criteria(company: "Company", by: "Viewer", at: datetime) -> "CriteriaSet":
    from lianjing.domain.assessments.criteria import add_criteria

    return add_criteria(company.pk, "部门考核指标（演示）", _lines(), by=by, at=at, source=SOURCE)


def _lines() -> "tuple[NewCriterion, ...]":
    from lianjing.domain.assessments.policy import NewCriterion

    figure = "figure"
    return (
        NewCriterion("制度和职责执行", 25, looks_at="抽查三项制度的执行记录"),
        NewCriterion("工作质量", 25, looks_at="差错、返工、客户反映"),
        NewCriterion("协作与响应", 15, looks_at="其他部门的评价"),
        NewCriterion("受理时间", 15, 100, figure, "acknowledge", Decimal(30), Decimal(180), "统计 · 响应时间"),
        NewCriterion("培训完成", 10, 100, figure, "training", Decimal(100), Decimal(50), "培训进度"),
        NewCriterion("超期整改", 10, 100, figure, "findings_overdue", Decimal(0), Decimal(3), "整改名单"),
    )


def _new(company: "Company", criteria: "CriteriaSet", name: str, days: tuple[date, date, date, date]) -> "NewCycle":
    from lianjing.domain.assessments.policy import SHARES, NewCycle

    first, last, sheets, analysis = days
    places = tuple(_departments(company).values())
    return NewCycle(name, "quarter", first, last, criteria.pk, places, "M01", sheets, analysis, SHARES)


POINTS = {
    "self": {"综合管理部": 92, "技术部": 96, "运行维护部": 90},
    "mutual": {"综合管理部": 88, "技术部": 82, "运行维护部": 91},
    "assessor": {"综合管理部": 90, "技术部": 80, "运行维护部": 88},
}


def _past(company: "Company", criteria: "CriteriaSet", by: "Viewer", at: datetime, today: date) -> None:
    """The last quarter: scored, analysed, closed, with a finding of it."""
    from lianjing.domain.assessments import cycles
    from lianjing.domain.findings.actions import Assignment
    from lianjing.domain.findings.raising import NewFinding

    began, when = today - 40 * DAY, at - 40 * DAY
    new = _new(
        company, criteria, "上季度部门考核（演示）", (began - 92 * DAY, began - DAY, began + 10 * DAY, began + 30 * DAY)
    )
    who = {"by": by, "source": SOURCE}
    pk = cycles.draft_cycle(company.pk, new, at=when, **who).pk  # type: ignore[arg-type]
    cycle = cycles.open_cycle(pk, at=when, **who)  # type: ignore[arg-type]
    for sheet in _sheets(cycle):
        _hand_in(sheet, POINTS[sheet.kind][sheet.department.name], when + 5 * DAY)
    cycles.score_cycle(pk, at=when + 8 * DAY, **who)  # type: ignore[arg-type]
    analysis = "技术部自评 96、互评 82，差 14 分：自评没有计入返工。三个部门的制度执行都好于上次。（演示）"
    measures = "技术部自评须附返工清单；返工超过两次的工单由负责人复查。（演示）"
    cycles.analyse_cycle(pk, analysis, measures, at=when + 12 * DAY, **who)  # type: ignore[arg-type]
    found = NewFinding("技术部自评没有依据：返工没有计入", "minor", "互评指出三张工单返工，自评仍给满分。（演示）")
    to = Assignment("D01", today - 2 * DAY, _departments(company)["技术部"])
    cycles.raise_from_cycle(pk, found, to, at=when + 13 * DAY, **who)  # type: ignore[arg-type]
    cycles.close_cycle(pk, at=when + 14 * DAY, **who)  # type: ignore[arg-type]


def _present(company: "Company", criteria: "CriteriaSet", by: "Viewer", at: datetime, today: date) -> None:
    """Being scored: some sheets are in, others wait."""
    from lianjing.domain.assessments import cycles

    days = (today - 40 * DAY, today - DAY, today + 9 * DAY, today + 25 * DAY)
    new = _new(company, criteria, "本季度部门考核（演示）", days)
    pk = cycles.draft_cycle(company.pk, new, by=by, at=at - 3 * DAY, source=SOURCE).pk
    cycle = cycles.open_cycle(pk, by=by, at=at - 2 * DAY, source=SOURCE)
    for sheet in _sheets(cycle):
        if sheet.kind == "assessor" and sheet.department.name == "综合管理部":
            _hand_in(sheet, 90, at - DAY)


def _sheets(cycle: "AssessmentCycle") -> "list[ScoreSheet]":
    rows = cycle.sheets.select_related("cycle__criteria", "department", "evaluator__user")
    return list(rows.order_by("pk"))


def _hand_in(sheet: "ScoreSheet", points: int, at: datetime) -> None:
    from lianjing.domain.assessments.sheets import Given, submit_sheet

    evaluator = sheet.evaluator
    if evaluator is None or evaluator.user is None:
        return
    given = {one.pk: Given(Decimal(points), "查阅记录（演示）") for one in sheet.cycle.criteria.lines.all()}
    submit_sheet(sheet.pk, given, by=evaluator.user.as_viewer(), at=at, source=SOURCE)
