"""Supervision and assessments for tests: three departments, whose people have accounts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from lianjing.domain.assessments.criteria import add_criteria
from lianjing.domain.assessments.cycles import analyse_cycle, close_cycle, draft_cycle, open_cycle, score_cycle
from lianjing.domain.assessments.models import AssessmentCycle, CriteriaSet, ScoreSheet, SupervisionEntry
from lianjing.domain.assessments.policy import SHARES, NewCriterion, NewCycle
from lianjing.domain.assessments.sheets import Given, submit_sheet
from lianjing.domain.assessments.supervising import NewEntry, log_supervision
from lianjing.domain.companies.departments import add_department, add_post
from lianjing.domain.companies.models import Department
from lianjing.domain.companies.versions import Span
from lianjing.domain.people.appointments import Appointed, appoint
from lianjing.domain.people.models import StaffMember
from tests.cast import NOON, Cast
from tests.staff import put_on_file

TODAY = date(2026, 11, 22)
SINCE = Span(date(2026, 1, 5))
DAY = timedelta(days=1)
DEPARTMENTS = (
    ("管理部", "management", "mia", "901"),
    ("技术部", "technical", "leo", "902"),
    ("运行部", "operation", "olivia", "001"),
)
LINES = (NewCriterion("制度执行", 60), NewCriterion("工作质量", 40, 10))


@dataclass(frozen=True, slots=True)
class Assessed:
    """A company that can be assessed: its departments by name, and who leads each."""

    departments: dict[str, Department]
    people: dict[str, StaffMember]

    def ids(self) -> tuple[int, ...]:
        return tuple(one.pk for one in self.departments.values())


def assessed(cast: Cast, at: datetime = NOON) -> Assessed:
    """Departments with a leader each: Mia, Leo, Olivia."""
    who: dict[str, Any] = {"by": cast.viewer("mia"), "at": at}
    departments, people = {}, {}
    for name, kind, user, number in DEPARTMENTS:
        department = add_department(cast.company.pk, {"name": name, "kind": kind, "parent": None}, SINCE, **who)
        post = add_post(department.pk, {"title": f"{name}负责人", "is_key": True}, SINCE, **who)
        member = put_on_file(cast, number, user.title(), at=at)
        member.user = cast.users[user]
        member.save()
        appoint(post.pk, Appointed(number, SINCE), **who)
        departments[name], people[name] = department, member
    return Assessed(departments, people)


def logged(cast: Cast, department: Department, day: date = TODAY, at: datetime = NOON, **told: Any) -> SupervisionEntry:
    sound = {"looked_at": "交接班记录", "result": "normal"}
    new = NewEntry(day, department.pk, **{**sound, **told})
    return log_supervision(cast.company.pk, new, by=cast.viewer("leo"), at=at)


def criteria(cast: Cast, lines: tuple[NewCriterion, ...] = LINES, at: datetime = NOON) -> CriteriaSet:
    return add_criteria(cast.company.pk, "部门考核指标", lines, by=cast.viewer("mia"), at=at)


def new_cycle(cast: Cast, who: Assessed, **told: Any) -> NewCycle:
    wanted = told.pop("criteria", None) or criteria(cast)
    sound: dict[str, Any] = {
        "name": "三季度考核",
        "period": "quarter",
        "first_on": date(2026, 7, 1),
        "last_on": date(2026, 9, 30),
        "criteria_id": wanted.pk,
        "departments": who.ids(),
        "responsible_no": "901",
        "sheets_due_on": date(2026, 11, 30),
        "analysis_due_on": date(2026, 12, 20),
        "shares": SHARES,
    }
    return NewCycle(**{**sound, **told})


def drafted(cast: Cast, who: Assessed, at: datetime = NOON, **told: Any) -> AssessmentCycle:
    return draft_cycle(cast.company.pk, new_cycle(cast, who, **told), by=cast.viewer("mia"), at=at)


def opened(cast: Cast, who: Assessed, at: datetime = NOON, **told: Any) -> AssessmentCycle:
    return open_cycle(drafted(cast, who, at, **told).pk, by=cast.viewer("mia"), at=at)


def handed_in(cast: Cast, sheet: ScoreSheet, points: str = "80", at: datetime = NOON) -> ScoreSheet:
    """Every criterion of a sheet with the same share of its points."""
    lines = list(sheet.cycle.criteria.lines.all())
    given = {one.pk: Given(Decimal(points) * one.scale / 100, "查阅记录") for one in lines}
    assert sheet.evaluator is not None
    assert sheet.evaluator.user is not None
    return submit_sheet(sheet.pk, given, by=sheet.evaluator.user.as_viewer(), at=at)


def scored(cast: Cast, who: Assessed, at: datetime = NOON, **told: Any) -> AssessmentCycle:
    cycle = opened(cast, who, at, **told)
    for sheet in cycle.sheets.select_related("cycle", "evaluator__user"):
        handed_in(cast, sheet, {"self": "90", "mutual": "80", "assessor": "70"}[sheet.kind], at)
    return score_cycle(cycle.pk, by=cast.viewer("mia"), at=at)


def analysed(cast: Cast, cycle: AssessmentCycle, at: datetime = NOON) -> AssessmentCycle:
    return analyse_cycle(cycle.pk, "自评普遍偏高。", "按季抽查交接班记录。", by=cast.viewer("mia"), at=at)


def closed(cast: Cast, cycle: AssessmentCycle, at: datetime = NOON) -> AssessmentCycle:
    return close_cycle(cycle.pk, by=cast.viewer("mia"), at=at)
