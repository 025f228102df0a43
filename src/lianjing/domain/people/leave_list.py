"""Reading leave: what is granted, what waits, one's own, and the shifts that are planned into it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.people.models import (
    LeaveRequest,
    RosterEntry,
    StaffFact,
)
from lianjing.domain.people.models.rosters import LeaveState, RosterState
from lianjing.domain.people.roster_list import LATELY, own_id
from lianjing.domain.people.roster_now import LONGEST
from lianjing.domain.people.shifts import EDIT, SEE
from lianjing.domain.records.dated import known_at
from lianjing.terms.staffing import StaffFactKind


def leaves_between(viewer: Viewer, company_id: int, first: date, last: date) -> list[StaffFact]:
    """Granted leave that touches these days, for those who plan."""
    rows = visible(StaffFact.objects.filter(company_id=company_id, kind=StaffFactKind.LEAVE.value), viewer, EDIT)
    touching = known_at(rows).filter(valid_from__lte=last, valid_until__gte=first)
    return list(touching.select_related("member").order_by("valid_from", "member__name", "pk"))


def leave_requests(viewer: Viewer, company_id: int) -> list[LeaveRequest]:
    """What waits for a decision, by first day."""
    rows = visible(LeaveRequest.objects.filter(company_id=company_id), viewer, EDIT)
    asked = rows.filter(state=LeaveState.ASKED)
    return list(asked.select_related("member").order_by("first_on", "pk")[:200])


def leave_request_by_id(viewer: Viewer, request_id: int) -> LeaveRequest | None:
    """One request, for those who decide."""
    rows = visible(LeaveRequest.objects.select_related("member"), viewer, EDIT)
    return rows.filter(pk=request_id).first()


def leave_fact_by_id(viewer: Viewer, fact_id: int) -> StaffFact | None:
    """Granted leave, for those who plan."""
    rows = visible(StaffFact.objects.filter(kind=StaffFactKind.LEAVE.value), viewer, EDIT)
    return known_at(rows).select_related("member").filter(pk=fact_id).first()


def own_leave(viewer: Viewer, at: datetime) -> list[LeaveRequest]:
    """What the viewer asked for or was given: open, coming, or decided lately."""
    rows = visible(LeaveRequest.objects.all(), viewer, SEE).filter(member__user_id=own_id(viewer))
    today = timezone.localdate(at)
    fresh = Q(state=LeaveState.ASKED) | Q(last_on__gte=today) | Q(decided_at__gt=at - LATELY)
    return list(rows.filter(fresh).order_by("first_on", "pk")[:50])


def shifts_in_leave(
    viewer: Viewer, leaves: Collection[tuple[int, date, date]]
) -> dict[tuple[int, date], list[RosterEntry]]:
    """For leave (of whom, first day, last day) the shifts that are planned on one of its days, by (whom, first day);
    one query."""
    if not leaves:
        return {}
    first, last = min(one[1] for one in leaves), max(one[2] for one in leaves)
    rows = visible(RosterEntry.objects.exclude(state=RosterState.CANCELLED), viewer, EDIT)
    near = rows.filter(member_id__in={one[0] for one in leaves}, day__gte=first - LONGEST, day__lte=last).order_by(
        "begins_at"
    )
    entries = list(near)
    return {
        (member_id, begins): [row for row in entries if row.member_id == member_id and _touches(row, begins, until)]
        for member_id, begins, until in leaves
    }


def _touches(row: RosterEntry, first: date, last: date) -> bool:
    """Whether the shift reaches into one of the days: also its morning after."""
    until = timezone.localdate(row.ends_at - timedelta(microseconds=1))
    return row.day <= last and until >= first
