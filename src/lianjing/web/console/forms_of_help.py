"""Forms of who is sent or called for help: guards, and 110, 119 and 120."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianjing.domain.dispatch.policy import CALLBACK_LIMIT
from lianjing.domain.incidents.case_page import IncidentPage
from lianjing.domain.incidents.choice_words import choice_words, rejection_words, waiver_words
from lianjing.domain.incidents.police_policy import MESSAGE_LIMIT, NUMBER_LIMIT, REJECTIONS, WAIVERS
from lianjing.domain.incidents.reporting_duty import SERVICES
from lianjing.web.console.acting import NO_CHOICE, NOT_FILLED, text
from lianjing.web.console.move_form import MoveForm, OpenChoice, choice, written


class SendTaskForm(MoveForm):
    move, title, send_words = "send_task", _("派哪位巡逻员"), _("派单")
    guard = OpenChoice(label=_("巡逻员"), widget=forms.RadioSelect, error_messages=NO_CHOICE)
    instructions = written(_("交代（可不填）"))
    callback = text(_("回拨电话（可不填）"), CALLBACK_LIMIT, inputmode="tel")

    def fit(self, page: IncidentPage, parts: Mapping[str, Any]) -> None:
        self.fields["guard"].choices = parts.get("guard_choices", [])  # type: ignore[attr-defined]
        self.initial["callback"] = parts.get("callback", "")


class CancelTaskForm(MoveForm):
    """Stands beside its task, not among the moves."""

    move, title, send_words = "cancel_task", _("撤回任务"), _("撤回")
    task = forms.IntegerField(widget=forms.HiddenInput)
    reason = written(_("理由（可不填）"))


class PoliceForm(MoveForm):
    move, title, send_words = "police", _("警情单：报给谁，怎么说"), _("拟好")
    service = choice(_("报给"), SERVICES, choice_words)
    adapter = OpenChoice(label=_("方式"), required=False, widget=forms.RadioSelect)
    message = forms.CharField(
        label=_("内容（可修改）"),
        required=False,
        max_length=MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 9, "autocomplete": "off"}),
        error_messages=NOT_FILLED,
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
    number = text(_("接警编号（没有可不填）"), NUMBER_LIMIT)


class PoliceRejectedForm(MoveForm):
    move, title, send_words = "police_rejected", _("对方不受理：为什么"), _("记入")
    reason = choice(_("理由"), REJECTIONS, rejection_words)
    note = written(_("说明（选“其他”时必填）"))


class PoliceClosedForm(MoveForm):
    move, title, send_words = "police_closed", _("对方已办结"), _("记入")
    note = written(_("结果（可不填）"))


class WaivePoliceForm(MoveForm):
    move, title, send_words = "waive_police", _("应报告而不报告：为什么"), _("记入理由")
    reason = choice(_("理由"), WAIVERS, waiver_words)
    note = written(_("说明（选“其他”时必填）"))
