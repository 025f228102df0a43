"""Words for findings (整改): what was found wanting, how grave it is, how far it is dealt with, where it came from."""

from lianjing.terms.premises import Word


class FindingState(Word):
    """How far a finding is dealt with. Kept apart from its grade, and from the verdict that raised it."""

    IDENTIFIED = "identified", "待确认"
    CONFIRMED = "confirmed", "待派责任人"
    ASSIGNED = "assigned", "待定措施"
    IN_PROGRESS = "in_progress", "整改中"
    DONE = "done", "待复核"
    VERIFIED = "verified", "已复核"
    CLOSED = "closed", "已关闭"
    DISMISSED = "dismissed", "已作废"

    @property
    def is_open(self) -> bool:
        return self not in (FindingState.CLOSED, FindingState.DISMISSED)


class FindingGrade(Word):
    """How grave it is, the gravest first. It says nothing about how far it is dealt with."""

    MAJOR = "major", "严重不符合"
    MINOR = "minor", "一般不符合"
    OBSERVATION = "observation", "观察项"
    OPPORTUNITY = "opportunity", "改进机会"

    @property
    def rank(self) -> int:
        """1 the gravest."""
        return list(type(self)).index(self) + 1

    @property
    def sign(self) -> str:
        return {"major": "◆", "minor": "▲", "observation": "●", "opportunity": "○"}[self.value]


class FindingSource(Word):
    """What it came from. The source itself is named by an id in text: its app stands above this one."""

    CLAUSE = "clause", "规范条款"
    ASSESSMENT = "assessment", "考核评价"
    DRILL = "drill", "演练"
    INCIDENT = "incident", "警情"
    INSPECTION = "inspection", "检查"
    PREMISES = "premises", "服务场地"
    DOCUMENT = "document", "文件"
    OWN = "own", "自查"


class Effect(Word):
    """Whether a measure has worked, looked at some time after it was verified."""

    EFFECTIVE = "effective", "有效"
    INEFFECTIVE = "ineffective", "无效"
