"""Which limits and capabilities may be entered, and what their units and names mean. No Django, no clock."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from lianjing.core.refusals import Refused
from lianjing.terms.alarm_service import Comparison, Measure, Ranked, ServiceHeading
from lianjing.terms.premises import Word
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Confidence

W = TypeVar("W", bound=Word)
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)
MOST = Decimal(10) ** 9
MILLISECONDS = {
    "ms": Decimal(1),
    "毫秒": Decimal(1),
    "s": Decimal(1000),
    "秒": Decimal(1000),
    "min": Decimal(60_000),
    "分": Decimal(60_000),
    "分钟": Decimal(60_000),
    "h": Decimal(3_600_000),
    "小时": Decimal(3_600_000),
}
"""Units of time."""
PERCENT = "%"


@dataclass(frozen=True, slots=True)
class NewLimit:
    """A limit as it was typed; `figure` as text."""

    heading: str
    measure: str
    comparison: str
    figure: str = ""
    unit: str = ""
    edition: str = ""
    source_clause: str = ""
    confidence: str = Confidence.READ.value
    share: str = Ranked.ALL.value
    item: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = ""
    limit: Decimal | None = None
    """What `figure` says, once it was checked."""


@dataclass(frozen=True, slots=True)
class NewCapability:
    """A capability as it was typed."""

    heading: str
    item: str
    subject: str
    figure: str
    unit: str
    origin: str
    valid_from: date | None = None
    valid_until: date | None = None
    number: str = ""
    note: str = ""
    equipment: str = ""
    """Number of the piece of the register that it is about; empty: `subject` says what."""
    value: Decimal = Decimal(0)
    """What `figure` says, once it was checked."""


def checked_limit(new: NewLimit) -> NewLimit:
    """The limit as it is kept. Raises Refused naming the field."""
    _one_of(ServiceHeading, "heading", new.heading)
    measure = _one_of(Measure, "measure", new.measure)
    comparison = _one_of(Comparison, "comparison", new.comparison)
    confidence = _one_of(Confidence, "confidence", new.confidence)
    _check_source(new, confidence)
    _check_days(new.valid_from, new.valid_until)
    if comparison == Comparison.NONE:
        return _without_figure(new)
    if measure == Measure.RECORDED and not new.item.strip():
        raise Refused("item", _("请写明是哪一项指标，能力记录按这个名称对照。"))
    limit, unit = _figure("figure", new.figure), plain(new.unit)
    _check_unit(measure, unit)
    _check_direction(measure, comparison)
    _check_range(measure, limit, unit)
    share = _one_of(Ranked, "share", new.share).value if measure.is_time else ""
    item = new.item.strip() if measure == Measure.RECORDED else ""
    return replace(new, limit=limit, unit=unit, share=share, item=item)


def checked_capability(new: NewCapability, today: date) -> NewCapability:
    """The capability as it is kept. Raises Refused naming the field."""
    _one_of(ServiceHeading, "heading", new.heading)
    if not new.origin.strip():
        raise Refused("origin", _("请写明由谁测得：检测机构、厂家或本单位。"))
    if new.valid_from is None:
        raise Refused("valid_from", _("请写明测得或发证的日期。"))
    if new.valid_from > today:
        raise Refused("valid_from", _("%(day)s 还没有到。"), day=str(new.valid_from))
    _check_days(new.valid_from, new.valid_until)
    value, unit = _figure("figure", new.figure), plain(new.unit)
    if not unit:
        raise Refused("unit", _("请写明单位：没有单位的数值不能对照。"))
    return replace(new, value=value, unit=unit)


def _one_of(words: type[W], field: str, typed: str) -> W:
    word = words.of(typed)
    if word is None:
        raise Refused(field, _("没有这个选项。"))
    return word


def _check_source(new: NewLimit, confidence: Confidence) -> None:
    if not new.edition.strip():
        raise Refused("edition", _("请写明标准及版本，如 GA 1383-2017：没有出处的数值不能作为限值。"))
    if not new.source_clause.strip():
        raise Refused("source_clause", _("请写明条号：没有出处的数值不能作为限值。"))
    if confidence == Confidence.NOT_FOUND:
        raise Refused("confidence", _("没有查到的数值不能作为限值。"))


def _without_figure(new: NewLimit) -> NewLimit:
    if new.figure.strip():
        raise Refused("figure", _("选的是“该版本没有数值要求”，这里请留空。"))
    return replace(new, measure=Measure.RECORDED.value, limit=None, unit="", share="", item="")


def _figure(field: str, typed: str) -> Decimal:
    text = unicodedata.normalize("NFKC", typed).strip().replace(",", "")
    if not text:
        raise Refused(field, _("请填写数值。"))
    try:
        value = Decimal(text)
    except InvalidOperation as other:
        raise Refused(field, _("“%(typed)s”不是数。"), typed=typed.strip()) from other
    if not value.is_finite() or not -MOST <= value <= MOST or value != round(value, 4):
        raise Refused(field, _("数值“%(typed)s”过大，或小数超过四位。"), typed=typed.strip())
    return value


def _check_unit(measure: Measure, unit: str) -> None:
    if not unit:
        raise Refused("unit", _("请写明单位：没有单位的数值不能对照。"))
    if measure.is_time and unit not in MILLISECONDS:
        raise Refused("unit", _("这一项按时间计，单位请写秒、分钟或小时，不是“%(unit)s”。"), unit=unit)
    if measure == Measure.AVAILABILITY and unit != PERCENT:
        raise Refused("unit", _("可用率按 %% 计，不是“%(unit)s”。"), unit=unit)


def _check_direction(measure: Measure, comparison: Comparison) -> None:
    if measure.is_time and comparison != Comparison.AT_MOST:
        raise Refused("comparison", _("时间的限值只能是“不超过”。"))
    if measure == Measure.AVAILABILITY and comparison != Comparison.AT_LEAST:
        raise Refused("comparison", _("可用率的限值只能是“不低于”。"))


def _check_range(measure: Measure, limit: Decimal, unit: str) -> None:
    if measure.is_time and limit <= 0:
        raise Refused("figure", _("时间的限值须大于 0。"))
    if unit == PERCENT and limit > 100:
        raise Refused("figure", _("百分比不能超过 100，现在是 %(figure)s。"), figure=str(limit))


def _check_days(begins: date | None, ends: date | None) -> None:
    for field, day in (("valid_from", begins), ("valid_until", ends)):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise Refused(field, _("日期 %(day)s 不可能。"), day=str(day))
    if begins and ends and ends < begins:
        said = _("到期日期 %(until)s 早于起始日期 %(begins)s。")
        raise Refused("valid_until", said, until=str(ends), begins=str(begins))


def plain(unit: str) -> str:
    """A unit as it is compared: full-width signs and capitals of time make no difference."""
    text = unicodedata.normalize("NFKC", unit).strip()
    return text.lower() if text.lower() in MILLISECONDS else text


def named(item: str) -> str:
    """What a limit and a capability are matched by: blanks and capitals make no difference."""
    return "".join(unicodedata.normalize("NFKC", item).split()).casefold()


def converted(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """The value in another unit; None when the two measure different things."""
    if unit == wanted:
        return value
    if unit in MILLISECONDS and wanted in MILLISECONDS:
        return value * MILLISECONDS[unit] / MILLISECONDS[wanted]
    return None
