"""What a form says of what was typed, where its field says nothing of its own: never a sentence of the framework."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as later

PLAIN: dict[str, Any] = {
    "required": later("请填写。"),
    "invalid": later("填写的内容读不出来。"),
    "invalid_choice": later("没有这个选项。"),
    "invalid_list": later("没有这个选项。"),
    "invalid_pk_value": later("没有这个选项。"),
    "min_value": later("不能小于 %(limit_value)s。"),
    "max_value": later("不能大于 %(limit_value)s。"),
    "max_length": later("最多 %(limit_value)d 个字，现有 %(show_value)d 个。"),
    "max_digits": later("数字太长。"),
    "max_whole_digits": later("数字太长。"),
    "max_decimal_places": later("小数位太多。"),
    "null_characters_not_allowed": later("含有不能保存的字符。"),
    "missing": later("请选择文件。"),
    "empty": later("文件是空的。"),
}
OF_KIND: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (forms.ChoiceField, {"required": later("请选择一项。")}),
    (forms.IntegerField, {"invalid": later("请填写整数。")}),
    (forms.DecimalField, {"invalid": later("请填写数字。")}),
    (forms.FileField, {"required": later("请选择文件。")}),
)


def speak_plainly(field: forms.Field) -> None:
    """Puts our sentence wherever the field has the framework's, or none. What it says of its own stays."""
    theirs: dict[str, Any] = {}
    for each in reversed(type(field).__mro__):
        theirs |= getattr(each, "default_error_messages", {})
    ours = dict(PLAIN)
    for kind, words in OF_KIND:
        if isinstance(field, kind):
            ours |= words
    for code, sentence in ours.items():
        said = field.error_messages.get(code)
        if said is None or said is theirs.get(code):
            field.error_messages[code] = sentence
