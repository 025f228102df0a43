"""Which days a calendar shows: a day, or the week or month around it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

DAY, WEEK, MONTH = "day", "week", "month"
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """A day, the week from Monday, or the month of a day."""

    kind: str
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=place) for place in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> date:
        """A day of the period before."""
        return max(self.first - timedelta(days=1), EARLIEST)

    @property
    def behind(self) -> date:
        return min(self.last + timedelta(days=1), LATEST)


def period_of(kind: str, day: date) -> Period:
    """Anything but "day" and "month" is a week."""
    if kind == DAY:
        return Period(DAY, day, day)
    if kind != MONTH:
        monday = day - timedelta(days=day.weekday())
        return Period(WEEK, monday, monday + timedelta(days=6))
    first = day.replace(day=1)
    return Period(MONTH, first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def day_asked(text: str, today: date) -> date:
    """The day that was asked for; today when it is none, or beyond what anybody plans."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if EARLIEST <= day <= LATEST else today
