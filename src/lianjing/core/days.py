"""The days of the centre: an instant belongs to the day that its zone's calendar shows."""

from datetime import date, datetime

from django.utils import timezone


def centre_day(at: datetime | None = None) -> date:
    """The centre's day of an instant; without one, today."""
    return timezone.localdate(at, timezone.get_default_timezone())
