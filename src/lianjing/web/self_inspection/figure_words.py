"""Figures of clauses in words: what a rule's numbers are called on paper."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from lianjing.terms.drills import DrillKind
from lianjing.terms.premises import CustomerUnit
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import ExerciseResult, PostKind, SecondSite
from lianjing.terms.verdicts import Relation, Verdict
from lianjing.web.quantities import quantity, signed_quantity
from lianjing.web.words import CLASSES

NAMES = {
    "people": _("在岗人数"),
    "met": _("符合"),
    "against": _("不符合"),
    "unproven": _("证据不足"),
    "not_listed": _("未列出"),
    "customers": _("在服务客户（户）"),
    "row": _("适用行"),
    "required": _("应有"),
    "eligible": _("合格"),
    "margin": _("余缺"),
    "shortage": _("缺额"),
    "employed": _("在岗"),
    "unit": _("计户方式"),
    "items": _("项目"),
    "broken": _("不符合的项目"),
    "late": _("已逾期"),
    "company": _("单位"),
    "departments": _("部门"),
    "posts": _("岗位"),
    "key_posts": _("关键岗位"),
    "advice": _("建议"),
    "without": _("没有职责的"),
    "used": _("出现过的类别与级别"),
    "missing": _("缺预案的"),
    "plans": _("在用预案"),
    "sample": _("抽查记录"),
    "altered": _("被改动"),
    "last_seal": _("最近封存"),
    "days": _("天数"),
    "cases": _("警情"),
    "without_record": _("没有封存记录的"),
    "erasures": _("清除令"),
    "early_erasures": _("过早的清除令"),
    "covered": _("有预案的"),
    "drills": _("演练次数"),
    "planned": _("计划的演练"),
    "incomplete": _("缺脚本、观察或评估的"),
    "not_archived": _("未归档的"),
    "kinds_missing": _("没有做过的种类"),
    "to_review": _("须复盘的"),
    "reviewed": _("已复盘的"),
    "reviewed_late": _("晚于期限复盘的"),
    "not_reviewed_yet": _("超期未复盘的"),
    "improvements": _("改进项"),
    "overdue": _("超期的"),
    "without_owner": _("没有责任人或期限的"),
    "lawful": _("评审为符合的预案"),
    "unlawful": _("评审为不符合的预案"),
    "unreviewed": _("没有有效评审的预案"),
    "accepted": _("接受的证据"),
    "ungraded": _("分类分级表没有写到的"),
    "classification": _("分类分级表的版本"),
    "drills_required": _("应演练次数"),
    "valid_until": _("有效期至"),
    "days_left": _("剩余天数"),
    "class": _("类别"),
    "grade": _("级别"),
    "mapped": _("对应的条款"),
    "own": _("自有证据"),
    "in_force": _("有效"),
    "review_overdue": _("复审逾期"),
    "owner_gone": _("责任人已不在职"),
    "superseded": _("已被代替"),
    "unchecked": _("没有核对是否现行"),
    "waiting": _("待审核"),
    "second_site": _("第二机房"),
    "distance_km": _("相距（公里）"),
    "copies": _("副本"),
    "copies_away": _("异地副本"),
    "last_exercise": _("最近一次演练"),
    "exercise_result": _("演练结果"),
    "minutes": _("接管用时（分钟）"),
    "exercise_due": _("下次演练截止"),
    "level": _("等级"),
    "from": _("起"),
    "to": _("止"),
    "limits": _("限值"),
    "exceeded": _("超出的"),
    "unmeasured": _("没有测得的"),
    "headings_without": _("没有限值的标题"),
    "years": _("留存年数"),
    "ended": _("已终止的合同"),
    "with_scan": _("有扫描件的"),
    "undated": _("没有终止日期的"),
    "removed": _("已撤除的"),
    "removed_early": _("过早撤除的"),
    "last_review": _("最近一次权限复核"),
    "review_due": _("下次复核截止"),
    "months": _("复核周期（月）"),
    "accounts": _("账号"),
    "not_reviewed": _("未复核的"),
    "given_since": _("复核后新授权的"),
    "still_held": _("应撤而未撤的"),
    "revealed": _("查看完整身份号码"),
    "taken_out": _("导出与下载"),
    "centres": _("中心"),
    "by_centre": _("逐个中心"),
    "centre": _("中心"),
    "verdict": _("结论"),
    "absent": _("未配置的"),
    "undrawn": _("没有平面图的"),
    "measured": _("有测量值的"),
    "out": _("超出限值的"),
    "in_service": _("在用装备"),
    "aged": _("超过计划使用年限的"),
    "log_kept": _("按时有监督记录的部门"),
    "log_late": _("监督记录迟的部门"),
    "log_waiting": _("还没有第一条记录的部门"),
    "log_missing": _("30 天没有记录的部门"),
    "gap_days": _("最多间隔（工作日）"),
    "last_entry": _("最近一条监督记录"),
    "assessments": _("考核次数"),
    "not_assessed": _("没有考核到的部门"),
    "last_assessment": _("最近一次考核"),
    "next_assessment_by": _("下次考核截止"),
    "self": _("自我评价的部门"),
    "mutual": _("被互评的部门"),
    "not_evaluated": _("缺评价的部门"),
    "evaluation_months": _("评价有效（月）"),
    "next_evaluation_by": _("下次评价截止"),
    "analysed": _("已写分析的考核"),
    "analysis_late": _("超过分析期限的考核"),
    "findings": _("由此提出的整改"),
    "open": _("未关闭"),
    "not_assigned": _("没有派责任人的整改"),
}
WORDS = (DrillKind, PostKind, CustomerUnit, Verdict, Relation, SecondSite, ExerciseResult)
VALUES = {word.value: word.zh for words in WORDS for word in words}


LINES = "lines"
"""Figures of one limit each: a table of their own."""
COMPARED = {"at_most": "≤", "at_least": "≥"}


def told_figures(figures: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and value of each, in the rule's order; what is inside another stands in its value."""
    for name, value in figures.items():
        if name != LINES:
            yield name_of(name), value_of(value)


@dataclass(frozen=True, slots=True)
class Measured:
    """A limit, what was measured, and how far apart they are."""

    heading: str
    measure: str
    limit: str
    measured: str
    margin: str
    count: int
    source: str
    note: str

    def __str__(self) -> str:
        told = (self.heading, self.measure, self.limit, self.measured, self.margin, self.note, self.source)
        return " ".join(part for part in told if part)


def measured_lines(figures: Mapping[str, Any]) -> list[Measured]:
    lines = figures.get(LINES, ())
    return [_measured(line) if "measure" in line else _of_room(line) for line in lines]


def _of_room(line: Mapping[str, Any]) -> Measured:
    """A value of a room of 6.3 beside its limit."""
    value = f"{line['value']} {line['unit']}" if line["value"] is not None else "—"
    limit, source = str(line["limit"] or "—"), str(line["source"] or "")
    return Measured(str(line["place"]), str(line["quantity"]), limit, value, "—", 1, source, "")


def _measured(line: Mapping[str, Any]) -> Measured:
    share = f"（{line['share']:g}%）" if line["share"] is not None else ""
    bound = COMPARED.get(line["comparison"], "")
    return Measured(
        line["heading"],
        line["measure"] + share,
        f"{bound}{quantity(line['limit'], line['unit'])}" if line["limit"] is not None else "—",
        quantity(line["measured"], line["unit"]) or "—",
        signed_quantity(line["margin"], line["unit"]) or "—",
        line["count"],
        line["source"],
        line["why"],
    )


def name_of(name: str) -> str:
    """In words; a number without words of its own keeps its name, as the API gives it."""
    return gettext(NAMES[name]) if name in NAMES else gettext(VALUES[name]) if name in VALUES else name


def value_of(value: Any) -> str:
    if isinstance(value, Mapping) and "relation" in value:
        return f"{value['to']}（{value_of(value['relation'])}，{value_of(value['verdict'])}）"
    if isinstance(value, Mapping):
        return "，".join(f"{name_of(str(name))} {value_of(inner)}" for name, inner in value.items()) or "—"
    if isinstance(value, list | tuple):
        return "；".join(value_of(one) for one in value) or gettext("无")
    if value is None or value == "":
        return "—"
    if isinstance(value, str) and value in CLASSES:
        return str(CLASSES[value])
    return gettext(VALUES[value]) if isinstance(value, str) and value in VALUES else str(value)
