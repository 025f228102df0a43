"""What somebody holds: to be taken back, or given to others, when he leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from lianjing.domain.companies.names_now import call_as_now
from lianjing.domain.people.models import Appointment, Assignment, Duty, RosterEntry, StaffFact, StaffMember, TeamMember
from lianjing.domain.people.models.rosters import RosterState
from lianjing.terms.staffing import StaffFactKind

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Held:
    """As far as this app knows; his tasks are another's."""

    account: str
    on_duty: Duty | None
    roster: list[RosterEntry]
    roster_count: int
    appointments: list[Appointment]
    teams: list[TeamMember]
    assignments: int

    def __bool__(self) -> bool:
        return bool(self.account or self.on_duty or self.roster or self.appointments or self.teams or self.assignments)


def held_by(member: StaffMember, on: date, now: datetime) -> Held:
    """A step of queries, for a member that the viewer has been shown."""
    roster = RosterEntry.objects.filter(member=member, ends_at__gt=now).exclude(state=RosterState.CANCELLED)
    going_on = Q(valid_until=None) | Q(valid_until__gte=on)
    posts = Appointment.objects.filter(going_on, member=member, retracted_at=None).select_related("post__department")
    teams = TeamMember.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), member=member).select_related("team")
    held = list(posts.order_by("pk")[:SHOWN])
    call_as_now(row.post for row in held)
    call_as_now(row.post.department for row in held)
    return Held(
        member.user.username if member.user else "",
        Duty.objects.filter(user=member.user_id, until=None).first() if member.user_id else None,
        list(roster.order_by("begins_at")[:SHOWN]),
        roster.count(),
        held,
        list(teams.order_by("pk")[:SHOWN]),
        Assignment.objects.filter(member=member, passed_at=None, withdrawn_at=None).count(),
    )


def last_day_of(facts: Iterable[StaffFact]) -> date | None:
    """The end of the employment that ends last; None: he works, or none is on file."""
    days = [fact.valid_until for fact in facts if fact.kind == StaffFactKind.EMPLOYMENT and fact.retracted_at is None]
    return max((day for day in days if day is not None), default=None) if None not in days else None
