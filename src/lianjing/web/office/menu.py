"""The menu of the office: sections with their pages, shown to those whom the permission table lets in."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianjing.core.access import may
from lianjing.core.viewer import Person


@dataclass(frozen=True, slots=True)
class Entry:
    """`name` is both the tab and the page's name in `office:`."""

    name: str
    words: Promise
    permission: str

    @property
    def href(self) -> str:
        return reverse(f"office:{self.name}")


SECTIONS: tuple[tuple[Promise, tuple[Entry, ...]], ...] = (
    (_("总览"), (Entry("home", _("总览"), "duty.pass"),)),
    (
        _("规范"),
        (
            Entry("clauses", _("规范条款"), "compliance.see"),
            Entry("evidence", _("证据"), "compliance.see"),
            Entry("findings", _("整改"), "findings.see"),
            Entry("service_limits", _("限值与能力"), "compliance.see"),
        ),
    ),
    (
        _("体系管理"),
        (
            Entry("documents", _("受控文件"), "documents.see"),
            Entry("supervision", _("日常监督"), "assessments.see"),
            Entry("assessments", _("考核"), "assessments.see"),
            Entry("drills", pgettext_lazy("menu", "演练"), "drills.see"),
            Entry("reviews", _("复盘"), "drills.see"),
        ),
    ),
    (
        _("客户资料"),
        (
            Entry("customers", _("客户名单"), "sites.see"),
            Entry("contracts", _("合同"), "contracts.see"),
            Entry("sites", _("场所"), "sites.see"),
            Entry("map", _("地图"), "sites.see"),
        ),
    ),
    (_("设备"), (Entry("panels", _("设备"), "sites.see"),)),
    (
        _("中心与装备"),
        (
            Entry("premises", _("服务场地"), "facilities.see"),
            Entry("inventory", _("装备台账"), "facilities.see"),
        ),
    ),
    (
        _("预案与误报"),
        (
            Entry("plans", _("处置预案"), "plans.see"),
            Entry("plan_cover", _("预案覆盖"), "compliance.see"),
            Entry("classes", _("分类分级"), "classes.see"),
            Entry("false_alarms", _("误报统计"), "incidents.review"),
        ),
    ),
    (
        _("人员管理"),
        (
            Entry("people", _("人员名单"), "people.see"),
            Entry("worklist", _("待办"), "people.see"),
            Entry("access_review", _("权限复核"), "access.review"),
            Entry("training", _("培训"), "training.edit"),
        ),
    ),
    (
        _("排班"),
        (
            Entry("roster", _("排班"), "roster.see"),
            Entry("on_duty", _("在岗"), "duty.see"),
            Entry("duty_gate", _("值班门禁"), "people.see"),
        ),
    ),
    (
        _("单位"),
        (
            Entry("company", _("单位资质"), "company.see"),
            Entry("departments", _("组织架构"), "company.see"),
            Entry("police_readings", _("公安查阅记录"), "readings.see"),
        ),
    ),
    (
        _("设置"),
        (
            Entry("exchange", _("导入导出"), "sites.edit"),
            Entry("workdays", _("工作日历"), "installation.manage"),
            Entry("limits", _("处理限值"), "limits.edit"),
            Entry("desk_settings", _("接警席限值"), "desk.settings"),
            Entry("desk_people", _("派单范围"), "desk.profiles"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A word of the first row; the pages stand in the second when it is the section of the page."""

    words: Promise
    pages: list[Entry]
    is_here: bool

    @property
    def href(self) -> str:
        return self.pages[0].href


def menu_of(viewer: Person, tab: str) -> dict[str, Any]:
    """Context: the sections that hold anything for the viewer, and the pages of the one that `tab` stands in."""
    sections = []
    for words, entries in SECTIONS:
        pages = [entry for entry in entries if may(viewer, entry.permission)]
        if pages:
            sections.append(Section(words, pages, any(entry.name == tab for entry in entries)))
    here = next((section for section in sections if section.is_here), None)
    return {"menu": sections, "here": here if here and len(here.pages) > 1 else None}
