"""Words for drills (演练) and for looking back on them and on cases (复盘)."""

from lianjing.terms.premises import Word


class DrillKind(Word):
    """How much is really done."""

    TABLETOP = "tabletop", "桌面推演"
    FUNCTIONAL = "functional", "功能演练"
    FULL = "full", "实战演练"
    COMMUNICATION = "communication", "通讯测试"

    @property
    def counts(self) -> bool:
        """Among the drills of a year: a test of lines and numbers exercises no plan (docs/decisions/0031)."""
        return self is not DrillKind.COMMUNICATION

    @property
    def is_on_site(self) -> bool:
        """Something really moves: it needs rules of safety and a word that stops it."""
        return self in (DrillKind.FUNCTIONAL, DrillKind.FULL)


class DrillState(Word):
    """How far a drill has come."""

    PLANNED = "planned", "已计划"
    PREPARED = "prepared", "已准备"
    UNDER_WAY = "under_way", "进行中"
    HELD = "held", "已举行"
    REVIEWED = "reviewed", "已复盘"
    ARCHIVED = "archived", "已归档"
    CANCELLED = "cancelled", "已取消"


class DrillRole(Word):
    """Who is there for what."""

    DIRECTOR = "director", "导演"
    EVALUATOR = "evaluator", "评估员"
    PLAYER = "player", "参演"
    OBSERVER = "observer", "观摩"


class DrivenBy(Word):
    """What gives the injects. Drills through the live alarm chain come later and will be a word of their own."""

    SCRIPT = "script", "按脚本口头投入"


class ObservationKind(Word):
    """What somebody has seen, as he saw it."""

    INJECT = "inject", "投入"
    GOOD = "good", "做到"
    BAD = "bad", "没做到"
    NOTE = "note", "记录"

    @property
    def sign(self) -> str:
        return {"inject": "→", "good": "✓", "bad": "✕", "note": "·"}[self.value]


class ProgrammeState(Word):
    """年度演练计划: draft, approved by another, replaced by a later edition."""

    DRAFT = "draft", "草稿"
    APPROVED = "approved", "已批准"
    REPLACED = "replaced", "已替换"


class ReviewConclusion(Word):
    """What a review comes to."""

    FINDINGS = "findings", "有改进项"
    NO_CHANGE = "no_change", "预案无需修改"
    NOT_REAL = "not_real", "经核实不是真警"
