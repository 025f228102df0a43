"""What a company's service measured in a period, from the milestones of its cases and the losses of its lines.

Times are those of `reports` (the same milestones, the same percentile rule), narrowed by `compliance.see`, and by what
had happened by the moment: a step that came later counts for nothing. Two things have no history of their own: cases
that are joined later are one case then, and which lines are supervised counts as it is set now.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal

from django.db.models import Min, Q, QuerySet

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.hours import Hours
from lianjing.domain.compliance.limit_lines import Measured
from lianjing.domain.compliance.looking_ahead import DAY
from lianjing.domain.incidents.models import CaseTimes, CustomerReport
from lianjing.domain.signals.days import day_bounds
from lianjing.domain.signals.line_policy import ALL_LOST
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.sites.models import Panel, TransmissionPath
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
class Course:
    """One step of one case: from when to when, if it has begun and ended. `closed_at`: whoever waited waits no more."""

    queued_at: datetime
    since: datetime | None
    until: datetime | None
    closed_at: datetime | None

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
        yield from (centre_day(at) for at in (self.since, self.until, self.closed_at) if at is not None)


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
    seen = [one for one in courses if window.starts <= one.queued_at <= window.moment]
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
    cases = _cases(viewer, company_id, first, moment)
    courses = _courses(cases, [one for one in SPANS if one in wanted])
    if Measure.INFORM in wanted:
        courses[Measure.INFORM] = _told(cases, moment)
    for found in courses.values():
        found.sort(key=lambda one: one.took)
    hours = _hours(viewer, company_id, first.starts, moment) if Measure.AVAILABILITY in wanted else (Hours(), Hours())
    return Happened(courses, *hours)


def _cases(viewer: Viewer, company_id: int, first: Window, moment: datetime) -> "QuerySet[CaseTimes]":
    rows = visible(CaseTimes.objects.filter(company_id=company_id, on_paper=False), viewer, SEE)
    return rows.filter(queued_at__gte=first.starts, queued_at__lte=moment)


def _courses(cases: "QuerySet[CaseTimes]", wanted: list[Measure]) -> dict[Measure, list[Course]]:
    if not wanted:
        return {}
    names = list(dict.fromkeys(("queued_at", "closed_at", *(name for one in wanted for name in SPANS[one]))))
    found: dict[Measure, list[Course]] = {one: [] for one in wanted}
    for row in cases.order_by().values_list(*names).iterator(chunk_size=AT_ONCE):
        told: dict[str, datetime | None] = dict(zip(names, row, strict=True))
        for one in wanted:
            since, until = (told[name] for name in SPANS[one])
            found[one].append(Course(row[0], since, until, row[1]))
    return found


def _told(cases: "QuerySet[CaseTimes]", moment: datetime) -> list[Course]:
    """From the queue to the first time that the customer was told what happened."""
    queued = dict(cases.order_by().values_list("incident_id", "queued_at"))
    rows = CustomerReport.objects.filter(told_at__lte=moment, incident__times__in=cases)
    first: Iterable[tuple[int, datetime]] = (
        rows.order_by().values("incident_id").annotate(at=Min("told_at")).values_list("incident_id", "at")
    )
    return [Course(queued[pk], queued[pk], at, None) for pk, at in first if pk in queued]


def _hours(viewer: Viewer, company_id: int, starts: datetime, ends: datetime) -> tuple[Hours, Hours]:
    """Of panels with a supervised line since they were activated; and those in which every line was lost."""
    panels = visible(Panel.objects.filter(site__company_id=company_id), viewer, SEE, company_field="site__company_id")
    supervised = TransmissionPath.objects.filter(panel__in=panels, interval_s__isnull=False).values("panel_id")
    watched = panels.filter(Q(removed_at=None) | Q(removed_at__gt=starts), pk__in=supervised, activated_at__lt=ends)
    spans = {
        pk: (since, until) for pk, since, until in watched.values_list("pk", "activated_at", "removed_at") if since
    }
    lost = SystemEvent.objects.filter(Q(ended_at=None) | Q(ended_at__gt=starts), kind=ALL_LOST, raised_at__lt=ends)
    away = lost.filter(panel__in=watched).values_list("panel_id", "raised_at", "ended_at")
    return Hours(spans.values()), Hours(_lost(spans[pk], raised, ended) for pk, raised, ended in away if pk)


def _lost(
    span: tuple[datetime, datetime | None], raised: datetime, ended: datetime | None
) -> tuple[datetime, datetime | None]:
    """Of a loss, what lies in the time of its panel."""
    since, until = span
    return max(raised, since), min((one for one in (ended, until) if one is not None), default=None)
