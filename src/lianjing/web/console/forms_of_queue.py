"""Forms of who has a case, and when: on hold, and over to somebody else."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianjing.domain.incidents.case_page import IncidentPage
from lianjing.domain.incidents.queue_policy import HELD_LEVEL, RETURN_STEP
from lianjing.web.console.acting import NO_CHOICE, duration_label
from lianjing.web.console.move_form import MoveForm, OpenChoice, written

HOLD_MINUTES = (5, 10, 15, 30, 60, 120)


class HoldForm(MoveForm):
    """For so long, or until an instant; `return_level` "0" is the usual place."""

    move, title, send_words = "hold", _("挂起：多久，为什么"), _("挂起")
    lasts = forms.ChoiceField(
        label=_("多久"),
        required=False,
        choices=lambda: [(str(minutes), duration_label(timedelta(minutes=minutes))) for minutes in HOLD_MINUTES],
        widget=forms.RadioSelect,
        error_messages=NO_CHOICE,
    )
    until = forms.DateTimeField(
        label=_("或到此刻"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("时刻请写成 2026-11-22 14:30 的样子。")},
    )
    reason = written(_("原因"), required=True)
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


class OfferForm(MoveForm):
    move, title, send_words = "offer", _("移交给谁；对方接手之前仍由您负责"), _("请他接手")
    to = OpenChoice(label=_("正在值班的同事"), widget=forms.RadioSelect, error_messages=NO_CHOICE)
    note = written(_("说明（可不填）"))

    def fit(self, page: IncidentPage, parts: Mapping[str, Any]) -> None:
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (user.username, user.shown_name) for user in page.colleagues
        ]


class DeclineForm(MoveForm):
    move, title, send_words = "decline", _("不接手：为什么"), _("不接手")
    reason = written(_("理由（可不填）"))
