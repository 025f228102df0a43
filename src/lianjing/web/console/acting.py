"""What forms of the console have in common."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.refusals import Refused
from lianjing.web.acting import RefusableForm

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NOT_FILLED = {
    "required": later("请填写内容。"),
    "max_length": later("最多 %(limit_value)d 个字，现有 %(show_value)d 个。"),
    "null_characters_not_allowed": later("含有不能保存的字符。"),
}
NO_CHOICE = {
    "required": later("请选择一项。"),
    "invalid_choice": later("没有这个选项。"),
    "invalid_list": later("没有这个选项。"),
}


class ActionForm(RefusableForm):
    """A form of the console."""

    def __init__(self, data: object = None, **more: Any) -> None:
        super().__init__(data, auto_id="f-%s", label_suffix="", **more)  # type: ignore[arg-type]


def text(label: "_StrPromise", limit: int, *, hint: Any = "", **attributes: str) -> forms.CharField:
    """One line that may stay empty."""
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    return forms.CharField(
        label=label, required=False, max_length=limit, widget=widget, help_text=hint, error_messages=NOT_FILLED
    )


class LastsForm(ActionForm):
    """How long: one of some durations, or until an instant."""

    lasts = forms.ChoiceField(
        label=later("多久"), required=False, widget=forms.RadioSelect, error_messages=NO_CHOICE, choices=()
    )
    until = forms.DateTimeField(
        label=later("或到此刻"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": later("时刻请写成 2026-11-22 14:30 的样子。")},
    )

    def offer(self, durations: list[timedelta]) -> None:
        """The durations to choose from, in minutes."""
        choices = [(str(int(each.total_seconds() // 60)), duration_label(each)) for each in durations]
        self.fields["lasts"].choices = choices  # type: ignore[attr-defined]

    def ends_at(self, start: datetime) -> datetime | None:
        """What was chosen, counted from `start`; an instant that was written counts more than a duration."""
        written: datetime | None = self.cleaned_data["until"]
        if written is not None:
            return written
        minutes = self.cleaned_data["lasts"]
        return start + timedelta(minutes=int(minutes)) if minutes else None

    def refuse(self, refused: Refused) -> None:
        if refused.field in ("ends_at", "expires_at"):
            self.add_error("lasts", _(refused.sentence) % refused.figures)
        else:
            super().refuse(refused)


def duration_label(lasts: timedelta) -> str:
    """30 分钟, 4 小时, 7 天: a whole number of one unit."""
    minutes = int(lasts.total_seconds() // 60)
    if minutes < 60:
        return _("%(count)d 分钟") % {"count": minutes}
    hours = minutes // 60
    if hours % 24:
        return _("%(count)d 小时") % {"count": hours}
    return _("%(count)d 天") % {"count": hours // 24}
