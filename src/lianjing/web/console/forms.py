"""The forms of the moves that ask something. They check that something was chosen; the domain checks the rest."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianjing.domain.dispatch.policy import CALLBACK_LIMIT
from lianjing.domain.incidents import policy
from lianjing.domain.incidents.case_timeline import choice_words, disposition_words, rejection_words, waiver_words
from lianjing.domain.incidents.causes import CAUSES
from lianjing.domain.incidents.false_alarms import cause_words
from lianjing.domain.incidents.moving import TEXT_LIMIT
from lianjing.domain.incidents.police_policy import MESSAGE_LIMIT, NUMBER_LIMIT, REJECTIONS, WAIVERS
from lianjing.domain.incidents.queries import IncidentPage
from lianjing.domain.incidents.reporting_duty import SERVICES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ZONES_TO_CHOOSE = 2
"""With one zone there is nothing to ask."""
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


def _cause_words(value: str) -> str:
    result, _colon, kind = value.partition(":")
    return cause_words(result, kind)


class OpenChoice(forms.ChoiceField):
    """One of what the case offers; the domain checks that it does."""

    def valid_value(self, value: object) -> bool:
        return True


class MoveForm(forms.Form):
    """A form inside the case page. `move` names the row of the transition table."""

    move: ClassVar[str]
    title: ClassVar["_StrPromise"]
    send_words: ClassVar["_StrPromise"]
    use_required_attribute = False
    href: str = ""

    def fit(self, page: IncidentPage, parts: Mapping[str, Any]) -> None:
        """Takes from the case, and from the parts of its page, what the form offers and begins with."""

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
    """The cause is one of the list of the result; both are sent together, e.g. "device_false:battery"."""

    move, title, send_words = "dispose", _("处置结果与原因"), _("提交处置")
    result = _choice(_("结果"), policy.DISPOSITIONS, disposition_words)
    kind = _choice(_("原因"), [f"{result}:{kind}" for result in CAUSES for kind in CAUSES[result]], _cause_words)
    zone = OpenChoice(label=_("哪个探测器"), required=False, widget=forms.RadioSelect)
    cause = _text(_("说明（选“其他”时必填）"))
    repair = forms.BooleanField(label=_("需要报修"), required=False)
    repair_text = forms.CharField(
        label=_("报修内容（可不填）"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=NOTHING_WRITTEN,
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data)
        self.fields["kind"].required = False
        self.fields["kind"].depends = "result"  # type: ignore[attr-defined]
        self.fields["repair"].is_tick = True  # type: ignore[attr-defined]
        for name in ("repair", "repair_text"):
            self.fields[name].only = "result=device_false"  # type: ignore[attr-defined]

    def fit(self, page: IncidentPage, parts: Mapping[str, Any]) -> None:
        zones = parts.get("zones_in_case", [])
        if len(zones) < ZONES_TO_CHOOSE:
            del self.fields["zone"]
        else:
            self.fields["zone"].choices = [(zone.pk, f"{zone.number} {zone.name}") for zone in zones]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        result, kind = given.get("result", ""), given.get("kind", "")
        of_result, _colon, name = kind.partition(":")
        if result and (of_result != result if kind else not given.get("cause")):
            self.add_error("kind", NOTHING_CHOSEN["required"])
        given["kind"] = name
        given["zone"] = int(given["zone"]) if given.get("zone", "").isdecimal() else None
        return given


class SendTaskForm(MoveForm):
    move, title, send_words = "send_task", _("派哪位巡逻员"), _("派单")
    guard = OpenChoice(label=_("巡逻员"), widget=forms.RadioSelect, error_messages=NOTHING_CHOSEN)
    instructions = _text(_("交代（可不填）"))
    callback = forms.CharField(
        label=_("回拨电话（可不填）"),
        required=False,
        max_length=CALLBACK_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        error_messages=NOTHING_WRITTEN,
    )

    def fit(self, page: IncidentPage, parts: Mapping[str, Any]) -> None:
        self.fields["guard"].choices = parts.get("guard_choices", [])  # type: ignore[attr-defined]
        self.initial["callback"] = parts.get("callback", "")


class CancelTaskForm(MoveForm):
    """Stands beside its task, not among the moves."""

    move, title, send_words = "cancel_task", _("撤回任务"), _("撤回")
    task = forms.IntegerField(widget=forms.HiddenInput)
    reason = _text(_("理由（可不填）"))


class PoliceForm(MoveForm):
    move, title, send_words = "police", _("警情单：报给谁，怎么说"), _("拟好")
    service = _choice(_("报给"), SERVICES, choice_words)
    adapter = OpenChoice(label=_("方式"), required=False, widget=forms.RadioSelect)
    message = forms.CharField(
        label=_("内容（可修改）"),
        required=False,
        max_length=MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 9, "autocomplete": "off"}),
        error_messages=NOTHING_WRITTEN,
    )

    def fit(self, page: IncidentPage, parts: Mapping[str, Any]) -> None:
        channels = parts.get("channels", [])
        if len(channels) < 2:
            del self.fields["adapter"]
        else:
            self.fields["adapter"].choices = channels  # type: ignore[attr-defined]
            self.initial["adapter"] = channels[0][0]
        self.initial["service"] = parts.get("service", "")
        self.initial["message"] = parts.get("message", "")


class PoliceAcceptedForm(MoveForm):
    move, title, send_words = "police_accepted", _("对方已接警"), _("记入")
    number = forms.CharField(
        label=_("接警编号（没有可不填）"),
        required=False,
        max_length=NUMBER_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=NOTHING_WRITTEN,
    )


class PoliceRejectedForm(MoveForm):
    move, title, send_words = "police_rejected", _("对方不受理：为什么"), _("记入")
    reason = _choice(_("理由"), REJECTIONS, rejection_words)
    note = _text(_("说明（选“其他”时必填）"))


class PoliceClosedForm(MoveForm):
    move, title, send_words = "police_closed", _("对方已办结"), _("记入")
    note = _text(_("结果（可不填）"))


class WaivePoliceForm(MoveForm):
    move, title, send_words = "waive_police", _("应报告而不报告：为什么"), _("记入理由")
    reason = _choice(_("理由"), WAIVERS, waiver_words)
    note = _text(_("说明（选“其他”时必填）"))


class ReopenForm(MoveForm):
    move, title, send_words = "reopen", _("重新打开：为什么"), _("重新打开")
    reason = _text(_("理由"), required=True)


FORMS: dict[str, type[MoveForm]] = {
    form.move: form
    for form in (
        NoteForm,
        VerifyForm,
        ForwardForm,
        DisposeForm,
        ReopenForm,
        SendTaskForm,
        CancelTaskForm,
        PoliceForm,
        PoliceAcceptedForm,
        PoliceRejectedForm,
        PoliceClosedForm,
        WaivePoliceForm,
    )
}
