"""Reading what a roster is planned by: kinds of shifts, teams, people, minimum cover and where it is missing."""

from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.people.cover_policy import Gap, Rule, Standing, gaps_of
from lianjing.domain.people.models import (
    CoverRule,
    RosterEntry,
    RosterRules,
    ShiftKind,
    StaffFact,
    StaffMember,
    Team,
    TeamMember,
)
from lianjing.domain.people.models.rosters import RosterState
from lianjing.domain.people.roster_now import LONGEST
from lianjing.domain.people.shifts import EDIT, SEE
from lianjing.domain.records.dated import known_at
from lianjing.terms.staffing import StaffFactKind

GAP_DAYS = 14
"""So far ahead gaps are looked for."""


def shift_kinds(viewer: Viewer, company_id: int) -> list[ShiftKind]:
    """Kinds of shifts, those out of use last."""
    rows = visible(ShiftKind.objects.filter(company_id=company_id), viewer, SEE)
    return list(rows.order_by("-is_active", "begins", "code"))


def shift_kind_by_id(viewer: Viewer, kind_id: int) -> ShiftKind | None:
    """One kind; None when there is none that the viewer may see."""
    return visible(ShiftKind.objects.all(), viewer, SEE).filter(pk=kind_id).first()


def teams(viewer: Viewer, company_id: int) -> list[Team]:
    """The teams, those out of use last."""
    rows = visible(Team.objects.filter(company_id=company_id), viewer, SEE)
    return list(rows.order_by("-is_active", "post_kind", "place", "pk"))


def team_by_id(viewer: Viewer, team_id: int) -> Team | None:
    """One team; None when there is none that the viewer may see."""
    return visible(Team.objects.all(), viewer, SEE).filter(pk=team_id).first()


def team_members(viewer: Viewer, company_id: int, day: date) -> list[TeamMember]:
    """Who belongs to which team on that day or later, by name."""
    rows = visible(TeamMember.objects.filter(team__company_id=company_id), viewer, SEE, "team__company_id")
    standing = rows.filter(Q(ends_on=None) | Q(ends_on__gte=day))
    return list(standing.select_related("member").order_by("member__name", "member_id", "starts_on"))


def membership_by_id(viewer: Viewer, membership_id: int) -> TeamMember | None:
    """Somebody's place in a team; None when there is none that the viewer may see."""
    rows = visible(TeamMember.objects.select_related("team", "member"), viewer, SEE, "team__company_id")
    return rows.filter(pk=membership_id).first()


def people_to_plan(viewer: Viewer, company_id: int, day: date) -> list[StaffMember]:
    """Who is at work for the company on that day, by name, for the planner's choice; 5,000 at most."""
    at_work = known_at(StaffFact.objects.filter(company_id=company_id, kind=StaffFactKind.EMPLOYMENT.value)).filter(
        Q(valid_until=None) | Q(valid_until__gte=day)
    )
    rows = visible(StaffMember.objects.filter(company_id=company_id), viewer, EDIT)
    return list(rows.filter(pk__in=at_work.values("member_id")).order_by("name", "pk")[:5000])


def cover_rules(viewer: Viewer, company_id: int) -> list[CoverRule]:
    """The minimum rules, by place."""
    rows = visible(CoverRule.objects.filter(company_id=company_id), viewer, SEE)
    return list(rows.order_by("post_kind", "place", "begins", "pk"))


def cover_rule_by_id(viewer: Viewer, rule_id: int) -> CoverRule | None:
    """One rule; None when there is none that the viewer may see."""
    return visible(CoverRule.objects.all(), viewer, SEE).filter(pk=rule_id).first()


def own_rules(viewer: Viewer, company_id: int) -> RosterRules | None:
    """The company's own fatigue rules; None while it goes by ours."""
    return visible(RosterRules.objects.filter(company_id=company_id), viewer, SEE).first()


def minimum_rules(viewer: Viewer, company_id: int) -> list[Rule]:
    """What gaps are measured by."""
    return [
        Rule(row.post_kind, row.place, frozenset(row.weekdays), row.begins, row.ends, row.at_least)
        for row in visible(CoverRule.objects.filter(company_id=company_id), viewer, SEE)
    ]


def gaps_between(viewer: Viewer, company_id: int, since: datetime, until: datetime) -> list[Gap]:
    """Where fewer people are planned than the rules ask for; two queries. Published shifts count; drafts are told of
    beside them."""
    rules = minimum_rules(viewer, company_id)
    if not rules:
        return []
    rows = visible(RosterEntry.objects.filter(company_id=company_id), viewer, SEE).exclude(state=RosterState.CANCELLED)
    near = rows.filter(begins_at__lt=until, begins_at__gt=since - LONGEST, ends_at__gt=since)
    columns = ("post_kind", "place", "begins_at", "ends_at", "state")
    counted = near.values_list(*columns).annotate(how_many=Count("pk")).order_by()
    standings = [
        Standing(kind, place, begins, ends, state == RosterState.DRAFT, count)
        for kind, place, begins, ends, state, count in counted
    ]
    return gaps_of(rules, standings, since, until, timezone.get_default_timezone())


def gaps_ahead(viewer: Viewer, company_id: int, at: datetime) -> list[Gap]:
    """The gaps of the next 14 days, from now on."""
    return gaps_between(viewer, company_id, at, at + timedelta(days=GAP_DAYS))


def has_minimum_rules(viewer: Viewer, company_id: int) -> bool:
    """Whether gaps can be told at all."""
    return visible(CoverRule.objects.filter(company_id=company_id), viewer, SEE).exists()


def has_shifts_ahead(viewer: Viewer, company_id: int, at: datetime) -> bool:
    """Whether anything is published for the next 14 days."""
    rows = visible(RosterEntry.objects.filter(company_id=company_id), viewer, SEE)
    ahead = rows.filter(state=RosterState.PUBLISHED, begins_at__lt=at + timedelta(days=GAP_DAYS))
    return ahead.filter(begins_at__gt=at - LONGEST, ends_at__gt=at).exists()


def places(viewer: Viewer, company_id: int) -> list[str]:
    """Desks and districts that are named by teams and rules."""
    named = visible(Team.objects.filter(company_id=company_id, is_active=True), viewer, SEE).values_list("place")
    ruled = visible(CoverRule.objects.filter(company_id=company_id), viewer, SEE).values_list("place")
    return sorted({place for (place,) in named.union(ruled)})


def places_ruled(viewer: Viewer, company_id: int) -> list[tuple[str, str]]:
    """Post kind and name of the places that teams work at or rules ask for."""
    mine = visible(Team.objects.filter(company_id=company_id, is_active=True), viewer, SEE)
    ruled = visible(CoverRule.objects.filter(company_id=company_id), viewer, SEE)
    columns = ("post_kind", "place")
    return sorted({*mine.values_list(*columns), *ruled.values_list(*columns)})


def person_called(viewer: Viewer, company_id: int, typed: str) -> list[StaffMember]:
    """Whom a planner means: the one of that staff number, or else all of that name."""
    rows = visible(StaffMember.objects.filter(company_id=company_id), viewer, SEE)
    wanted = typed.strip()
    return list(rows.filter(staff_no=wanted)) or list(rows.filter(name=wanted).order_by("pk")[:3])
