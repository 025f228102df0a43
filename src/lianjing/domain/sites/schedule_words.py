"""How schedules are put into words: sentences with figures, in Chinese and translatable. No Django, no clock."""

from datetime import date, datetime, time, timedelta

from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


def weekday(day: date) -> Phrase:
    return Phrase(WEEKDAYS[day.weekday()])


def instant(wall: datetime) -> Phrase:
    """ "周二 22:40"; seconds are said when there are any."""
    shown = wall.strftime("%H:%M:%S") if wall.second else wall.strftime("%H:%M")
    return Phrase(_("%(weekday)s %(time)s"), {"weekday": weekday(wall), "time": shown})


def begins_text(begins: time) -> str:
    return begins.strftime("%H:%M")


def ends_text(ends: time) -> str:
    """Midnight is the end of a day here: "24:00"."""
    return "24:00" if ends == time(0) else ends.strftime("%H:%M")


def span(begins: time, ends: time, tolerance: timedelta = timedelta(0)) -> Phrase:
    """ "22:00–次日 06:00（容差 15 分钟）"."""
    crosses = time(0) < ends <= begins
    hours = Phrase(
        _("%(begins)s–次日 %(ends)s") if crosses else "%(begins)s–%(ends)s",
        {"begins": begins_text(begins), "ends": ends_text(ends)},
    )
    if not tolerance:
        return hours
    minutes = int(tolerance / timedelta(minutes=1))
    return Phrase(_("%(hours)s（容差 %(minutes)d 分钟）"), {"hours": hours, "minutes": minutes})
