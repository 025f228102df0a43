"""Words for limits of service and capabilities of equipment: headings with their number, figures with their unit."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.compliance.limit_lines import Line, number
from lianjing.domain.compliance.models import CapabilityFact, ServiceLimit
from lianjing.terms.alarm_service import Comparison, Measure, Ranked, ServiceHeading
from lianjing.terms.premises import Word
from lianjing.terms.verdicts import Confidence
from lianjing.web.quantities import quantity, signed_quantity
from lianjing.web.words import Words, label

ACTS: Words = {
    "limit.recorded": later("登记限值"),
    "limit.corrected": later("更正限值"),
    "limit.retracted": later("收回限值"),
    "capability.recorded": later("登记能力"),
    "capability.corrected": later("更正能力记录"),
    "capability.retracted": later("收回能力记录"),
}
FIELDS: Words = {
    "heading": later("标题"),
    "measure": later("对照什么"),
    "share": later("占比"),
    "item": later("指标"),
    "comparison": later("怎样比"),
    "figure": later("数值"),
    "unit": later("单位"),
    "subject": later("设备或部位"),
    "source_clause": later("条号"),
    "confidence": later("核对程度"),
    "origin": later("由谁测得"),
}
TABLES: dict[str, tuple[type[Word], ...]] = {
    "heading": (ServiceHeading,),
    "measure": (Measure,),
    "share": (Ranked,),
    "comparison": (Comparison,),
    "confidence": (Confidence,),
}
SIGNS = {Comparison.AT_MOST: "≤", Comparison.AT_LEAST: "≥"}


def heading_words(heading: str) -> str:
    """5.2.1 报警复核."""
    return f"{heading} {label(ServiceHeading, heading)}"


def figure_words(value: Decimal | None, unit: str) -> str:
    return quantity(number(value), unit)


def measure_words(limit: ServiceLimit) -> str:
    """What is compared, with the share of the cases that must keep it."""
    words = limit.item or label(Measure, limit.measure)
    if not limit.share or limit.share == Ranked.ALL.value:
        return words
    return _("%(measure)s（%(share)s 的警情）") % {"measure": words, "share": label(Ranked, limit.share)}


def limit_words(limit: ServiceLimit) -> str:
    comparison = Comparison(limit.comparison)
    if limit.limit is None:
        return label(Comparison, comparison.value)
    return f"{SIGNS[comparison]} {figure_words(limit.limit, limit.unit)}"


def margin_words(line: Line) -> str:
    """+12 秒, −3 秒."""
    return signed_quantity(number(line.shown(line.margin)), line.limit.unit)


def source_words(limit: ServiceLimit) -> str:
    return f"{limit.edition} {limit.source_clause}"


def title_of(row: ServiceLimit | CapabilityFact) -> str:
    if isinstance(row, CapabilityFact):
        return f"{row.subject} {row.item}"
    return f"{heading_words(row.heading)} {limit_words(row)}"


def days_of(begins: date | None, ends: date | None) -> str:
    if begins is None and ends is None:
        return _("长期")
    return f"{begins or '…'} — {ends or _('长期')}"
