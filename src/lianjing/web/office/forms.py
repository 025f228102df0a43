"""Forms of the office. They read what was typed; the domain decides whether it may be."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.refusals import Refused
from lianjing.domain.records.changing import REASON_LIMIT
from lianjing.terms.premises import Word
from lianjing.web.acting import RefusableForm

NOT_FILLED = {
    "required": later("请填写。"),
    "max_length": later("最多 %(limit_value)d 个字，现有 %(show_value)d 个。"),
    "invalid": later("填写的内容读不出来。"),
    "null_characters_not_allowed": later("含有不能保存的字符。"),
}


class OfficeForm(RefusableForm):
    """A form of the office; it may carry files.

    No browser fills in a file again. When a form with one is refused, its field says so and the form carries the name
    of the file (`NAME-chosen`): sent without it, it is refused until that is meant (`NAME-without`).
    """

    def __init__(self, data: object = None, files: object = None, **more: Any) -> None:
        more.setdefault("auto_id", "f-%s")
        super().__init__(data, files, label_suffix="", **more)  # type: ignore[arg-type]
        self.lost_files: dict[str, str] = {}
        """Names of files that have to be chosen again, should the form be refused, by field."""

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound:
            return
        self.lost_files = {}
        for name, field in self.fields.items():
            if isinstance(field, forms.FileField):
                self._look_for_file(name, field)
        if not self.is_valid():
            self._ask_for_files()

    def refuse(self, refused: Refused) -> None:
        super().refuse(refused)
        self._ask_for_files()

    def _look_for_file(self, name: str, field: forms.FileField) -> None:
        key = self.add_prefix(name)
        brought = [str(one.name) for one in self.files.getlist(key)]
        chosen = "、".join(brought) or self.data.get(f"{key}-chosen", "").replace("\0", "")
        goes_without = not brought and self.data.get(f"{key}-without") == "on"
        may_go_without = not field.required and name not in self.must
        field.chosen = Chosen(chosen[:NAME_AT_MOST], goes_without, may_go_without)  # type: ignore[attr-defined]
        if chosen and not goes_without:
            self.lost_files[name] = chosen[:NAME_AT_MOST]
            if not brought:
                self._ask_for_files()

    def _ask_for_files(self) -> None:
        for name, chosen in self.lost_files.items():
            if name not in self.errors:
                sentence = _("选过的文件“%(name)s”没有留下来：浏览器不会替您再选一次，请重新选择。")
                self.add_error(name, sentence % {"name": chosen})


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen in a file's field, now or when the form was refused; whether it is sent without it all the
    same, and whether it can be."""

    name: str
    goes_without: bool
    may_go_without: bool


NAME_AT_MOST = 150


def text(label: Any, limit: int, *, required: bool = False, lines: int = 1, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput()
    widget.attrs["autocomplete"] = "off"
    return forms.CharField(
        label=label, max_length=limit, required=required, widget=widget, help_text=hint, error_messages=NOT_FILLED
    )


def reason() -> forms.CharField:
    """Why something is taken back, sent back or taken out of force."""
    return text(later("理由"), REASON_LIMIT, required=True, lines=2)


def why_corrected() -> forms.CharField:
    """Why something is put in the place of what was entered wrongly."""
    hint = later("原来的记录留存，写明为什么更正。")
    return text(later("更正原因"), REASON_LIMIT, required=True, lines=2, hint=hint)


class ReasonForm(OfficeForm):
    """Only why."""

    reason = reason()


class CorrectingForm(OfficeForm):
    """When something is corrected, why."""

    def __init__(self, *told: Any, is_correction: bool = False, **more: Any) -> None:
        super().__init__(*told, **more)
        if is_correction:
            self.fields["reason"] = why_corrected()

    @property
    def reason(self) -> str:
        told: str = self.cleaned_data.get("reason", "")
        return told


def choice(label: Any, words: type[Word], *, empty: Any = None, hint: Any = "") -> forms.ChoiceField:
    """One of the words, by their labels; `empty` adds a first choice of none."""

    def choices() -> list[tuple[str, str]]:
        none = [] if empty is None else [("", str(empty))]
        return [*none, *((word.value, _(word.zh)) for word in words)]

    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=empty is None,
        help_text=hint,
        error_messages={"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")},
    )


def date(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={**NOT_FILLED, "invalid": later("日期请写成 2026-11-22 的样子。")},
    )


def moment(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateTimeField:
    """A day and a time in the centre's zone."""
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=hint,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={**NOT_FILLED, "invalid": later("时间请写成 2026-11-22 18:30 的样子。")},
    )


def time_of_day(label: Any, *, required: bool = False, hint: Any = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        help_text=hint,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={**NOT_FILLED, "invalid": later("时间请写成 18:30 的样子。")},
    )
