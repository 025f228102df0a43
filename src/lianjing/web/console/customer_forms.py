"""Forms of calling, asking and telling: they stand at the contacts of the case page, not at its moves."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianjing.domain.incidents.asking import ask_customer
from lianjing.domain.incidents.calling import record_call
from lianjing.domain.incidents.customer_policy import ASKING_CHANNELS, CALL_OUTCOMES, LONGEST_CALL, TELLING_CHANNELS
from lianjing.domain.incidents.customer_words import outcome_words, way_words
from lianjing.domain.incidents.informing import tell_customer
from lianjing.web.console.move_form import MoveForm, choice, written


class CallForm(MoveForm):
    """What came of a call. `elapsed`: seconds since it was begun, by the browser's own count: clocks may differ."""

    move, title, send_words = "call", _("拨打结果"), _("记下")
    contact = forms.CharField(required=False, max_length=50, widget=forms.HiddenInput)
    elapsed = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput)
    direction = forms.CharField(required=False, max_length=3, widget=forms.HiddenInput)
    outcome = choice(_("结果"), CALL_OUTCOMES, outcome_words)
    note = written(_("说明（可不填）"))


class AskForm(MoveForm):
    """By which way a contact gets his link."""

    move, title, send_words = "ask_customer", _("发确认链接"), _("发出")
    contact = forms.CharField(required=False, max_length=50, widget=forms.HiddenInput)
    channel = choice(_("方式"), ASKING_CHANNELS, way_words)


class TellForm(MoveForm):
    """警情通报: to whom, by which way, in which words."""

    move, title, send_words = "tell", _("警情通报：告诉谁、怎样告诉、说什么"), _("通报并记录")
    contacts = forms.MultipleChoiceField(label=_("通报给"), required=False, widget=forms.CheckboxSelectMultiple)
    other = forms.CharField(
        label=_("或其他人（姓名，仅限电话）"),
        required=False,
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    channel = choice(_("方式"), TELLING_CHANNELS, way_words)
    text = written(_("内容（可修改）"), required=True)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["text"].widget.attrs["rows"] = 5
        if data is not None:
            # Whose they are is looked at by the action; the page offers only those of the site.
            self.offer([(value, value) for value in data.getlist("contacts")[:50]])

    def offer(self, contacts: list[tuple[str, str]]) -> None:
        """Who can be chosen, by number and name."""
        self.fields["contacts"].choices = contacts  # type: ignore[attr-defined]


def _call(
    incident_id: int,
    *,
    contact: str,
    elapsed: float | None,
    direction: str,
    outcome: str,
    note: str,
    at: datetime,
    **who: Any,
) -> object:
    """The call began so many seconds ago, by the server's clock."""
    longest = LONGEST_CALL.total_seconds()
    began = at - timedelta(seconds=min(elapsed or 0.0, longest))
    told = {"contact": contact, "direction": direction, "outcome": outcome, "note": note}
    return record_call(incident_id, started_at=began, ended_at=at, at=at, **told, **who)


def _tell(incident_id: int, *, contacts: list[str], other: str, channel: str, text: str, **who: Any) -> object:
    people = [*contacts, *([other.strip()] if other.strip() else [])]
    return tell_customer(incident_id, contacts=people, channel=channel, text=text, **who)


CUSTOMER_FORMS: Mapping[str, type[MoveForm]] = {form.move: form for form in (CallForm, AskForm, TellForm)}
CUSTOMER_ACTS: Mapping[str, Callable[..., object]] = {"call": _call, "ask_customer": ask_customer, "tell": _tell}
