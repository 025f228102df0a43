"""The forms of the moves that ask something. They check that something was chosen; the domain checks the rest."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianjing.domain.incidents import policy
from lianjing.domain.incidents.case_timeline import choice_words, disposition_words
from lianjing.domain.incidents.moving import TEXT_LIMIT

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NOTHING_CHOSEN = {"required": _("请选择一项。"), "invalid_choice": _("没有这个选项。")}
NOTHING_WRITTEN = {
    "required": _("请填写内容。"),
    "max_length": _("最多 %(limit_value)d 个字，现有 %(show_value)d 个。"),
}


def _choice(label: "_StrPromise", values: Sequence[str], words: Callable[[str], str]) -> forms.ChoiceField:
    # A function: the words are read in the language of each request.
    return forms.ChoiceField(
        label=label,
        choices=lambda: [(value, words(value)) for value in values],
        widget=forms.RadioSelect,
        error_messages=NOTHING_CHOSEN,
    )


def _text(label: "_StrPromise", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages=NOTHING_WRITTEN,
    )


class MoveForm(forms.Form):
    """A form inside the case page. `move` names the row of the transition table."""

    move: ClassVar[str]
    title: ClassVar["_StrPromise"]
    send_words: ClassVar["_StrPromise"]
    use_required_attribute = False
    href: str = ""

    def __init__(self, data: object = None) -> None:
        super().__init__(data, auto_id=f"{self.move}-%s", label_suffix="")  # type: ignore[arg-type]

    @property
    def is_open(self) -> bool:
        return self.is_bound

    def refuse(self, field: str, sentence: str) -> None:
        """Puts the domain's sentence beside the field that it is about."""
        self.add_error(field if field in self.fields else None, sentence)


class NoteForm(MoveForm):
    move, title, send_words = "note", _("记录"), _("记入")
    text = _text(_("内容"), required=True)


class VerifyForm(MoveForm):
    move, title, send_words = "verify", _("复核：怎样复核，结果如何"), _("提交复核")
    how = _choice(_("方式"), policy.HOWS, choice_words)
    outcome = _choice(_("结果"), policy.OUTCOMES, choice_words)
    note = _text(_("说明（可不填）"))


class ForwardForm(MoveForm):
    move, title, send_words = "forward", _("转发给谁"), _("记录转发")
    to = _choice(_("去向"), policy.TARGETS, choice_words)
    note = _text(_("说明（可不填）"))


class DisposeForm(MoveForm):
    move, title, send_words = "dispose", _("处置结果与原因"), _("提交处置")
    result = _choice(_("结果"), policy.DISPOSITIONS, disposition_words)
    cause = _text(_("原因"), required=True)


class ReopenForm(MoveForm):
    move, title, send_words = "reopen", _("重新打开：为什么"), _("重新打开")
    reason = _text(_("理由"), required=True)


FORMS: dict[str, type[MoveForm]] = {
    form.move: form for form in (NoteForm, VerifyForm, ForwardForm, DisposeForm, ReopenForm)
}
