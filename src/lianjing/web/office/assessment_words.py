"""Words for supervision and assessments: what was done, states and signs, how a day of the log is marked."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.assessments.models import Criterion
from lianjing.domain.assessments.queries import Cell
from lianjing.terms.assessments import CycleState, OperationFigure, ScoredBy, SheetKind, SupervisionResult
from lianjing.terms.premises import Word
from lianjing.web.words import Words, label

ACTS: Words = {
    "supervision.logged": later("记日常监督"),
    "supervision.retracted": later("收回日常监督记录"),
    "supervision.limits_set": later("设定监督与评价的限值"),
    "criteria.added": later("制定考核指标"),
    "assessment.drafted": later("拟考核"),
    "assessment.opened": later("开始评分"),
    "assessment.scored": later("确定得分"),
    "assessment.analysed": later("写分析和措施"),
    "assessment.closed": later("关闭考核"),
    "assessment.cancelled": later("作废考核"),
    "assessment.sheet_submitted": later("提交评分表"),
    "assessment.sheet_returned": later("退回评分表"),
    "assessment.evaluator_set": later("指定评分人"),
}
FIELDS: Words = {
    "looked_at": later("检查了什么"),
    "found": later("发现"),
    "finding": later("整改"),
    "gap_days": later("最多间隔（工作日）"),
    "evaluation_months": later("评价有效（月）"),
    "first_on": later("首日"),
    "last_on": later("末日"),
    "departments": later("部门"),
    "criteria": later("指标"),
    "responsible": later("考核负责人"),
    "sheets_due_on": later("评分期限"),
    "sheets": later("评分表"),
    "results": later("得分"),
    "analysis": later("分析"),
    "measures": later("措施"),
    "evaluator": later("评分人"),
    "scored": later("已评指标"),
}
RESULTS: tuple[type[Word], ...] = (SupervisionResult,)
STATES: tuple[type[Word], ...] = (CycleState,)
KINDS: tuple[type[Word], ...] = (SheetKind,)
STATE_MARKS = {
    CycleState.DRAFT: ("○", "soft"),
    CycleState.OPEN: ("◐", "tone-odd"),
    CycleState.SCORED: ("▲", "g2"),
    CycleState.ANALYSED: ("◐", "tone-odd"),
    CycleState.CLOSED: ("✓", "tone-ok"),
    CycleState.CANCELLED: ("–", "faint"),
}


def state_words(state: str) -> dict[str, str]:
    sign, tone = STATE_MARKS[CycleState(state)]
    return {"sign": sign, "tone": tone, "words": label(CycleState, state)}


def result_words(result: str) -> dict[str, str]:
    sign, tone = ("▲", "g2") if result == SupervisionResult.PROBLEM else ("✓", "tone-ok")
    return {"sign": sign, "tone": tone, "words": label(SupervisionResult, result)}


def cell_words(cell: Cell) -> dict[str, str]:
    """A day of a department: sign, tone, and what it says to whoever does not see it."""
    if cell.problems:
        return {"sign": "▲", "tone": "g2", "words": _("有问题 %(count)d 条") % {"count": cell.problems}}
    if cell.entries:
        return {"sign": "✓", "tone": "tone-ok", "words": _("正常 %(count)d 条") % {"count": cell.entries}}
    if cell.is_ahead:
        return {"sign": "", "tone": "faint", "words": ""}
    if not cell.is_workday:
        return {"sign": "·", "tone": "faint", "words": _("休息日，没有记录")}
    return {"sign": "–", "tone": "soft", "words": _("工作日，没有记录")}


def plain(number: Decimal | None) -> str:
    """80, 80.5: without a point where there is nothing behind it."""
    if number is None:
        return "—"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def scoring_words(line: Criterion) -> str:
    """How a criterion comes to its points."""
    if line.scored_by == ScoredBy.HAND:
        return label(ScoredBy, line.scored_by)
    told = {"figure": label(OperationFigure, line.figure), "full": plain(line.full_at), "zero": plain(line.zero_at)}
    return _("%(figure)s：%(full)s 满分，%(zero)s 零分") % told
