"""What a company's service measured in a period, from the milestones of its cases and the losses of its lines.

Times are those of `reports` (the same milestones, the same percentile rule), narrowed by `compliance.see`, and by what
had happened by the moment: a step that came later counts for nothing, and neither does a joining, an opening again, or
a line that was supervised later. So nothing that is done afterwards changes what a past day measured, whatever was
known when.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from django.db.models import DateTimeField, F, Min, Q, QuerySet, Value

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.hours import Hours
from lianjing.domain.compliance.limit_lines import Measured
from lianjing.domain.compliance.looking_ahead import DAY
from lianjing.domain.incidents.models import CaseTimes, CustomerReport, FormerTimes
from lianjing.domain.signals.days import day_bounds
from lianjing.domain.signals.line_policy import ALL_LOST
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.sites.supervised_spans import supervised_between
from lianjing.terms.alarm_service import Measure

SEE = "compliance.see"
DAYS = 90
"""How far back is measured: long enough for cases to be there, short enough to tell of today's service."""
MILLISECOND = timedelta(milliseconds=1)
AT_ONCE = 10_000
SPANS = {
    Measure.ACKNOWLEDGE: ("queued_at", "viewed_at"),
    Measure.FIRST_ACTION: ("queued_at", "acted_at"),
    Measure.FIRST_CONTACT: ("queued_at", "contacted_at"),
    Measure.VERIFY: ("queued_at", "verified_at"),
    Measure.POLICE: ("queued_at", "police_at"),
    Measure.DISPATCH: ("queued_at", "dispatched_at"),
    Measure.ARRIVE: ("dispatched_at", "arrived_at"),
    Measure.REACH: ("queued_at", "arrived_at"),
}
_Span = tuple[datetime, datetime | None]
EVERY_CASE = frozenset({Measure.ACKNOWLEDGE, Measure.FIRST_ACTION})
"""What every case must have: one that still waits for it counts with its waiting."""


@dataclass(frozen=True, slots=True)
class Window:
    """From the first to the last day, as it looked at `moment`."""

    first: date
    last: date
    moment: datetime

    @property
    def starts(self) -> datetime:
        return day_bounds(self.first)[0]


def window_of(on: date, moment: datetime) -> Window:
    """`moment`: the end of the day, or until when things are known."""
    return Window(max(on, date(4, 1, 1)) - timedelta(days=DAYS - 1), on, moment)


@dataclass(frozen=True, slots=True)
class Told:
    """From when until when the times of a case said so; None: since it was queued, and still."""

    first: datetime | None = None
    until: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        return (self.first is None or self.first <= moment) and (self.until is None or moment < self.until)


EVER = Told()


@dataclass(frozen=True, slots=True)
class Course:
    """One step of one case: from when to when, if it has begun and ended. `closed_at`: whoever waited waits no more."""

    queued_at: datetime
    since: datetime | None
    until: datetime | None
    closed_at: datetime | None
    told: Told = EVER

    @property
    def took(self) -> int:
        """Milliseconds; of what has not ended nothing."""
        return max(0, (self.until - self.since) // MILLISECOND) if self.since and self.until else 0

    def is_done(self, moment: datetime) -> bool:
        return self.since is not None and self.until is not None and max(self.since, self.until) <= moment

    def waits(self, moment: datetime) -> bool:
        is_begun = self.since is not None and self.since <= moment
        return is_begun and all(at is None or at > moment for at in (self.until, self.closed_at))

    def days(self) -> Iterable[date]:
        """On which a window that ends then sees it otherwise than the day before."""
        queued = centre_day(self.queued_at)
        yield from (queued, queued + timedelta(days=DAYS))
        moments = (self.since, self.until, self.closed_at, self.told.first, self.told.until)
        yield from (centre_day(at) for at in moments if at is not None)


@dataclass(frozen=True, slots=True)
class Happened:
    """What of a company's service is on record from a day on and until a moment: read once, measured for any window
    that lies between. `courses`: by how long they took."""

    courses: Mapping[Measure, list[Course]] = field(default_factory=dict)
    supervised: Hours = field(default_factory=Hours)
    lost: Hours = field(default_factory=Hours)

    def measured(self, window: Window, wanted: Collection[Measure]) -> dict[Measure, Measured]:
        found = {one: _measured(one, courses, window) for one, courses in self.courses.items() if one in wanted}
        if Measure.AVAILABILITY in wanted:
            found[Measure.AVAILABILITY] = Measured(rate=self.rate(window))
        return found

    def rate(self, window: Window) -> Decimal | None:
        """Of the hours of supervised panels since they were activated, those in which some path lived; in per cent."""
        total = self.supervised.between(window.starts, window.moment)
        if not total:
            return None
        lived = max(0, total - self.lost.between(window.starts, window.moment))
        share = Decimal(lived // 1000) * 100 / Decimal(max(1, total // 1000))
        # Never rounded up: what is shown is what is compared.
        return share.quantize(Decimal("0.0001"), ROUND_FLOOR)

    def days(self, wanted: Mapping[Measure, Collection[timedelta]]) -> set[date]:
        """On which one of these measures of cases may be another one; each with the times that are allowed: a case that
        waits turns its limit when it has waited so long."""
        mine = [(one, courses, wanted[one]) for one, courses in self.courses.items() if one in wanted]
        seen = {day for _one, courses, _allowed in mine for course in courses for day in course.days()}
        return seen | {
            day
            for one, courses, allowed in mine
            if one in EVERY_CASE
            for course in courses
            for most in allowed
            for day in _overdue(course, most)
        }


def _measured(measure: Measure, courses: list[Course], window: Window) -> Measured:
    moment = window.moment
    seen = [one for one in courses if window.starts <= one.queued_at <= moment and one.told.holds(moment)]
    times = [one.took for one in seen if one.is_done(window.moment)]
    if measure not in EVERY_CASE:
        return Measured(times)
    waits = (one.since for one in seen if one.waits(window.moment))
    return Measured(times, sorted((window.moment - since) // MILLISECOND for since in waits if since is not None))


def _overdue(course: Course, most: timedelta) -> Iterable[date]:
    """The day on which it has waited longer than that: the end of a day is looked at."""
    if course.since is not None:
        try:
            day = centre_day(course.since + most)
        except OverflowError:
            return
        yield from (day, day + DAY)


def happened(viewer: Viewer, company_id: int, first: Window, moment: datetime, wanted: Collection[Measure]) -> Happened:
    """From the first day of a window to a moment; nothing is read when nothing is wanted."""
    steps = [one for one in SPANS if one in wanted]
    courses = _courses(viewer, company_id, first, moment, steps) if steps else {}
    if Measure.INFORM in wanted:
        courses[Measure.INFORM] = _told(viewer, company_id, first, moment)
    for found in courses.values():
        found.sort(key=lambda one: one.took)
    hours = _hours(viewer, company_id, first.starts, moment) if Measure.AVAILABILITY in wanted else (Hours(), Hours())
    return Happened(courses, *hours)


def _times(viewer: Viewer, company_id: int, first: Window, moment: datetime) -> "tuple[QuerySet[Any], QuerySet[Any]]":
    """As they stand, and as they stood until their cases were joined or opened again; `told_until` is when."""
    within = {"company_id": company_id, "queued_at__gte": first.starts, "queued_at__lte": moment}
    now = CaseTimes.objects.filter(on_paper=False).annotate(told_until=Value(None, DateTimeField()))
    then = FormerTimes.objects.filter(until__gt=first.moment).annotate(told_until=F("until"))
    return visible(now.filter(**within), viewer, SEE).order_by(), visible(then.filter(**within), viewer, SEE).order_by()


def _courses(
    viewer: Viewer, company_id: int, first: Window, moment: datetime, wanted: list[Measure]
) -> dict[Measure, list[Course]]:
    names = list(dict.fromkeys(("queued_at", "closed_at", *(name for one in wanted for name in SPANS[one]))))
    found: dict[Measure, list[Course]] = {one: [] for one in wanted}
    for times in _times(viewer, company_id, first, moment):
        for begins, ends, *row in times.values_list("since", "told_until", *names).iterator(chunk_size=AT_ONCE):
            told: dict[str, datetime | None] = dict(zip(names, row, strict=True))
            held = EVER if begins is None and ends is None else Told(begins, ends)
            for one in wanted:
                since, until = (told[name] for name in SPANS[one])
                found[one].append(Course(row[0], since, until, row[1], held))
    return found


def _told(viewer: Viewer, company_id: int, first: Window, moment: datetime) -> list[Course]:
    """From the queue to the first time that the customer was told what happened."""
    found = []
    for times in _times(viewer, company_id, first, moment):
        rows = CustomerReport.objects.filter(told_at__lte=moment, incident__in=times.values("incident_id"))
        told = dict(rows.order_by().values("incident_id").annotate(at=Min("told_at")).values_list("incident_id", "at"))
        if told:
            queued = times.values_list("incident_id", "queued_at", "since", "told_until")
            found += [Course(at, at, told[pk], None, Told(*held)) for pk, at, *held in queued if pk in told]
    return found


def _hours(viewer: Viewer, company_id: int, starts: datetime, ends: datetime) -> tuple[Hours, Hours]:
    """Of panels while they were supervised; and those in which every line was lost."""
    watched: dict[int, list[_Span]] = defaultdict(list)
    rows = supervised_between(viewer, company_id, starts, ends, SEE)
    for panel, since, until in rows.order_by().values_list("panel_id", "since", "until").iterator(chunk_size=AT_ONCE):
        watched[panel].append((since, until))
    events = visible(SystemEvent.objects.filter(company_id=company_id), viewer, SEE)
    lost = events.filter(Q(ended_at=None) | Q(ended_at__gt=starts), kind=ALL_LOST, raised_at__lt=ends)
    away = lost.order_by().values_list("panel_id", "raised_at", "ended_at")
    inside = (_both(span, (raised, ended)) for pk, raised, ended in away if pk for span in watched.get(pk, ()))
    return Hours(span for spans in watched.values() for span in spans), Hours(inside)


def _both(one: _Span, other: _Span) -> _Span:
    """What lies in both."""
    return max(one[0], other[0]), min((end for _begin, end in (one, other) if end is not None), default=None)
