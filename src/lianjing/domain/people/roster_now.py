"""Who is on the roster at a moment: what the duty gate asks. Drafts and what was cancelled do not count."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from lianjing.domain.people.models import RosterEntry
from lianjing.domain.people.models.rosters import RosterState

LONGEST = timedelta(hours=48)
"""No shift is longer, so that a moment is found by the index of beginnings."""


def roster_entries_at(company_id: int, at: datetime) -> list[RosterEntry]:
    """The published shifts that run at `at`, with their people, by place and name; one query. A step of queries:
    who asks has looked at what his viewer may see."""
    rows = _published().filter(company_id=company_id, begins_at__lte=at, begins_at__gt=at - LONGEST, ends_at__gt=at)
    return list(rows.order_by("post_kind", "place", "member__name", "pk"))


def entry_of(member_id: int, at: datetime, early: timedelta, late: timedelta) -> RosterEntry | None:
    """The published shift for which the person may be on duty at `at`: from `early` before it begins until `late`
    after it has ended. Of several the one that runs, then the one about to begin, then the one just over."""
    near = {"begins_at__lte": at + early, "begins_at__gt": at - LONGEST - late, "ends_at__gt": at - late}
    rows = list(_published().filter(member_id=member_id, **near).order_by("begins_at"))
    running = [row for row in rows if row.begins_at <= at < row.ends_at]
    coming = [row for row in rows if row.begins_at > at]
    return next(iter(running or coming or rows[::-1]), None)


def has_roster(company_id: int, at: datetime) -> bool:
    """Whether a roster of the company has begun by `at`: before its first shift nobody is asked for his place."""
    return begun_shifts(at).filter(company_id=company_id).exists()


def begun_shifts(at: datetime) -> "QuerySet[RosterEntry]":
    """What makes a roster of a company at `at`: published by then, and begun, so that next week's roster, published on
    Friday, does not lock the desk over the week-end (docs/decisions/0024)."""
    return RosterEntry.objects.filter(published_at__lte=at, begins_at__lte=at).order_by()


def _published() -> "QuerySet[RosterEntry]":
    return RosterEntry.objects.filter(state=RosterState.PUBLISHED).select_related("member", "team")
