"""The days of the centre: an instant belongs to the day that its zone's calendar shows."""

import re
from datetime import date, datetime

from django.utils import timezone

WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def written_day(text: str) -> date:
    """The day of a text as 2026-11-22. Raises ValueError: a calendar of weeks, 2026-W47-7, is not ours."""
    if not WRITTEN.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def centre_day(at: datetime | None = None) -> date:
    """The centre's day of an instant; without one, today."""
    return timezone.localdate(at, timezone.get_default_timezone())
