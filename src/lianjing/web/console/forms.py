"""The forms of the moves that ask something. They check that something was chosen; the domain checks the rest."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianjing.domain.dispatch.policy import CALLBACK_LIMIT
from lianjing.domain.incidents import policy
from lianjing.domain.incidents.case_timeline import (
    choice_words,
    disposition_words,
    rejection_words,
    said_words,
    waiver_words,
)
from lianjing.domain.incidents.causes import CAUSES
from lianjing.domain.incidents.false_alarms import cause_words
from lianjing.domain.incidents.moving import TEXT_LIMIT
from lianjing.domain.incidents.police_policy import MESSAGE_LIMIT, NUMBER_LIMIT, REJECTIONS, WAIVERS
from lianjing.domain.incidents.queries import IncidentPage
from lianjing.domain.incidents.queue_policy import HELD_LEVEL, RETURN_STEP
from lianjing.domain.incidents.reporting_duty import SERVICES
from lianjing.domain.plans.policy import NEEDS_REASON, Step, StepKind, outcomes_of
from lianjing.web.console.acting import duration_label
from lianjing.web.console.signalwords import signal_words
from lianjing.web.tags import clock

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


def _text(label: "_StrPromise", *, required: bool = False, lines: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": lines, "autocomplete": "off"}),
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
    quick: ClassVar[bool] = False
    """A number key chooses and sends at once."""

    def fit(self, page: IncidentPage, parts: Mapping[str, Any]) -> None:
        """Takes from the case, and from the parts of its page, what the form offers and begins with."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data, auto_id=f"{self.move}-%s", label_suffix="")  # type: ignore[arg-type]

    @property
    def draft(self) -> str:
        """Names what is typed here among the drafts of the case."""
        return self.move

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


class StepForm(MoveForm):
    """How a step of the plan ended. Which outcomes there are says the step; the domain knows what it allows."""

    move, title, send_words, quick = "step", _("执行下一步"), _("记下结果"), True
    step = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    word = forms.CharField(
        label=_("对方报出的口令"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "data-secret": ""}),
    )
    outcome = forms.CharField(label=_("结果"), required=False, max_length=60, widget=forms.RadioSelect)
    note = _text(_("说明（可不填）"), lines=1)
    reasons = " ".join(sorted(NEEDS_REASON))
    """Outcomes that want a reason: choosing one of them does not send."""

    def offer(self, step: Step) -> None:
        """Shows the outcomes of this step; the field for a word only where one is checked. A word is never shown."""
        self.title = step.title
        said = {branch.outcome: branch.words for branch in step.branches}
        choices = [(outcome, said_words(outcome, said.get(outcome, ""))) for outcome in outcomes_of(step)]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
        self.fields["outcome"].widget.choices = choices  # type: ignore[attr-defined]
        self.initial["step"] = step.key
        if self.is_bound:
            self.data = {**self.data.dict(), "step": step.key, "word": ""}  # type: ignore[attr-defined]
        if step.kind is not StepKind.PASS_WORD:
            del self.fields["word"]

    @property
    def draft(self) -> str:
        return f"step:{self.initial.get('step', '')}"


class StepBackForm(MoveForm):
    """Which step is taken back; it has no place of its own on the page."""

    move, title, send_words = "reopen_step", _("重做上一步"), _("重做")
    step = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)


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
    note = _text(_("说明（可不填）"))

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


HOLD_MINUTES = (5, 10, 15, 30, 60, 120)


class HoldForm(MoveForm):
    """For so long, or until an instant; `return_level` "0" is the usual place."""

    move, title, send_words = "hold", _("挂起：多久，为什么"), _("挂起")
    lasts = forms.ChoiceField(
        label=_("多久"),
        required=False,
        choices=lambda: [(str(minutes), duration_label(timedelta(minutes=minutes))) for minutes in HOLD_MINUTES],
        widget=forms.RadioSelect,
        error_messages=NOTHING_CHOSEN,
    )
    until = forms.DateTimeField(
        label=_("或到此刻"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("时刻请写成 2026-11-22 14:30 的样子。")},
    )
    reason = _text(_("原因"), required=True)
    return_level = forms.TypedChoiceField(
        label=_("恢复后的位置"), required=False, coerce=int, empty_value=0, initial=0, widget=forms.RadioSelect
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data)
        self._offer_levels(RETURN_STEP + 1)

    def fit(self, page: IncidentPage, parts: Mapping[str, Any]) -> None:
        self._offer_levels(RETURN_STEP + page.row.grade)

    def _offer_levels(self, usual: int) -> None:
        later = [(level, _("更后：第 %(level)d 档") % {"level": level}) for level in range(usual + 1, HELD_LEVEL)]
        self.fields["return_level"].choices = [(0, _("通常：排在所有新警情之后")), *later]  # type: ignore[attr-defined]

    def refuse(self, field: str, sentence: str) -> None:
        """What is wrong with how long is said beside the durations."""
        super().refuse("lasts" if field == "until" else field, sentence)


class _AnyChoice(forms.ChoiceField):
    """Takes any value: who is on duty may have changed since the page was made, and the domain knows."""

    def valid_value(self, value: str) -> bool:
        return True


class OfferForm(MoveForm):
    move, title, send_words = "offer", _("移交给谁；对方接手之前仍由您负责"), _("请他接手")
    to = _AnyChoice(label=_("正在值班的同事"), widget=forms.RadioSelect, error_messages=NOTHING_CHOSEN)
    note = _text(_("说明（可不填）"))

    def fit(self, page: IncidentPage, parts: Mapping[str, Any]) -> None:
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (user.username, user.shown_name) for user in page.colleagues
        ]


class DeclineForm(MoveForm):
    move, title, send_words = "decline", _("不接手：为什么"), _("不接手")
    reason = _text(_("理由（可不填）"))


FORMS: dict[str, type[MoveForm]] = {
    form.move: form
    for form in (
        NoteForm,
        VerifyForm,
        ForwardForm,
        DisposeForm,
        ReopenForm,
        HoldForm,
        OfferForm,
        DeclineForm,
        StepForm,
        StepBackForm,
        JoinForm,
        SplitForm,
        SendTaskForm,
        CancelTaskForm,
        PoliceForm,
        PoliceAcceptedForm,
        PoliceRejectedForm,
        PoliceClosedForm,
        WaivePoliceForm,
    )
}
