"""Gathering what the duty gate asks: for one or for hundreds, always the same number of queries.

Steps of queries and actions: who asks has looked at what his viewer may see.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils import timezone

from lianjing.core.days import centre_day
from lianjing.domain.people.eligibility import eligibility
from lianjing.domain.people.gate_policy import NOTHING_ASKED, ROLES_OF, Asks, DutyFacts, Entitlement, Owed, Place
from lianjing.domain.people.models import DutyPass, GateSetting, Membership, RosterEntry, User
from lianjing.domain.people.models.rosters import RosterState
from lianjing.domain.people.policy import may_stand_duty
from lianjing.domain.people.roster_now import begun_shifts
from lianjing.domain.people.staff_facts import facts_of
from lianjing.domain.people.training_list import training_owing
from lianjing.terms.roles import Role
from lianjing.terms.staffing import PostKind

LOOK_AROUND = timedelta(hours=36)
"""Shifts so far from the moment are read, to say when the next begins or the last ended."""


class Stand(NamedTuple):
    """Somebody who stands duty, or would: who, for which company, doing what."""

    user_id: int
    company_id: int
    post_kind: PostKind = PostKind.WATCH


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Everything read at once, by user, company or member."""

    users: Mapping[int, User]
    roles: Mapping[tuple[int, int], frozenset[Role]]
    asks: Mapping[int, Asks]
    passes: Mapping[tuple[int, int], datetime]


def entitlements(stands: Collection[Stand], at: datetime) -> dict[Stand, Entitlement]:
    """The one rule's answer for each, at `at`."""
    return {stand: may_stand_duty(facts, at) for stand, facts in duty_facts(stands, at).items()}


def entitlement(stand: Stand, at: datetime) -> Entitlement:
    return entitlements([stand], at)[stand]


def duty_sought(user_id: int, company_id: int) -> Stand:
    """What somebody would do there: watch at a desk, or patrol when he is a guard and nothing else."""
    held = set(Membership.objects.filter(user_id=user_id, company_id=company_id).values_list("role", flat=True))
    guards_only = bool(held & ROLES_OF[PostKind.PATROL]) and not held & ROLES_OF[PostKind.WATCH]
    return Stand(user_id, company_id, PostKind.PATROL if guards_only else PostKind.WATCH)


def duty_facts(stands: Collection[Stand], at: datetime) -> dict[Stand, DutyFacts]:
    """What decides about each. Of a company that asks nothing, only account and roles are looked at."""
    if not stands:
        return {}
    user_ids, company_ids = {one.user_id for one in stands}, {one.company_id for one in stands}
    known = _Gathered(_users(user_ids), _roles(user_ids), gates(company_ids, at), _passes(user_ids, at))
    members = {stand: member for stand in stands if (member := _member(stand, known)) is not None}
    ids = sorted(set(members.values()))
    facts, owed, places = facts_of(ids), training_owing(ids, _day(at)), _places(ids, at, known.asks)
    found = {}
    for stand in stands:
        member = members.get(stand, 0)
        user = known.users.get(stand.user_id)
        found[stand] = DutyFacts(
            is_active=user is not None and user.is_active,
            roles=known.roles.get((stand.user_id, stand.company_id), frozenset()),
            post_kind=stand.post_kind,
            asks=known.asks.get(stand.company_id, NOTHING_ASKED),
            on_file=eligibility(facts.get(member, []), _day(at)) if member else None,
            owed=[Owed(one.course.title, one.due_on) for one in owed.get(member, ())],
            places=places.get(member, ()),
            passed_until=known.passes.get((stand.user_id, stand.company_id)),
        )
    return found


def gates(company_ids: Iterable[int], at: datetime) -> dict[int, Asks]:
    """What these companies ask at `at`; of one without a row: nothing. The roster from its first shift on."""
    begun = begun_shifts(at).filter(company_id=OuterRef("company_id"))
    rows = GateSetting.objects.filter(company_id__in=set(company_ids), since__lte=at).annotate(rostered=Exists(begun))
    return {
        row.company_id: Asks(
            row.asks_eligibility,
            row.asks_training,
            row.asks_roster and row.rostered,
            timedelta(minutes=row.early_minutes),
            timedelta(minutes=row.late_minutes),
        )
        for row in rows
    }


def _users(user_ids: Collection[int]) -> dict[int, User]:
    return {user.pk: user for user in User.objects.filter(pk__in=user_ids).select_related("staff_member")}


def _roles(user_ids: Collection[int]) -> dict[tuple[int, int], frozenset[Role]]:
    held: dict[tuple[int, int], set[Role]] = defaultdict(set)
    rows = Membership.objects.filter(user_id__in=user_ids, company__isnull=False)
    for user_id, company_id, role in rows.values_list("user_id", "company_id", "role"):
        held[user_id, company_id or 0].add(Role(role))
    return {key: frozenset(roles) for key, roles in held.items()}


def _passes(user_ids: Collection[int], at: datetime) -> dict[tuple[int, int], datetime]:
    """Until when a pass that holds at `at` opens; of several the longest."""
    rows = DutyPass.objects.filter(user_id__in=user_ids, given_at__lte=at, until__gt=at, ended_at=None)
    return {(one.user_id, one.company_id): one.until for one in rows.order_by("until")}


def _member(stand: Stand, known: _Gathered) -> int | None:
    """The person on file of that company who has the account; only asked for where the gate asks something."""
    user = known.users.get(stand.user_id)
    if user is None or not known.asks.get(stand.company_id, NOTHING_ASKED).anything:
        return None
    member = getattr(user, "staff_member", None)
    return member.pk if member is not None and member.company_id == stand.company_id else None


def _places(ids: Collection[int], at: datetime, asks: Mapping[int, Asks]) -> dict[int, list[Place]]:
    if not ids or not any(one.roster for one in asks.values()):
        return {}
    near = {"begins_at__lt": at + LOOK_AROUND, "begins_at__gt": at - 2 * LOOK_AROUND, "ends_at__gt": at - LOOK_AROUND}
    rows = RosterEntry.objects.filter(member_id__in=ids, state=RosterState.PUBLISHED, **near)
    found: dict[int, list[Place]] = defaultdict(list)
    for row in rows.order_by("begins_at", "pk"):
        found[row.member_id].append(_place(row, asks.get(row.company_id, NOTHING_ASKED)))
    return found


def _place(row: RosterEntry, asks: Asks) -> Place:
    opens = clock_words(row.begins_at - asks.early)
    begins, ends = clock_words(row.begins_at), clock_words(row.ends_at)
    return Place(row.post_kind, row.place, row.begins_at, row.ends_at, begins, ends, opens)


def clock_words(at: datetime) -> str:
    """11-29 20:00 in the centre's zone."""
    return f"{timezone.localtime(at, timezone.get_default_timezone()):%m-%d %H:%M}"


def _day(at: datetime) -> date:
    return centre_day(at)
