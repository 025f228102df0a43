"""Departments, posts and what they are there for: set up, changed from a day on, closed, taken back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.changing import CHANGED, SEE, company_to_change
from lianjing.domain.companies.models import Company, Department, DutyText, Post
from lianjing.domain.companies.tree_policy import Node, check_days, check_tree
from lianjing.domain.companies.versions import (
    Span,
    begin,
    end,
    first_to_change,
    standing_rows,
    told_of,
    turn,
)
from lianjing.domain.records.changing import Actor, locked, reason_given, take_back, write_down
from lianjing.terms.sentences import marked as _

TEXT_AT_MOST = 5000
PLACES_AT_MOST = 1000


@transaction.atomic
def add_department(
    company_id: int, values: Mapping[str, Any], span: Span, *, by: Viewer, at: datetime, source: str = ""
) -> Department:
    """Sets up a department. `values`: name, kind, `parent` (id of a department, None at the top). Raises Missing,
    Forbidden or Refused."""
    company = company_to_change(company_id, by)
    actor = Actor(by, at, source)
    row = _save_department(Department(company=company), values, span, actor)
    write_down("department.added", row, company_id, actor, after=told_of(row), topic=CHANGED)
    return row


@transaction.atomic
def change_department(
    department_id: int,
    values: Mapping[str, Any],
    since: date | None,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> Department:
    """Renames, moves or re-sorts a department from `since` on; at its beginning: that is what it always was. Raises
    Missing, Forbidden or Refused."""
    first = first_to_change(Department, department_id, by)
    actor, before = Actor(by, at, source), _latest(first)
    check_days(since, None)
    parent = _parent(first.company, values.get("parent"))
    row = turn(first, {**values, "parent": parent}, since, actor)
    _check_place(row, first.pk)
    write_down("department.changed", first, first.company_id, actor, after=told_of(row), before=before, topic=CHANGED)
    return row


@transaction.atomic
def close_department(department_id: int, last_day: date, *, by: Viewer, at: datetime, source: str = "") -> Department:
    """Closes a department after `last_day`; nothing may belong to it any more. Raises Missing, Forbidden, Refused."""
    first = first_to_change(Department, department_id, by)
    actor, before = Actor(by, at, source), _latest(first)
    check_days(None, last_day)
    later = Q(valid_until=None) | Q(valid_until__gt=last_day)
    _refuse_while_used(first, later, "valid_until", _("%(day)s 以后还有：%(names)s。请先撤销或移走。"), last_day)
    row = end(first, last_day, actor)
    write_down("department.closed", first, first.company_id, actor, after=told_of(row), before=before, topic=CHANGED)
    return row


@transaction.atomic
def retract_department(department_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Department:
    """Takes back a department that never was; nothing may belong to it. Raises Missing, Forbidden or Refused."""
    first = first_to_change(Department, department_id, by)
    actor, why = Actor(by, at, source), reason_given(reason)
    _refuse_while_used(first, Q(), "reason", _("它下面还有：%(names)s。请先收回或移走。"), None)
    _take_all_back(first, why, actor)
    write_down("department.retracted", first, first.company_id, actor, after={"reason": why}, topic=CHANGED)
    return first


@transaction.atomic
def add_post(
    department_id: int, values: Mapping[str, Any], span: Span, *, by: Viewer, at: datetime, source: str = ""
) -> Post:
    """Sets up a post of a department. `values`: title, is_key, post_kind, places. Raises Missing, Forbidden or
    Refused."""
    department = first_to_change(Department, department_id, by)
    actor = Actor(by, at, source)
    check_days(span.begins, span.ends)
    _check_places(values)
    _check_department(department, span.begins)
    row = begin(Post(company_id=department.company_id), {**values, "department": department}, span, actor)
    write_down("post.added", row, row.company_id, actor, after=told_of(row), topic=CHANGED)
    return row


@transaction.atomic
def change_post(
    post_id: int, values: Mapping[str, Any], since: date | None, *, by: Viewer, at: datetime, source: str = ""
) -> Post:
    """Changes a post from `since` on; at its beginning: that is what it always was. `values`: as of `add_post`, and
    `department` (id) when it moves. Raises Missing, Forbidden or Refused."""
    first = first_to_change(Post, post_id, by)
    actor, before = Actor(by, at, source), _latest(first)
    check_days(since, None)
    _check_places(values)
    told = dict(values)
    if told.get("department") is not None:
        told["department"] = _department(first.company, told["department"], "department")
        _check_department(told["department"], since)
    row = turn(first, told, since, actor)
    write_down("post.changed", first, first.company_id, actor, after=told_of(row), before=before, topic=CHANGED)
    return row


@transaction.atomic
def write_duties(
    subject: Department | Post, text: str, since: date, *, by: Viewer, at: datetime, source: str = ""
) -> DutyText:
    """A new version of what a department or a post is there for, in force from `since` on; earlier ones stay. Raises
    Missing, Forbidden or Refused."""
    key = subject.first_id or subject.pk
    first: Department | Post
    first = first_to_change(Post, key, by) if isinstance(subject, Post) else first_to_change(Department, key, by)
    actor, whose = Actor(by, at, source), _whose(first)
    check_days(since, None)
    said = _duty_text(text)
    last = DutyText.objects.filter(**whose).aggregate(last=Max("version"))["last"] or 0
    row = DutyText.objects.create(
        company_id=first.company_id,
        **whose,
        version=last + 1,
        text=said,
        valid_from=since,
        recorded_at=at,
        recorded_by=by.name,
    )
    told = {"version": row.version, "from": str(since), "text": said}
    write_down("duties.written", first, first.company_id, actor, after=told, topic=CHANGED)
    return row


@transaction.atomic
def retract_duties(duty_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> DutyText:
    """Takes back a version; the one before counts again. Raises Missing, Forbidden or Refused."""
    row = locked(DutyText.objects.filter(retracted_at=None), duty_id, by, see=SEE)
    company_to_change(row.company_id, by)
    actor, why = Actor(by, at, source), reason_given(reason)
    take_back(row, why, actor)
    subject = row.department or row.post
    assert subject is not None  # noqa: S101 the table's constraint
    told = {"version": row.version, "reason": why}
    write_down("duties.retracted", subject, row.company_id, actor, after=told, topic=CHANGED)
    return row


def _save_department(row: Department, values: Mapping[str, Any], span: Span, actor: Actor) -> Department:
    check_days(span.begins, span.ends)
    parent = _parent(row.company, values.get("parent"))
    begin(row, {**values, "parent": parent}, span, actor)
    _check_place(row, row.pk)
    return row


def _parent(company: Company, parent_id: int | None) -> Department | None:
    return _department(company, parent_id, "parent") if parent_id else None


def _department(company: Company, department_id: int, field: str) -> Department:
    row = Department.objects.filter(company=company, first=None, pk=department_id).first()
    if row is None:
        raise Refused(field, _("没有这个部门。"))
    return row


def _check_place(row: Department, first_id: int) -> None:
    """Looks at the whole tree as it would be."""
    rows = Department.objects.filter(company_id=row.company_id, retracted_at=None).exclude(pk=row.pk)
    check_tree(_node(row), [_node(other) for other in rows])


def _node(row: Department) -> Node:
    return Node(row.first_id or row.pk, row.name, row.parent_id, row.valid_from, row.valid_until)


def _check_department(department: Department, day: date | None) -> None:
    rows = [_node(row) for row in standing_rows(department)]
    if not any(node.holds_on(day) if day else node.valid_from is None for node in rows):
        raise Refused("valid_from", _("部门 %(name)s 在 %(day)s 不存在。"), name=str(department), day=str(day or "…"))


def _check_places(values: Mapping[str, Any]) -> None:
    if not 1 <= int(values.get("places", 1)) <= PLACES_AT_MOST:
        raise Refused("places", _("定员应为 1 至 %(limit)d。"), limit=PLACES_AT_MOST)


def _refuse_while_used(first: Department, when: Q, field: str, sentence: str, day: date | None) -> None:
    children = Department.objects.filter(when, parent=first, retracted_at=None).exclude(first=first)
    posts = Post.objects.filter(when, department=first, retracted_at=None)
    names = [*dict.fromkeys(str(row) for row in (*children, *posts))]
    if names:
        raise Refused(field, sentence, day=str(day), names="、".join(names[:10]))


def _take_all_back(first: Department | Post, reason: str, actor: Actor) -> None:
    rows: list[Any] = standing_rows(first)
    if not rows:
        raise Refused("reason", _("它已经收回。"))
    for row in rows:
        take_back(row, reason, actor)


def _latest(first: Department | Post) -> dict[str, Any]:
    rows: list[Any] = standing_rows(first)
    return told_of(rows[-1]) if rows else {}


def _whose(first: Department | Post) -> dict[str, Any]:
    return {"post": first} if isinstance(first, Post) else {"department": first}


def _duty_text(text: str) -> str:
    said = text.strip()
    if not said:
        raise Refused("text", _("请填写。"))
    if "\0" in said:
        raise Refused("text", _("含有不能保存的字符。"))
    if len(said) > TEXT_AT_MOST:
        raise Refused("text", _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=TEXT_AT_MOST, count=len(said))
    return said
