"""排班: planning teams over many days as drafts, publishing them, and single shifts."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from lianjing.core.outbox.write import News, emit
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.people.models import RosterEntry, StaffMember, Team
from lianjing.domain.people.models.rosters import RosterState
from lianjing.domain.people.roster_obstacles import (
    Judged,
    Surroundings,
    Wanted,
    judged_entries,
    members_locked,
    surroundings_of,
)
from lianjing.domain.people.roster_policy import Span
from lianjing.domain.people.shift_patterns import unfolded
from lianjing.domain.people.shifts import CHANGED, SEE, company_to_plan, kinds_of
from lianjing.domain.people.teams import members_on
from lianjing.domain.records.changing import Actor, reason_given, write_down
from lianjing.terms.sentences import marked as _

DAYS_AT_MOST = 62
SHIFTS_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be planned: teams, from a day to a day."""

    team_ids: tuple[int, ...]
    first: date
    last: date

    @property
    def days(self) -> tuple[date, date]:
        return self.first, self.last


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be planned, or was: which shifts, which against a fatigue rule, which not; how many are there."""

    free: tuple[Judged, ...]
    tiring: tuple[Judged, ...]
    barred: tuple[Judged, ...]
    already: int

    @property
    def count(self) -> int:
        return len(self.free) + len(self.tiring) + len(self.barred) + self.already


def draft_of(viewer: Viewer, company_id: int, plan: Plan) -> Draft:
    """What stands in the way, told before anything is planned: as if a reason were given for every tiring shift.

    Raises Refused for a plan that cannot be.
    """
    _check(plan)
    wanted = _wanted(viewer, company_id, plan)
    known = surroundings_of(viewer, company_id, {one.member.pk for one in wanted}, plan.days)
    return _drafted(known, wanted, with_tiring=True)


@transaction.atomic
def plan_teams(company_id: int, plan: Plan, despite: str = "", *, by: Viewer, at: datetime, source: str = "") -> Draft:
    """Plans the shifts of the teams as drafts, and says which it left out: people who are not eligible on the day, on
    leave, or at work elsewhere. What breaks a fatigue rule is planned only for a reason, `despite`.

    What is there already stays. Raises Missing, Forbidden or Refused.
    """
    company = company_to_plan(company_id, by)
    _check(plan)
    why = reason_given(despite) if despite.strip() else ""
    wanted = _wanted(by, company.pk, plan)
    members_locked(company.pk, {one.member.pk for one in wanted}, by)
    known = surroundings_of(by, company.pk, {one.member.pk for one in wanted}, plan.days)
    draft = _drafted(known, wanted, with_tiring=bool(why))
    planned = [*draft.free, *(draft.tiring if why else ())]
    rows = [entry_row(company, one.wanted, at, why if one.is_tiring else "") for one in planned]
    actor = Actor(by, at, source)
    _tell_planned(company, plan, RosterEntry.objects.bulk_create(rows), why, actor)
    return draft


def entry_row(company: Company, wanted: Wanted, at: datetime, reason: str) -> RosterEntry:
    """The row of a shift, not saved yet. A step of actions."""
    span = wanted.span
    return RosterEntry(
        company=company,
        member=wanted.member,
        team_id=wanted.team_id,
        post_kind=wanted.post_kind,
        place=span.place,
        shift=span.shift,
        day=span.day,
        begins_at=span.begins_at,
        ends_at=span.ends_at,
        planned_at=at,
        reason=reason,
    )


def _check(plan: Plan) -> None:
    if not plan.team_ids:
        raise Refused("teams", _("请选择至少一个班组。"))
    if plan.last < plan.first:
        said = _("最后一天 %(last)s 早于第一天 %(first)s。")
        raise Refused("last", said, last=str(plan.last), first=str(plan.first))
    count = (plan.last - plan.first).days + 1
    if count > DAYS_AT_MOST:
        raise Refused("last", _("一次最多排 %(limit)d 天，现为 %(count)d 天。"), limit=DAYS_AT_MOST, count=count)


def _wanted(viewer: Viewer, company_id: int, plan: Plan) -> list[Wanted]:
    """The shifts that the teams' cycles ask of their members, in the order of time."""
    mine = visible(Team.objects.filter(company_id=company_id, is_active=True), viewer, SEE)
    teams = {team.pk: team for team in mine.filter(pk__in=plan.team_ids)}
    if len(teams) != len(set(plan.team_ids)):
        raise Refused("teams", _("没有这个选项。"))
    zone, kinds = timezone.get_default_timezone(), kinds_of(company_id)
    shifts = {pk: list(unfolded(team.cycle, team.anchor_on, kinds, plan.days, zone)) for pk, team in teams.items()}
    found = [
        Wanted(
            row.member,
            teams[row.team_id].post_kind,
            Span(shift.day, shift.begins_at, shift.ends_at, teams[row.team_id].place, shift.kind.name),
            row.team_id,
        )
        for row in members_on(list(teams), *plan.days)
        for shift in shifts[row.team_id]
        if row.starts_on <= shift.day and (row.ends_on is None or shift.day <= row.ends_on)
    ]
    if len(found) > SHIFTS_AT_MOST:
        said = _("一次最多排 %(limit)d 班，现为 %(count)d 班，请分几次排。")
        raise Refused("last", said, limit=SHIFTS_AT_MOST, count=len(found))
    return sorted(found, key=lambda one: (one.span.begins_at, one.member.pk))


def _drafted(known: Surroundings, wanted: Iterable[Wanted], *, with_tiring: bool) -> Draft:
    """One after the other: what is planned stands in the way of what comes."""
    free: list[Judged] = []
    tiring: list[Judged] = []
    barred: list[Judged] = []
    already = 0
    for one in wanted:
        if known.has(one):
            already += 1
            continue
        judged = known.judge(one)
        (barred if judged.is_barred else tiring if judged.problems else free).append(judged)
        if not judged.problems or (with_tiring and judged.is_tiring):
            known.take(one)
    return Draft(tuple(free), tuple(tiring), tuple(barred), already)


def _tell_planned(company: Company, plan: Plan, rows: list[RosterEntry], why: str, actor: Actor) -> None:
    """One record a team: who works when."""
    for team in Team.objects.filter(pk__in={row.team_id for row in rows}).order_by("pk"):
        mine = [row for row in rows if row.team_id == team.pk]
        after = {"from": str(plan.first), "until": str(plan.last), "shifts": [_brief(row) for row in mine]}
        after |= {"despite": why} if any(row.reason for row in mine) else {}
        write_down("roster.planned", team, company.pk, actor, after=after)


def _brief(row: RosterEntry) -> list[object]:
    return [row.member_id, row.begins_at.isoformat(), row.ends_at.isoformat()]


@dataclass(frozen=True, slots=True)
class Published:
    """How many shifts were published, and which were not, with what is in the way."""

    count: int
    held_back: tuple[Judged, ...]


@transaction.atomic
def publish_roster(
    company_id: int, first: date, last: date, *, by: Viewer, at: datetime, source: str = ""
) -> Published:
    """Publishes the drafts of these days. Those whose people are no longer eligible, or on leave, stay drafts.

    Raises Missing, Forbidden or Refused.
    """
    company = company_to_plan(company_id, by)
    drafts = {row.pk: row for row in _drafts(company, first, last)}
    if not drafts:
        raise Refused("", _("%(first)s 至 %(last)s 没有草稿。"), first=str(first), last=str(last))
    judged = judged_entries(by, company.pk, drafts.values(), (first, last))
    held = {pk: one for pk, one in judged.items() if one.is_barred}
    ready = [pk for pk in drafts if pk not in held]
    for some in _pieces(ready):
        RosterEntry.objects.filter(pk__in=some).update(state=RosterState.PUBLISHED, published_at=at)
    if ready:
        after = {"from": str(first), "until": str(last), "entries": ready}
        write_down("roster.published", company, company.pk, Actor(by, at, source), after=after)
        emit([News(CHANGED, company.pk, {"from": str(first), "until": str(last)})], at=at)
    return Published(len(ready), tuple(held.values()))


@transaction.atomic
def discard_drafts(company_id: int, first: date, last: date, *, by: Viewer, at: datetime, source: str = "") -> int:
    """Throws away the drafts of these days; the records keep them. Raises Missing, Forbidden, Refused."""
    company = company_to_plan(company_id, by)
    drafts = _drafts(company, first, last)
    if not drafts:
        raise Refused("", _("%(first)s 至 %(last)s 没有草稿。"), first=str(first), last=str(last))
    after = {"from": str(first), "until": str(last), "shifts": [_brief(row) for row in drafts]}
    write_down("roster.drafts_discarded", company, company.pk, Actor(by, at, source), after=after)
    for some in _pieces([row.pk for row in drafts]):
        RosterEntry.objects.filter(pk__in=some).delete()
    return len(drafts)


def _drafts(company: Company, first: date, last: date) -> list[RosterEntry]:
    rows = RosterEntry.objects.filter(company=company, day__gte=first, day__lte=last, state=RosterState.DRAFT)
    return list(rows.select_for_update(of=("self",), no_key=True).select_related("member").order_by("begins_at", "pk"))


def _pieces(ids: list[int], size: int = 500) -> Iterator[Collection[int]]:
    """SQLite takes so many values a statement."""
    return (ids[place : place + size] for place in range(0, len(ids), size))


def member_of(company_id: int, member_id: int, by: Viewer) -> StaffMember:
    """One person of the company, locked. A step of actions. Raises Refused."""
    member = members_locked(company_id, [member_id], by).get(member_id)
    if member is None:
        raise Refused("member", _("没有这个选项。"))
    return member
