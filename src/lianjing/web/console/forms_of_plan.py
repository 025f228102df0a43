"""Forms of the plan's steps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lianjing.domain.incidents.choice_words import said_words
from lianjing.domain.plans.policy import NEEDS_REASON, Step, StepKind, outcomes_of
from lianjing.web.console.move_form import MoveForm, written


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
    note = written(_("说明（可不填）"), lines=1)
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
