"""The form of a piece of evidence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as later

from lianjing.core.refusals import Refused
from lianjing.core.scans import Scan
from lianjing.domain.compliance.evidence_policy import NOTE_AT_MOST, SHOWS, TITLE_AT_MOST, NewEvidence
from lianjing.domain.compliance.models import Evidence
from lianjing.terms.verdicts import Verdict
from lianjing.web.office import forms as fields
from lianjing.web.office.brought import scan_brought
from lianjing.web.office.forms import NOT_FILLED, OfficeForm
from lianjing.web.words import label

Options = list[tuple[str, str]]
ACCEPT = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"
CHOICE_ERRORS = {"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")}


class EvidenceForm(OfficeForm):
    """What its author says of it. Where it has a file already, another one is not needed."""

    title = fields.text(later("名称"), TITLE_AT_MOST, required=True, hint=later("例如“2026 年第三季度考核记录”。"))
    shows = forms.ChoiceField(
        label=later("表明"),
        choices=lambda: [(one.value, label(Verdict, one.value)) for one in SHOWS],
        error_messages=CHOICE_ERRORS,
    )
    valid_from = fields.date(later("生效日期"), required=True, hint=later("证据所说的事从哪一天起成立。"))
    valid_until = fields.date(later("失效日期"), hint=later("最后一天，当天仍算数；不填：长期。"))
    scan = forms.FileField(
        label=later("文件"),
        required=False,
        allow_empty_file=True,
        help_text=later("PDF、PNG 或 JPEG，不超过 10 MB；Word 请先另存为 PDF。"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={**NOT_FILLED, "missing": later("没有收到文件。")},
    )
    clauses = forms.MultipleChoiceField(
        label=later("支持的条款"),
        widget=forms.CheckboxSelectMultiple,
        help_text=later("一份证据可以支持几条。"),
        error_messages={"required": later("请选择证据所支持的条款。"), "invalid_choice": later("没有这个条款。")},
    )
    note = fields.text(later("说明"), NOTE_AT_MOST, lines=2)
    same_file = forms.BooleanField(label=later("仍然提交：知道同一份文件已为这一条款提交过"), required=False)

    def __init__(self, options: Options, *told: Any, has_file: bool = False, **more: Any) -> None:
        """`options`: the clauses that it may serve."""
        super().__init__(*told, **more)
        self.fields["clauses"].choices = options  # type: ignore[attr-defined]
        if has_file:
            self.fields["scan"].label = later("换一份文件")
        if self.data.get("same_file") != "on":
            # It is asked only once it matters.
            self.fields["same_file"].widget = forms.HiddenInput()

    def refuse(self, refused: Refused) -> None:
        if refused.field == "same_file":
            self.fields["same_file"].widget = forms.CheckboxInput()
        super().refuse(refused)

    def new(self) -> NewEvidence:
        told = {name: self.cleaned_data[name] for name in ("title", "shows", "valid_from", "valid_until", "note")}
        file = self.cleaned_data.get("scan")
        clauses, same = tuple(self.cleaned_data["clauses"]), bool(self.cleaned_data.get("same_file"))
        return NewEvidence(**told, clauses=clauses, file_name=file.name if file else "", same_file=same)

    def file(self) -> Scan | None:
        """Raises Refused."""
        return scan_brought(self.cleaned_data.get("scan"))


def initial_of(row: Evidence, clauses: tuple[str, ...]) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("title", "shows", "valid_from", "valid_until", "note")}
    return {**told, "clauses": list(clauses)}
