"""我的班次: one's own shifts, swaps and leave; also on the guard's phone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianjing.core.access import may, needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.people.leave import ask_leave, withdraw_leave
from lianjing.domain.people.leave_list import own_leave
from lianjing.domain.people.models import RosterEntry, StaffMember, Swap
from lianjing.domain.people.models.rosters import LeaveState, RosterState, SwapState
from lianjing.domain.people.roster_list import (
    colleagues,
    entry_by_id,
    own_entries,
    own_member,
    own_swaps,
    shifts_of,
    swap_by_id,
)
from lianjing.domain.people.shifts import SEE
from lianjing.domain.people.swapping import ASK, answer_swap, ask_swap, withdraw_swap
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import done, refused
from lianjing.web.office.roster.around import around
from lianjing.web.office.roster.grid import times, weekday_names
from lianjing.web.office.roster.leave import LeaveForm
from lianjing.web.office.roster.swaps import AskForm, shift_words, swap_words
from lianjing.web.pages import show
from lianjing.web.paging import asked_id

OPEN = (SwapState.ASKED, SwapState.AGREED)


def _around(request: HttpRequest) -> dict[str, Any]:
    """Who has no other page of the office gets the frame of the guard's phone."""
    on_phone = not may(viewer_of(request), "sites.see")
    base = "patrol/base.html" if on_phone else "office/base.html"
    return around(request, "roster_mine") | {"base": base, "on_phone": on_phone}


@needs(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Posted: asks for leave."""
    viewer, now = viewer_of(request), timezone.now()
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and submitted(form, lambda _told: ask_leave(form.new_leave(), **who(request))):
        return done(request, _href(), _("请假已申请，等班长或经理批准。"))
    me = own_member(viewer)
    context = _around(request) | {"me": me, "form": form}
    if me is not None:
        swaps = own_swaps(viewer, now)
        asked = {one.entry_id for one in swaps if one.state in OPEN and one.giver_id == me.pk}
        context |= {
            "shifts": [_shift(row, row.pk in asked, now) for row in own_entries(viewer, now)],
            "swaps": [_swap(one, me) for one in swaps],
            "leaves": [_leave(one) for one in own_leave(viewer, now)],
            "may_swap": viewer.scope(ASK).holds(me.company_id),
        }
    return show(request, "office/roster/mine.html", context, 422 if request.method == "POST" else 200)


def _shift(row: RosterEntry, is_asked: bool, now: Any) -> dict[str, Any]:
    return {
        "entry": row,
        "weekday": weekday_names()[row.day.isoweekday()],
        "times": times(row.begins_at, row.ends_at),
        "is_asked": is_asked,
        "runs": row.begins_at <= now,
        "is_today": row.day == timezone.localdate(now),
    }


def _swap(swap: Swap, me: StaffMember) -> dict[str, Any]:
    return {
        "swap": swap,
        "words": swap_words(swap),
        "state": STATES[SwapState(swap.state)](swap),
        "may_answer": swap.state == SwapState.ASKED and swap.to_id == me.pk,
        "may_withdraw": swap.state in OPEN and swap.giver_id == me.pk,
    }


STATES = {
    SwapState.ASKED: lambda swap: _("◐ 等 %(name)s 答复") % {"name": swap.to.name},
    SwapState.AGREED: lambda swap: _("◐ 双方已同意，等班长或经理批准"),
    SwapState.APPROVED: lambda swap: _("✓ %(name)s 已批准") % {"name": swap.decided_by},
    SwapState.REFUSED: lambda swap: _("✕ %(name)s 已拒绝") % {"name": swap.decided_by},
    SwapState.WITHDRAWN: lambda swap: _("– 已撤回"),
}
LEAVES = {
    LeaveState.ASKED: lambda one: _("◐ 待批准"),
    LeaveState.GRANTED: lambda one: _("✓ %(name)s 已批准") % {"name": one.decided_by},
    LeaveState.REFUSED: lambda one: _("✕ %(name)s 已拒绝") % {"name": one.decided_by},
    LeaveState.WITHDRAWN: lambda one: _("– 已撤回"),
}


def _leave(one: Any) -> dict[str, Any]:
    taken_back = one.fact is not None and one.fact.retracted_at is not None
    state = _("– 已销假") if taken_back else LEAVES[LeaveState(one.state)](one)
    return {"leave": one, "state": state, "may_withdraw": one.state == LeaveState.ASKED}


@needs(ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def swap(request: HttpRequest, entry_id: int) -> HttpResponse:
    """First a colleague is chosen (`?to=`), then what comes in return."""
    viewer, now = viewer_of(request), timezone.now()
    me, row = found(own_member(viewer)), found(entry_by_id(viewer, entry_id))
    if row.member_id != me.pk or row.state != RosterState.PUBLISHED:
        found(None)
    offered = colleagues(viewer, me, row)
    to = next((one for one in offered if one.pk == asked_id(request, "to")), None)
    shifts = shifts_of(viewer, to.pk, now) if to else []
    form = AskForm(request.POST or None, shifts=shifts)
    if request.method == "POST" and to is not None and _asked(request, form, entry_id, to):
        return done(request, _href(), _("已请 %(name)s 换班，等他答复。") % {"name": to.name})
    context = _around(request) | {"words": shift_words(row), "colleagues": offered, "to": to, "form": form}
    return show(request, "office/roster/swap.html", context, 422 if request.method == "POST" else 200)


def _asked(request: HttpRequest, form: AskForm, entry_id: int, to: StaffMember) -> bool:
    return submitted(form, lambda told: ask_swap(entry_id, to.pk, told["in_return"], told["reason"], **who(request)))


@needs(ASK)
@require_POST
def answer(request: HttpRequest, swap_id: int) -> HttpResponse:
    """`agree` or `refuse`, the name of the button."""
    found(swap_by_id(viewer_of(request), swap_id))
    agrees = "agree" in request.POST
    said = _("已同意，等班长或经理批准。") if agrees else _("已拒绝。")
    return _acted(request, lambda: answer_swap(swap_id, agrees, **who(request)), said)


@needs(ASK)
@require_POST
def withdraw(request: HttpRequest, swap_id: int) -> HttpResponse:
    """Takes one's own asking back."""
    found(swap_by_id(viewer_of(request), swap_id))
    return _acted(request, lambda: withdraw_swap(swap_id, **who(request)), _("已撤回。"))


@needs(SEE)
@require_POST
def leave_withdraw(request: HttpRequest, request_id: int) -> HttpResponse:
    """Takes one's own asking for leave back."""
    return _acted(request, lambda: withdraw_leave(request_id, **who(request)), _("已撤回。"))


def _acted(request: HttpRequest, act: Any, said: str) -> HttpResponse:
    try:
        with doors():
            act()
    except Refused as refusal:
        return refused(request, _href(), refusal)
    return done(request, _href(), said)


def _href() -> str:
    return reverse("office:roster_mine")
