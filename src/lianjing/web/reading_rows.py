"""What the police have read, in words: for the company's page, its file, and the officer's own page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.records.models import Reading, Way
from lianjing.domain.records.reading_list import ReadingsWanted
from lianjing.domain.signals.days import day_bounds
from lianjing.terms.roles import PERMISSIONS
from lianjing.terms.staffing import CompanyFactKind
from lianjing.web.words import CLASSES, Words, label, word

DOORS: Words = {
    "police:start": later("辖区单位一览"),
    "police:company": later("单位概况"),
    "police:people": later("人员登记"),
    "police:people_excel": later("人员登记"),
    "police:certificates": later("证书与许可"),
    "police:certificates_excel": later("证书与许可"),
    "police:cases": later("已结警情列表"),
    "police:case": later("已结警情"),
    "police:verification": later("校验证据包"),
    "police:readings": later("自己的查阅记录"),
    "office:clauses": later("规范条款"),
    "office:clause_detail": later("条款的判定与依据"),
    "office:clauses_ahead": later("条款将来的变化"),
    "office:clauses_few_ahead": later("条款将来的变化"),
    "office:clauses_what_if": later("条款试算"),
    "office:clause_report": later("自查报告"),
    "office:service_limits": later("服务限值与能力"),
    "office:premises": later("服务场地"),
    "office:inventory": later("装备台账"),
    "office:equipment": later("装备"),
    "office:equipment_certificate_scan": later("证书扫描件"),
    "office:certificate_needs": later("须有的证书"),
    "office:place": later("场地"),
    "office:measured": later("测量值"),
    "office:place_fact_file": later("场地报告或照片"),
    "office:place_file": later("场地图纸或照片"),
    "office:evidence": later("证据列表"),
    "office:evidence_page": later("证据"),
    "office:evidence_file": later("证据文件"),
    "office:company": later("单位资质"),
    "office:company_fact_scan": later("单位证照扫描件"),
    "office:departments": later("组织架构"),
    "office:department": later("部门"),
    "office:post": later("岗位"),
    "office:customers": later("客户名单"),
    "office:customer": later("客户"),
    "office:contracts": later("合同列表"),
    "office:contract": later("合同"),
    "office:contract_scan": later("合同扫描件"),
    "office:sites": later("场所列表"),
    "office:site": later("场所"),
    "office:map": later("地图"),
    "office:map_points": later("地图"),
    "office:map_standings": later("地图"),
    "office:panels": later("设备列表"),
    "office:panel": later("设备"),
    "office:drawings": later("平面图"),
    "office:drawing": later("平面图"),
    "office:drawing_image": later("平面图"),
    "office:schedule": later("布防时间表"),
    "office:plans": later("处置预案列表"),
    "office:plan_cover": later("预案覆盖"),
    "office:plan_cover_export": later("预案覆盖（导出）"),
    "office:plan_review_file": later("预案评审记录"),
    "office:classes": later("分类分级表"),
    "office:classes_version": later("分类分级表"),
    "office:plan": later("处置预案"),
    "office:drills": later("演练列表"),
    "office:drill": later("演练"),
    "office:drill_run": later("演练过程"),
    "office:drill_report": later("演练报告"),
    "office:drill_file": later("演练附件"),
    "office:reviews": later("复盘列表"),
    "office:review": later("复盘"),
    "api-1:list_drills": later("演练列表"),
    "api-1:get_drill": later("演练"),
    "api-1:list_places": later("场地列表"),
    "api-1:get_place": later("场地"),
    "api-1:list_equipment": later("装备台账"),
    "api-1:get_equipment": later("装备"),
    "console:incidents": later("警情列表"),
    "console:incident": later("警情"),
    "console:queue": later("接警队列"),
    "console:events": later("实时警情"),
    "console:media": later("警情影像"),
    "console:media_file": later("警情影像原件"),
    "console:media_small": later("警情影像缩略图"),
    "console:report": later("警情报告"),
    "console:signals": later("信号列表"),
    "console:signal": later("信号"),
    "console:ledger": later("抑制规则"),
    "console:tests": later("测试"),
    "console:tests_past": later("以往的测试"),
    "console:test": later("测试"),
    "console:test_live": later("测试"),
    "console:watch": later("系统监视"),
    "console:accounting": later("每日对账"),
    "console:accounting_csv": later("每日对账"),
    "console:figures": later("统计"),
    "console:figures_csv": later("统计"),
    "console:figures_excel": later("统计"),
    "api-1:list_clauses": later("规范条款"),
    "api-1:get_report": later("自查报告"),
    "api-1:list_turns": later("条款将来的变化"),
    "api-1:list_evidence": later("证据列表"),
    "api-1:get_evidence_file": later("证据文件"),
    "api-1:list_measurements": later("测量值"),
    "api-1:list_signals": later("信号列表"),
    "api-1:accounting": later("每日对账"),
    "api-1:list_incidents": later("警情列表"),
    "api-1:get_incident": later("警情"),
    "api-1:kpis": later("统计"),
}
"""By the name of an address. What is not here any more, but was read once, is called by what its door allowed."""
WAYS: Words = {
    Way.PAGE.value: later("页面"),
    Way.API.value: later("接口"),
    Way.FILE.value: later("导出文件"),
}
SUBJECTS: Words = {"incident": later("警情"), "signal": later("信号"), "test": later("测试")}
"""Kinds that are told by their number."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what, about what, how, from when to when, how often."""

    reading: Reading
    company: str
    what: str
    about: str
    way: str

    @property
    def is_once(self) -> bool:
        return self.reading.count == 1


def reading_rows(readings: Iterable[Reading], companies: Mapping[int, str]) -> list[Row]:
    return [_row(one, companies.get(one.company_id, "")) for one in readings]


def _row(reading: Reading, company: str) -> Row:
    what = word(DOORS, reading.door) if reading.door in DOORS else _(PERMISSIONS[reading.permission].zh)
    return Row(reading, company, what, _about(reading), word(WAYS, reading.way))


def _about(reading: Reading) -> str:
    name = _named(reading.subject_type, reading.subject_name)
    if reading.subject_type not in SUBJECTS:
        return name or (f"#{reading.subject_id}" if reading.subject_id else "")
    return f"#{reading.subject_id} {name}".strip()


def _named(kind: str, name: str) -> str:
    """In words what is kept as a code: a fact of the company by its kind, a plan in older rows by its class."""
    if kind == "fact":
        return label(CompanyFactKind, name)
    return word(CLASSES, name) if kind == "plan" else name


class DayAsked:
    """The day of the query; one that cannot be read narrows nothing, and says so."""

    def __init__(self, request: HttpRequest) -> None:
        self.text = request.GET.get("on", "")
        self.on = _read(self.text)
        self.problem = _("日期请写成 2026-11-22 的样子。") if self.text and self.on is None else ""

    def wanted(self, **more: Any) -> ReadingsWanted:
        begin, end = day_bounds(self.on) if self.on else (None, None)
        return ReadingsWanted(begin=begin, end=end, **more)

    def context(self) -> dict[str, Any]:
        return {"on": self.on, "on_text": self.text, "problem": self.problem, "is_narrowed": bool(self.text)}


def _read(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day is not None and 2 < day.year < 9999 else None
