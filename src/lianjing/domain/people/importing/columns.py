"""The sheet `people`: from this table reading, writing, the template and the documentation are made. No Django."""

from lianjing.core.workbooks.cells import choice as choice_of
from lianjing.core.workbooks.cells import code, day, end_day, listed, or_nothing, phone, text
from lianjing.core.workbooks.columns import Column, Sheet, Sheets, word
from lianjing.domain.people.importing.cells import hours, identity_number, nationality, no_identity, staff_number
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import Education, Outcome, PostKind, Subject

_RESULT = _("不填为合格")
EDUCATIONS = {
    **dict.fromkeys(("职高", "中技", "技校"), Education.SENIOR_MIDDLE),
    **dict.fromkeys(("专科", "高职"), Education.COLLEGE),
    **dict.fromkeys(("大学本科", "学士", "大学"), Education.BACHELOR),
    **dict.fromkeys(("硕士", "研究生", "硕士研究生", "博士", "博士研究生"), Education.MASTER),
}
"""As lists of people write them."""
POST_KINDS = {
    **dict.fromkeys(("巡逻", "现场处置"), PostKind.PATROL),
    **dict.fromkeys(("值守", "值班"), PostKind.WATCH),
    **dict.fromkeys(("设计", "施工", "安装"), PostKind.DESIGN_INSTALL),
}


def _day(key: str, zh: str, told: str = "2026-01-31", also: tuple[str, ...] = ()) -> Column:
    return Column(key, zh, or_nothing(day), told, also=also)


def _end(key: str, zh: str, told: str, also: tuple[str, ...] = ()) -> Column:
    return Column(key, zh, end_day, told, also=also)


def _words(key: str, zh: str, longest: int, also: tuple[str, ...] = (), wide: int = 18) -> Column:
    return Column(key, zh, no_identity(text(longest)), "", also=also, wide=wide)


PEOPLE = Sheet(
    "people",
    "人员",
    _("从业人员；随时间变化的各项都按起止日期保存，改动不覆盖原来的记录"),
    (
        Column(
            "staff_no", "工号", staff_number, _("贵公司自己的编号；再次导入时按它找到同一人"), "staff_no", ("编号",)
        ),
        Column("name", "姓名", no_identity(text(50)), _("新人员必填"), "name"),
        Column(
            "identity_no",
            "身份号码",
            identity_number,
            _("公民身份号码，请用文本格式；出生日期、性别和国籍由它得出。加密保存，不写入任何记录"),
            also=("身份证号", "身份证号码", "公民身份号码", "身份证", "id_no"),
            private=True,
            wide=22,
        ),
        Column("nationality", "国籍", nationality, _("三个字母，如 CHN；不填按身份号码")),
        Column(
            "phone", "电话", no_identity(phone), _("请用文本格式"), "phone", ("联系电话", "手机"), private=True, wide=16
        ),
        Column("username", "账号", or_nothing(code(150), ""), _("本单位的登录账号"), also=("登录账号", "account")),
        Column(
            "education",
            "学历",
            choice_of(Education, EDUCATIONS),
            _("最高学历"),
            also=("文化程度",),
            words=Education,
        ),
        Column(
            "post_kind",
            "岗位类别",
            choice_of(PostKind, POST_KINDS),
            _("计入附表 1 的哪一列"),
            also=("岗位",),
            words=PostKind,
        ),
        _day("post_kind_from", "岗位类别起始日期", _("从哪天起；不填为入职日期"), ("岗位起始日期",)),
        _day("hired_on", "入职日期", _("不填为一直在职"), ("入职时间",)),
        _end("left_on", "离职日期", _("在职的最后一天；不填为仍在职"), ("离职时间",)),
        word("health_result", "体检结果", Outcome, _RESULT),
        _day("health_from", "体检日期", also=("健康证明起始日期",)),
        _end("health_until", "健康证明到期日期", _("最后一天；不填为长期"), ("健康证到期日期", "健康证有效期至")),
        word("background_result", "背景审查结果", Outcome, _RESULT),
        _day("background_reviewed_on", "背景审查日期"),
        word("exam_result", "考试结果", Outcome, _RESULT),
        _day("exam_passed_on", "公安机关考试日期", also=("考试合格日期", "公安考试合格日期")),
        word("review_result", "审查结果", Outcome, _RESULT),
        _day("review_passed_on", "公安机关审查日期", also=("审查合格日期", "公安审查合格日期")),
        _day("biometrics_on", "生物信息留存日期", _("公安机关留存指纹等人体生物信息的日期；只记日期，不存信息本身")),
        Column("certificate_no", "保安员证号", no_identity(code(64)), "", also=("保安员证编号", "保安员证"), wide=20),
        _day("certificate_from", "保安员证发证日期", also=("保安员证起始日期",)),
        _end("certificate_until", "保安员证到期日期", _("最后一天；不填为长期"), ("保安员证有效期至",)),
        _words("certificate_issuer", "保安员证发证机关", 100),
        Column("qualification_no", "职业资格证号", no_identity(code(64)), "", also=("保安员职业资格证号",), wide=20),
        _words("qualification_level", "职业资格等级", 40, wide=14),
        _day("qualification_from", "职业资格证发证日期"),
        _end("qualification_until", "职业资格证到期日期", _("最后一天；不填为长期")),
        _words("qualification_issuer", "职业资格证发证机关", 100),
        Column("contract_no", "劳动合同编号", no_identity(code(64)), "", wide=18),
        _day("contract_from", "劳动合同起始日期", also=("合同起始日期",)),
        _end("contract_until", "劳动合同到期日期", _("最后一天；不填为无固定期限"), ("合同到期日期",)),
        _words("insurance", "保险险种", 40, ("保险", "险种"), wide=14),
        Column("insurance_no", "保险单号", no_identity(code(64)), "", also=("保单号",), wide=18),
        _words("insurer", "承保单位", 100, ("保险公司",)),
        _day("insurance_from", "保险起始日期"),
        _end("insurance_until", "保险到期日期", _("最后一天；不填为长期")),
        Column("training_hours", "培训学时", hours, _("大于 0"), also=("学时",), wide=10),
        _day("training_on", "培训日期", _("不填为入职日期")),
        _end("training_until", "培训有效期至", _("须重新培训的前一天；不填为长期")),
        Column(
            "training_subjects",
            "培训科目",
            listed(choice_of(Subject)),
            _("用逗号分隔；不填为全部三科"),
            words=Subject,
            many=True,
            wide=20,
        ),
        _words("training_content", "培训内容", 500, wide=24),
        word("appraisal", "考核结果", Outcome, _("定期考核；须同时填写考核日期"), also=("考核",)),
        _day("appraised_on", "考核日期"),
        Column("notes", "备注", no_identity(text(500)), "", "notes", wide=24),
    ),
    needed=("name",),
    also=("从业人员", "员工", "人员名单", "人员档案", "staff", "employees"),
)

SHEETS: Sheets = {PEOPLE.key: PEOPLE}
