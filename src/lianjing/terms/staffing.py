"""Words for the operating company and its people (从业单位、从业人员), each with its Chinese label."""

from lianjing.terms.premises import Word


class PostKind(Word):
    """Which column of table 1 (clause 5.2) a person counts in."""

    PATROL = "patrol", "现场处置巡逻"
    WATCH = "watch", "人工值守"
    DESIGN_INSTALL = "design_install", "设计施工"
    OTHER = "other", "其他"


class Education(Word):
    """学历, lowest first."""

    PRIMARY = "primary", "小学"
    JUNIOR_MIDDLE = "junior_middle", "初中"
    SENIOR_MIDDLE = "senior_middle", "高中（中专、中技）"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    MASTER = "master", "硕士及以上"

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)


class Sex(Word):
    FEMALE = "female", "女"
    MALE = "male", "男"


class Outcome(Word):
    """How an exam, a review or an appraisal ended."""

    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"


class Bar(Word):
    """What keeps somebody from being a guard (令564 art. 17)."""

    DETENTIONS = "detentions", "曾被强制隔离戒毒或三次以上行政拘留"
    CRIME = "crime", "曾因故意犯罪被刑事处罚"
    REVOKED = "revoked", "保安员证被吊销未满三年"
    REVOKED_TWICE = "revoked_twice", "两次被吊销保安员证"


class Subject(Word):
    """What guards are trained in (clause 5.1.3)."""

    LAW = "law", "法律"
    GUARD = "guard", "保安专业知识"
    SKILL = "skill", "保安技能"


class StaffFactKind(Word):
    """What is known of a person by dated facts."""

    EMPLOYMENT = "employment", "在职"
    POST_KIND = "post_kind", "岗位类别"
    IDENTITY = "identity", "出生日期"
    NATIONALITY = "nationality", "国籍"
    EDUCATION = "education", "学历"
    HEALTH = "health", "健康证明"
    BACKGROUND = "background", "背景审查"
    BAR = "bar", "不得从业情形"
    POLICE_EXAM = "police_exam", "公安机关考试"
    POLICE_REVIEW = "police_review", "公安机关审查"
    BIOMETRICS = "biometrics", "已留存人体生物信息"
    GUARD_CERTIFICATE = "guard_certificate", "保安员证"
    QUALIFICATION = "qualification", "保安员职业资格证"
    LABOUR_CONTRACT = "labour_contract", "劳动合同"
    INSURANCE = "insurance", "保险"
    TRAINING = "training", "培训"
    APPRAISAL = "appraisal", "考核"
    LEAVE = "leave", "请假"


class CompanyFactKind(Word):
    """What is known of an operating company by dated facts."""

    GUARD_LICENCE = "guard_licence", "保安服务许可证"
    BUSINESS_LICENCE = "business_licence", "营业执照"
    LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人"
    MANAGER = "manager", "主要管理人员"
    RULE_SET = "rule_set", "管理制度"
    INSURANCE = "insurance", "保险"
    BRANCH = "branch", "分公司"
    CROSS_REGION = "cross_region", "跨区域服务"
    FILING = "filing", "备案"
    SECOND_SITE = "second_site", "第二机房"
    DATA_COPY = "data_copy", "数据副本"
    FAILOVER_EXERCISE = "failover_exercise", "切换演练"
    RECOVERY_LEVEL = "recovery_level", "灾难恢复等级"
    RECOVERY_LEVEL_ASKED = "recovery_level_asked", "应达到的灾难恢复等级"


class SecondSite(Word):
    """Where the second machine room is (clause 3.1.1). `NONE`: somebody says that there is none."""

    NONE = "none", "没有第二机房"
    SAME_CITY = "same_city", "同城的另一机房"
    OTHER_CITY = "other_city", "另一城市"


class CopyCycle(Word):
    """How often data are copied."""

    REAL_TIME = "real_time", "实时"
    HOURLY = "hourly", "每小时"
    DAILY = "daily", "每天"
    WEEKLY = "weekly", "每周"
    RARER = "rarer", "一周以上一次"


class CopyPlace(Word):
    """Where a copy of data is kept."""

    SECOND_SITE = "second_site", "第二机房"
    ELSEWHERE = "elsewhere", "其他地点"
    MAIN_SITE = "main_site", "主机房"


class ExerciseResult(Word):
    """How a failover exercise ended."""

    PASSED = "passed", "成功接管"
    PARTLY = "partly", "部分接管"
    FAILED = "failed", "没有接管"


class RecoveryLevel(Word):
    """The six levels of GB/T 20988."""

    ONE = "1", "第1级"
    TWO = "2", "第2级"
    THREE = "3", "第3级"
    FOUR = "4", "第4级"
    FIVE = "5", "第5级"
    SIX = "6", "第6级"


class RecoveryEdition(Word):
    """By which edition of GB/T 20988 a level is meant: levels of two editions are not compared."""

    OF_2007 = "GB/T 20988-2007", "GB/T 20988-2007"
    OF_2025 = "GB/T 20988-2025", "GB/T 20988-2025"


class RuleSet(Word):
    """The three rule sets that a guard company must have (令564 art. 8)."""

    SERVICE = "service", "保安服务管理制度"
    POST_DUTY = "post_duty", "岗位责任制度"
    GUARDS = "guards", "保安员管理制度"


class AccessDecision(Word):
    """What an access review says of a role."""

    KEEP = "keep", "保留"
    WITHDRAW = "withdraw", "撤销"


class DepartmentKind(Word):
    """The three departments of clause 8.1.1, and all others."""

    MANAGEMENT = "management", "管理部门"
    TECHNICAL = "technical", "技术部门"
    OPERATION = "operation", "运行维护部门"
    OTHER = "other", "其他部门"


class GuardService(Word):
    """What a guard licence may cover (令564 art. 2)."""

    GATE = "gate", "门卫"
    PATROL = "patrol", "巡逻"
    WATCH = "watch", "守护"
    ESCORT = "escort", "押运"
    BODYGUARD = "bodyguard", "随身护卫"
    SCREENING = "screening", "安全检查"
    TECHNICAL = "technical", "安全技术防范"
    RISK = "risk", "安全风险评估"


class Standing(Word):
    """How one thing that is asked of a company stands on a day."""

    IN_ORDER = "in_order", "符合"
    DUE = "due", "待办"
    EXPIRING = "expiring", "快到期"
    DONE_LATE = "done_late", "迟办"
    HINT = "hint", "提示"
    UNPROVEN = "unproven", "证据不足"
    MISSING = "missing", "缺少"
    NOT_MET = "not_met", "不符合"
    EXPIRED = "expired", "已到期"
    LATE = "late", "逾期"

    @property
    def is_broken(self) -> bool:
        """It is against a clause or an article as it stands."""
        return self in (Standing.MISSING, Standing.NOT_MET, Standing.EXPIRED, Standing.LATE)
