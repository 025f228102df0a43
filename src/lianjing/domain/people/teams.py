"""班组: teams with their cycle, and who belongs to them from when to when."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lianjing.core.changes import difference
from lianjing.core.entering import enter, once, told
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.people.models import StaffMember, Team, TeamMember
from lianjing.domain.people.shift_patterns import CYCLE_AT_MOST, OFF
from lianjing.domain.people.shifts import EDIT, SEE, company_to_plan, kinds_of
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.sentences import marked as _

FIELDS = frozenset({"name", "post_kind", "place", "anchor_on", "cycle", "is_active"})


@transaction.atomic
def add_team(company_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = "") -> Team:
    """A new team. `values`: of FIELDS; `cycle` a list of codes of shifts, "" for a day off.

    Raises Missing, Forbidden, or Refused naming the field.
    """
    company = company_to_plan(company_id, by)
    team = Team(company=company)
    _save(team, values)
    _before, after = difference({}, told(team, FIELDS))
    write_down("roster.team_added", team, company.pk, Actor(by, at, source), after=after)
    return team


@transaction.atomic
def change_team(team_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = "") -> Team:
    """Changes a team; what has been planned for it stays as it is. Taken into use again, it must not hold anybody who
    belongs to another one by now. Raises Missing, Forbidden or Refused."""
    team = _team_to_change(team_id, by)
    had, was_in_use = told(team, FIELDS), team.is_active
    _save(team, values)
    if team.is_active and not was_in_use:
        _refuse_in_use_again(team, at)
    before, after = difference(had, told(team, FIELDS))
    if after:
        write_down("roster.team_changed", team, team.company_id, Actor(by, at, source), before=before, after=after)
    return team


@transaction.atomic
def join_team(
    team_id: int,
    member_ids: Collection[int],
    days: tuple[date, date | None],
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> list[TeamMember]:
    """These people belong to the team from the first of `days` to the last; None: until further notice.

    Raises Missing, Forbidden, or Refused for whoever belongs on one of the days to it already, or to another team that
    is in use.
    """
    team = _team_to_change(team_id, by)
    if not member_ids:
        raise Refused("members", _("请选择至少一个人。"))
    first, last = days
    if last is not None and last < first:
        raise Refused("ends_on", _("最后一天 %(last)s 早于第一天 %(first)s。"), last=str(last), first=str(first))
    # Locked: of two who put one person into two teams at once the second sees what the first did.
    rows = StaffMember.objects.select_for_update(no_key=True).filter(company_id=team.company_id, pk__in=member_ids)
    members = list(rows.order_by("pk"))
    if len(members) != len(set(member_ids)):
        raise Refused("members", _("没有这个选项。"))
    _refuse_twice(team, [member.pk for member in members], first, last)
    joined = TeamMember.objects.bulk_create(
        [TeamMember(team=team, member=member, starts_on=first, ends_on=last) for member in members]
    )
    after = {"members": [member.pk for member in members], "from": str(first), "until": str(last) if last else None}
    write_down("roster.team_joined", team, team.company_id, Actor(by, at, source), after=after)
    return joined


@transaction.atomic
def leave_team(membership_id: int, last: date, *, by: Viewer, at: datetime, source: str = "") -> TeamMember | None:
    """Somebody belongs to his team until that day; before his first day: never did, and None is returned.

    What has been planned stays. Raises Missing, Forbidden or Refused.
    """
    rows = TeamMember.objects.select_related("team", "member")
    row = locked(rows, membership_id, by, see=SEE, company="team__company_id")
    require(by, EDIT, row.team.company_id)
    after = {"member": row.member_id, "until": str(last)}
    write_down("roster.team_left", row.team, row.team.company_id, Actor(by, at, source), after=after)
    if last < row.starts_on:
        row.delete()
        return None
    row.ends_on = last
    row.save(update_fields=["ends_on"])
    return row


def members_on(team_ids: Collection[int], first: date, last: date) -> list[TeamMember]:
    """Who belongs to these teams on some of the days; one query. A step of actions and queries."""
    rows = TeamMember.objects.filter(team_id__in=team_ids, starts_on__lte=last)
    standing = rows.filter(Q(ends_on=None) | Q(ends_on__gte=first))
    return list(standing.select_related("member", "team").order_by("team", "member__name", "member_id", "pk"))


def _refuse_twice(team: Team, member_ids: Collection[int], first: date, last: date | None) -> None:
    """Nobody belongs to two teams at a time; a team out of use binds nobody."""
    rows = TeamMember.objects.filter(member_id__in=member_ids, starts_on__lte=last or date.max)
    standing = rows.filter(Q(ends_on=None) | Q(ends_on__gte=first))
    binding = standing.filter(Q(team=team) | Q(team__is_active=True)).select_related("member", "team")
    twice = binding.order_by("member_id", "starts_on", "pk").first()
    if twice is None:
        return
    names = {"name": twice.member.name, "first": str(twice.starts_on)}
    if twice.team_id == team.pk:
        raise Refused("members", _("%(name)s 从 %(first)s 起已在本班组。"), **names)
    said = _("%(name)s 从 %(first)s 起已在班组“%(team)s”，一个人同一时间只能在一个班组。")
    raise Refused("members", said, **names, team=twice.team.name)


def _refuse_in_use_again(team: Team, at: datetime) -> None:
    """For everybody who belongs to it today or later, and meanwhile to another one."""
    today = timezone.localdate(at)
    for row in members_on([team.pk], today, date.max):
        others = TeamMember.objects.filter(member_id=row.member_id, team__is_active=True).exclude(team=team)
        ahead = others.filter(Q(ends_on=None) | Q(ends_on__gte=max(today, row.starts_on)))
        other = ahead.filter(starts_on__lte=row.ends_on or date.max).select_related("team").first()
        if other is not None:
            said = _("%(name)s 从 %(first)s 起已在班组“%(team)s”，一个人同一时间只能在一个班组。")
            names = {"name": row.member.name, "first": str(other.starts_on), "team": other.team.name}
            raise Refused("is_active", said, **names)


def _team_to_change(team_id: int, by: Viewer) -> Team:
    team = locked(Team.objects.all(), team_id, by, see=SEE)
    require(by, EDIT, team.company_id)
    return team


def _save(team: Team, values: Mapping[str, Any]) -> None:
    enter(team, values)
    if team.anchor_on is None:
        raise Refused("anchor_on", _("请填写。"))
    _check_cycle(team)
    with once("name", _("班组“%(name)s”已经有了。"), name=team.name):
        team.save()


def _check_cycle(team: Team) -> None:
    if not 1 <= len(team.cycle) <= CYCLE_AT_MOST or not any(team.cycle):
        raise Refused("cycle", _("轮班须有 1 至 %(limit)d 天，其中至少一天上班。"), limit=CYCLE_AT_MOST)
    kinds = kinds_of(team.company_id)
    stray = next((code for code in team.cycle if code != OFF and code not in kinds), None)
    if stray is not None:
        raise Refused("cycle", _("没有代码为 %(code)s 的班次。"), code=stray)
