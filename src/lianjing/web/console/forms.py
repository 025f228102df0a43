"""The forms of the moves that ask something. They check that something was chosen; the domain checks the rest."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianjing.domain.incidents import policy
from lianjing.domain.incidents.case_timeline import choice_words, disposition_words
from lianjing.domain.incidents.moving import TEXT_LIMIT
from lianjing.domain.incidents.queries import IncidentPage
from lianjing.web.console.signalwords import signal_words
from lianjing.web.tags import clock

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

    def offer(self, page: IncidentPage) -> None:
        """Gives the form what this very case has to choose from."""

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


class JoinForm(MoveForm):
    """Another case into this one: one of the site's, or any by its number, which counts more."""

    move, title, send_words = "join", _("并案：把哪一件并入本案"), _("并入本案")
    near = forms.ChoiceField(
        label=_("该场所其他未结案的警情"),
        required=False,
        choices=(),
        widget=forms.RadioSelect,
        error_messages=NOTHING_CHOSEN,
    )
    other = forms.IntegerField(
        label=_("或警情编号"),
        required=False,
        min_value=1,
        max_value=2**62,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={name: _("请填写警情编号，如 1024。") for name in ("invalid", "min_value", "max_value")},
    )
    note = _text(_("说明（可不填）"))

    def __init__(self, data: object = None) -> None:
        super().__init__(data)
        # What was shown may be closed by now: the domain decides, not this list.
        self.fields["near"].valid_value = _is_number  # type: ignore[attr-defined]

    def offer(self, page: IncidentPage) -> None:
        choices = [(str(row.id), f"#{row.id} {row.what} {row.zones}".strip()) for row in page.nearby]
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
    note = _text(_("说明（可不填）"))

    def __init__(self, data: object = None) -> None:
        super().__init__(data)
        self.fields["signals"].valid_value = _is_number  # type: ignore[attr-defined]

    def offer(self, page: IncidentPage) -> None:
        lines = [signal.line for signal in reversed(page.signals)]
        words = [(str(line.id), f"{clock(line.received_at)} {signal_words(line)}") for line in lines]
        self.fields["signals"].choices = words  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        return told | {"signals": [int(pk) for pk in told.get("signals", ())]}


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19


FORMS: dict[str, type[MoveForm]] = {
    form.move: form for form in (NoteForm, VerifyForm, ForwardForm, DisposeForm, ReopenForm)
} | {form.move: form for form in (JoinForm, SplitForm)}
