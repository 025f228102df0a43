"""What a guard fills in: a result, or why he cannot come."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianjing.domain.incidents.choice_words import scene_words
from lianjing.domain.incidents.moving import TEXT_LIMIT
from lianjing.domain.incidents.reporting_duty import SCENES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NOT_FILLED = {
    "required": _("请填写内容。"),
    "max_length": _("最多 %(limit_value)d 个字，现有 %(show_value)d 个。"),
    "null_characters_not_allowed": _("含有不能保存的字符。"),
}


def _text(label: "_StrPromise", *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    return forms.CharField(
        label=label, required=required, max_length=TEXT_LIMIT, widget=widget, error_messages=NOT_FILLED
    )


class StepForm(forms.Form):
    """Keeps what was typed and says beside each field what is wrong with it."""

    use_required_attribute = False

    def __init__(self, data: object = None, **more: Any) -> None:
        super().__init__(data, auto_id="f-%s", label_suffix="", **more)  # type: ignore[arg-type]

    def refuse(self, field: str, sentence: str) -> None:
        self.add_error(field if field in self.fields else None, sentence)


class ResultForm(StepForm):
    result = forms.ChoiceField(
        label=_("现场情况"),
        choices=lambda: [(value, scene_words(value)) for value in SCENES],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择一项。"), "invalid_choice": _("没有这个选项。")},
    )
    words = _text(_("说明"))


class RefuseForm(StepForm):
    reason = _text(_("为什么不能去"), required=True)
