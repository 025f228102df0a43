"""Forms of places, of what was found there, of measured values and limits. They read; the domain decides."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as later

from lianjing.core.scans import Scan
from lianjing.domain.facilities.models import Measurement, Place, PlaceFact, RoomLimit
from lianjing.domain.facilities.policy import (
    NewMeasurement,
    NewPlace,
    NewPlaceFact,
    NewRoomLimit,
    fact_kinds_of,
    plain_figure,
)
from lianjing.domain.facilities.quantities import QUANTITIES, quantities_of
from lianjing.terms.facilities import PlaceFactKind, PlaceFileKind, PlaceKind, PlaceStanding
from lianjing.terms.verdicts import Confidence
from lianjing.web.office import forms as fields
from lianjing.web.office.brought import scan_brought
from lianjing.web.office.forms import CorrectingForm, OfficeForm
from lianjing.web.office.people_forms import scan_field
from lianjing.web.office.premises_words import quantity_words
from lianjing.web.words import label

ERRORS = {"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")}
PLACE_NAMES = ("kind", "name", "address", "valid_from", "valid_until", "note")
FACT_NAMES = ("kind", "standing", "value", "valid_from", "valid_until", "tested_on", "number", "origin", "note")
VALUE_NAMES = (
    *("measured_at", "measured_by", "instrument", "instrument_no", "calibrated_until"),
    *("valid_until", "report_no", "note"),
)
LIMIT_NAMES = ("edition", "source_clause", "confidence", "valid_from", "valid_until", "note")
EDITION = "GB 50174-2017"


class _OfferingForm(CorrectingForm):
    """Has choices that depend on the place."""

    def offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices


class PlaceForm(_OfferingForm):
    """An operation centre, a room, an office."""

    kind = fields.choice(later("类别"), PlaceKind)
    name = fields.text(later("名称"), 60, required=True)
    centre = forms.ChoiceField(
        label=later("所在运营中心"),
        required=False,
        help_text=later("房间才选；运营中心和办公场所不选。"),
        error_messages=ERRORS,
    )
    address = fields.text(later("地址"), 200, hint=later("房间可不填，随运营中心。"))
    area = fields.text(later("面积（m²）"), 12)
    valid_from = fields.date(later("启用日"), hint=later("不填：一直在用。"))
    valid_until = fields.date(later("停用日（最后一天）"), hint=later("不填：在用。"))
    note = fields.text(later("说明"), 200, lines=2)

    def __init__(self, centres: Sequence[Place], *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self.offer("centre", [("", "—"), *((str(one.first_id or one.pk), one.name) for one in centres)])

    def new(self) -> NewPlace:
        told = self.cleaned_data
        centre = int(told["centre"]) if told["centre"] else None
        return NewPlace(area=told["area"], centre_id=centre, **{name: told[name] for name in PLACE_NAMES})


def place_initial(row: Place) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in PLACE_NAMES}
    area = plain_figure(row.area_m2) if row.area_m2 is not None else ""
    return {**told, "area": area, "centre": str(row.centre_id or "")}


class FactForm(_OfferingForm):
    """What was found of a place."""

    must = ("valid_from", "origin")

    kind = forms.ChoiceField(label=later("哪一项"), error_messages=ERRORS)
    standing = fields.choice(later("是否具备"), PlaceStanding)
    value = fields.text(
        later("情况"),
        200,
        hint=later(
            "与报告编号、文件至少有一样。如：12 cm 实墙、甲级防盗门；准入名单由谁批准；设备型号。"
            "UPS放电试验写时间和单位，如 35 min。"
        ),
    )
    valid_from = fields.date(later("查实或检测日期"))
    valid_until = fields.date(later("有效期至"), hint=later("下次检测前的最后一天；不填：长期。"))
    tested_on = fields.date(later("最近试验"), hint=later("按钮、电池等实际试过的日期。"))
    origin = fields.text(later("由谁查实"), 100, hint=later("检测机构、消防部门或本单位。"))
    number = fields.text(later("报告编号"), 64, hint=later("防雷、消防、电磁防护须有报告编号或报告文件。"))
    note = fields.text(later("说明"), 200, lines=2)
    scan = scan_field(later("报告或照片"))

    def __init__(self, kind: PlaceKind, *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        choices = [(one.value, f"{one.clause} {label(PlaceFactKind, one.value)}") for one in fact_kinds_of(kind)]
        self.offer("kind", choices)

    def new(self) -> NewPlaceFact:
        return NewPlaceFact(**{name: self.cleaned_data[name] for name in FACT_NAMES})

    def file(self) -> Scan | None:
        return scan_brought(self.cleaned_data.get("scan"))


def fact_initial(row: PlaceFact) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FACT_NAMES}


class FileForm(OfficeForm):
    """A drawing or a photo."""

    kind = fields.choice(later("类别"), PlaceFileKind)
    title = fields.text(later("名称"), 100, required=True)
    scan = scan_field(later("文件"))

    def file(self) -> Scan | None:
        return scan_brought(self.cleaned_data.get("scan"))


class MeasurementForm(_OfferingForm):
    """A measured value with its unit."""

    must = ("figure", "unit", "measured_at", "instrument")

    quantity = forms.ChoiceField(label=later("测量项目"), error_messages=ERRORS)
    figure = fields.text(later("数值"), 20)
    unit = fields.text(later("单位"), 12, hint=later("照仪器上的单位写：没有单位的数值不能判定。"))
    measured_at = fields.moment(later("测量时间"))
    measured_by = fields.text(later("测量人"), 100, required=True)
    instrument = fields.text(later("仪器型号"), 100)
    instrument_no = fields.text(later("仪器编号"), 64)
    calibrated_until = fields.date(later("校准有效期至"), hint=later("不填：测得在限值内也只到“基本符合”。"))
    valid_until = fields.date(later("数值有效期至"), hint=later("不填：按测量项目的周期。"))
    report_no = fields.text(later("报告编号"), 64)
    note = fields.text(later("说明"), 200, lines=2)

    def __init__(self, kind: PlaceKind, *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        known = [(one.code, f"{quantity_words(one.code)}（{one.unit}）") for one in quantities_of(kind)]
        self.offer("quantity", known)

    def new(self) -> NewMeasurement:
        told = self.cleaned_data
        first = (told["quantity"], told["figure"], told["unit"])
        return NewMeasurement(*first, **{name: told[name] for name in VALUE_NAMES})


def measurement_initial(row: Measurement) -> dict[str, Any]:
    """As it was read: figure and unit."""
    figure, _blank, unit = row.as_read.partition(" ")
    told = {name: getattr(row, name) for name in VALUE_NAMES}
    told["measured_at"] = timezone.localtime(row.measured_at)
    return {**told, "quantity": row.quantity, "figure": figure, "unit": unit}


def next_initial(quantity: str, last: Measurement | None) -> dict[str, Any]:
    """What the next value begins with: the unit of the quantity, and the instrument of the last one."""
    known = QUANTITIES.get(quantity)
    told: dict[str, Any] = {
        "quantity": quantity,
        "unit": known.unit if known else "",
        "measured_at": timezone.localtime(),
    }
    names = ("measured_by", "instrument", "instrument_no", "calibrated_until") if last else ()
    return told | {name: getattr(last, name) for name in names}


class LimitForm(_OfferingForm):
    """A limit as the company's edition has it."""

    must = ("edition", "source_clause")

    quantity = forms.ChoiceField(label=later("测量项目"), error_messages=ERRORS)
    place_kind = forms.ChoiceField(label=later("哪类房间"), error_messages=ERRORS)
    low = fields.text(later("下限"), 20, hint=later("按测量项目的单位；不填：没有下限。"))
    high = fields.text(later("上限"), 20, hint=later("不填：没有上限。"))
    edition = fields.text(later("标准及版本"), 60)
    source_clause = fields.text(later("条号"), 60)
    confidence = forms.ChoiceField(label=later("核对程度"), error_messages=ERRORS)
    valid_from = fields.date(later("起始日"), hint=later("不填：一直如此。"))
    valid_until = fields.date(later("最后一天"), hint=later("不填：长期。"))
    note = fields.text(later("说明"), 200, lines=2)

    def __init__(self, *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self.offer("quantity", [(one.code, f"{quantity_words(one.code)}（{one.unit}）") for one in QUANTITIES.values()])
        self.offer("place_kind", [(one.value, label(PlaceKind, one.value)) for one in PlaceKind])
        known = [one for one in Confidence if one != Confidence.NOT_FOUND]
        self.offer("confidence", [(one.value, label(Confidence, one.value)) for one in known])

    def new(self) -> NewRoomLimit:
        told = self.cleaned_data
        first = (told["quantity"], told["place_kind"], told["low"], told["high"])
        return NewRoomLimit(*first, **{name: told[name] for name in LIMIT_NAMES})


def limit_initial(row: RoomLimit) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("quantity", "place_kind", *LIMIT_NAMES)}
    ends = {"low": row.low, "high": row.high}
    return told | {name: plain_figure(end) if end is not None else "" for name, end in ends.items()}
