"""Who stands duty now, and what "next" gives whom."""

from dataclasses import dataclass

from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.people.desk_profiles import EDIT, Profile
from lianjing.domain.people.models import DeskProfile, Duty, Membership, User
from lianjing.domain.people.policy import DUTY_ROLES
from lianjing.terms.staffing import PostKind


def open_duties(viewer: Viewer, limit: int = 200, kind: PostKind | None = PostKind.WATCH) -> list[Duty]:
    """Who stands duty now for the viewer's companies, longest first: at a desk, on patrol, or (None) everybody."""
    rows = visible(Duty.objects.filter(until=None), viewer, "duty.see")
    rows = rows.filter(post_kind=kind.value) if kind else rows
    return list(rows.select_related("user", "company").order_by("company", "since", "pk")[:limit])


def duty_of(viewer: Viewer) -> Duty | None:
    """The viewer's own open duty."""
    return Duty.objects.filter(user_id=person_id(viewer), until=None).select_related("company").first()


def own_profiles(viewer: Viewer) -> list[DeskProfile]:
    """What "next" gives the viewer, by company; a company without one gives him everything."""
    return list(DeskProfile.objects.filter(user_id=person_id(viewer)).order_by("pk"))


@dataclass(frozen=True, slots=True)
class DeskPerson:
    """Somebody who may stand duty for a company, and what "next" gives him."""

    user: User
    company_id: int
    profile: Profile


def desk_people(viewer: Viewer, company_id: int, limit: int = 500) -> list[DeskPerson]:
    """The active operators and leaders of a company by name, for whoever sets their profiles."""
    if not viewer.scope(EDIT).holds(company_id):
        return []
    rows = Membership.objects.filter(company_id=company_id, role__in=DUTY_ROLES, user__is_active=True)
    users = {row.user_id: row.user for row in rows.select_related("user").order_by("user__username")[:limit]}
    found = DeskProfile.objects.filter(company_id=company_id, user__in=users)
    profiles = {row.user_id: Profile(row.skills, row.regions, row.load_limit) for row in found}
    return [DeskPerson(user, company_id, profiles.get(pk, Profile())) for pk, user in users.items()]


def who_may_take_over(viewer: Viewer, company_id: int | None, limit: int = 100) -> list[User]:
    """Who stands duty for the company now, but for the viewer himself: to them a case can be handed over."""
    at_desks = Duty.objects.filter(until=None, company_id=company_id, post_kind=PostKind.WATCH.value)
    rows = visible(at_desks, viewer, "duty.see")
    duties = rows.exclude(user_id=person_id(viewer)).filter(user__is_active=True).select_related("user")
    return [duty.user for duty in duties.order_by("user__display_name", "user__username")[:limit]]
