"""Reading departments, posts and who holds them: the whole tree of a company on a day, as it was known at a time."""

from collections import defaultdict
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Department, DutyText, Post
from lianjing.domain.people.holders import Holder, at_work_on, holder_of
from lianjing.domain.people.models import Appointment
from lianjing.domain.people.organisation_tree import Organisation, duties_in_force, organisation_of
from lianjing.domain.records.dated import OLDEST_FIRST, holding_on, known_at

SEE, SEE_PEOPLE = "company.see", "people.see"


def organisation(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> Organisation:
    """The tree of a company on a day, by what was known at `known` (None: is now); five queries however large it is."""
    if not viewer.scope(SEE).holds(company_id):
        return Organisation([], [])
    departments = list(holding_on(known_at(Department.objects.filter(company_id=company_id), known), on))
    posts = list(holding_on(known_at(Post.objects.filter(company_id=company_id), known), on))
    duties = duties_in_force(holding_on(known_at(DutyText.objects.filter(company_id=company_id), known), on))
    return organisation_of(departments, posts, duties, _holders(viewer, company_id, on, known))


def _holders(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> dict[int, list[Holder]]:
    rows = holding_on(known_at(Appointment.objects.filter(company_id=company_id), known), on)
    appointed = list(rows.select_related("member").order_by("is_deputy", OLDEST_FIRST, "pk"))
    at_work = at_work_on([row.member_id for row in appointed], on, known)
    named = viewer.scope(SEE_PEOPLE).holds(company_id)
    found: dict[int, list[Holder]] = defaultdict(list)
    for row in appointed:
        found[row.post_id].append(holder_of(row, row.member_id in at_work, named))
    return found
