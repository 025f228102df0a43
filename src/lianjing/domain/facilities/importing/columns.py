"""The sheet `equipment`: from this table reading, writing, the template and the documentation are made. No Django."""

from lianjing.core.workbooks.cells import code, day, or_nothing, text, whole
from lianjing.core.workbooks.columns import Column, Sheet, Sheets, word
from lianjing.domain.facilities.equipment_policy import MONTHS_AT_MOST
from lianjing.terms.equipment import CertificateKind, EquipmentKind
from lianjing.terms.sentences import marked as _


def _day(key: str, zh: str, told: str = "2026-01-31", field: str = "", also: tuple[str, ...] = ()) -> Column:
    return Column(key, zh, or_nothing(day), told, field, also)


def _months(key: str, zh: str, told: str) -> Column:
    return Column(key, zh, or_nothing(whole(1, MONTHS_AT_MOST)), told, key, wide=12)


def _words(key: str, zh: str, longest: int, told: str = "", also: tuple[str, ...] = (), wide: int = 18) -> Column:
    return Column(key, zh, or_nothing(text(longest), ""), told, key, also, wide=wide)


EQUIPMENT = Sheet(
    "equipment",
    "装备",
    _("本单位自己的装备；证书和维护按日期保存，改动不覆盖原来的记录"),
    (
        Column(
            "number", "装备编号", code(32), _("本单位自己的编号；再次导入时按它找到同一件"), "number", ("资产编号",)
        ),
        word("kind", "装备种类", EquipmentKind, _("新装备必填"), "kind", ("种类",)),
        Column("name", "装备名称", text(60), _("新装备必填"), "name", ("名称",), wide=22),
        _words("manufacturer", "厂家", 60, also=("生产厂家", "制造商")),
        Column("model", "型号", or_nothing(code(60), ""), "", "model", ("规格型号",)),
        Column(
            "serial", "序列号", or_nothing(code(64), ""), _("同一型号不重复"), "serial", ("出厂编号", "sn"), wide=18
        ),
        Column("place", "场地", or_nothing(text(60), ""), _("已登记的场地名称"), wide=18),
        _words("place_words", "位置说明", 60, _("机柜、座席，或没有登记的地方"), ("位置", "存放地点")),
        Column("plate", "号牌", or_nothing(code(16), ""), _("车辆填写"), "plate", ("车牌", "车牌号")),
        Column("department", "责任部门", or_nothing(text(50), ""), _("已登记的部门名称")),
        Column("keeper", "责任人工号", or_nothing(code(32), ""), ""),
        _day("manufactured_on", "出厂日期", "", "manufactured_on", ("生产日期", "制造日期")),
        _day("commissioned_on", "启用日期", _("从这天起算在用"), "commissioned_on", ("投用日期",)),
        _day("decommissioned_on", "停用日期", _("从这天起不再算数"), "decommissioned_on", ("报废日期",)),
        _day("warranty_until", "保修至", _("最后一天"), "warranty_until", ("质保到期日期", "保修到期日期")),
        _months("life_months", "使用年限（月）", _("计划使用多少个月")),
        _months("cycle_months", "维护周期（月）", _("多少个月维护一次；须同时填写周期出处")),
        _words("cycle_source", "周期出处", 100, _("标准及条号、厂家说明书或本单位规定")),
        word("certificate_kind", "证书种类", CertificateKind, _("与证书编号一起填写")),
        Column("certificate_no", "证书编号", code(64), "", also=("报告编号",), wide=18),
        Column("certificate_issuer", "出具单位", text(100), "", wide=18),
        Column("certificate_from", "发证日期", day, "2026-01-31"),
        _day("certificate_until", "证书到期日期", _("最后一天；不填为长期"), also=("证书有效期至",)),
        Column("maintained_on", "上次维护日期", day, _("没有登记过这一天的维护时，登记一次")),
        Column("maintained_by", "维护人", text(60), _("与上次维护日期一起填写")),
        _words("notes", "装备备注", 500, also=("备注",), wide=24),
    ),
    needed=("kind", "name"),
    also=("装备台账", "设备台账", "装备清单", "inventory"),
)
SHEETS: Sheets = {EQUIPMENT.key: EQUIPMENT}
