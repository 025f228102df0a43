"""The centre's days."""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone


def day_bounds(on: date) -> tuple[datetime, datetime]:
    """First instant of the centre's day and of the next one."""
    zone = timezone.get_default_timezone()
    return (
        datetime.combine(on, time.min, zone).astimezone(UTC),
        datetime.combine(on + timedelta(days=1), time.min, zone).astimezone(UTC),
    )


def today() -> date:
    """The centre's day."""
    return timezone.localdate(timezone=timezone.get_default_timezone())
