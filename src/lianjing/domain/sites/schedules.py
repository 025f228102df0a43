"""Schedules as they stand on file, read for judging."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from lianjing.core.viewer import Viewer, visible
from lianjing.core.workdays import Workdays
from lianjing.domain.records.dated import known_at
from lianjing.domain.sites.models import ScheduleMoment, WorkdayEntry, WorkdayOverride
from lianjing.domain.sites.schedule import Moment
from lianjing.domain.sites.schedule_days import parse_days
from lianjing.terms.premises import MomentKind


def moments_of(viewer: Viewer, site_ids: Iterable[int]) -> dict[int, list[Moment]]:
    """The schedules of these sites; sites without one are left out: one query."""
    rows = visible(ScheduleMoment.objects.all(), viewer, "sites.see", company_field="site__company_id")
    found: dict[int, list[Moment]] = defaultdict(list)
    for row in rows.filter(site_id__in=set(site_ids)).order_by("pk"):
        found[row.site_id].append(moment_of(row))
    return found


def moment_of(row: ScheduleMoment) -> Moment:
    """A line of a schedule as it is judged by."""
    return Moment(
        kind=MomentKind(row.kind),
        days=parse_days(row.days),
        begins=row.begins,
        ends=row.ends,
        tolerance=timedelta(minutes=row.tolerance),
        users=frozenset(filter(None, row.users.split(","))),
        area=row.area,
    )


def workdays(viewer: Viewer, known: datetime | None = None) -> Workdays:
    """The calendar with what the installation had entered itself at `known` (None: has now): the same for everybody."""
    if known is None:
        return Workdays(dict(WorkdayOverride.objects.values_list("on", "is_workday")))
    rows = known_at(WorkdayEntry.objects.all(), known).values_list("valid_from", "is_workday")
    return Workdays({on: is_workday for on, is_workday in rows if on is not None})
