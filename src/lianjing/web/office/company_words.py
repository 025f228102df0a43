"""Words for licences, departments and posts: parts of a fact, how things stand, what was done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.companies.company_facts import CHOICES, SPECS, Part
from lianjing.domain.companies.standing_items import Item
from lianjing.terms.premises import Word
from lianjing.terms.sentences import words
from lianjing.terms.staffing import CompanyFactKind, DepartmentKind, GuardService, Standing
from lianjing.web.words import Words, label

KINDS: tuple[type[Word], ...] = (CompanyFactKind, DepartmentKind)
PARTS: dict[Part, Promise] = {
    Part.VALUE: later("名称"),
    Part.NUMBER: later("编号"),
    Part.ISSUER: later("发证机关"),
    Part.FROM: later("起始日"),
    Part.UNTIL: later("最后一天"),
    Part.SCOPE: later("服务范围"),
    Part.CAPITAL: later("注册资本（元）"),
    Part.REGISTERED_ON: later("工商登记日期"),
    Part.POSITION: later("职务"),
    Part.YEARS: later("相关工作年限"),
    Part.CHECKED_ON: later("无不良记录核查日期"),
    Part.RESULT: later("核查结果"),
    Part.APPROVED_ON: later("公安机关审核同意日期"),
    Part.EDITION: later("版次"),
    Part.PLACE: later("所在地"),
    Part.HEAD: later("负责人"),
    Part.DISTANCE: later("与主机房相距（公里）"),
    Part.CYCLE: later("多久一次"),
    Part.KEPT_AT: later("存在哪里"),
    Part.MINUTES: later("接管用时（分钟）"),
    Part.STANDARD: later("按哪一版评定"),
    Part.NOTE: later("说明"),
    Part.SCAN: later("扫描件"),
}
ACTS: Words = {
    "company.fact_recorded": later("登记资质"),
    "company.fact_corrected": later("更正资质"),
    "company.fact_retracted": later("收回资质记录"),
    "company.manager_years_set": later("设定工作年限要求"),
    "company.added": later("登记单位"),
    "company.counted_unit_set": later("改户数计法"),
    "access.reviewed": later("签署权限复核"),
    "access.role_withdrawn": later("撤销角色"),
    "access.months_set": later("改权限复核周期"),
    "department.added": later("设立部门"),
    "department.changed": later("变更部门"),
    "department.closed": later("撤销部门"),
    "department.retracted": later("收回部门记录"),
    "post.added": later("设立岗位"),
    "post.changed": later("变更岗位"),
    "post.closed": later("撤销岗位"),
    "post.retracted": later("收回岗位记录"),
    "duties.written": later("写职责"),
    "duties.retracted": later("收回职责"),
    "appointment.made": later("任命"),
    "appointment.ended": later("免职"),
    "appointment.retracted": later("收回任命记录"),
}
FIELDS: Words = {
    "value": later("内容"),
    "issuer": later("机关或公司"),
    "from": later("起"),
    "scope": later("服务范围"),
    "capital": later("注册资本（元）"),
    "registered_on": later("工商登记日期"),
    "position": later("职务"),
    "years": later("相关工作年限"),
    "checked_on": later("无不良记录核查日期"),
    "approved_on": later("公安机关审核同意日期"),
    "edition": later("版次"),
    "located": later("所在地"),
    "head": later("负责人"),
    "manager_years": later("要求年限"),
    "manager_years_source": later("出处"),
    "counted_unit": later("一户指"),
    "parent": later("上级部门"),
    "department": later("部门"),
    "is_key": later("关键岗位"),
    "post": later("岗位"),
    "post_kind": later("岗位类别"),
    "places": later("定员"),
    "text": later("职责"),
    "distance_km": later("与主机房相距（公里）"),
    "cycle": later("多久一次"),
    "kept_at": later("存在哪里"),
    "minutes": later("接管用时（分钟）"),
    "standard": later("按哪一版评定"),
    "member": later("人员"),
    "is_deputy": later("代理人"),
}
SIGNS = {
    Standing.IN_ORDER: ("✓", "tone-ok"),
    Standing.UNPROVEN: ("?", "tone-odd"),
    **dict.fromkeys((Standing.DUE, Standing.EXPIRING, Standing.DONE_LATE, Standing.HINT), ("◐", "tone-odd")),
    **{one: ("✕", "tone-bad") for one in Standing if one.is_broken},
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How one thing stands, as it is shown: sign, word and tone together, and why."""

    sign: str
    tone: str
    words: str
    sentence: str
    basis: str
    item: Item


def mark_of(item: Item) -> Mark:
    sign, tone = SIGNS[item.standing]
    sentence = words(item, _)
    if item.is_guess:
        sentence += _("（有的年份放假安排未公布，按周一至周五推算。）")
    return Mark(sign, tone, label(Standing, item.standing.value), sentence, _(item.basis), item)


def part_words(kind: CompanyFactKind, part: Part) -> str:
    """What a part is called in this kind."""
    special = SPECS[kind].words.get(part)
    return _(special) if special else str(PARTS[part])


def part_text(part: Part, value: Any) -> str:
    """A part of a fact as it is read."""
    if part == Part.SCOPE:
        return _("、").join(label(GuardService, service) for service in value)
    if part == Part.CAPITAL:
        return f"{value:,}"
    return label(CHOICES[part], value) if part in CHOICES else str(value)


def days_words(begins: date | None, ends: date | None) -> str:
    """2026-01-01 — 2026-12-31; what is open on a side says so."""
    if begins is None and ends is None:
        return _("长期")
    return f"{begins or '…'} — {ends or _('长期')}"


def tally(marks: Iterable[Mark]) -> list[tuple[str, str, int, str]]:
    """Sign, tone, how many, and what that means: broken first."""
    told = {"✕": _("项不符合"), "◐": _("项待办或提示"), "?": _("项证据不足"), "✓": _("项符合")}
    tones = {"✕": "tone-bad", "◐": "tone-odd", "?": "tone-odd", "✓": "tone-ok"}
    signs = [mark.sign for mark in marks]
    return [(sign, tones[sign], signs.count(sign), told[sign]) for sign in told if sign in signs]
