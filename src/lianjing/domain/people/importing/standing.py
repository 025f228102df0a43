"""What stands of the people that a file names: some queries a table, however many rows there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.people.models import GateSetting, Membership, StaffFact, StaffMember, User
from lianjing.domain.people.policy import DUTY_ROLES
from lianjing.domain.records.dated import known_at
from lianjing.terms.roles import Role

AT_ONCE = 900
"""Values of one query: SQLite takes no more than 999 by Django's count."""
SEE = "people.files"

M = TypeVar("M", bound=Model)


def _among(rows: "QuerySet[M, Any]", field: str, values: Iterable[Any]) -> Iterator[M]:
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), AT_ONCE):
        yield from rows.filter(**{f"{field}__in": wanted[start : start + AT_ONCE]})


def _members(viewer: Viewer, company_id: int) -> "QuerySet[StaffMember]":
    rows = visible(StaffMember.objects.filter(company_id=company_id), viewer, SEE)
    return rows.select_related("user")


def members(viewer: Viewer, company_id: int, numbers: Iterable[str]) -> dict[str, StaffMember]:
    """By staff number."""
    return {row.staff_no: row for row in _among(_members(viewer, company_id), "staff_no", numbers)}


def every_member(viewer: Viewer, company_id: int) -> dict[str, StaffMember]:
    """All of the company, by staff number."""
    return {row.staff_no: row for row in _members(viewer, company_id)}


def holders(viewer: Viewer, company_id: int, digests: Iterable[str]) -> dict[str, StaffMember]:
    """Who in the company has these identity numbers, by their digest."""
    return {row.identity_digest: row for row in _among(_members(viewer, company_id), "identity_digest", digests)}


def facts(viewer: Viewer, member_ids: Iterable[int]) -> dict[int, list[StaffFact]]:
    """What is taken for true of people now, whatever the days."""
    rows = known_at(visible(StaffFact.objects.all(), viewer, SEE)).order_by("pk")
    found: dict[int, list[StaffFact]] = defaultdict(list)
    for row in _among(rows, "member_id", member_ids):
        found[row.member_id].append(row)
    return found


def accounts(viewer: Viewer, company_id: int, names: Iterable[str]) -> dict[str, User]:
    """Accounts that hold a role for the company. `viewer` must keep files of this company."""
    if not viewer.scope(SEE).holds(company_id):
        return {}
    held = Membership.objects.filter(company_id=company_id)
    rows = User.objects.filter(pk__in=held.values("user_id")).select_related("staff_member")
    return {row.username: row for row in _among(rows, "username", names)}


def duty_accounts(viewer: Viewer, company_id: int, linked: Collection[str], limit: int = 10) -> list[str]:
    """Accounts that stand duty for a company without a gate, but those in `linked`: the gate will ask who they are."""
    if not viewer.scope(SEE).holds(company_id) or GateSetting.objects.filter(company_id=company_id).exists():
        return []
    held = Membership.objects.filter(company_id=company_id, role__in=[*DUTY_ROLES, Role.GUARD])
    names = held.filter(user__is_active=True).exclude(user__username__in=linked).order_by("user__username")
    return list(names.values_list("user__username", flat=True).distinct()[:limit])
