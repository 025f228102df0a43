"""Forms of limits and capabilities. They read what was typed; the domain decides."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.compliance.limit_lines import number
from lianjing.domain.compliance.limit_policy import NewCapability, NewLimit
from lianjing.domain.compliance.models import CapabilityFact, ServiceLimit
from lianjing.terms.alarm_service import Comparison, Measure, Ranked, ServiceHeading
from lianjing.terms.verdicts import Confidence
from lianjing.web.office import forms as fields
from lianjing.web.office.forms import CorrectingForm
from lianjing.web.office.service_limit_words import heading_words
from lianjing.web.words import label

EDITION = "GA 1383-2017"
LIMIT_NAMES = (
    *("heading", "measure", "comparison", "unit", "edition", "source_clause", "confidence", "share", "item"),
    *("valid_from", "valid_until", "note"),
)
CAPABILITY_NAMES = (*("heading", "item", "subject", "unit", "origin", "valid_from", "valid_until", "number", "note"),)
ERRORS = {"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")}


def _choice(words: Any, choices: Iterable[tuple[str, str]], hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=words, choices=list(choices), help_text=hint, error_messages=ERRORS)


def _headings() -> list[tuple[str, str]]:
    return [(one.value, heading_words(one.value)) for one in ServiceHeading]


class _HeadedForm(CorrectingForm):
    """What stands under a heading."""

    def __init__(self, *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self.fields["heading"] = _choice(_("标题"), _headings(), _("GA 1383 的标题，取自其 2015 年草案目录。"))
        self.order_fields(["heading"])


class LimitForm(_HeadedForm):
    """A limit as the company's edition has it."""

    measure = fields.choice(later("对照什么"), Measure, hint=later("时间由近 90 天的警情算出；能力记录由人登记。"))
    item = fields.text(later("指标名称"), 60, hint=later("只在按能力记录对照时填写，与能力记录写得一样。"))
    share = fields.choice(later("多少警情须做到"), Ranked, hint=later("只用于时间：如 95% 的警情在限值以内。"))
    comparison = fields.choice(later("怎样比"), Comparison)
    figure = fields.text(later("数值"), 30, hint=later("照所持版本填写；该版本没有数值时留空，并在上面选明。"))
    unit = fields.text(later("单位"), 20, hint=later("秒、分钟、小时、%，或设备指标的单位。"))
    edition = fields.text(later("标准及版本"), 60)
    source_clause = fields.text(later("条号"), 60, hint=later("如 5.2.1 a)。没有出处的数值不能作为限值。"))
    confidence = forms.ChoiceField(label=later("核对程度"), error_messages=ERRORS)
    valid_from = fields.date(later("起始日"), hint=later("不填：一直如此。"))
    valid_until = fields.date(later("最后一天"), hint=later("不填：长期。"))
    note = fields.text(later("说明"), 200, lines=2)

    def __init__(self, *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        known = [one for one in Confidence if one != Confidence.NOT_FOUND]
        self.fields["confidence"] = _choice(
            _("核对程度"),
            [(one.value, label(Confidence, one.value)) for one in known],
            _("没有核对原文的只到“基本符合”。"),
        )

    def limit(self) -> NewLimit:
        told = self.cleaned_data
        return NewLimit(figure=told["figure"], **{name: told[name] for name in LIMIT_NAMES})


class CapabilityForm(_HeadedForm):
    """What a piece of equipment was found able to do."""

    item = fields.text(later("指标名称"), 60, required=True, hint=later("与限值的指标名称写得一样，才能对照。"))
    equipment = fields.text(later("台账里的装备编号"), 32, hint=later("在台账里的写编号：它在用时这条才算数。"))
    subject = fields.text(later("设备或部位"), 100, hint=later("不在台账里的写在这里。"))
    figure = fields.text(later("测得的数值"), 30, required=True)
    unit = fields.text(later("单位"), 20)
    origin = fields.text(later("由谁测得"), 100, hint=later("检测机构、厂家或本单位。"))
    number = fields.text(later("证书或报告编号"), 64)
    valid_from = fields.date(later("测得或发证日期"))
    valid_until = fields.date(later("证书最后一天"), hint=later("不填：长期。"))
    note = fields.text(later("说明"), 200, lines=2)

    def __init__(self, *told: Any, items: Iterable[str] = (), **more: Any) -> None:
        super().__init__(*told, **more)
        known = sorted(set(items))
        if known:
            hint = _("与限值的指标名称写得一样，才能对照：%(items)s。") % {"items": _("、").join(known)}
            self.fields["item"].help_text = hint
        self.fields["equipment"].widget.attrs["list"] = "pieces"

    def capability(self) -> NewCapability:
        told = self.cleaned_data
        named = {name: told[name] for name in (*CAPABILITY_NAMES, "equipment")}
        return NewCapability(figure=told["figure"], **named)


def initial_of(row: ServiceLimit | CapabilityFact) -> dict[str, Any]:
    """What a form shows of a row that is corrected."""
    is_limit = isinstance(row, ServiceLimit)
    figure = row.limit if isinstance(row, ServiceLimit) else row.figure
    names = LIMIT_NAMES if is_limit else CAPABILITY_NAMES
    told = {name: getattr(row, name) for name in names}
    shown = number(figure)
    if isinstance(row, CapabilityFact) and row.equipment is not None:
        told |= {"equipment": row.equipment.number, "subject": ""}
    return {**told, "figure": "" if shown is None else str(shown)}
