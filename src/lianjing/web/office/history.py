"""What was changed, by whom, in words: the sealed records of customers, contracts, sites and equipment."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.viewer import Viewer
from lianjing.domain.records.models import Record
from lianjing.domain.records.queries import latest_records
from lianjing.domain.sites.changes import CHANGED
from lianjing.terms.divisions import division_words
from lianjing.terms.premises import ContractStanding, Principle, SiteKind, ZoneKind
from lianjing.web.words import Words, label, word

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
    "site.word_asked": later("开始核对口令"),
    "site.word_known": later("核对口令：相符"),
    "site.word_wrong": later("核对口令：不符"),
    "panel.key_set": later("登记密钥"),
    "panel.key_removed": later("删除密钥"),
    "panel.plain_allowed": later("更改是否也收明文"),
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
    "note": later("提示"),
    "until": later("失效时间"),
    "contact": later("联系人"),
    "place": later("顺序"),
    "role": later("身份"),
    "phone": later("电话"),
    "reachable_from": later("可联系自"),
    "reachable_until": later("可联系至"),
    "pass_word": later("口令"),
    "duress_word": later("胁迫口令"),
    "verified_on": later("核实日期"),
    "result": later("结果"),
    "key": later("密钥"),
    "plain_allowed": later("也收明文"),
}
VALUES: Words = {"right": later("正确"), "duress": later("胁迫口令"), CHANGED: later("已更改，内容不显示")}
UNTOLD = frozenset({"before", "weakens"})


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
    had, has = record.before or {}, record.after or {}
    names = [name for name in dict.fromkeys([*has, *had]) if name not in UNTOLD]
    changes = [_change(name, had, has) for name in names if had.get(name) or has.get(name) or name in had]
    weakens = [_(sentence) for sentence in has.get("weakens", ())]
    return Line(record.at, record.actor_name, word(ACTS, record.action), changes, weakens)


def _change(name: str, had: Mapping[str, Any], has: Mapping[str, Any]) -> Change:
    gone = name in had and name not in has
    now = _("（已删除）") if gone else _value(name, has.get(name))
    return Change(word(FIELDS, name), _value(name, had[name]) if name in had else "", now)


def _value(name: str, value: Any) -> str:
    if value in (None, "", []):
        return _("（空）")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(" ".join(map(str, part)) if isinstance(part, list) else str(part) for part in value)
    text = str(value)
    if name == "division":
        return division_words(text) or text
    return _word_of(name, text)


def _word_of(name: str, text: str) -> str:
    """The label of a stored word; what is none stays as it is."""
    if text in VALUES:
        return word(VALUES, text)
    tables = {"kind": (SiteKind, ZoneKind), "state": (ContractStanding,), "principle": (Principle,)}
    for words in tables.get(name, ()):
        if words.of(text):
            return label(words, text)
    return text
