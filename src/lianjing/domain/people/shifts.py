"""班次: kinds of shifts of a company, and taking a whole pattern over with its kinds and teams."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lianjing.core.changes import difference
from lianjing.core.entering import enter, once, told
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.people.models import ShiftKind, Team
from lianjing.domain.people.shift_patterns import PATTERNS, Kind
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.sentences import marked as _

SEE, EDIT = "roster.see", "roster.edit"
CHANGED = "roster.changed"
"""Topic: somebody's shifts, or what they are planned by, have changed."""
FIELDS = frozenset({"code", "name", "begins", "ends"})


@transaction.atomic
def add_shift_kind(
    company_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = ""
) -> ShiftKind:
    """A new kind of shift; one that does not end after it begins ends on the next day.

    Raises Missing, Forbidden, or Refused naming the field.
    """
    company = company_to_plan(company_id, by)
    kind = ShiftKind(company=company)
    _save(kind, values)
    _before, after = difference({}, told(kind, FIELDS))
    write_down("roster.shift_added", kind, company.pk, Actor(by, at, source), after=after)
    return kind


@transaction.atomic
def change_shift_kind(
    kind_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = ""
) -> ShiftKind:
    """Changes a kind; what has been planned by it stays as it is. Raises Missing, Forbidden or Refused."""
    kind = _kind_to_change(kind_id, by)
    had = told(kind, FIELDS)
    if "code" in values and values["code"].strip() != kind.code and _in_a_cycle(kind):
        raise Refused("code", _("代码 %(code)s 已用在班组的轮班里，不能改。"), code=kind.code)
    _save(kind, values)
    before, after = difference(had, told(kind, FIELDS))
    if after:
        write_down("roster.shift_changed", kind, kind.company_id, Actor(by, at, source), before=before, after=after)
    return kind


@transaction.atomic
def set_shift_kind_active(kind_id: int, active: bool, *, by: Viewer, at: datetime, source: str = "") -> ShiftKind:
    """Takes a kind out of use, or back into it. One that a team works by stays in use.

    Raises Missing, Forbidden or Refused.
    """
    kind = _kind_to_change(kind_id, by)
    user = None if active else _in_a_cycle(kind)
    if user is not None:
        raise Refused("", _("班组“%(team)s”还在用这个班次。"), team=user.name)
    if kind.is_active != active:
        kind.is_active = active
        kind.save(update_fields=["is_active"])
        after = {"in_use": active}
        write_down("roster.shift_changed", kind, kind.company_id, Actor(by, at, source), after=after)
    return kind


@transaction.atomic
def take_over_pattern(
    company_id: int, pattern_code: str, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = ""
) -> list[Team]:
    """Makes the teams of a pattern for one place, each at its day of the cycle, and the kinds of shifts that it wants.

    `values`: `post_kind`, `place`, `name` (the teams are called that with 甲, 乙, 丙 …), `first_on` (the first day).
    A kind that the company has under the same code stays as it is. Raises Missing, Forbidden or Refused.
    """
    company = company_to_plan(company_id, by)
    pattern = PATTERNS.get(pattern_code)
    if pattern is None:
        raise Refused("pattern", _("没有这个选项。"))
    actor = Actor(by, at, source)
    for kind in pattern.kinds:
        _have_kind(company, kind, actor)
    first: date = values["first_on"]
    return [
        _team(company, pattern.cycle, {**values, "anchor_on": pattern.anchor_of(place, first)}, place, actor)
        for place in range(pattern.teams)
    ]


NAMES = "甲乙丙丁戊己"


def _team(company: Company, cycle: tuple[str, ...], values: Mapping[str, Any], place: int, actor: Actor) -> Team:
    team = Team(company=company, cycle=list(cycle), anchor_on=values["anchor_on"])
    name = f"{values['name'].strip()}{NAMES[place]}班"
    enter(team, {"name": name, "post_kind": values["post_kind"], "place": values["place"]})
    with once("name", _("班组“%(name)s”已经有了。"), name=name):
        team.save()
    after = {"name": name, "place": team.place, "cycle": team.cycle, "anchor_on": str(team.anchor_on)}
    write_down("roster.team_added", team, company.pk, actor, after=after)
    return team


def _have_kind(company: Company, kind: Kind, actor: Actor) -> None:
    """The kind under its code; one that is there stays."""
    row, made = ShiftKind.objects.get_or_create(
        company=company, code=kind.code, defaults={"name": kind.name, "begins": kind.begins, "ends": kind.ends}
    )
    if made:
        _before, after = difference({}, told(row, FIELDS))
        write_down("roster.shift_added", row, company.pk, actor, after=after)
    elif not row.is_active:
        row.is_active = True
        row.save(update_fields=["is_active"])
        write_down("roster.shift_changed", row, company.pk, actor, after={"in_use": True})


def company_to_plan(company_id: int, by: Viewer) -> Company:
    """The company, locked. Raises Missing or Forbidden."""
    company = locked(Company.objects.all(), company_id, by, see=SEE, company="id")
    require(by, EDIT, company.pk)
    return company


def kinds_of(company_id: int) -> dict[str, Kind]:
    """The kinds of shifts in use, by code. A step of actions and queries."""
    rows = ShiftKind.objects.filter(company_id=company_id, is_active=True)
    return {row.code: Kind(row.code, row.name, row.begins, row.ends) for row in rows}


def _kind_to_change(kind_id: int, by: Viewer) -> ShiftKind:
    kind = locked(ShiftKind.objects.all(), kind_id, by, see=SEE)
    require(by, EDIT, kind.company_id)
    return kind


def _in_a_cycle(kind: ShiftKind) -> Team | None:
    """A team in use that works by this kind. JSON is not searched: a company has tens of teams."""
    teams = Team.objects.filter(company_id=kind.company_id, is_active=True).order_by("pk")
    return next((team for team in teams if kind.code in team.cycle), None)


def _save(kind: ShiftKind, values: Mapping[str, Any]) -> None:
    enter(kind, values)
    for name in ("begins", "ends"):
        if getattr(kind, name) is None:
            raise Refused(name, _("请填写。"))
    if any(sign.isspace() for sign in kind.code):
        raise Refused("code", _("代码不能含空格。"))
    with once("code", _("班次代码 %(code)s 已经有了。"), code=kind.code):
        kind.save()
