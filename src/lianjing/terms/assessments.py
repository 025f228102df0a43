"""Words for supervision and assessment (监督与考核): what was seen on a day, and how departments are scored."""

from lianjing.terms.premises import Word


class SupervisionResult(Word):
    """What a look at a department or a post on a day has come to."""

    NORMAL = "normal", "正常"
    PROBLEM = "problem", "有问题"


class CyclePeriod(Word):
    """How long a period an assessment is about."""

    MONTH = "month", "月度"
    QUARTER = "quarter", "季度"
    HALF_YEAR = "half_year", "半年"
    YEAR = "year", "年度"

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[self.value]


class CycleState(Word):
    """How far an assessment has come."""

    DRAFT = "draft", "草稿"
    OPEN = "open", "评分中"
    SCORED = "scored", "待分析"
    ANALYSED = "analysed", "已分析"
    CLOSED = "closed", "已关闭"
    CANCELLED = "cancelled", "已作废"


class ScoredBy(Word):
    """How a criterion comes to its score."""

    HAND = "hand", "人工评分"
    FIGURE = "figure", "运行数据"


class SheetKind(Word):
    """Who scores a department: it itself, another department, whoever answers for the assessment."""

    SELF = "self", "自评"
    MUTUAL = "mutual", "互评"
    ASSESSOR = "assessor", "考核"


class OperationFigure(Word):
    """Figures of operations by which a criterion may be scored. Those of the whole company say so."""

    ACKNOWLEDGE = "acknowledge", "受理时间 P80（秒，全单位）"
    FIRST_ACTION = "first_action", "首次处置动作 P80（秒，全单位）"
    VERIFY = "verify", "复核时间 P80（秒，全单位）"
    DISPATCH = "dispatch", "派遣时间 P80（秒，全单位）"
    FALSE_DISPATCH = "false_dispatch", "误派率（%，全单位）"
    AVAILABILITY = "availability", "设备在线率（%，全单位）"
    TRAINING = "training", "培训按期完成率（%，全单位）"
    LOGGED_DAYS = "logged_days", "有日常监督记录的工作日（%，本部门）"
    PROBLEMS = "problems", "日常监督中有问题的（%，本部门）"
    FINDINGS_OVERDUE = "findings_overdue", "超期的整改（件，本部门）"

    @property
    def of_company(self) -> bool:
        return self.value not in ("logged_days", "problems", "findings_overdue")
