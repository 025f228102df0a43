"""Words for premises: acts and fields of their records, signs of what was found, values with their limits."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.facilities.policy import limit_words
from lianjing.domain.facilities.quantities import QUANTITIES, Bounds
from lianjing.domain.facilities.standing import FactKnown
from lianjing.terms.facilities import PlaceFactKind, PlaceFileKind, PlaceKind, PlaceStanding
from lianjing.terms.premises import Word
from lianjing.terms.verdicts import Confidence
from lianjing.web.words import Words, label

ACTS: Words = {
    "place.recorded": later("登记场地"),
    "place.corrected": later("更正场地"),
    "place.retracted": later("收回场地"),
    "place.file_added": later("上传图纸或照片"),
    "place.file_retracted": later("撤下图纸或照片"),
    "place.fact_recorded": later("登记场地记录"),
    "place.fact_corrected": later("更正场地记录"),
    "place.fact_retracted": later("收回场地记录"),
    "measurement.recorded": later("登记测量值"),
    "measurement.corrected": later("更正测量值"),
    "measurement.retracted": later("收回测量值"),
    "room_limit.recorded": later("登记场地限值"),
    "room_limit.corrected": later("更正场地限值"),
    "room_limit.retracted": later("收回场地限值"),
}
FIELDS: Words = {
    "area_m2": later("面积（m²）"),
    "centre": later("所在运营中心"),
    "standing": later("是否具备"),
    "tested_on": later("最近试验"),
    "quantity": later("测量项目"),
    "as_read": later("读数"),
    "measured_at": later("测量时间"),
    "measured_by": later("测量人"),
    "instrument": later("仪器"),
    "instrument_no": later("仪器编号"),
    "calibrated_until": later("校准有效期至"),
    "report_no": later("报告编号"),
    "place_kind": later("哪类房间"),
    "low": later("下限"),
    "high": later("上限"),
    "file_sha256": later("文件校验值"),
    "sha256": later("文件校验值"),
}
TABLES: dict[str, tuple[type[Word], ...]] = {"standing": (PlaceStanding,), "place_kind": (PlaceKind,)}
KINDS: tuple[type[Word], ...] = (PlaceKind, PlaceFactKind, PlaceFileKind)


def quantity_words(code: str) -> str:
    return _(QUANTITIES[code].zh) if code in QUANTITIES else code


def kept_mark(bounds: Bounds | None, value: Decimal | None) -> tuple[str, str, str]:
    """Sign, tone and word of a value beside its limit."""
    if bounds is None or value is None:
        return "–", "faint", _("没有限值")
    if bounds.is_stretched(value):
        return "◐", "tone-odd", _("在本单位限值内，超出标准")
    if bounds.holds(value):
        return "✓", "tone-ok", _("在限值内")
    return ("✕", "tone-bad", _("超出限值")) if bounds.is_binding else ("◐", "tone-odd", _("待核实"))


def fact_mark(fact: FactKnown) -> tuple[str, str, str]:
    """Word, sign and tone of what was found; of what shows nothing, that something is to be added."""
    if not fact.counts:
        return _("待补，不算数"), "?", "tone-odd"
    standing = label(PlaceStanding, fact.standing.value)
    return (standing, "✓", "tone-ok") if fact.is_good else (standing, "✕", "tone-bad")


def bounds_words(bounds: Bounds | None, unit: str) -> str:
    return limit_words(bounds, unit) if bounds else ""


def source_words(bounds: Bounds | None) -> str:
    """GB 50174-2017 附录A."""
    if bounds is None:
        return _("没有查到限值")
    return f"{bounds.edition} {_(bounds.source_clause) if bounds.source_clause else ''}".strip()


def doubt_words(bounds: Bounds | None) -> str:
    """How far its text was read, where that is not the original; empty else."""
    return label(Confidence, bounds.confidence.value) if bounds and not bounds.is_read else ""


def days_of(begins: date | None, ends: date | None) -> str:
    if begins is None and ends is None:
        return _("长期")
    return f"{begins or '…'} — {ends or _('长期')}"
