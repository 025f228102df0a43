"""换班: asking a colleague, his answer, and the leader's decision, at which everything is looked at again."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from lianjing.core.entering import enter, once
from lianjing.core.outbox.write import News, emit
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, person_id, require
from lianjing.domain.people.leave import own_member_locked
from lianjing.domain.people.models import RosterEntry, StaffMember, Swap
from lianjing.domain.people.models.rosters import RosterState, SwapState
from lianjing.domain.people.roster_entries import OPEN_SWAPS, refuse_obstacles, tell_change
from lianjing.domain.people.roster_obstacles import Judged, Wanted, members_locked, span_of, surroundings_of
from lianjing.domain.people.shifts import EDIT, SEE
from lianjing.domain.records.changing import Actor, locked, reason_given, write_down
from lianjing.terms.sentences import marked as _
from lianjing.terms.sentences import words

ASK = "roster.swap"
SWAP_CHANGED = "swap.changed"
"""Topic: a swap was asked for, answered or decided; the payload names the two who are told."""


@transaction.atomic
def ask_swap(
    entry_id: int,
    to_id: int,
    in_return_id: int | None = None,
    reason: str = "",
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> Swap:
    """Asks a colleague to take one's shift, for one of his or for nothing. What overlaps is refused here already.

    Raises Missing, Forbidden, or Refused naming the field (`to`, `in_return`, `reason`).
    """
    giver = own_member_locked(by)
    require(by, ASK, giver.company_id)
    entry = _own_shift(entry_id, giver, by)
    to = members_locked(giver.company_id, [to_id], by).get(to_id)
    if to is None or to.pk == giver.pk:
        raise Refused("to", _("请选择一位同事。"))
    back = _shift_in_return(in_return_id, to, by) if in_return_id is not None else None
    for one in (entry, back):
        _refuse_begun(one, at)
    swap = Swap(company_id=giver.company_id, entry=entry, giver=giver, to=to, in_return=back, asked_at=at)
    swap.asked_by = by.name[:150]
    enter(swap, {"reason": reason})
    for judged in judged_swap(by, swap):
        _refuse_overlap(judged)
    with once("entry", _("这一班已经在申请换班。")):
        swap.save()
    _tell("swap.asked", swap, Actor(by, at, source))
    return swap


@transaction.atomic
def answer_swap(swap_id: int, agrees: bool, *, by: Viewer, at: datetime, source: str = "") -> Swap:
    """The colleague agrees, and a leader decides next; or he refuses. Raises Missing or Refused."""
    swap = _locked_swap(swap_id, by)
    if not _is(swap.to, by):
        raise Missing(str(swap_id))
    _refuse_decided(swap, SwapState.ASKED)
    for one in (swap.entry, swap.in_return) if agrees else ():
        _refuse_begun(one, at)
    swap.answered_at = at
    _move(swap, SwapState.AGREED if agrees else SwapState.REFUSED, Actor(by, at, source), "swap.answered")
    return swap


@transaction.atomic
def withdraw_swap(swap_id: int, *, by: Viewer, at: datetime, source: str = "") -> Swap:
    """Who asked takes it back, as long as nobody has decided. Raises Missing or Refused."""
    swap = _locked_swap(swap_id, by)
    if not _is(swap.giver, by):
        raise Missing(str(swap_id))
    _refuse_decided(swap, *OPEN_SWAPS)
    _move(swap, SwapState.WITHDRAWN, Actor(by, at, source), "swap.withdrawn")
    return swap


@transaction.atomic
def decide_swap(swap_id: int, approves: bool, reason: str = "", *, by: Viewer, at: datetime, source: str = "") -> Swap:
    """A leader or manager approves what both agreed on, or refuses with a reason. Eligibility, leave, overlap and
    fatigue are looked at again, as they are now; against a fatigue rule only with a reason. Nobody decides on his own.

    Raises Missing, Forbidden or Refused.
    """
    swap = _locked_swap(swap_id, by)
    require(by, EDIT, swap.company_id)
    if is_party(swap, by):
        raise Refused("", _("不能批准自己的换班。"))
    _refuse_decided(swap, SwapState.AGREED)
    why = reason_given(reason) if reason.strip() or not approves else ""
    actor = Actor(by, at, source)
    if approves:
        _exchange(swap, why, actor)
    swap.decision = why
    _move(swap, SwapState.APPROVED if approves else SwapState.REFUSED, actor, "swap.decided")
    return swap


def is_party(swap: Swap, viewer: Viewer) -> bool:
    """Whether it is the viewer's own: then somebody else decides. `giver` and `to` must be at hand."""
    return _is(swap.giver, viewer) or _is(swap.to, viewer)


def judged_swap(viewer: Viewer, swap: Swap) -> list[Judged]:
    """The shifts as they would be after it, with what is in the way: of the two entries neither counts as it is now."""
    entry, back = swap.entry, swap.in_return
    days = [one.day for one in (entry, back) if one is not None]
    known = surroundings_of(viewer, swap.company_id, {swap.giver_id, swap.to_id}, (min(days), max(days)))
    known.left_out |= {one.pk for one in (entry, back) if one is not None}
    taken = [Wanted(swap.to, entry.post_kind, span_of(entry), entry.team_id)]
    if back is not None:
        taken.append(Wanted(swap.giver, back.post_kind, span_of(back), back.team_id))
    return [known.judge(wanted) for wanted in taken]


def _exchange(swap: Swap, why: str, actor: Actor) -> None:
    """The shifts change hands."""
    entry, back = swap.entry, swap.in_return
    members_locked(swap.company_id, {swap.giver_id, swap.to_id}, actor.by)
    for one in (entry, back):
        _refuse_begun(one, actor.at)
    if entry.member_id != swap.giver_id or (back is not None and back.member_id != swap.to_id):
        raise Refused("", _("其中一班已经换了人，这个换班不再成立。"))
    for judged in judged_swap(actor.by, swap):
        refuse_obstacles(judged, why)
    # Two shifts that begin together belong to each of the two at once for a moment, which the table does not allow.
    RosterEntry.objects.filter(pk=entry.pk).update(state=RosterState.CANCELLED)
    if back is not None:
        _hand(back, swap.giver, why, actor)
    _hand(entry, swap.to, why, actor)
    tell_change([one for one in (entry, back) if one is not None], actor)
    _end_others(swap, actor)


def _hand(entry: RosterEntry, to: StaffMember, why: str, actor: Actor) -> None:
    before = {"member_id": entry.member_id}
    entry.member, entry.state, entry.reason = to, RosterState.PUBLISHED, why
    entry.save(update_fields=["member", "state", "reason"])
    write_down("roster.entry_swapped", entry, entry.company_id, actor, before=before, after={"member_id": to.pk})


def _end_others(done: Swap, actor: Actor) -> None:
    """Other open swaps of the same shifts: they are somebody else's now."""
    shifts = [pk for pk in (done.entry_id, done.in_return_id) if pk is not None]
    others = Swap.objects.filter(Q(entry__in=shifts) | Q(in_return__in=shifts), state__in=OPEN_SWAPS)
    for swap in others.exclude(pk=done.pk).select_related("entry__member", "giver", "to"):
        swap.decision = _("班次已换给别人")
        _move(swap, SwapState.WITHDRAWN, actor, "swap.ended")


def _own_shift(entry_id: int, giver: StaffMember, by: Viewer) -> RosterEntry:
    entry = locked(RosterEntry.objects.select_related("member"), entry_id, by, see=SEE)
    if entry.member_id != giver.pk or entry.state != RosterState.PUBLISHED:
        raise Missing(str(entry_id))
    return entry


def _shift_in_return(entry_id: int, to: StaffMember, by: Viewer) -> RosterEntry:
    rows = RosterEntry.objects.filter(member=to, state=RosterState.PUBLISHED).select_related("member")
    try:
        return locked(rows, entry_id, by, see=SEE)
    except Missing as missing:
        raise Refused("in_return", _("%(name)s没有这一班。"), name=to.name) from missing


def _refuse_begun(entry: RosterEntry | None, at: datetime) -> None:
    if entry is None:
        return
    if entry.state != RosterState.PUBLISHED:
        raise Refused("", _("这一班已取消。"))
    if entry.begins_at <= at:
        raise Refused("", _("%(name)s %(day)s 的%(shift)s已经开始，不能再换。"), **_named(entry))


def _named(entry: RosterEntry) -> dict[str, str]:
    return {"name": entry.member.name, "day": str(entry.day), "shift": entry.shift}


def _refuse_overlap(judged: Judged) -> None:
    overlap = next((problem for problem in judged.problems if problem.code == "overlap"), None)
    if overlap is not None:
        said = words(overlap, gettext)
        raise Refused("to", "%(name)s：%(said)s", name=judged.wanted.member.name, said=said)


def _refuse_decided(swap: Swap, *states: str) -> None:
    if swap.state in states:
        return
    if swap.decided_by:
        raise Refused("", _("这个换班已经由 %(name)s 处理。"), name=swap.decided_by)
    raise Refused("", _("这个换班的状态已经变了，请重新看。"))


def _locked_swap(swap_id: int, by: Viewer) -> Swap:
    """The swap and its shifts, locked. Raises Missing."""
    swap = locked(Swap.objects.select_related("to", "giver"), swap_id, by, see=SEE)
    shifts = [pk for pk in (swap.entry_id, swap.in_return_id) if pk is not None]
    rows = RosterEntry.objects.select_for_update(of=("self",), no_key=True).select_related("member").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=shifts)}
    swap.entry = found[swap.entry_id]
    if swap.in_return_id is not None:
        swap.in_return = found[swap.in_return_id]
    return swap


def _is(member: StaffMember, by: Viewer) -> bool:
    return member.user_id is not None and member.user_id == person_id(by)


def _move(swap: Swap, state: SwapState, actor: Actor, action: str) -> None:
    swap.state = state
    if state != SwapState.AGREED:
        swap.decided_at, swap.decided_by = actor.at, actor.by.name[:150]
    swap.save()
    _tell(action, swap, actor)


def _tell(action: str, swap: Swap, actor: Actor) -> None:
    after = {"state": str(swap.state), "entry": swap.entry_id, "to": swap.to_id, "in_return": swap.in_return_id}
    after |= {name: told for name, told in (("reason", swap.reason), ("decision", swap.decision)) if told}
    write_down(action, swap, swap.company_id, actor, after=after)
    payload = {"swap": swap.pk, "users": sorted(_users(swap))}
    emit([News(SWAP_CHANGED, swap.company_id, payload)], at=actor.at)


def _users(swap: Swap) -> Iterable[int]:
    """The two who are told: who asked, and who was asked."""
    return {member.user_id for member in (swap.giver, swap.to) if member.user_id is not None}
