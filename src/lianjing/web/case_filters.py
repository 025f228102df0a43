"""What narrows a list of cases, on the desk and for the police: a place, a grade, a class, a disposition."""

from typing import Any, TypedDict

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.incidents.case_list import JOINED
from lianjing.web.words import CLASSES, DISPOSITIONS, GRADES

TEXT_LIMIT = 64


class Narrowed(TypedDict):
    """What was chosen, as `case_list.Wanted` calls it."""

    text: str
    grade: int | None
    event_class: str
    disposition: str


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": later("日期请写成 2026-11-22 的样子。")},
    )


def _choices(words: Any) -> list[tuple[str, Any]]:
    return [("", _("全部")), *((str(name), each) for name, each in words.items())]


class CaseFilters(forms.Form):
    """What cannot be read narrows nothing, and says so."""

    use_required_attribute = False
    q = forms.CharField(
        label=later("场所、地址、账号或 #编号"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.TextInput(attrs={"id": "find", "autocomplete": "off"}),
    )
    grade = forms.TypedChoiceField(
        label=later("级别"), required=False, coerce=int, empty_value=None, choices=lambda: _choices(GRADES)
    )
    event_class = forms.ChoiceField(label=later("类别"), required=False, choices=lambda: _choices(CLASSES))
    disposition = forms.ChoiceField(
        label=later("处置结果"), required=False, choices=lambda: [*_choices(DISPOSITIONS), (JOINED, _("已并案"))]
    )

    def __init__(self, data: object) -> None:
        super().__init__(data, auto_id="f-%s", label_suffix="")  # type: ignore[arg-type]

    @property
    def narrowed(self) -> Narrowed:
        told = self.cleaned_data
        return {
            "text": told.get("q", ""),
            "grade": told.get("grade"),
            "event_class": told.get("event_class", ""),
            "disposition": told.get("disposition", ""),
        }
