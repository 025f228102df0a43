"""Departments, posts and who holds them on every day of a span, from one reading."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Department, DutyText, Post
from lianjing.domain.people.holders import Holder, holder_of
from lianjing.domain.people.models import Appointment, StaffFact
from lianjing.domain.people.organisation import SEE, SEE_PEOPLE
from lianjing.domain.people.organisation_tree import Organisation, duties_in_force, organisation_of
from lianjing.domain.records.dated import OLDEST_FIRST, Dated, known_at
from lianjing.terms.staffing import StaffFactKind

DAY = timedelta(days=1)
D = TypeVar("D", bound=Dated)


@dataclass(frozen=True, slots=True)
class OrganisationAhead:
    """Everything that was recorded, whatever its days. `employed`: when those who are appointed are at work."""

    departments: list[Department]
    posts: list[Post]
    duties: list[DutyText]
    appointed: list[Appointment]
    employed: list[StaffFact]
    is_named: bool

    @property
    def days(self) -> set[date]:
        """On which something begins to hold, or no longer does."""
        rows: tuple[Dated, ...] = (*self.departments, *self.posts, *self.duties, *self.appointed, *self.employed)
        begins = {row.valid_from for row in rows if row.valid_from}
        return begins | {row.valid_until + DAY for row in rows if row.valid_until and row.valid_until < date.max}

    def on(self, day: date) -> Organisation:
        """As `organisation` of that day."""
        at_work = {row.member_id for row in _holding(self.employed, day)}
        holders: dict[int, list[Holder]] = defaultdict(list)
        for row in _holding(self.appointed, day):
            holders[row.post_id].append(holder_of(row, row.member_id in at_work, self.is_named))
        duties = duties_in_force(_holding(self.duties, day))
        return organisation_of(_holding(self.departments, day), _holding(self.posts, day), duties, holders)


def organisation_ahead(viewer: Viewer, company_id: int, known: datetime | None = None) -> OrganisationAhead:
    """By what was known at `known` (None: is now); five queries however large it is."""
    if not viewer.scope(SEE).holds(company_id):
        return OrganisationAhead([], [], [], [], [], False)
    appointed = known_at(Appointment.objects.filter(company_id=company_id), known).select_related("member")
    rows = list(appointed.order_by("is_deputy", OLDEST_FIRST, "pk"))
    working = StaffFact.objects.filter(
        member_id__in={row.member_id for row in rows}, kind=StaffFactKind.EMPLOYMENT.value
    )
    return OrganisationAhead(
        list(known_at(Department.objects.filter(company_id=company_id), known)),
        list(known_at(Post.objects.filter(company_id=company_id), known)),
        list(known_at(DutyText.objects.filter(company_id=company_id), known)),
        rows,
        list(known_at(working, known)),
        viewer.scope(SEE_PEOPLE).holds(company_id),
    )


def _holding(rows: Iterable[D], day: date) -> list[D]:
    return [
        row
        for row in rows
        if (row.valid_from is None or row.valid_from <= day) and (row.valid_until is None or day <= row.valid_until)
    ]
