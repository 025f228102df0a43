"""The menu of the office: one line a page, shown to those whom the permission table lets in."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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


ENTRIES = (
    Entry("customers", _("客户"), "sites.see"),
    Entry("contracts", _("合同"), "contracts.see"),
    Entry("sites", _("场所"), "sites.see"),
    Entry("panels", _("设备"), "sites.see"),
    Entry("plans", _("处置预案"), "plans.see"),
    Entry("map", _("地图"), "sites.see"),
    Entry("false_alarms", _("误报统计"), "incidents.review"),
    Entry("exchange", _("导入导出"), "sites.edit"),
    Entry("workdays", _("工作日历"), "installation.manage"),
    Entry("limits", _("处理限值"), "limits.edit"),
    Entry("desk_settings", _("接警席限值"), "desk.settings"),
    Entry("desk_people", _("派单范围"), "desk.profiles"),
)


def menu_of(viewer: Person) -> list[Entry]:
    return [entry for entry in ENTRIES if may(viewer, entry.permission)]
