"""The form of a fact about a company: its fields follow from the kind."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as later

from lianjing.core.scans import Scan
from lianjing.domain.companies.company_facts import CHOICES, DAYS, DETAILS, SPECS, Part
from lianjing.domain.companies.fact_policy import TEXT_AT_MOST, NewCompanyFact
from lianjing.domain.companies.models import CompanyFact
from lianjing.terms.staffing import CompanyFactKind, GuardService
from lianjing.web.office import forms as fields
from lianjing.web.office.brought import scan_brought
from lianjing.web.office.company_words import part_words
from lianjing.web.office.forms import NOT_FILLED, OfficeForm
from lianjing.web.words import label

HINTS = {
    Part.UNTIL: later("不填：长期。"),
    Part.SCOPE: later("许可证上写明的；从事报警运营须有安全技术防范。"),
    Part.CAPITAL: later("不低于 1,000,000 元。"),
    Part.APPROVED_ON: later("变更法定代表人须先经公安机关审核。"),
    Part.DISTANCE: later("公里，如 35 或 0.8。"),
    Part.MINUTES: later("从主机房停止到第二机房接管。"),
    Part.KEPT_AT: later("只有不在主机房的副本才算异地。"),
    Part.STANDARD: later("两版的等级不互相对照。"),
    Part.SCAN: later("PDF、PNG 或 JPEG，不超过 10 MB"),
}
CHOICE_ERRORS = {"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")}


class FactForm(OfficeForm):
    """One fact of a kind. When one is corrected, why; an earlier scan stays unless another is given."""

    def __init__(self, kind: CompanyFactKind, *told: Any, filed: list[CompanyFact] | None = None, **more: Any) -> None:
        self.is_correction = more.pop("is_correction", False)
        super().__init__(*told, **more)
        self.kind, spec = kind, SPECS[kind]
        if spec.about:
            self.fields["about"] = forms.ChoiceField(
                label=later("备案的是"),
                choices=[(str(one.pk), f"{label(CompanyFactKind, one.kind)}：{one.value}") for one in filed or []],
                error_messages=CHOICE_ERRORS,
            )
        for part in spec.takes:
            self.fields[part.value] = _field(kind, part)
        if self.is_correction:
            self.fields["reason"] = fields.why_corrected()

    def fact(self) -> NewCompanyFact:
        told = self.cleaned_data
        details = {part.value: _plain(part, told[part.value]) for part in DETAILS if told.get(part.value)}
        columns = {
            name: told[name] for name in ("value", "number", "issuer", "valid_from", "valid_until") if name in told
        }
        return NewCompanyFact(self.kind, **columns, details=details, about=int(told.get("about") or 0) or None)

    def scan(self) -> Scan | None:
        """Raises Refused."""
        return scan_brought(self.cleaned_data.get("scan"))


def initial_of(fact: CompanyFact) -> dict[str, Any]:
    """What a form shows of a fact that is corrected."""
    told = {name: getattr(fact, name) for name in ("value", "number", "issuer", "valid_from", "valid_until")}
    return {**told, **fact.details, "about": str(fact.about_id or "")}


def _plain(part: Part, value: Any) -> Any:
    return str(value) if part in DAYS else value


def _field(kind: CompanyFactKind, part: Part) -> forms.Field:
    spec = SPECS[kind]
    words, needed, hint = part_words(kind, part), part in spec.needs, HINTS.get(part, "")
    if part in DAYS:
        return fields.date(words, required=needed, hint=hint)
    if part == Part.SCAN:
        return _file(words, hint)
    if part == Part.SCOPE:
        return _scope(words, hint)
    if part in CHOICES:
        return fields.choice(words, CHOICES[part], empty=None if needed else later("（没有）"), hint=hint)
    if part == Part.VALUE and spec.values is not None:
        return fields.choice(words, spec.values)
    return fields.text(words, TEXT_AT_MOST.get(part, 20), required=needed, hint=hint)


def _scope(words: str, hint: Any) -> forms.Field:
    return forms.MultipleChoiceField(
        label=words,
        choices=[(service.value, label(GuardService, service.value)) for service in GuardService],
        widget=forms.CheckboxSelectMultiple,
        help_text=hint,
        error_messages=CHOICE_ERRORS,
    )


def _file(words: str, hint: Any) -> forms.Field:
    accept = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"
    return forms.FileField(
        label=words,
        required=False,
        allow_empty_file=True,
        help_text=hint,
        widget=forms.FileInput(attrs={"accept": accept}),
        error_messages={**NOT_FILLED, "missing": later("没有收到文件。")},
    )
