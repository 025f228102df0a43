"""When somebody is reminded of what he was asked for. No Django, no clock: days are the centre's."""

from collections.abc import Iterator
from datetime import date, timedelta

HOUR = 8
"""Not before, in the centre's zone."""
BEFORE = (7, 1)
"""So many days before the due day."""
AGAIN = 7
"""Once it is overdue: on the day after, and every so many days."""
GIVES_UP = 60
"""So many days overdue it is the manager's affair."""


def reminder_day(opened_on: date, due_on: date, reminded_on: date | None, today: date) -> date | None:
    """The latest day on which a reminder was due and none has gone out since; None: nothing is due. The first day is
    that on which he was asked."""
    due = [day for day in _days(opened_on, due_on) if opened_on <= day <= today]
    last = max(due, default=None)
    return None if last is None or (reminded_on is not None and last <= reminded_on) else last


def _days(opened_on: date, due_on: date) -> Iterator[date]:
    yield opened_on
    for days in BEFORE:
        yield due_on - timedelta(days=days)
    for days in range(1, GIVES_UP, AGAIN):
        yield due_on + timedelta(days=days)
