"""Words for controlled documents (受控文件): their kinds by clause 8.2, how far an edition has come, how it stands."""

from lianjing.terms.premises import Word


class DocumentKind(Word):
    """The four kinds of clause 8.2."""

    MANAGEMENT = "management", "管理性文件"
    TECHNICAL = "technical", "技术性文件"
    EXTERNAL = "external", "外来文件"
    RECORD = "record", "记录"

    @property
    def clause(self) -> str:
        return f"8.2 {'abcd'[list(type(self)).index(self)]}"


class EditionState(Word):
    """How far an edition has come. Whether one that is issued is in force follows from the day."""

    DRAFT = "draft", "起草中"
    IN_REVIEW = "in_review", "待审查"
    REVIEWED = "reviewed", "待批准"
    APPROVED = "approved", "已批准，待发布"
    ISSUED = "issued", "已发布"
    DISCARDED = "discarded", "已作废"

    @property
    def is_in_work(self) -> bool:
        return self not in (EditionState.ISSUED, EditionState.DISCARDED)


class Force(Word):
    """How an issued edition stands on a day."""

    UPCOMING = "upcoming", "待施行"
    IN_FORCE = "in_force", "现行"
    SUPERSEDED = "superseded", "已被取代"
    WITHDRAWN = "withdrawn", "已废止"


class StandardState(Word):
    """What became of an external standard."""

    CURRENT = "current", "现行"
    SUPERSEDED = "superseded", "已被代替"
    ABOLISHED = "abolished", "已废止"
