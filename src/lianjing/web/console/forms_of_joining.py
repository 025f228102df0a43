"""Forms of which signals belong together: two cases into one, one into two."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianjing.domain.incidents.case_page import IncidentPage
from lianjing.web.console.acting import NO_CHOICE
from lianjing.web.console.move_form import MoveForm, written
from lianjing.web.console.signalwords import signal_words
from lianjing.web.tags import clock

NEARBY = 9
"""Other cases of the site to choose from: as many as there are number keys."""


class JoinForm(MoveForm):
    """Another case into this one: one of the site's, or any by its number, which counts more."""

    move, title, send_words = "join", _("并案：把哪一件并入本案"), _("并入本案")
    near = forms.ChoiceField(
        label=_("该场所其他未结案的警情"),
        required=False,
        choices=(),
        widget=forms.RadioSelect,
        error_messages=NO_CHOICE,
    )
    other = forms.IntegerField(
        label=_("或警情编号"),
        required=False,
        min_value=1,
        max_value=2**62,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={name: _("请填写警情编号，如 1024。") for name in ("invalid", "min_value", "max_value")},
    )
    note = written(_("说明（可不填）"))

    def __init__(self, data: object = None) -> None:
        super().__init__(data)
        # What was shown may be closed by now: the domain decides, not this list.
        self.fields["near"].valid_value = _is_number  # type: ignore[attr-defined]

    def fit(self, page: IncidentPage, parts: Mapping[str, Any]) -> None:
        choices = [(str(row.id), f"#{row.id} {row.what} {row.zones}".strip()) for row in page.siblings[:NEARBY]]
        if choices:
            self.fields["near"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["near"]
            self.fields["other"].label = _("警情编号（该场所没有其他未结案的警情）")

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        chosen = told.get("other") or told.get("near") or 0
        if not chosen and not self.errors:
            self.add_error("other", _("请选择一件，或填写警情编号。"))
        return {"other": int(chosen), "note": told.get("note", "")}


class SplitForm(MoveForm):
    """Some signals of this case into a new one."""

    move, title, send_words = "split", _("拆案：哪些信号另立一案"), _("另立一案")
    signals = forms.MultipleChoiceField(
        label=_("信号"),
        choices=(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择要拆出的信号。"), "invalid_choice": _("没有这个选项。")},
    )
    note = written(_("说明（可不填）"))

    def __init__(self, data: object = None) -> None:
        super().__init__(data)
        self.fields["signals"].valid_value = _is_number  # type: ignore[attr-defined]

    def fit(self, page: IncidentPage, parts: Mapping[str, Any]) -> None:
        lines = [signal.line for signal in reversed(page.signals)]
        words = [(str(line.id), f"{clock(line.received_at)} {signal_words(line)}") for line in lines]
        self.fields["signals"].choices = words  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        return told | {"signals": [int(pk) for pk in told.get("signals", ())]}


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19
