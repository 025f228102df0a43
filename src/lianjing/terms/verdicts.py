"""How a clause stands: 符合 and what is short of it. Kept apart from work status and from the grade of a finding."""

from lianjing.terms.premises import Word


class Verdict(Word):
    """What a clause's rule says of a company on a day. What is not recorded never becomes `MET`."""

    MET = "met", "符合"
    MOSTLY = "mostly", "基本符合"
    NOT_MET = "not_met", "不符合"
    INSUFFICIENT = "insufficient", "证据不足"
    NOT_APPLICABLE = "not_applicable", "不适用"

    @property
    def sign(self) -> str:
        return {"met": "✓", "mostly": "◐", "not_met": "✕", "insufficient": "?", "not_applicable": "–"}[self.value]


WORST_FIRST = (Verdict.NOT_MET, Verdict.INSUFFICIENT, Verdict.MOSTLY, Verdict.MET, Verdict.NOT_APPLICABLE)


class ClauseKind(Word):
    """What a clause of the specification is."""

    HEADING = "heading", "标题"
    DEFINITION = "definition", "定义"
    COMPUTED = "computed", "计算得出"
    ATTESTED = "attested", "凭证据"

    @property
    def is_judged(self) -> bool:
        return self in (ClauseKind.COMPUTED, ClauseKind.ATTESTED)


class Confidence(Word):
    """How far a basis could be read."""

    READ = "OK", "已核对原文"
    SECOND_HAND = "2nd", "转引"
    UNVERIFIED = "MEM", "未核对"
    NOT_FOUND = "NF", "没有查到"


class WorkStatus(Word):
    """How far somebody is with a clause. It never changes the verdict."""

    NONE = "none", "未安排"
    PLANNED = "planned", "已计划"
    IN_WORK = "in_work", "办理中"
    WAITING = "waiting", "等待中"
    DONE = "done", "已办完"


class Relation(Word):
    """What a clause of a local text asks, beside the clause that it is mapped to."""

    EQUAL = "equal", "等同"
    SUBSET = "subset", "不多于"
    SUPERSET = "superset", "多于"
    INTERSECTS = "intersects", "部分重合"
