"""What was changed, by whom, in words: the sealed records of customers, contracts, sites and equipment."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.changes import CHANGED
from lianjing.core.viewer import Viewer
from lianjing.domain.records.models import Record
from lianjing.domain.records.queries import latest_records
from lianjing.terms.divisions import division_words
from lianjing.terms.premises import ContractStanding, Listener, Principle, SiteKind, Word, ZoneKind
from lianjing.terms.staffing import (
    Bar,
    CopyCycle,
    CopyPlace,
    Education,
    ExerciseResult,
    Outcome,
    PostKind,
    RuleSet,
    SecondSite,
    StaffFactKind,
    Subject,
)
from lianjing.terms.verdicts import Verdict
from lianjing.web.office import (
    assessment_words,
    company_words,
    document_words,
    drill_words,
    evidence_words,
    finding_words,
    inventory_words,
    premises_words,
    review_words,
    service_limit_words,
)
from lianjing.web.tags import day_clock
from lianjing.web.words import ACTORS, NATIONS, Words, label, word

ACTS: Words = {
    "customer.added": later("登记客户"),
    "customer.changed": later("修改客户"),
    "contract.added": later("登记合同"),
    "contract.changed": later("修改合同"),
    "contract.state_changed": later("变更合同状态"),
    "contract.scan_kept": later("上传扫描件"),
    "contract.removed": later("删除合同"),
    "site.added": later("登记场所"),
    "site.changed": later("修改场所"),
    "site.note_added": later("写临时提示"),
    "site.note_removed": later("撤下临时提示"),
    "site.contact_added": later("添加联系人"),
    "site.contact_changed": later("修改联系人"),
    "site.contact_words_removed": later("删除口令"),
    "site.contact_removed": later("删除联系人"),
    "site.contact_moved": later("调整联系顺序"),
    "site.contact_verified": later("核实联系人"),
    "site.contact_doubted": later("联系人号码存疑"),
    "site.word_asked": later("开始核对口令"),
    "site.word_known": later("核对口令：相符"),
    "site.word_wrong": later("核对口令：不符"),
    "site.schedule_set": later("设定时间表"),
    "site.drawing_added": later("上传平面图"),
    "site.drawing_renamed": later("平面图改名"),
    "site.drawing_removed": later("删除平面图"),
    "site.zone_placed": later("标出防区位置"),
    "panel.key_set": later("登记密钥"),
    "panel.key_removed": later("删除密钥"),
    "panel.plain_allowed": later("更改是否也收明文"),
    "panel.added": later("登记设备"),
    "panel.activated": later("首次收到信号，设备开通"),
    "panel.changed": later("修改设备"),
    "panel.moved": later("移到别的场所"),
    "panel.removed": later("移除设备"),
    "panel.history_swept": later("转入登记前的信号"),
    "panel.paths_set": later("修改传输路径"),
    "panel.areas_set": later("修改分区"),
    "panel.users_set": later("修改用户"),
    "plan.drafted": later("起草预案"),
    "plan.changed": later("修改预案"),
    "plan.approved": later("批准预案"),
    "plan.in_force": later("执行预案"),
    "plan.withdrawn": later("撤下预案"),
    "zone.added": later("登记防区"),
    "zone.changed": later("修改防区"),
    "zone.removed": later("移除防区"),
    "zone.neighbours_set": later("修改相邻防区"),
    "zone.disabled": later("停用防区"),
    "zone.enabled": later("启用防区"),
    "course.added": later("新建课程"),
    "course.changed": later("修改课程"),
    "course.opened": later("开放课程"),
    "course.closed": later("停用课程"),
    "course.assigned": later("布置课程"),
    "course.question_added": later("添加考题"),
    "course.question_changed": later("修改考题"),
    "course.question_moved": later("调整考题顺序"),
    "course.question_removed": later("删除考题"),
    "assignment.withdrawn": later("撤回布置"),
    "roster.published": later("发布排班"),
    "roster.drafts_discarded": later("清除排班草稿"),
    "roster.rules_set": later("设定排班规则"),
    "workbook.imported": later("导入表格"),
    "register.exported": later("导出名册或统计"),
    "company.area_set": later("设定辖区"),
    **company_words.ACTS,
    **evidence_words.ACTS,
    **finding_words.ACTS,
    **assessment_words.ACTS,
    **drill_words.ACTS,
    **inventory_words.ACTS,
    **document_words.ACTS,
    **review_words.ACTS,
    **service_limit_words.ACTS,
    **premises_words.ACTS,
    "staff.added": later("登记人员"),
    "staff.changed": later("修改人员"),
    "staff.identity_set": later("登记身份号码"),
    "staff.identity_revealed": later("查看完整身份号码"),
    "staff.account_linked": later("关联登录账号"),
    "staff.fact_recorded": later("登记档案"),
    "staff.fact_corrected": later("更正档案"),
    "staff.fact_retracted": later("撤回档案"),
    "staff.photo_kept": later("更换照片"),
    "staff.left": later("登记离职"),
    "roster.entry_added": later("排班"),
    "roster.entry_changed": later("改动班次"),
    "roster.entry_cancelled": later("取消班次"),
    "roster.entry_swapped": later("换班"),
}
FIELDS: Words = {
    "code": later("编号"),
    "name": later("名称"),
    "kind": later("类别"),
    "notes": later("备注"),
    "number": later("编号"),
    "customer": later("客户"),
    "service_items": later("服务项目"),
    "service_plan": later("服务方案"),
    "fee": later("费用"),
    "signed_on": later("签订日期"),
    "starts_on": later("起始日"),
    "ends_on": later("到期日"),
    "sites": later("所保场所"),
    "state": later("状态"),
    "states": later("各状态"),
    "since": later("起于"),
    "reason": later("理由"),
    "scan_sha256": later("扫描件校验值"),
    "bytes": later("字节"),
    "address": later("地址"),
    "division": later("行政区划"),
    "longitude": later("经度"),
    "latitude": later("纬度"),
    "police_station": later("管辖派出所"),
    "access_notes": later("进出说明"),
    "key_location": later("钥匙位置"),
    "is_key_site": later("治安重点单位"),
    "note": later("说明"),
    "until": later("有效至"),
    "contact": later("联系人"),
    "place": later("顺序"),
    "role": later("身份"),
    "phone": later("电话"),
    "reachable_from": later("可联系自"),
    "reachable_until": later("可联系至"),
    "pass_word": later("口令"),
    "duress_word": later("胁迫口令"),
    "verified_on": later("核实日期"),
    "email": later("邮箱"),
    "doubted_on": later("号码存疑日期"),
    "result": later("结果"),
    "moments": later("时段"),
    "asked_by": later("谁要求的"),
    "drawing": later("平面图"),
    "zone": later("防区"),
    "zones": later("防区数"),
    "x": later("距左边"),
    "y": later("距上边"),
    "width": later("宽"),
    "height": later("高"),
    "key": later("密钥"),
    "plain_allowed": later("也收明文"),
    "site": later("场所"),
    "account": later("账号"),
    "listener": later("接入协议"),
    "model": later("型号"),
    "receiver_line": later("接收线路"),
    "test_interval": later("测试间隔（分）"),
    "backup_of": later("备用于"),
    "removed": later("已移除"),
    "signals": later("信号"),
    "signal": later("信号编号"),
    "paths": later("传输路径"),
    "areas": later("分区"),
    "area": later("分区"),
    "users": later("用户"),
    "numbers": later("用户号"),
    "principle": later("探测原理"),
    "detector": later("探测器型号"),
    "always_on": later("24 小时"),
    "camera": later("摄像机"),
    "neighbours": later("相邻防区"),
    "disabled": later("停用"),
    "must_acknowledge": later("须先确认已读"),
    "version": later("版次"),
    "title": later("名称"),
    "subjects": later("科目"),
    "hours": later("学时"),
    "pass_mark": later("合格线（百分制）"),
    "valid_months": later("有效月数"),
    "content": later("内容"),
    "text": later("题目"),
    "options": later("选项"),
    "right": later("正确"),
    "due_on": later("截止日期"),
    "people": later("人数"),
    "group": later("分组"),
    "withdrawn": later("撤回的布置"),
    **service_limit_words.FIELDS,
    **premises_words.FIELDS,
    **company_words.FIELDS,
    **evidence_words.FIELDS,
    **finding_words.FIELDS,
    **assessment_words.FIELDS,
    **document_words.FIELDS,
    **{name: words for name, words in drill_words.FIELDS.items() if name not in finding_words.FIELDS},
    **inventory_words.FIELDS,
    **review_words.FIELDS,
    "staff_no": later("工号"),
    "identity": later("身份号码"),
    "value": later("内容"),
    "issuer": later("出具单位"),
    "from": later("自"),
    "level": later("等级"),
    "last_day": later("最后在职日"),
    "file": later("文件"),
    "export": later("导出"),
    "photo_sha256": later("照片校验值"),
    "member_id": later("人员编号"),
    "post_kind": later("岗位类别"),
    "shift": later("班次"),
    "begins_at": later("开始"),
    "ends_at": later("结束"),
    "register": later("名册"),
    "lines": later("行数"),
    "created": later("新登记"),
    "changed": later("修改"),
}
REGISTERS: Words = {
    "people": later("人员登记"),
    "certificates": later("证书与许可"),
    "drill_report": later("演练报告"),
    "false_alarms": later("误报统计"),
    "training": later("培训进度"),
    "assessment": later("考核结果"),
    "readings": later("公安查阅记录"),
    "account": later("每日对账"),
    "figures": later("统计"),
    "plan_cover": later("预案覆盖"),
    "findings": later("整改清单"),
}
"""What was taken away as a file (`domain/records/handing_out.py`)."""
VALUES: Words = {
    **NATIONS,
    "right": later("正确"),
    "duress": later("胁迫口令"),
    CHANGED: later("已更改，内容不显示"),
}
TABLES: dict[str, tuple[type[Word], ...]] = {
    "kind": (
        *(SiteKind, ZoneKind, *company_words.KINDS, StaffFactKind),
        *(*assessment_words.KINDS, *premises_words.KINDS, *inventory_words.KINDS),
        *(*document_words.KINDS, *review_words.KINDS),
    ),
    "value": (RuleSet, PostKind, Education, Bar, Outcome, SecondSite, ExerciseResult),
    "cycle": (CopyCycle,),
    "kept_at": (CopyPlace,),
    "result": (Outcome, *assessment_words.RESULTS, *inventory_words.RESULTS),
    "post_kind": (PostKind,),
    "state": (
        ContractStanding,
        *finding_words.STATES,
        *assessment_words.STATES,
        *drill_words.STATES,
        *document_words.STATES,
    ),
    "principle": (Principle,),
    "listener": (Listener,),
    "subjects": (Subject,),
    "shows": (Verdict,),
}
for _more in (
    inventory_words.TABLES,
    finding_words.TABLES,
    drill_words.TABLES,
    document_words.TABLES,
    review_words.TABLES,
    service_limit_words.TABLES,
    premises_words.TABLES,
):
    # One name means something in several rooms: each adds its words, none takes another's away.
    for _name, _kinds in _more.items():
        TABLES[_name] = (*TABLES.get(_name, ()), *_kinds)
OWN_FIELDS: dict[str, Words] = {
    "company": {"area": later("辖区")},
    "course": {"text": later("题目")},
    "document": document_words.OWN_FIELDS,
    "drill": drill_words.OWN_FIELDS,
    "place": {"origin": later("由谁查实")},
    "plan": review_words.OWN_FIELDS,
    "roster": {"place": later("席位")},
    "site": {"note": later("提示"), "until": later("失效时间")},
}
"""By the first part of the act: names that mean something else there than in most records."""
OWN_TABLES: dict[str, dict[str, tuple[type[Word], ...]]] = {
    "document": {"kind": document_words.KINDS, "state": document_words.STATES},
    "drill": {"state": drill_words.STATES},
    "equipment": {"kind": inventory_words.KINDS},
    "place": {"kind": premises_words.KINDS},
    "staff": {"kind": (StaffFactKind,)},
}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d$")
UNTOLD = frozenset(
    {"before", "weakens", "plan", "plan_place", "hash", "question_id", "member_ids", "fact", "about"},
)
OWN_UNTOLD = {
    "measurement": frozenset({"place", "value"}),
    "place": frozenset({"place"}),
    "roster": frozenset({"entries"}),
}
"""What the page itself says, or says better: where it is, the value with its unit."""
SHOWN_AT_MOST = 160
"""So much of a long text; the record itself has all of it."""
PLACES = {name: place for place, name in enumerate(FIELDS)}


@dataclass(frozen=True, slots=True)
class Change:
    """One field in words; `had` is empty when nothing stood there before."""

    field: str
    had: str
    has: str


@dataclass(frozen=True, slots=True)
class Line:
    """One act. `weakens`: in which ways it protects less."""

    at: datetime
    actor: str
    act: str
    changes: Sequence[Change]
    weakens: Sequence[str]


def history(viewer: Viewer, subjects: Collection[tuple[str, object]], permission: str, limit: int = 30) -> list[Line]:
    """The latest acts on these subjects, newest first."""
    return [_line(record) for record in latest_records(viewer, subjects, permission, limit)]


def _line(record: Record) -> Line:
    had, has = _flat(record.before or {}), _flat(record.after or {})
    about = record.action.partition(".")[0]
    # In the order of the table: PostgreSQL keeps none of its own in JSON.
    names = sorted(
        {*has, *had} - UNTOLD - OWN_UNTOLD.get(about, frozenset()),
        key=lambda name: (PLACES.get(name, len(PLACES)), name),
    )
    changes = [_change(about, name, had, has) for name in names if had.get(name) or has.get(name) or name in had]
    weakens = [_(sentence) for sentence in has.get("weakens", ())]
    return Line(record.at, word(ACTORS, record.actor_name), word(ACTS, record.action), changes, weakens)


def _flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """What stands under `details` beside the rest."""
    details = told.get("details")
    return {name: value for name, value in told.items() if name != "details"} | (
        details if isinstance(details, dict) else {}
    )


def _change(about: str, name: str, had: Mapping[str, Any], has: Mapping[str, Any]) -> Change:
    gone = name in had and name not in has
    now = _("（已删除）") if gone else _value(about, name, has.get(name))
    before = _value(about, name, had[name]) if name in had and had[name] != has.get(name) else ""
    return Change(word(FIELDS | OWN_FIELDS.get(about, {}), name), before, now)


def _value(about: str, name: str, value: Any) -> str:
    if value in (None, "", []):
        return _("（空）")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(
            " ".join(map(str, part)) if isinstance(part, list) else _word_of(about, name, str(part)) for part in value
        )
    text = f"{value:g}" if isinstance(value, float) else str(value)
    if len(text) > SHOWN_AT_MOST:
        return f"{text[:SHOWN_AT_MOST]}…"
    if name == "division" or (about, name) == ("company", "area"):
        return division_words(text) or text
    if INSTANT.match(text):
        return day_clock(datetime.fromisoformat(text))
    return _word_of(about, name, text)


def _word_of(about: str, name: str, text: str) -> str:
    """The label of a stored word; what is none stays as it is."""
    if name == "quantity":
        return premises_words.quantity_words(text)
    if name == "register":
        return word(REGISTERS, text)
    if text in VALUES:
        return word(VALUES, text)
    for words in OWN_TABLES.get(about, {}).get(name) or TABLES.get(name, ()):
        if words.of(text):
            return label(words, text)
    return text
