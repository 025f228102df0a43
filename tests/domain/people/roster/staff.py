"""People on file who may stand guard, and shifts for them, as the tests of the roster want them."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from lianjing.domain.companies.models import Company
from lianjing.domain.people.models import RosterEntry, StaffFact, StaffMember
from lianjing.domain.people.models.rosters import RosterState
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, Cast

TODAY = date(2026, 11, 22)
"""A Sunday."""
SHANGHAI = ZoneInfo("Asia/Shanghai")

SOUND: dict[Kind, dict[str, Any]] = {
    Kind.EMPLOYMENT: {"valid_from": date(2020, 1, 1)},
    Kind.POST_KIND: {"value": "watch", "valid_from": date(2020, 1, 1)},
    Kind.IDENTITY: {"value": "1990-05-01"},
    Kind.NATIONALITY: {"value": "CHN"},
    Kind.EDUCATION: {"value": "senior_middle"},
    Kind.HEALTH: {"value": "passed"},
    Kind.BACKGROUND: {"value": "passed"},
    Kind.POLICE_EXAM: {"value": "passed"},
    Kind.POLICE_REVIEW: {"value": "passed"},
    Kind.BIOMETRICS: {},
    Kind.GUARD_CERTIFICATE: {"number": "浙公保安0001"},
    Kind.TRAINING: {"details": {"subjects": ["law", "guard", "skill"], "hours": 40}},
}
"""Everything that eligibility asks for."""

_numbers = count(1)


def guard(company: Company, name: str, **changed: Any) -> StaffMember:
    """Somebody who is eligible on any day from 2020 on. `certificate_until`, `left_on`: last days; `user`."""
    member = StaffMember.objects.create(
        company=company,
        staff_no=f"{next(_numbers):04d}",
        name=name,
        added_at=NOON,
        user=changed.get("user"),
    )
    ends = {Kind.GUARD_CERTIFICATE: changed.get("certificate_until"), Kind.EMPLOYMENT: changed.get("left_on")}
    for kind, told in SOUND.items():
        put_fact(member, kind, valid_until=ends.get(kind), **told)
    return member


def put_fact(member: StaffMember, kind: Kind, **told: Any) -> StaffFact:
    known = {"recorded_at": NOON - timedelta(days=365), "recorded_by": "Mia"}
    return StaffFact.objects.create(member=member, company=member.company, kind=kind.value, **known, **told)


def at(day: date, clock: str) -> datetime:
    """A time of the centre's day."""
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)), SHANGHAI)


def entry(member: StaffMember, day: date = TODAY, clock: str = "08:00", hours: float = 8, **told: Any) -> RosterEntry:
    """A published shift, unless told otherwise."""
    begins = at(day, clock)
    usual = {
        "post_kind": "watch",
        "place": "1 号席",
        "shift": "白班",
        "state": RosterState.PUBLISHED,
        "published_at": NOON - timedelta(days=10),
        "ends_at": begins + timedelta(hours=hours),
    }
    return RosterEntry.objects.create(
        company=member.company, member=member, day=day, begins_at=begins, planned_at=NOON, **{**usual, **told}
    )


def own_guard(cast: Cast, name: str, username: str, **changed: Any) -> StaffMember:
    """Somebody of the company who signs on by that name."""
    return guard(cast.company, name, user=cast.users[username], **changed)
