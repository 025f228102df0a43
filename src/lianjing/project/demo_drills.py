"""Drills of the demo company: one archived, one just looked back on, one that is ready, one that has a day only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lianjing.core.viewer import Viewer
    from lianjing.domain.companies.models import Company
    from lianjing.domain.drills.models import Drill, Programme

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WAY = ("planned", "prepared", "held", "evaluated", "reviewed", "archived")


@dataclass(frozen=True, slots=True)
class Told:
    """A drill, so many days from today, and how far it has come."""

    days: int
    kind: str
    title: str
    state: str
    event_class: str = "intrusion"
    scenario: str = ""
    script: tuple[tuple[int, str, str], ...] = ()
    seen: tuple[tuple[int, str, int | None, str], ...] = ()
    """Minute, kind, line of the script, text."""


BREAK_IN = (
    (0, "后门门磁报警，随后大堂红外报警", "60 秒内受理，判为确认警情"),
    (3, "店主电话无人接", "转拨第二联系人，同时派巡逻"),
    (8, "巡逻报告后门被撬", "转报 110，保护现场"),
    (15, "演练警情台回电核对地址", "地址、部位、联系人一次说清"),
)
DRILLS = (
    Told(
        -41,
        "tabletop",
        "夜间入侵桌面推演（演示）",
        "archived",
        scenario="凌晨两点，珠宝店后门门磁和大堂红外先后报警，店主电话不通。",
        script=BREAK_IN,
        seen=((0, "inject", 0, ""), (1, "good", 0, "40 秒受理"), (9, "good", 2, "转报内容完整")),
    ),
    Told(
        -6,
        "functional",
        "入侵派遣功能演练（演示）",
        "reviewed",
        scenario="晚间商铺后门报警，巡逻车从驻点出发，只到路口不进店。",
        script=BREAK_IN,
        seen=(
            (0, "inject", 0, ""),
            (1, "good", 0, "35 秒受理"),
            (4, "bad", 1, "没有转拨第二联系人，等了 4 分钟"),
            (9, "good", 2, "派遣时说清了后门位置"),
            (12, "note", None, "备用电话放在锁着的柜子里"),
        ),
    ),
    Told(-3, "communication", "备用线路通讯测试（演示）", "held", "", "主线路切断 10 分钟。", BREAK_IN[:1]),
    Told(7, "full", "商铺入侵实战演练（演示）", "prepared", scenario="约好的商铺闭店后触发后门。", script=BREAK_IN),
    Told(24, "tabletop", "多点报警桌面推演（演示）", "planned"),
)
PEOPLE = (("D01", "director"), ("W02", "evaluator"), ("W01", "player"), ("P01", "player"))


def make_drills(company: "Company", at: datetime, today: date) -> None:
    """Only once. The leader writes and drives, the manager approves, the operator observes."""
    from lianjing.domain.drills.models import Programme

    if Programme.objects.filter(company=company).exists():
        return
    people = _viewers()
    for year in sorted({(today + told.days * DAY).year for told in DRILLS}):
        named = [told for told in DRILLS if (today + told.days * DAY).year == year]
        programme = _programme(company, year, named, people, at, today)
        for line, told in zip(programme.lines.order_by("line"), named, strict=False):
            _make(line.pk, told, people, at, today)


def _viewers() -> "dict[str, Viewer]":
    from lianjing.domain.people.models import User

    return {name: User.objects.get(username=name).as_viewer() for name in ("leader", "manager", "operator")}


def _who(viewer: "Viewer", at: datetime) -> dict[str, Any]:
    return {"by": viewer, "at": at, "source": "demo-data"}


def _programme(
    company: "Company", year: int, named: list[Told], people: "dict[str, Viewer]", at: datetime, today: date
) -> "Programme":
    from lianjing.domain.drills.policy import A_YEAR_AT_LEAST
    from lianjing.domain.drills.programming import NewLine, add_line, approve_programme, draft_programme

    leader = _who(people["leader"], at - 60 * DAY)
    draft = draft_programme(company.pk, year, **leader)
    for told in named:
        month = (today + told.days * DAY).month
        add_line(draft.pk, NewLine(month, told.kind, told.title, told.event_class), **leader)
    # A year of which the demo's days touch only an end has drills that nobody has held yet.
    for place in range(A_YEAR_AT_LEAST - sum(told.kind != "communication" for told in named)):
        add_line(draft.pk, NewLine(6, "tabletop", f"桌面推演{place + 1}（演示）", "intrusion"), **leader)
    return approve_programme(draft.pk, **_who(people["manager"], at - 59 * DAY))


def _make(line_id: int, told: Told, people: "dict[str, Viewer]", at: datetime, today: date) -> None:
    from lianjing.domain.drills import actions

    day, began = today + told.days * DAY, at + told.days * DAY
    before = min(began, at) - DAY
    drill = actions.plan_drill(line_id, day, **_who(people["leader"], before - 7 * DAY))
    steps: dict[str, Callable[[], object]] = {
        "prepared": lambda: _prepare(drill, told, day, _who(people["leader"], before)),
        "held": lambda: _hold(drill.pk, told, people, began),
        "evaluated": lambda: _evaluate(drill, people["leader"], began + 60 * MINUTE),
        "reviewed": lambda: _review(drill, told, people["leader"], at if told.state == "reviewed" else began + 3 * DAY),
        "archived": lambda: _archive(drill.pk, people["leader"], began + 4 * DAY),
    }
    for name in WAY[1 : WAY.index(told.state) + 1]:
        steps[name]()


def _prepare(drill: "Drill", told: Told, day: date, who: dict[str, Any]) -> None:
    from lianjing.domain.drills import actions
    from lianjing.domain.drills.policy import Inject, Preparation

    script = tuple(Inject(*line) for line in told.script)
    aim, safety = "检验受理、转拨和派遣是否按预案进行", "巡逻车不开警灯，不进店；有真警立即叫停"
    described = Preparation(day, aim, told.scenario, "报警运营中心", safety, "演练终止", script)
    actions.describe_drill(drill.pk, described, **who)
    actions.cast_drill(drill.pk, [actions.Cast(*one) for one in PEOPLE], **who)
    actions.prepare_drill(drill.pk, **who)


def _hold(drill_id: int, told: Told, people: "dict[str, Viewer]", began: datetime) -> None:
    from lianjing.domain.drills import running

    running.begin_drill(drill_id, **_who(people["leader"], began))
    for minute, kind, line, text in told.seen:
        who = _who(people["operator"], began + minute * MINUTE)
        running.observe(drill_id, kind, text, inject=line, **who)
    running.end_drill(drill_id, **_who(people["leader"], began + 25 * MINUTE))


def _evaluate(drill: "Drill", viewer: "Viewer", at: datetime) -> None:
    from lianjing.domain.drills import running
    from lianjing.domain.drills.indicators import scale

    keys = [one.key for one in scale(drill.indicators).indicators]
    marks = [running.Mark(key, 3 + place % 3) for place, key in enumerate(keys)]
    running.score_drill(drill.pk, marks, **_who(viewer, at))
    running.evaluate_drill(drill.pk, "目的达到；受理快，联系人转拨要改进。", **_who(viewer, at))


def _review(drill: "Drill", told: Told, viewer: "Viewer", at: datetime) -> None:
    from lianjing.domain.drills.looking_back import LookedBack, ToImprove, review_drill

    if told.state == "archived":
        said = LookedBack("no_change", "受理和转报都在时限内", "无", "各步均按预案完成")
        review_drill(drill.pk, said, **_who(viewer, at))
        return
    plan = drill.exercised.get().plan_id
    found = ToImprove("第一联系人不接时，几秒内转拨第二联系人没有写明", plan, "W02", at.date() + 20 * DAY)
    said = LookedBack("findings", "受理快，部位说得清", "等第一联系人等了 4 分钟", findings=(found,))
    review_drill(drill.pk, said, **_who(viewer, at))


def _archive(drill_id: int, viewer: "Viewer", at: datetime) -> None:
    from lianjing.domain.drills.running import archive_drill

    archive_drill(drill_id, **_who(viewer, at))
