"""Whom a desk may send: the guards of a company, those on duty first, and what the duty gate says of the others."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from lianjing.core.viewer import Viewer
from lianjing.domain.dispatch.policy import OPEN_TASK
from lianjing.domain.people.gate_facts import Stand, entitlements
from lianjing.domain.people.gate_policy import Entitlement
from lianjing.domain.people.models import Duty, User
from lianjing.terms.roles import Role
from lianjing.terms.staffing import PostKind

GUARDS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class GuardLine:
    """A guard who may be sent, and how many tasks he has open. Units, place and rest come with their own tables."""

    username: str
    name: str
    open_tasks: int
    on_duty: bool
    place: str
    """The district for which he signed on, if he named one."""
    standing: Entitlement
    """What the gate says of him as a guard, now."""


def guards_of(viewer: Viewer, company_id: int | None, at: datetime) -> list[GuardLine]:
    """The guards of a company whom the viewer may send: who is on duty first, then who may be, each by how little he
    has to do. A constant number of queries."""
    duty = Duty.objects.filter(user_id=OuterRef("pk"), until=None, post_kind=PostKind.PATROL.value)
    open_tasks = Count("tasks", filter=Q(tasks__state__in=OPEN_TASK), distinct=True)
    duties = duty.filter(company_id=company_id)
    rows = _guards(viewer, company_id).annotate(
        n=open_tasks, duty_id=Subquery(duties.values("pk")[:1]), place=Subquery(duties.values("desk")[:1])
    )
    guards = list(rows.order_by(F("duty_id").asc(nulls_last=True), "n", "pk")[:GUARDS_SHOWN])
    found = entitlements([_stand(guard, company_id) for guard in guards], at)
    lines = [
        GuardLine(
            guard.username,
            guard.shown_name,
            guard.n,
            guard.duty_id is not None,
            guard.place or "",
            found[_stand(guard, company_id)],
        )
        for guard in guards
    ]
    return sorted(lines, key=lambda line: (not line.on_duty, not line.standing.allowed, line.open_tasks))


def guard_called(viewer: Viewer, company_id: int | None, username: str) -> User | None:
    """A guard of the company whom the viewer may send; None when there is none of this user name."""
    return _guards(viewer, company_id).filter(username=username).first()


def _stand(guard: User, company_id: int | None) -> Stand:
    return Stand(guard.pk, company_id or 0, PostKind.PATROL)


def _guards(viewer: Viewer, company_id: int | None) -> "QuerySet[User]":
    if company_id is None or not viewer.scope("tasks.send").holds(company_id):
        return User.objects.none()
    return User.objects.filter(is_active=True, memberships__company_id=company_id, memberships__role=Role.GUARD.value)
