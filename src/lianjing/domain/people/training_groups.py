"""Groups of people who are assigned courses together."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from lianjing.core.entering import enter, once
from lianjing.core.refusals import Missing
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.people.courses import EDIT
from lianjing.domain.people.models import StaffMember, TrainingGroup
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.sentences import marked as _


@transaction.atomic
def add_group(
    company_id: int, name: str, member_ids: Collection[int], *, by: Viewer, at: datetime, source: str = ""
) -> TrainingGroup:
    """Makes a group of these people. Raises Missing (somebody is not the company's), Forbidden or Refused (`name`)."""
    company = locked(Company.objects.all(), company_id, by, see=EDIT, company="id")
    require(by, EDIT, company.pk)
    group = TrainingGroup(company=company)
    _save(group, name)
    members = _members(group, member_ids)
    group.members.set(members)
    after = _told(group, members)
    write_down("training_group.added", group, company.pk, Actor(by, at, source), after=after)
    return group


@transaction.atomic
def change_group(
    group_id: int, name: str, member_ids: Collection[int], *, by: Viewer, at: datetime, source: str = ""
) -> TrainingGroup:
    """Gives it another name or other people; what is assigned already stays. Raises as `add_group` does."""
    group = _group(group_id, by)
    before = _told(group, group.members.values_list("pk", flat=True))
    _save(group, name)
    members = _members(group, member_ids)
    after = _told(group, members)
    if after != before:
        group.members.set(members)
        actor = Actor(by, at, source)
        write_down("training_group.changed", group, group.company_id, actor, before=before, after=after)
    return group


@transaction.atomic
def remove_group(group_id: int, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Dissolves a group; what was assigned to its people stays assigned. Raises Missing or Forbidden."""
    group = _group(group_id, by)
    before = _told(group, group.members.values_list("pk", flat=True))
    actor = Actor(by, at, source)
    write_down("training_group.removed", group, group.company_id, actor, before=before, after={})
    group.delete()


def _group(group_id: int, by: Viewer) -> TrainingGroup:
    group = locked(TrainingGroup.objects.all(), group_id, by, see=EDIT)
    require(by, EDIT, group.company_id)
    return group


def _save(group: TrainingGroup, name: str) -> None:
    enter(group, {"name": name})
    with once("name", _("已经有名为 %(name)s 的分组。"), name=group.name):
        group.save()


def _told(group: TrainingGroup, member_ids: Iterable[int]) -> dict[str, Any]:
    ids = sorted(member_ids)
    return {"name": group.name, "people": len(ids), "member_ids": ids}


def _members(group: TrainingGroup, member_ids: Collection[int]) -> list[int]:
    """Only the company's own people."""
    ids = set(member_ids)
    known = StaffMember.objects.filter(company_id=group.company_id, pk__in=ids).values_list("pk", flat=True)
    found = list(known)
    if len(found) != len(ids):
        raise Missing("staffmember")
    return found
