"""Who sees to which clause, as far as the viewer may know."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.models import ClauseWork
from lianjing.domain.compliance.queries import SEE
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.policy import is_overdue
from lianjing.domain.findings.queries import open_by_clause
from lianjing.domain.people.models import StaffMember, User
from lianjing.terms.findings import FindingState
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import WorkStatus

NAMES = "people.see"
OWNERS_OFFERED = 200
UNNAMED = _("已指定")
S = FindingState
STATUSES = {
    **dict.fromkeys((S.IDENTIFIED.value, S.CONFIRMED.value), WorkStatus.NONE),
    S.ASSIGNED.value: WorkStatus.PLANNED,
    S.IN_PROGRESS.value: WorkStatus.IN_WORK,
    S.DONE.value: WorkStatus.WAITING,
    S.VERIFIED.value: WorkStatus.DONE,
}
"""How far a clause is by the state of its finding."""


@dataclass(frozen=True, slots=True)
class Work:
    """How far somebody is with a clause. `owner` "": nobody; `key`: by which a list is narrowed to him. `finding`: by
    which it is dealt with; owner, status and day are then that one's."""

    clause: str
    owner: str
    key: str
    is_named: bool
    status: WorkStatus
    due_on: date | None
    note: str
    finding: Finding | None = None

    def is_late(self, on: date) -> bool:
        if self.finding is not None and self.finding.owner is not None:
            return is_overdue(self.finding.state, self.due_on, on)
        return self.due_on is not None and self.due_on < on and self.status != WorkStatus.DONE


def works(viewer: Viewer, company_id: int) -> dict[str, Work]:
    """By clause. Who may not see people learns that somebody of the staff sees to it, and not who. While a finding
    about the clause is open its owner is the clause's: there are no two."""
    rows = visible(ClauseWork.objects.filter(company_id=company_id), viewer, SEE).select_related("member", "user")
    names = viewer.scope(NAMES).holds(company_id)
    found = {row.clause: _work(row, names) for row in rows}
    for clause, finding in dealing_with(viewer, company_id).items():
        found[clause] = _by_finding(clause, finding, found.get(clause), names)
    return found


def dealing_with(viewer: Viewer, company_id: int, clauses: Collection[str] = ()) -> dict[str, Finding]:
    """By clause: the open finding that it is dealt with by, its own before one that is about others, too. One query."""
    there = open_by_clause(viewer, company_id, clauses) if viewer.scope(SEE).holds(company_id) else {}
    return {
        clause: next((one for one in rows if one.watch_key == f"clause:{clause}"), rows[0])
        for clause, rows in there.items()
    }


def _by_finding(clause: str, finding: Finding, own: Work | None, names: bool) -> Work:
    """Until the finding has an owner, whoever saw to the clause still does."""
    status, note = STATUSES[finding.state], own.note if own else ""
    if finding.owner is None:
        key, owner, is_named = (own.key, own.owner, own.is_named) if own else ("", "", True)
        return Work(clause, owner, key, is_named, status, own.due_on if own else None, note, finding)
    key, owner, is_named = _of_staff(finding.owner, names)
    return Work(clause, owner, key, is_named, status, finding.due_on, note, finding)


def _of_staff(member: StaffMember, names: bool) -> tuple[str, str, bool]:
    return (f"s{member.pk}", f"{member.staff_no} {member.name}", True) if names else ("staff", UNNAMED, False)


def owners_offered(viewer: Viewer, company_id: int) -> list[str]:
    """Users of the company and its staff, as `set_work` takes them; so many at most, others can be typed."""
    people = visible(User.objects.filter(is_active=True), viewer, NAMES, company_field="memberships__company_id")
    users = people.filter(memberships__company_id=company_id).distinct().order_by("username")[:OWNERS_OFFERED]
    staff = visible(StaffMember.objects.filter(company_id=company_id), viewer, NAMES).order_by("staff_no")
    return [*(one.username for one in users), *(f"{one.staff_no} {one.name}" for one in staff[:OWNERS_OFFERED])]


def _work(row: ClauseWork, names: bool) -> Work:
    key, owner, is_named = "", "", True
    if row.user is not None:
        key, owner = f"u{row.user_id}", row.user.shown_name
    elif row.member is not None:
        key, owner, is_named = _of_staff(row.member, names)
    return Work(row.clause, owner, key, is_named, WorkStatus(row.status), row.due_on, row.note)
