"""Assigning a course: to persons, to a group, to everybody of a post kind; by a day; and taking it back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.people.courses import EDIT
from lianjing.domain.people.fact_kinds import Fact
from lianjing.domain.people.facts import as_fact
from lianjing.domain.people.models import Assignment, Attempt, Course, StaffFact, StaffMember, TrainingGroup
from lianjing.domain.people.staff_facts import is_employed, post_kind_on
from lianjing.domain.records.changing import Actor, locked, reason_given, write_down
from lianjing.domain.records.dated import holding_on, known_at
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import PostKind, StaffFactKind

FURTHEST_YEARS = 5
AT_ONCE = 500
"""Rows of one statement: SQLite takes no more figures than it takes."""


@dataclass(frozen=True, slots=True)
class To:
    """Whom a course is assigned to: the sum of what is named. `again`: also to those whose pass still counts."""

    member_ids: Sequence[int] = ()
    group_id: int | None = None
    post_kind: PostKind | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Assigned:
    """What came of it: how many owe it now, did already, have passed it, or no longer work here."""

    made: int
    owing: int
    passed: int
    gone: int


@transaction.atomic
def assign_course(course_id: int, to: To, due_on: date, *, by: Viewer, at: datetime, source: str = "") -> Assigned:
    """Lets these people owe the course until the end of `due_on`, except whoever owes it already.

    Raises Missing (course, group or person), Forbidden, or Refused: `due_on`, `people`, or "" when it is not open.
    """
    course = locked(Course.objects.all(), course_id, by, see=EDIT)
    require(by, EDIT, course.company_id)
    today = timezone.localdate(at)
    _check(course, due_on, today)
    named, group = _named(course.company_id, to, today)
    working = _working(named, today)
    owing = _among(working, Assignment.objects.filter(course=course, passed_at=None, withdrawn_at=None))
    passed = set() if to.again else _among(working - owing, _passed(course, today), "assignment__member_id")
    made = sorted(working - owing - passed)
    Assignment.objects.bulk_create(
        [
            Assignment(
                company_id=course.company_id,
                course=course,
                member_id=pk,
                group=group,
                due_on=due_on,
                assigned_at=at,
                assigned_by=by.name,
            )
            for pk in made
        ],
        batch_size=AT_ONCE,
    )
    if made:
        after = {"due_on": str(due_on), "people": len(made), "group": group.name if group else None, "member_ids": made}
        write_down("course.assigned", course, course.company_id, Actor(by, at, source), after=after)
    return Assigned(len(made), len(owing), len(passed), len(named) - len(working))


@transaction.atomic
def withdraw_assignment(assignment_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Assignment:
    """He no longer owes it. Raises Missing, Forbidden, or Refused: without a reason, passed, withdrawn already."""
    assignment = locked(Assignment.objects.all(), assignment_id, by, see=EDIT)
    require(by, EDIT, assignment.company_id)
    why = reason_given(reason)
    if assignment.passed_at is not None:
        raise Refused("", _("已经通过，不能撤回。"))
    if assignment.withdrawn_at is not None:
        raise Refused("", _("已经撤回了。"))
    assignment.withdrawn_at = at
    assignment.save(update_fields=["withdrawn_at"])
    actor = Actor(by, at, source)
    write_down("assignment.withdrawn", assignment, assignment.company_id, actor, after={"reason": why})
    return assignment


def _check(course: Course, due_on: date, today: date) -> None:
    if course.state != "open":
        raise Refused("", _("课程没有开放，不能布置。"))
    if due_on < today:
        raise Refused("due_on", _("截止日期 %(day)s 已经过去。"), day=str(due_on))
    if due_on.year > today.year + FURTHEST_YEARS:
        raise Refused("due_on", _("日期 %(day)s 不可能。"), day=str(due_on))


def _named(company_id: int, to: To, today: date) -> tuple[set[int], TrainingGroup | None]:
    """Everybody who is meant, at work or not, and the group."""
    found = set(to.member_ids)
    mine = StaffMember.objects.filter(company_id=company_id)
    if sum(mine.filter(pk__in=part).count() for part in _parts(sorted(found))) != len(found):
        raise Missing("staffmember")
    group = None
    if to.group_id is not None:
        group = TrainingGroup.objects.filter(company_id=company_id, pk=to.group_id).first()
        if group is None:
            raise Missing(f"traininggroup {to.group_id}")
        found |= set(group.members.values_list("pk", flat=True))
    if to.post_kind is not None:
        found |= _of_kind(company_id, to.post_kind, today)
    if not found:
        raise Refused("people", _("没有选出任何人。"))
    return found, group


def _of_kind(company_id: int, kind: PostKind, today: date) -> set[int]:
    """Whoever works in this post kind today. Nobody is looked at one by one."""
    rows = StaffFact.objects.filter(company_id=company_id, retracted_at=None)
    facts: dict[int, list[Fact]] = defaultdict(list)
    for row in rows.filter(kind__in=(StaffFactKind.EMPLOYMENT.value, StaffFactKind.POST_KIND.value)).order_by("pk"):
        facts[row.member_id].append(as_fact(row))
    return {pk for pk, told in facts.items() if is_employed(told, today) and post_kind_on(told, today) == kind}


def _working(named: set[int], today: date) -> set[int]:
    rows = known_at(StaffFact.objects.filter(kind=StaffFactKind.EMPLOYMENT.value))
    return _among(named, holding_on(rows, today))


def _passed(course: Course, today: date) -> "QuerySet[Attempt]":
    """Tries that were passed and still count."""
    counts = Q(evidence__valid_until=None) | Q(evidence__valid_until__gte=today)
    rows = Attempt.objects.filter(assignment__course=course, passed=True, evidence__retracted_at=None)
    return rows.filter(counts)


def _among(ids: set[int], rows: "QuerySet[Any]", name: str = "member_id") -> set[int]:
    """Which of these people one of the rows is about."""
    found: set[int] = set()
    for part in _parts(sorted(ids)):
        found |= set(rows.filter(**{f"{name}__in": part}).values_list(name, flat=True))
    return found


def _parts(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[begin : begin + AT_ONCE] for begin in range(0, len(ids), AT_ONCE)]
