"""换班: what both have agreed on and a leader decides, with what is in the way of it as things are now."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Person
from lianjing.domain.people.models import RosterEntry, Swap
from lianjing.domain.people.roster_list import decided_swaps, swap_by_id, swaps_to_decide
from lianjing.domain.people.roster_obstacles import span_of
from lianjing.domain.people.roster_policy import span_words
from lianjing.domain.people.shifts import EDIT
from lianjing.domain.people.swapping import decide_swap, is_party, judged_swap
from lianjing.web.acting import found, submitted, who
from lianjing.web.office.acting import done
from lianjing.web.office.forms import OfficeForm, text
from lianjing.web.office.roster.around import around
from lianjing.web.office.roster.calendar import conflict_words
from lianjing.web.pages import show
from lianjing.web.paging import asked_id, href

PAGE = 20
"""Each is looked at anew when the page is shown: few at once."""


class DecideForm(OfficeForm):
    reason = text(later("理由"), 200, lines=2, hint=later("拒绝，或违反疲劳规则仍要批准时，必须写明。"))


@needs(EDIT)
@require_safe
def swaps(request: HttpRequest) -> HttpResponse:
    """What waits, and what was decided in the last two weeks."""
    viewer = viewer_of(request)
    rows = swaps_to_decide(viewer, asked_id(request), PAGE + 1)
    context = around(request, "roster_swaps") | {"rows": [_row(viewer, one) for one in rows[:PAGE]]}
    context["decided"] = [{"swap": one, "words": swap_words(one)} for one in decided_swaps(viewer, timezone.now())]
    context["next_href"] = href(request, after=rows[PAGE - 1].pk) if len(rows) > PAGE else ""
    return show(request, "office/roster/swaps.html", context)


def _row(viewer: Person, swap: Swap, form: DecideForm | None = None) -> dict[str, Any]:
    judged = judged_swap(viewer, swap)
    return {
        "swap": swap,
        "words": swap_words(swap),
        "problems": [conflict_words(one) for one in judged if one.problems],
        "is_barred": any(one.is_barred for one in judged),
        "is_own": is_party(swap, viewer),
        "form": form or DecideForm(auto_id=f"swap-{swap.pk}-%s"),
    }


def swap_words(swap: Swap) -> str:
    """Who gives what to whom."""
    told = {"giver": swap.giver.name, "to": swap.to.name, "shift": shift_words(swap.entry)}
    if swap.in_return is None:
        return _("%(giver)s 把 %(shift)s 让给 %(to)s") % told
    return _("%(giver)s 的 %(shift)s 换 %(to)s 的 %(other)s") % {**told, "other": shift_words(swap.in_return)}


def shift_words(entry: RosterEntry) -> str:
    return span_words(span_of(entry), timezone.get_default_timezone())


@needs(EDIT)
@require_POST
def decide(request: HttpRequest, swap_id: int) -> HttpResponse:
    """`approve` or `refuse`, the name of the button."""
    viewer = viewer_of(request)
    swap = found(swap_by_id(viewer, swap_id))
    approves = "approve" in request.POST
    form = DecideForm(request.POST, auto_id=f"swap-{swap_id}-%s")
    if submitted(form, lambda told: decide_swap(swap_id, approves, told["reason"], **who(request))):
        said = _("已批准换班，双方的班次已更新。") if approves else _("已拒绝换班。")
        return done(request, reverse("office:roster_swaps"), said)
    context = around(request, "roster_swaps") | {"rows": [_row(viewer, swap, form)], "decided": [], "next_href": ""}
    return show(request, "office/roster/swaps.html", context, 422)


class AskForm(OfficeForm):
    """A shift in return, or none, and why."""

    in_return = forms.TypedChoiceField(
        label=later("换回"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": later("没有这个选项。")},
    )
    reason = text(later("说明"), 200, lines=2, hint=later("对方和批准的人看得到。"))

    def __init__(self, data: object = None, *, shifts: list[RosterEntry], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["in_return"].choices = [  # type: ignore[attr-defined]
            ("", _("不换回，只请他代班")),
            *((row.pk, shift_words(row)) for row in shifts),
        ]
