"""What has failed is tried again: what a failure is, and how long to wait."""

from datetime import timedelta

from django.db import InterfaceError, OperationalError

AWAY = (OperationalError, InterfaceError)
"""The database is away: that is nobody's failure, and is tried again at once."""

FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=1)


def wait_after(tries: int) -> timedelta:
    """After so many tries that failed: a minute, doubled each time, never more than an hour."""
    return min(FIRST * (1 << min(max(tries, 1) - 1, 10)), LONGEST)
