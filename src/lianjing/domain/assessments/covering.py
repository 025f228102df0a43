"""Departments and posts of a company on a day, by the rows with which they began. Steps of queries and actions."""

from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.refusals import Refused
from lianjing.domain.companies.models import Department, Post
from lianjing.domain.people.holders import at_work_on
from lianjing.domain.people.models import Appointment, StaffMember
from lianjing.domain.records.dated import holding_on, known_at
from lianjing.terms.sentences import marked as _


@dataclass(frozen=True, slots=True)
class Place:
    """A department on a day: its id through all its times, and what it is called."""

    id: int
    name: str


def departments_on(company_id: int, on: date, known: datetime | None = None) -> list[Place]:
    """Those that there are on the day, by kind and name."""
    rows = holding_on(known_at(Department.objects.filter(company_id=company_id), known), on)
    return [Place(row.first_id or row.pk, row.name) for row in rows.order_by("kind", "name", "pk")]


def department_on(company_id: int, department_id: int, on: date, field: str = "department") -> Place:
    """Raises Refused for one that there is not on the day."""
    found = next((one for one in departments_on(company_id, on) if one.id == department_id), None)
    if found is None:
        raise Refused(field, _("本单位在 %(day)s 没有这个部门。"), day=str(on))
    return found


def post_on(company_id: int, post_id: int, department_id: int, on: date) -> int:
    """The id of a post of the department. Raises Refused."""
    rows = holding_on(known_at(Post.objects.filter(company_id=company_id)), on)
    found = next((row for row in rows if post_id == (row.first_id or row.pk)), None)
    if found is None or found.department_id != department_id:
        raise Refused("post", _("这个部门在 %(day)s 没有这个岗位。"), day=str(on))
    return post_id


def people_of(company_id: int, on: date) -> dict[int, list[StaffMember]]:
    """Who holds a post of each department on the day and is at work, whoever is in charge first. Four queries."""
    # An appointment names the first row of its post; where the post is and whether it is a key post, its row of the
    # day says.
    posts = {
        row.first_id or row.pk: row for row in holding_on(known_at(Post.objects.filter(company_id=company_id)), on)
    }
    rows = holding_on(known_at(Appointment.objects.filter(company_id=company_id)), on)
    appointed = [row for row in rows.select_related("member__user") if row.post_id in posts]
    appointed.sort(key=lambda row: (not posts[row.post_id].is_key, row.is_deputy, row.pk))
    there = at_work_on([row.member_id for row in appointed], on)
    found: dict[int, list[StaffMember]] = {}
    for row in appointed:
        held = found.setdefault(posts[row.post_id].department_id, [])
        if row.member_id in there and row.member not in held:
            held.append(row.member)
    return found
