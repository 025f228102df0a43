"""Forms of what an operator does with a case, from verifying to disposing."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianjing.domain.incidents import policy
from lianjing.domain.incidents.case_page import IncidentPage
from lianjing.domain.incidents.causes import CAUSES
from lianjing.domain.incidents.choice_words import choice_words, disposition_words
from lianjing.domain.incidents.false_alarms import cause_words
from lianjing.domain.incidents.moving import TEXT_LIMIT
from lianjing.web.console.acting import NO_CHOICE, text
from lianjing.web.console.move_form import MoveForm, OpenChoice, choice, written

ZONES_TO_CHOOSE = 2
"""With one zone there is nothing to ask."""


def _cause_words(value: str) -> str:
    result, _colon, kind = value.partition(":")
    return cause_words(result, kind)


class NoteForm(MoveForm):
    move, title, send_words = "note", _("记录"), _("记入")
    text = written(_("内容"), required=True)


class VerifyForm(MoveForm):
    move, title, send_words = "verify", _("复核：怎样复核，结果如何"), _("提交复核")
    how = choice(_("方式"), policy.HOWS, choice_words)
    outcome = choice(_("结果"), policy.OUTCOMES, choice_words)
    note = written(_("说明（可不填）"))


class ForwardForm(MoveForm):
    move, title, send_words = "forward", _("转发给谁"), _("记录转发")
    to = choice(_("去向"), policy.TARGETS, choice_words)
    note = written(_("说明（可不填）"))


class DisposeForm(MoveForm):
    """The cause is one of the list of the result; both are sent together, e.g. "device_false:battery"."""

    move, title, send_words = "dispose", _("处置结果与原因"), _("提交处置")
    result = choice(_("结果"), policy.DISPOSITIONS, disposition_words)
    kind = choice(_("原因"), [f"{result}:{kind}" for result in CAUSES for kind in CAUSES[result]], _cause_words)
    zone = OpenChoice(label=_("哪个探测器"), required=False, widget=forms.RadioSelect)
    cause = written(_("说明（选“其他”时必填）"))
    repair = forms.BooleanField(label=_("需要报修"), required=False)
    repair_text = text(_("报修内容（可不填）"), TEXT_LIMIT)

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
            self.add_error("kind", NO_CHOICE["required"])
        given["kind"] = name
        given["zone"] = int(given["zone"]) if given.get("zone", "").isdecimal() else None
        return given


class ReopenForm(MoveForm):
    move, title, send_words = "reopen", _("重新打开：为什么"), _("重新打开")
    reason = written(_("理由"), required=True)
