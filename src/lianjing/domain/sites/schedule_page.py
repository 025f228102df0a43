"""What is known of schedules: the moments of sites, and the workdays of the centre."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.models import ScheduleMoment, WorkdayOverride
from lianjing.domain.sites.schedule import Moment, MomentKind
from lianjing.domain.sites.schedule_days import parse_days
from lianjing.domain.sites.workdays import Workdays


def schedules(viewer: Viewer, site_ids: Iterable[int]) -> dict[int, list[Moment]]:
    """The moments of these sites, as they were written: one query. Sites without any are left out."""
    rows = visible(ScheduleMoment.objects.all(), viewer, "sites.see", company_field="site__company_id")
    found: dict[int, list[Moment]] = defaultdict(list)
    for row in rows.filter(site_id__in=set(site_ids)).order_by("pk"):
        found[row.site_id].append(_moment(row))
    return dict(found)


def schedule_of(viewer: Viewer, site_id: int) -> list[Moment]:
    return schedules(viewer, [site_id]).get(site_id, [])


def _moment(row: ScheduleMoment) -> Moment:
    return Moment(
        kind=MomentKind(row.kind),
        days=parse_days(row.days),
        begins=row.begins,
        ends=row.ends,
        tolerance=timedelta(minutes=row.tolerance),
        users=frozenset(filter(None, row.users.split(","))),
        area=row.area,
    )


@dataclass(frozen=True, slots=True)
class OverriddenDay:
    """A date that the centre counts otherwise than the calendar, or that the calendar does not know."""

    on: date
    is_workday: bool
    reason: str


def overridden_days(viewer: Viewer) -> list[OverriddenDay]:
    """In order. They belong to the whole installation; whoever may see sites may know them."""
    if not viewer.scope("sites.see"):
        return []
    rows = WorkdayOverride.objects.order_by("on").values_list("on", "is_workday", "reason")
    return [OverriddenDay(*row) for row in rows]


def workdays(viewer: Viewer) -> Workdays:
    """The calendar by which schedules are reckoned."""
    return Workdays({day.on: day.is_workday for day in overridden_days(viewer)})
