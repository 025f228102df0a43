"""Forms of the register of equipment. They read what was typed; the domain decides."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as later

from lianjing.core.scans import Scan
from lianjing.core.viewer import Viewer
from lianjing.domain.facilities.equipment_list import places_of
from lianjing.domain.facilities.equipment_policy import MONTHS_AT_MOST, NewCertificate, NewEquipment, NewMaintenance
from lianjing.domain.facilities.models import Equipment, EquipmentCertificate
from lianjing.domain.people.subject_pages import department_choices
from lianjing.terms.equipment import CertificateKind, EquipmentKind, MaintenanceResult
from lianjing.web.office import forms as fields
from lianjing.web.office.brought import scan_brought
from lianjing.web.office.forms import NOT_FILLED, OfficeForm

NO_CHOICE = {"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")}
CYCLE_HINT = later("标准及条号、厂家说明书或本单位规定。GA/T 1081 的周期没有查到原文，产品不代填。")


def _months(label: Any, hint: Any = "") -> forms.IntegerField:
    errors = {**NOT_FILLED, "invalid": later("请填写月数，整数。")}
    widget = forms.NumberInput(attrs={"autocomplete": "off", "min": 1, "max": MONTHS_AT_MOST})
    return forms.IntegerField(label=label, required=False, help_text=hint, widget=widget, error_messages=errors)


def _one_of(label: Any) -> forms.TypedChoiceField:
    """Rows of ours by their ids; nothing may be chosen."""
    return forms.TypedChoiceField(
        label=label, required=False, coerce=int, empty_value=None, choices=[], error_messages=NO_CHOICE
    )


class EquipmentForm(OfficeForm):
    """A piece of equipment."""

    number = fields.text(later("编号"), 32, required=True, hint=later("本单位自己的编号，不重复。"))
    kind = fields.choice(later("种类"), EquipmentKind)
    name = fields.text(later("名称"), 60, required=True)
    manufacturer = fields.text(later("厂家"), 60)
    model = fields.text(later("型号"), 60)
    serial = fields.text(later("序列号"), 64, hint=later("同一型号不重复。"))
    place = _one_of(later("场地"))
    place_words = fields.text(later("位置说明"), 60, hint=later("机柜、座席；不在登记的场地时写在哪里。"))
    plate = fields.text(later("号牌"), 16, hint=later("车辆填写。"))
    department = _one_of(later("责任部门"))
    keeper = fields.text(later("责任人工号"), 32)
    manufactured_on = fields.date(later("出厂日期"))
    commissioned_on = fields.date(later("启用日期"), hint=later("从这天起算在用；不填：还没有启用。"))
    decommissioned_on = fields.date(later("停用日期"), hint=later("从这天起不再算数。"))
    warranty_until = fields.date(later("保修至"), hint=later("最后一天。"))
    life_months = _months(later("计划使用年限（月）"))
    cycle_months = _months(later("维护周期（月）"))
    cycle_source = fields.text(later("周期出处"), 100, hint=CYCLE_HINT)
    notes = fields.text(later("备注"), 500, lines=2)

    def __init__(self, viewer: Viewer, company_id: int, data: Any = None, piece: Equipment | None = None) -> None:
        super().__init__(data, initial=_initial(piece) if piece else None)
        self._offer("place", places_of(viewer, company_id))
        self._offer("department", department_choices(viewer, company_id))
        self.fields["keeper"].widget.attrs["list"] = "people"
        if piece is None or piece.decommissioned_on is None:
            del self.fields["decommissioned_on"]

    def _offer(self, name: str, rows: Iterable[tuple[int, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "—"), *((str(pk), words) for pk, words in rows)]

    def new(self) -> NewEquipment:
        return NewEquipment(**self.cleaned_data)


def _initial(piece: Equipment) -> dict[str, Any]:
    told = {name: getattr(piece, name) for name in EquipmentForm.base_fields if name not in ("place", "department")}
    told |= {"place": piece.place_id, "department": piece.department_id}
    return told | {"keeper": piece.keeper.staff_no if piece.keeper else ""}


class EndForm(OfficeForm):
    """Since when a piece no longer serves, and why."""

    on = fields.date(later("停用日期"), required=True, hint=later("从这天起不再算数；它以前的记录留存。"))
    reason = fields.reason()


class CertificateForm(OfficeForm):
    """A certificate, with its scan."""

    kind = fields.choice(later("证书种类"), CertificateKind)
    number = fields.text(later("证书或报告编号"), 64, required=True)
    issuer = fields.text(later("出具单位"), 100)
    valid_from = fields.date(later("发证日期"), required=True)
    valid_until = fields.date(later("最后一天"), hint=later("不填：长期。"))
    scan = forms.FileField(
        label=later("扫描件"),
        required=False,
        help_text=later("PDF、PNG 或 JPEG，以内容为准；保存 SHA-256。"),
        error_messages={**NOT_FILLED, "empty": later("文件是空的。")},
    )

    def __init__(self, data: Any = None, files: Any = None, row: EquipmentCertificate | None = None) -> None:
        names = ("kind", "number", "issuer", "valid_from", "valid_until")
        super().__init__(data, files, initial={name: getattr(row, name) for name in names} if row else None)
        if row is not None:
            self.fields["reason"] = fields.why_corrected()

    def new(self) -> NewCertificate:
        told = self.cleaned_data
        return NewCertificate(told["kind"], told["number"], told["issuer"], told["valid_from"], told["valid_until"])

    def kept(self) -> Scan | None:
        """Raises Refused for what may not be kept."""
        return scan_brought(self.cleaned_data.get("scan"))


class MaintenanceForm(OfficeForm):
    """A maintenance that was done."""

    done_on = fields.date(later("维护日期"), required=True)
    done_by = fields.text(later("维护人"), 60, required=True, hint=later("人员或单位。"))
    content = fields.text(later("做了什么"), 500, required=True, lines=3)
    result = fields.choice(later("结果"), MaintenanceResult)

    def new(self) -> NewMaintenance:
        return NewMaintenance(**self.cleaned_data)


class NeedForm(OfficeForm):
    """That equipment of a kind needs a certificate."""

    kind = fields.choice(later("装备种类"), EquipmentKind)
    certificate = fields.choice(later("须有的证书"), CertificateKind)
    origin = fields.text(later("出处"), 100, required=True, hint=later("法规、标准及条号，或本单位规定。"))
    valid_from = fields.date(later("起始日"), hint=later("不填：一直如此。"))
