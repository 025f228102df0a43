"""Words for drills and reviews: marks of kind and state, what was done, how many days are left."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.days import centre_day
from lianjing.domain.drills.late_entry import is_late_entry
from lianjing.domain.drills.models import Drill, PlannedDrill
from lianjing.terms.drills import (
    DrillKind,
    DrillRole,
    DrillState,
    ObservationKind,
    ReviewConclusion,
)
from lianjing.terms.premises import Word
from lianjing.web.words import CLASSES, GRADES, Words, label, word

ACTS: Words = {
    "programme.drafted": later("起草年度演练计划"),
    "programme.line_added": later("计划添加一项"),
    "programme.line_changed": later("计划修改一项"),
    "programme.line_removed": later("计划删去一项"),
    "programme.approved": later("批准年度演练计划"),
    "drill.planned": later("排出演练"),
    "drill.from_paper": later("按纸质记录补录演练"),
    "drill.described": later("写情景和脚本"),
    "drill.cast": later("定参加人员"),
    "drill.plans_chosen": later("选演练的预案"),
    "drill.prepared": later("准备完毕"),
    "drill.unprepared": later("退回修改"),
    "drill.begun": later("演练开始"),
    "drill.observed": later("记观察"),
    "drill.observation_taken_back": later("撤回观察"),
    "drill.held": later("演练结束"),
    "drill.scored": later("评分"),
    "drill.evaluated": later("写评估结论"),
    "drill.attached": later("添加附件"),
    "drill.reviewed": later("复盘"),
    "drill.archived": later("归档"),
    "drill.cancelled": later("取消演练"),
    "drill.retracted": later("收回演练记录"),
    "drills.review_term_set": later("设定复盘期限"),
    "incident.looked_back": later("复盘警情"),
    "finding.retested": later("复测修订后的预案"),
}
FIELDS: Words = {
    "drill_kind": later("种类"),
    "month": later("月份"),
    "year": later("年份"),
    "event_class": later("类别"),
    "planned_on": later("演练日期"),
    "aim": later("目的"),
    "scenario": later("情景"),
    "safety": later("安全措施"),
    "stop_word": later("叫停词"),
    "injects": later("投入条数"),
    "participants": later("参加人员"),
    "plans": later("预案"),
    "began_at": later("开始"),
    "ended_at": later("结束"),
    "observation": later("观察"),
    "seen_at": later("观察时间"),
    "indicator": later("指标"),
    "points": later("分数"),
    "evaluation": later("评估结论"),
    "conclusion": later("结论"),
    "findings": later("改进项"),
    "content_hash": later("内容校验值"),
    "count": later("项数"),
    "days": later("天数"),
    "retest_passed": later("复测通过"),
}
OWN_FIELDS: Words = {"place": later("地点"), "text": later("看到")}
TABLES: dict[str, tuple[type[Word], ...]] = {
    "drill_kind": (DrillKind,),
    "observation": (ObservationKind,),
    "conclusion": (ReviewConclusion,),
}
STATES: tuple[type[Word], ...] = (DrillState,)
STATE_TONES = {
    DrillState.PLANNED: "soft",
    DrillState.PREPARED: "",
    DrillState.UNDER_WAY: "g2",
    DrillState.HELD: "tone-odd",
    DrillState.REVIEWED: "tone-ok",
    DrillState.ARCHIVED: "tone-ok",
    DrillState.CANCELLED: "faint",
}
STATE_SIGNS = {
    DrillState.PLANNED: "○",
    DrillState.PREPARED: "◐",
    DrillState.UNDER_WAY: "▶",
    DrillState.HELD: "●",
    DrillState.REVIEWED: "✓",
    DrillState.ARCHIVED: "✓",
    DrillState.CANCELLED: "–",
}
MONTHS = tuple(range(1, 13))


def kind_words(kind: str) -> str:
    return label(DrillKind, kind)


def role_words(role: str) -> str:
    return label(DrillRole, role)


def state_words(drill: Drill) -> dict[str, str]:
    state = DrillState(drill.state)
    return {"words": label(DrillState, state.value), "tone": STATE_TONES[state], "sign": STATE_SIGNS[state]}


def day_words(drill: Drill) -> dict[str, date | bool | None]:
    """The day on which it was held, with the planned one when that was another; before, the planned one."""
    held = centre_day(drill.began_at) if drill.held_at is not None and drill.began_at is not None else None
    was_moved = held is not None and held != drill.planned_on
    planned = drill.planned_on if was_moved else None
    return {"day": held or drill.planned_on, "is_held": held is not None, "planned": planned}


def late_words(drill: Drill) -> str:
    """补录：2026-11-10 举行，2026-11-22 记入; "" for what was recorded on its day."""
    if is_late_entry(drill):
        told = {"held": centre_day(drill.ended_at), "entered": centre_day(drill.held_at)}
        return _("补录：%(held)s 举行，%(entered)s 记入") % told
    return _("补录：按纸质记录") if drill.from_paper and drill.held_at is None else ""


def about_words(line: PlannedDrill) -> str:
    """紧急一级: for which cases; "" for a test of communication."""
    if not line.event_class:
        return ""
    return word(CLASSES, line.event_class) + (str(GRADES[line.grade]) if line.grade else "")


def days_words(left: int) -> tuple[str, str]:
    """还有 12 天, ✕ 超期 3 天: with its tone."""
    if left < 0:
        return _("✕ 超期 %(days)d 天") % {"days": -left}, "tone-bad"
    if left == 0:
        return _("◐ 今天到期"), "tone-odd"
    return _("还有 %(days)d 天") % {"days": left}, "soft" if left > 5 else "tone-odd"


def conclusion_words(conclusion: str) -> str:
    return label(ReviewConclusion, conclusion)
