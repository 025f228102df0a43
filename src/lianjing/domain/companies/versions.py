"""Things that keep their identity while they change: one row for each time, all naming the first. Steps of actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import Q

from lianjing.core.entering import enter
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.changing import SEE, company_to_change
from lianjing.domain.companies.models import Department, Post
from lianjing.domain.records.changing import Actor, locked, take_back
from lianjing.terms.sentences import marked as _

V = TypeVar("V", Department, Post)


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day, both included; None: always did, open-ended."""

    begins: date | None = None
    ends: date | None = None


def first_to_change(model: type[V], pk: int, by: Viewer) -> V:
    """The first row of a department or post, and its company, locked. Raises Missing or Forbidden."""
    row: V = locked(model._default_manager.filter(first=None), pk, by, see=SEE)
    company_to_change(row.company_id, by)
    return row


def standing_rows(first: V) -> list[V]:
    """What is taken for true of it now, by its days."""
    rows = type(first)._default_manager.filter(Q(pk=first.pk) | Q(first=first), retracted_at=None)
    found: list[V] = sorted(rows, key=lambda row: row.valid_from or date.min)
    return found


def begin(row: V, values: Mapping[str, Any], span: Span, actor: Actor) -> V:
    """Saves a new row with these values and days. Raises Refused."""
    enter(row, values)
    row.valid_from, row.valid_until = span.begins, span.ends
    row.recorded_at, row.recorded_by = actor.at, actor.by.name
    row.save()
    return row


def row_on(first: V, day: date | None) -> V:
    """What is taken for true of it on that day; None: of all days. Raises Missing."""
    for row in standing_rows(first):
        if _holds(row, day):
            return row
    raise Missing(f"{type(first)._meta.label_lower} {first.pk} on {day}")


def turn(first: V, values: Mapping[str, Any], since: date | None, actor: Actor) -> V:
    """From `since` on it is so, until what is on file ends. At its own beginning: it always was so. Raises Refused."""
    rows = standing_rows(first)
    row = next((row for row in rows if row.valid_from == since), None) or _around(rows, since)
    is_correction = row.valid_from == since
    take_back(row, _("更正") if is_correction else _("由后一条记录接续"), actor)
    if not is_correction and since is not None:
        begin(_again(first), _values_of(row), Span(row.valid_from, since - timedelta(days=1)), actor)
    return begin(_again(first), {**_values_of(row), **values}, Span(since, row.valid_until), actor)


def end(first: V, last_day: date, actor: Actor) -> V:
    """It is there until that day, and no longer. Raises Refused."""
    rows = standing_rows(first)
    row = _around(rows, last_day)
    for later in rows:
        if (later.valid_from or date.min) > last_day:
            take_back(later, _("已撤销"), actor)
    take_back(row, _("已撤销"), actor)
    return begin(_again(first), _values_of(row), Span(row.valid_from, last_day), actor)


def told_of(row: Department | Post) -> dict[str, Any]:
    """What the records say of it."""
    told = {"title" if isinstance(row, Post) else "name": str(row), "from": str(row.valid_from or "")}
    told["until"] = str(row.valid_until or "")
    if isinstance(row, Department):
        return {**told, "kind": row.kind, "parent": current_name(row.parent) if row.parent else ""}
    told |= {"department": current_name(row.department), "post_kind": row.post_kind}
    return {**told, "is_key": row.is_key, "places": row.places}


def current_name(first: Department | Post) -> str:
    """What it is called by its latest row."""
    rows: list[Any] = standing_rows(first)
    return str(rows[-1]) if rows else str(first)


def _again(first: V) -> V:
    return type(first)(first=first, company_id=first.company_id)


def _values_of(row: Department | Post) -> dict[str, Any]:
    if isinstance(row, Department):
        return {"name": row.name, "kind": row.kind, "parent": row.parent}
    return {
        "title": row.title,
        "is_key": row.is_key,
        "post_kind": row.post_kind,
        "places": row.places,
        "department": row.department,
    }


def _holds(row: Department | Post, day: date | None) -> bool:
    if day is None:
        return row.valid_from is None
    begun = row.valid_from is None or row.valid_from <= day
    return begun and (row.valid_until is None or day <= row.valid_until)


def _around(rows: list[V], day: date | None) -> V:
    row = next((row for row in rows if _holds(row, day)), None)
    if row is None:
        raise Refused("valid_from", _("%(day)s 它不存在。"), day=str(day or "…"))
    return row
