"""Single shifts: adding one, changing it, cancelling it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from lianjing.core.changes import difference
from lianjing.core.entering import enter
from lianjing.core.outbox.write import News, emit
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.people.models import RosterEntry, Swap
from lianjing.domain.people.models.rosters import RosterState, SwapState
from lianjing.domain.people.planning import entry_row, member_of
from lianjing.domain.people.roster_obstacles import Judged, Wanted, surroundings_of
from lianjing.domain.people.roster_policy import LONGEST_HOURS, Problem, Span
from lianjing.domain.people.shifts import CHANGED, EDIT, SEE, company_to_plan
from lianjing.domain.records.changing import Actor, locked, reason_given, write_down
from lianjing.terms.sentences import marked as _
from lianjing.terms.sentences import words

OPEN_SWAPS = (SwapState.ASKED, SwapState.AGREED)
TOLD = ("member_id", "post_kind", "place", "shift", "begins_at", "ends_at", "state")


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A shift of one person."""

    member_id: int
    post_kind: str
    place: str
    shift: str
    begins_at: datetime
    ends_at: datetime


@transaction.atomic
def add_entry(
    company_id: int, new: NewEntry, reason: str = "", *, by: Viewer, at: datetime, source: str = ""
) -> RosterEntry:
    """Plans one shift as a published one. Against a fatigue rule only for a reason; never for somebody who is not
    eligible, on leave or at work elsewhere at the time. Raises Missing, Forbidden, or Refused naming the field."""
    company = company_to_plan(company_id, by)
    why = reason_given(reason) if reason.strip() else ""
    wanted = _wanted(company.pk, new, by, at)
    refuse_obstacles(_judged(company.pk, wanted, by), why)
    entry = entry_row(company, wanted, at, why)
    entry.state, entry.published_at = RosterState.PUBLISHED, at
    _enter(entry, new)
    entry.save()
    actor = Actor(by, at, source)
    _before, after = difference({}, told_entry(entry))
    write_down("roster.entry_added", entry, company.pk, actor, after={**after, "reason": why})
    tell_change([entry], actor)
    return entry


@transaction.atomic
def change_entry(
    entry_id: int, new: NewEntry, reason: str, *, by: Viewer, at: datetime, source: str = ""
) -> RosterEntry:
    """Another person, place or time for a shift that is not over. Always for a reason; asked swaps of it end.

    Raises Missing, Forbidden or Refused.
    """
    entry = entry_to_change(entry_id, by, at)
    why = reason_given(reason)
    had = told_entry(entry)
    wanted = _wanted(entry.company_id, new, by, at, entry)
    refuse_obstacles(_judged(entry.company_id, wanted, by), why)
    entry.member, entry.day = wanted.member, wanted.span.day
    entry.begins_at, entry.ends_at, entry.reason = new.begins_at, new.ends_at, why
    _enter(entry, new)
    before, after = difference(had, told_entry(entry))
    if after:
        entry.save()
        actor = Actor(by, at, source)
        write_down(
            "roster.entry_changed", entry, entry.company_id, actor, before=before, after={**after, "reason": why}
        )
        _end_swaps(entry, actor)
        tell_change([entry], actor)
    return entry


@transaction.atomic
def cancel_entry(entry_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> RosterEntry:
    """Cancels a shift that is not over, for a reason; it stays on file. Raises Missing, Forbidden or Refused."""
    entry = entry_to_change(entry_id, by, at)
    why = reason_given(reason)
    entry.state, entry.cancelled_at, entry.reason = RosterState.CANCELLED, at, why
    entry.save(update_fields=["state", "cancelled_at", "reason"])
    actor = Actor(by, at, source)
    write_down("roster.entry_cancelled", entry, entry.company_id, actor, after={"reason": why})
    _end_swaps(entry, actor)
    tell_change([entry], actor)
    return entry


def entry_to_change(entry_id: int, by: Viewer, at: datetime) -> RosterEntry:
    """The shift, locked. Raises Missing, Forbidden, and Refused for one that is over or cancelled."""
    entry = locked(RosterEntry.objects.select_related("member"), entry_id, by, see=SEE)
    require(by, EDIT, entry.company_id)
    if entry.state == RosterState.CANCELLED:
        raise Refused("", _("这一班已取消。"))
    if entry.ends_at <= at:
        raise Refused("", _("这一班已经结束，不能再改。"))
    return entry


def refuse_obstacles(judged: Judged, reason: str) -> None:
    """A step of actions: raises Refused for the first thing in the way. A reason outweighs fatigue only."""
    hard = next((problem for problem in judged.problems if problem.hard), None)
    if hard is not None:
        raise Refused("member", "%(name)s：%(said)s", name=judged.wanted.member.name, said=words(hard, gettext))
    if judged.problems and not reason:
        said = _("%(name)s：%(said)s仍要这样排，请写明原因。")
        raise Refused("reason", said, name=judged.wanted.member.name, said=told_problems(judged.problems))


def told_problems(problems: tuple[Problem, ...]) -> str:
    return "".join(words(problem, gettext) for problem in problems)


def told_entry(entry: RosterEntry) -> dict[str, Any]:
    """What the records say of a shift."""
    return {name: getattr(entry, name) for name in TOLD}


def tell_change(entries: list[RosterEntry], actor: Actor) -> None:
    """News for whoever shows the roster."""
    days = [str(entry.day) for entry in entries]
    payload = {"from": min(days), "until": max(days), "members": sorted({entry.member_id for entry in entries})}
    emit([News(CHANGED, entries[0].company_id, payload)], at=actor.at)


def _wanted(company_id: int, new: NewEntry, by: Viewer, at: datetime, entry: RosterEntry | None = None) -> Wanted:
    _check_times(new, at)
    span = Span(
        timezone.localdate(new.begins_at),
        new.begins_at,
        new.ends_at,
        new.place.strip(),
        new.shift.strip(),
        entry.pk if entry else None,
    )
    team_id = entry.team_id if entry else None
    return Wanted(member_of(company_id, new.member_id, by), new.post_kind, span, team_id)


def _check_times(new: NewEntry, at: datetime) -> None:
    if new.ends_at <= new.begins_at:
        raise Refused("ends", _("结束时间不晚于开始时间。"))
    if new.ends_at - new.begins_at > timedelta(hours=LONGEST_HOURS):
        raise Refused("ends", _("一班最多 %(limit)d 小时。"), limit=LONGEST_HOURS)
    if new.ends_at <= at:
        raise Refused("day", _("这段时间已经过去，不能再排。"))


def _judged(company_id: int, wanted: Wanted, by: Viewer) -> Judged:
    day = wanted.span.day
    return surroundings_of(by, company_id, [wanted.member.pk], (day, day)).judge(wanted)


def _enter(entry: RosterEntry, new: NewEntry) -> None:
    values: Mapping[str, Any] = {"post_kind": new.post_kind, "place": new.place, "shift": new.shift}
    enter(entry, values)


def _end_swaps(entry: RosterEntry, actor: Actor) -> None:
    """Who asked to exchange a shift that is now another one must ask again."""
    mine = Swap.objects.filter(state__in=OPEN_SWAPS)
    for swap in mine.filter(entry=entry) | mine.filter(in_return=entry):
        swap.state, swap.decided_at, swap.decided_by = SwapState.WITHDRAWN, actor.at, actor.by.name
        swap.decision = _("班次已改动")
        swap.save(update_fields=["state", "decided_at", "decided_by", "decision"])
        after = {"state": swap.state, "why": swap.decision}
        write_down("roster.swap_ended", swap, swap.company_id, actor, after=after)
