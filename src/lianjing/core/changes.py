"""What a change changed, as the records tell it. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

CHANGED = "changed"
"""Stands in a record for a value that does not belong there: phone numbers, pass-words."""


def difference(
    before: Mapping[str, Any], after: Mapping[str, Any], secret: Iterable[str] = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, as they were and as they are; of `secret` ones only that they changed."""
    hidden = frozenset(secret)
    names = [name for name in after if _told(before.get(name)) != _told(after[name])]
    had = {name: CHANGED if name in hidden else _told(before.get(name)) for name in names}
    has = {name: CHANGED if name in hidden else _told(after[name]) for name in names}
    return had, has


def _told(value: Any) -> Any:
    """As JSON takes it."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
