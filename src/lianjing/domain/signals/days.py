"""The centre's days."""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from lianjing.core.days import centre_day

EARLIEST, LATEST = date(3, 1, 1), date(9998, 12, 31)
"""Any day can be asked about; nothing happened outside of these, and time zones reckon within them."""


def day_bounds(on: date) -> tuple[datetime, datetime]:
    """First instant of the centre's day and of the next one."""
    on = min(max(on, EARLIEST), LATEST)
    zone = timezone.get_default_timezone()
    return (
        datetime.combine(on, time.min, zone).astimezone(UTC),
        datetime.combine(on + timedelta(days=1), time.min, zone).astimezone(UTC),
    )


def today() -> date:
    """The centre's day."""
    return centre_day()
