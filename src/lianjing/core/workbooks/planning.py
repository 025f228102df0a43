"""What a file would make of what stands: one change a row, and what is to be written for them."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from math import isclose
from typing import Any

from django.db.models import Model

from lianjing.core.changes import CHANGED
from lianjing.core.phones import masked_phone
from lianjing.core.workbooks.cells import storable
from lianjing.core.workbooks.columns import Column, Sheet
from lianjing.core.workbooks.faults import Fault
from lianjing.core.workbooks.reading import Row


class What(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(slots=True)
class Change:
    """What one row does. `before` and `after` by column, as they are shown; what is private only in part."""

    sheet: str
    row: int | None
    key: str
    what: What
    instance: Model
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)
    """Fields of the model that are to be saved."""
    weakens: list[str] = field(default_factory=list)

    def note(self, column: str, before: Any, after: Any) -> None:
        """Takes down a change that is no plain field's."""
        if self.what is not What.CREATED:
            self.before[column] = told(before)
        self.after[column] = told(after)

    @property
    def is_nothing(self) -> bool:
        return self.what is What.CHANGED and not self.after


@dataclass(slots=True)
class Plan:
    """Everything that is to be written; with a fault in it, nothing is."""

    faults: list[Fault] = field(default_factory=list)
    hints: list[Fault] = field(default_factory=list)
    """What works and is probably not meant so; it keeps nothing from being written."""
    changes: list[Change] = field(default_factory=list)
    unchanged: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    beside: dict[str, list[Any]] = field(default_factory=dict)
    """Rows of tables that belong to a changed thing, by what is to be done with them; see `saving`."""

    def put(self, what: str, *rows: Any) -> None:
        self.beside.setdefault(what, []).extend(rows)

    def count(self, what: What, sheet: str | None = None) -> int:
        return sum(change.what is what and sheet in (None, change.sheet) for change in self.changes)


@dataclass(frozen=True, slots=True)
class File:
    """What somebody hands over: its name, which tells the kind, and its bytes."""

    name: str
    content: bytes


@dataclass(slots=True)
class Outcome:
    """What a file does, or would do."""

    plan: Plan
    applied: bool = False


def told(value: Any) -> Any:
    """As JSON takes it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value) if isinstance(value, Decimal) else value


def compared(sheet: Sheet, row: Row, instance: Model, change: Change) -> None:
    """Puts the plain fields of a row into the instance, and what differs into the change."""
    for column in sheet.columns:
        if column.field and column.key in row.values and column.key not in row.broken:
            _compare(column, row.values[column.key], instance, change)


def _compare(column: Column, value: Any, instance: Model, change: Change) -> None:
    stands = getattr(instance, column.field)
    if isinstance(stands, str):
        stands = storable(stands)
    if change.what is What.CHANGED and _is_same(stands, value):
        return
    if column.private:
        change.note(column.key, masked_phone(stands or ""), masked_phone(value))
    else:
        change.note(column.key, stands, value)
    setattr(instance, column.field, value)
    change.fields.append(column.field)


_RECORDED_AS = {"protocol": "listener", "state_since": "since"}


def sealed(sheet: Sheet, told_values: Mapping[str, Any]) -> dict[str, Any]:
    """As a record keeps it, by the names of a single change: of private and secret columns that they changed, and no
    more."""
    hidden = {column.key for column in sheet.columns if column.private or column.secret}
    names = {column.key: column.field or _RECORDED_AS.get(column.key, column.key) for column in sheet.columns}
    return {names.get(key, key): CHANGED if key in hidden else value for key, value in told_values.items()}


def _is_same(stands: Any, value: Any) -> bool:
    """A workbook keeps sixteen digits of a number."""
    if isinstance(stands, float) and isinstance(value, float):
        return isclose(stands, value, rel_tol=1e-12, abs_tol=1e-15)
    return bool(stands == value)


Unresolved = tuple[str, Hashable, Fault]
"""A name that nothing stands for: in which sheet it should stand, the name, and what to say."""


def excused(unresolved: list[Unresolved], unreadable: Mapping[str, int], lost: frozenset[str]) -> list[Fault]:
    """The faults that remain of names that nothing stands for.

    One broken cell is told once: where rows of a sheet could not be told by their keys, as many missing names, those
    that are named most, are taken for them; and no name is missed in a sheet that could not be read.
    """
    remaining = []
    for target in dict.fromkeys(sheet for sheet, _name, _fault in unresolved):
        if target in lost:
            continue
        named = [(name, fault) for sheet, name, fault in unresolved if sheet == target]
        names = Counter(name for name, _fault in named)
        pardoned = {name for name, _count in names.most_common(unreadable.get(target, 0))}
        remaining += [fault for name, fault in named if name not in pardoned]
    return remaining
