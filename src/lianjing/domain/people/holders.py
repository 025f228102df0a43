"""Who is in a post, as pages show it. Steps of queries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from lianjing.domain.people.models import Appointment, StaffFact
from lianjing.domain.records.dated import holding_on, known_at
from lianjing.terms.staffing import StaffFactKind


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in a post. `name`, `staff_no` and the member's id are for who may see people."""

    appointment_id: int
    member_id: int | None
    name: str
    staff_no: str
    is_deputy: bool
    since: date | None
    until: date | None
    at_work: bool


def holder_of(row: Appointment, at_work: bool, named: bool) -> Holder:
    """A step of queries: somebody in a post, named or not."""
    name, number = (row.member.name, row.member.staff_no) if named else ("", "")
    member_id = row.member_id if named else None
    return Holder(row.pk, member_id, name, number, row.is_deputy, row.valid_from, row.valid_until, at_work)


def at_work_on(member_ids: Collection[int], on: date, known: datetime | None = None) -> set[int]:
    """Those of them who were at work on the day, by what was known at `known`."""
    rows = StaffFact.objects.filter(member_id__in=member_ids, kind=StaffFactKind.EMPLOYMENT.value)
    return set(holding_on(known_at(rows, known), on).values_list("member_id", flat=True))
