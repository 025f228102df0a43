"""The forms of the moves that ask something. They check that something was chosen; the domain checks the rest."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianjing.domain.incidents import policy
from lianjing.domain.incidents.case_timeline import choice_words, disposition_words, said_words
from lianjing.domain.incidents.moving import TEXT_LIMIT
from lianjing.domain.incidents.queries import IncidentPage
from lianjing.domain.incidents.queue_policy import HELD_LEVEL, RETURN_STEP
from lianjing.domain.plans.policy import NEEDS_REASON, Step, StepKind, outcomes_of
from lianjing.web.console.acting import duration_label

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


def _text(label: "_StrPromise", *, required: bool = False, lines: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": lines, "autocomplete": "off"}),
        error_messages=NOTHING_WRITTEN,
    )


class MoveForm(forms.Form):
    """A form inside the case page. `move` names the row of the transition table."""

    move: ClassVar[str]
    title: ClassVar["_StrPromise"]
    send_words: ClassVar["_StrPromise"]
    use_required_attribute = False
    href: str = ""
    quick: ClassVar[bool] = False
    """A number key chooses and sends at once."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data, auto_id=f"{self.move}-%s", label_suffix="")  # type: ignore[arg-type]

    def prepare(self, page: IncidentPage) -> None:
        """Offers what depends on the case."""

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
    move, title, send_words = "dispose", _("处置结果与原因"), _("提交处置")
    result = _choice(_("结果"), policy.DISPOSITIONS, disposition_words)
    cause = _text(_("原因"), required=True)


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

    def prepare(self, page: IncidentPage) -> None:
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

    def prepare(self, page: IncidentPage) -> None:
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
    )
}
