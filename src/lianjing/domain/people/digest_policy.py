"""When the digest of the work-list is due. No Django, no clock: times are the centre's."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`every`: off, daily or weekly; `weekday`: of the weekly one, 1 Monday to 7 Sunday; `since`: nothing was due
    before; `sent_for`: the due day of the last one."""

    every: str
    weekday: int
    hour: int
    since: datetime
    sent_for: date | None = None


def due_day(rhythm: Rhythm, now: datetime) -> date | None:
    """The latest day on which a digest was due and none has gone out; None: nothing is due.

    One that was missed is made up for once, however many were.
    """
    if rhythm.every not in ("daily", "weekly"):
        return None
    day = now.date() if now.hour >= rhythm.hour else now.date() - timedelta(days=1)
    if rhythm.every == "weekly":
        day -= timedelta(days=(day.isoweekday() - rhythm.weekday) % 7)
    was_due = datetime.combine(day, time(rhythm.hour), now.tzinfo)
    if was_due < rhythm.since or (rhythm.sent_for is not None and day <= rhythm.sent_for):
        return None
    return day
