"""By what was known when: a day means its end at the centre, an instant itself."""

import re
from datetime import UTC, date, datetime, time

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T|$)")
"""As a day begins; a calendar of weeks is not ours."""


class BadTime(Exception):
    """It is neither a day nor an instant."""


def known_time(text: str) -> datetime | None:
    """None for now. A plus that a query has made a blank is one again. Raises BadTime."""
    wanted = text.strip().replace(" ", "+") if "T" in text else text.strip()
    if not wanted:
        return None
    if not WRITTEN.match(wanted):
        raise BadTime(text)
    try:
        day = parse_date(wanted)
        instant = None if day else parse_datetime(wanted)
    except ValueError as wrong:
        raise BadTime(text) from wrong
    if day is not None:
        return _end_of(day)
    if instant is None:
        raise BadTime(text)
    return instant if timezone.is_aware(instant) else timezone.make_aware(instant)


def _end_of(day: date) -> datetime:
    """The last day of the calendar has one, too, though no day comes after it."""
    return datetime.combine(day, time.max, timezone.get_default_timezone()).astimezone(UTC)
