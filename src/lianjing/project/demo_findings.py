"""Findings of the demo company, in every state: by whom they were raised, worked on and verified."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from lianjing.project import demo_company as demo

if TYPE_CHECKING:
    from lianjing.core.viewer import Viewer
    from lianjing.domain.companies.models import Company
    from lianjing.domain.findings.raising import NewFinding

DAY = timedelta(days=1)
WAY = ("identified", "confirmed", "assigned", "in_progress", "done", "verified", "closed")


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, and how far it has come. Days are counted back from today."""

    title: str
    grade: str
    kind: str
    source: str
    clauses: tuple[str, ...]
    description: str
    raised: int
    due: int = 0
    """From today; before today: it is late."""
    owner: str = ""
    state: str = "identified"
    cause: str = ""
    measure: str = ""
    proof: str = ""
    seen: str = ""


FINDINGS = (
    Told(
        "UPS 放电试验只撑了 21 分钟，要求 30 分钟",
        "major",
        "premises",
        "UPS 放电试验（演示）",
        ("6.3",),
        "上月放电试验 21 分钟后欠压告警，第 3 组电池内阻超限。",
        20,
        -3,
        "D01",
        "in_progress",
        "电池到寿命没有列入更换计划。",
        "更换第 3 组电池，把内阻测量列入季度保养。",
    ),
    Told(
        "夜班交接记录有两次缺签字",
        "minor",
        "assessment",
        "十月日常监督第 4 项（演示）",
        ("8.3.1",),
        "10 月 12 日、19 日夜班交接单只有交班人签字。",
        12,
        9,
        "W02",
        "assigned",
    ),
    Told(
        "桌面推演中没有人知道备用电话放在哪里",
        "minor",
        "drill",
        "胁迫报警桌面推演（演示）",
        ("8.4.2",),
        "主线路中断后 6 分钟才找到备用电话。",
        9,
        16,
        "W01",
        "done",
        "位置没有写进预案，也没有标识。",
        "预案第 2 步写明位置，电话柜贴标识。",
        "预案已改，标识已贴，夜班每人指认过一次。",
    ),
    Told(
        "客户钥匙柜的领用登记本没有页码",
        "observation",
        "own",
        "",
        ("8.2",),
        "登记本可以抽页，不易发现。",
        4,
        state="confirmed",
    ),
    Told(
        "巡逻车到场记录可由定位自动填写",
        "opportunity",
        "own",
        "",
        (),
        "现在由巡逻员手工填写到场时间。",
        2,
    ),
    Told(
        "一件紧急报警转 110 用时 4 分 10 秒",
        "major",
        "incident",
        "警情复盘（演示）",
        ("8.4.3",),
        "复核占用 3 分钟，当班人员不知道紧急报警先转报。",
        70,
        -40,
        "W02",
        "closed",
        "新值守员没有考过紧急报警的处置顺序。",
        "补训并加考题，新人签到前须通过。",
        "5 人补训并通过考试。",
        "抽问两名值守员，均答先转报后复核。",
    ),
)


def make_findings(company: "Company", by: "Viewer", at: datetime, today: date) -> None:
    """Only once. The demo's own people act: nobody verifies what he has done."""
    from lianjing.domain.findings.models import Finding

    if Finding.objects.filter(company=company).exists():
        return
    people = _viewers()
    for told in FINDINGS:
        _make(company, told, people, at, today)


def _viewers() -> "dict[str, Viewer]":
    from lianjing.domain.people.models import User

    return {name: User.objects.get(username=name).as_viewer() for name in demo.USERS}


def _make(company: "Company", told: Told, people: "dict[str, Viewer]", at: datetime, today: date) -> None:
    from lianjing.domain.findings import actions

    began = at - told.raised * DAY
    manager, leader, source = people["manager"], people["leader"], "demo-data"
    verifier = people["admin"] if told.owner == "W02" else leader
    pk = actions.raise_finding(company.pk, _new(told), by=manager, at=began, source=source).pk
    to = actions.Assignment(told.owner, today + told.due * DAY)
    plan = actions.Measure(told.cause, told.measure)
    steps: dict[str, Callable[[], object]] = {
        "confirmed": lambda: actions.confirm_finding(pk, told.grade, by=manager, at=began, source=source),
        "assigned": lambda: actions.assign_finding(pk, to, by=manager, at=began + DAY, source=source),
        "in_progress": lambda: actions.plan_measure(pk, plan, by=manager, at=began + 2 * DAY, source=source),
        "done": lambda: actions.finish_finding(pk, told.proof, by=manager, at=began + 5 * DAY, source=source),
        "verified": lambda: actions.verify_finding(
            pk,
            actions.Verification(told.seen, check_on=today + 20 * DAY),
            by=verifier,
            at=began + 6 * DAY,
            source=source,
        ),
        "closed": lambda: actions.close_finding(pk, by=verifier, at=began + 7 * DAY, source=source),
    }
    for name in WAY[1 : WAY.index(told.state) + 1]:
        steps[name]()


def _new(told: Told) -> "NewFinding":
    from lianjing.domain.findings.raising import NewFinding, Source

    source = Source(told.kind, "", told.source)
    return NewFinding(told.title, told.grade, f"{told.description}（演示）", source, told.clauses)
