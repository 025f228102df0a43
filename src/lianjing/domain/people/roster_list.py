"""Reading the roster: a calendar of days, one's own shifts, swaps."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from lianjing.core.cursors import behind
from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.people.models import (
    RosterEntry,
    StaffMember,
    Swap,
    TeamMember,
)
from lianjing.domain.people.models.rosters import RosterState, SwapState
from lianjing.domain.people.roster_now import LONGEST
from lianjing.domain.people.shifts import EDIT, SEE

LATELY = timedelta(days=14)
"""So long a decided swap or leave is still told."""


@dataclass(frozen=True, slots=True)
class RosterWanted:
    """Which shifts: of which days; of which company, None for all that the viewer may see."""

    first: date
    last: date
    company_id: int | None = None
    place: str = ""
    """Of this desk or district only; empty: of all."""


def roster_entries(
    viewer: Viewer, wanted: RosterWanted, after: int | None = None, limit: int = 100
) -> list[RosterEntry]:
    """Shifts that begin on these days, cancelled ones too, by beginning. Drafts are for those who plan."""
    rows = wanted_entries(viewer, wanted).select_related("member", "company")
    return list(behind(rows, ("begins_at", "id"), after)[:limit])


def calendar_entries(
    viewer: Viewer, wanted: RosterWanted, member_ids: Collection[int] | None = None
) -> list[RosterEntry]:
    """What stands on these days, without the cancelled, by beginning; of all people, or of these."""
    rows = wanted_entries(viewer, wanted).exclude(state=RosterState.CANCELLED).select_related("member")
    if member_ids is not None:
        rows = rows.filter(member_id__in=member_ids)
    return list(rows.order_by("begins_at", "pk"))


def wanted_entries(viewer: Viewer, wanted: RosterWanted) -> "QuerySet[RosterEntry]":
    """What is asked for, as far as the viewer may see it. A step of queries."""
    rows = visible(RosterEntry.objects.all(), viewer, SEE)
    planned = viewer.scope(EDIT)
    if not planned.everything:
        rows = rows.filter(~Q(state=RosterState.DRAFT) | Q(company_id__in=planned.companies))
    if wanted.company_id is not None:
        rows = rows.filter(company_id=wanted.company_id)
    if wanted.place:
        rows = rows.filter(place=wanted.place)
    return rows.filter(day__gte=wanted.first, day__lte=wanted.last)


def roster_people(
    viewer: Viewer, wanted: RosterWanted, text: str = "", after: int | None = None, limit: int = 200
) -> list[StaffMember]:
    """Who has a shift on these days, or belongs to a team then, by name."""
    working = wanted_entries(viewer, wanted).exclude(state=RosterState.CANCELLED)
    standing = TeamMember.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=wanted.first), starts_on__lte=wanted.last, team__is_active=True
    )
    rows = visible(StaffMember.objects.all(), viewer, SEE)
    if wanted.company_id is not None:
        rows = rows.filter(company_id=wanted.company_id)
        standing = standing.filter(team__company_id=wanted.company_id)
    rows = rows.filter(Q(pk__in=working.values("member_id")) | Q(pk__in=standing.values("member_id")))
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(initials__startswith=text.lower()) | Q(staff_no=text))
    return list(behind(rows, ("name", "id"), after)[:limit])


def entry_by_id(viewer: Viewer, entry_id: int) -> RosterEntry | None:
    """The shift; None when there is none that the viewer may see."""
    rows = _all_entries(viewer).select_related("member", "team", "company")
    return rows.filter(pk=entry_id).first()


def _all_entries(viewer: Viewer) -> "QuerySet[RosterEntry]":
    return wanted_entries(viewer, RosterWanted(date.min, date.max))


def own_member(viewer: Viewer) -> StaffMember | None:
    """The viewer as somebody who works here; None when he is not on file, or holds no role there any more."""
    user_id = person_id(viewer)
    if user_id is None:
        return None
    rows = visible(StaffMember.objects.select_related("company"), viewer, SEE)
    return rows.filter(user_id=user_id).first()


def own_entries(viewer: Viewer, at: datetime, limit: int = 60) -> list[RosterEntry]:
    """The viewer's published shifts that are not over, the next first."""
    rows = visible(RosterEntry.objects.all(), viewer, SEE).filter(member__user_id=own_id(viewer))
    running = rows.filter(state=RosterState.PUBLISHED, begins_at__gt=at - LONGEST, ends_at__gt=at)
    return list(running.order_by("begins_at")[:limit])


def own_swaps(viewer: Viewer, at: datetime) -> list[Swap]:
    """What the viewer asked for or was asked: all that is open, and what was decided lately."""
    mine = Q(giver__user_id=own_id(viewer)) | Q(to__user_id=own_id(viewer))
    fresh = Q(state__in=(SwapState.ASKED, SwapState.AGREED)) | Q(decided_at__gt=at - LATELY)
    return list(_swaps(viewer).filter(mine, fresh).order_by("-id")[:50])


def swaps_to_decide(viewer: Viewer, after: int | None = None, limit: int = 50) -> list[Swap]:
    """Both have agreed; oldest shift first."""
    rows = visible(_swaps(viewer), viewer, EDIT).filter(state=SwapState.AGREED)
    return list(behind(rows, ("entry__begins_at", "id"), after)[:limit])


def decided_swaps(viewer: Viewer, at: datetime, limit: int = 50) -> list[Swap]:
    """What was decided lately, the newest first."""
    rows = visible(_swaps(viewer), viewer, EDIT).filter(decided_at__gt=at - LATELY)
    return list(rows.order_by("-decided_at", "-id")[:limit])


def swap_by_id(viewer: Viewer, swap_id: int) -> Swap | None:
    """The swap; None when there is none that the viewer may see: his own, or any for those who plan."""
    rows = _swaps(viewer).filter(pk=swap_id)
    swap = rows.first()
    if swap is None or viewer.scope(EDIT).holds(swap.company_id):
        return swap
    return swap if own_id(viewer) in (swap.giver.user_id, swap.to.user_id) else None


def _swaps(viewer: Viewer) -> "QuerySet[Swap]":
    told = ("entry__member", "giver", "to", "in_return__member", "company")
    return visible(Swap.objects.select_related(*told), viewer, SEE)


def colleagues(viewer: Viewer, member: StaffMember, entry: RosterEntry) -> list[StaffMember]:
    """Whom he may ask to take the shift: people with shifts of that kind around it, who are not at work then."""
    around = {"day__gte": entry.day - timedelta(days=31), "day__lte": entry.day + timedelta(days=31)}
    standing = RosterEntry.objects.filter(company_id=member.company_id).exclude(state=RosterState.CANCELLED)
    same = standing.filter(post_kind=entry.post_kind, **around)
    at_work = standing.filter(
        begins_at__gt=entry.begins_at - LONGEST, begins_at__lt=entry.ends_at, ends_at__gt=entry.begins_at
    )
    rows = visible(StaffMember.objects.filter(pk__in=same.values("member_id")), viewer, SEE)
    # Who is at work at the time may still give that very shift in return.
    giving = at_work.filter(begins_at=entry.begins_at)
    free = rows.exclude(pk__in=at_work.exclude(pk__in=giving.values("pk")).values("member_id"))
    return list(free.exclude(pk=member.pk).order_by("name", "pk")[:500])


def shifts_of(viewer: Viewer, member_id: int, at: datetime, limit: int = 30) -> list[RosterEntry]:
    """Somebody's published shifts that have not begun: what he could give in return."""
    rows = visible(RosterEntry.objects.all(), viewer, SEE).filter(member_id=member_id, begins_at__gt=at)
    return list(rows.filter(state=RosterState.PUBLISHED).order_by("begins_at")[:limit])


def own_id(viewer: Viewer) -> int:
    """The viewer's user; of nobody what no user has. A step of queries."""
    return person_id(viewer) or 0
