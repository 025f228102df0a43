"""What a guard is told of the premises that he is sent to: what the task needs, and no more.

A guard has no permission of the desk: he sees a site through his task, as long as the task shows it.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from lianjing.core.viewer import Viewer
from lianjing.domain.dispatch.models import Task
from lianjing.domain.dispatch.policy import shows_premises
from lianjing.domain.dispatch.queries import my_task
from lianjing.domain.incidents.joined_cases import case_that_stays, with_joined
from lianjing.domain.incidents.models import CaseMedia, IncidentEvent, IncidentSignal
from lianjing.domain.signals.queries import code_words
from lianjing.domain.sites.drawings import Plan
from lianjing.domain.sites.geo import Position, gcj02_of_wgs84
from lianjing.domain.sites.models import Drawing, Zone

ZONES_AT_MOST = 30
MEDIA_AT_MOST = 40


@dataclass(frozen=True, slots=True)
class Scene:
    """`gcj02` is where maps for the public show the place; both None when nobody has entered it."""

    name: str
    address: str
    access_notes: str
    key_location: str
    police_station: str
    what: str
    zones: list[Zone]
    wgs84: Position | None
    gcj02: Position | None
    plans: list[Plan] = field(default_factory=list)
    media: list[CaseMedia] = field(default_factory=list)


def scene_of(viewer: Viewer, task: Task, at: datetime) -> Scene | None:
    """None once the task shows only its outline, or when it is not the viewer's."""
    if my_task(viewer, task.pk) is None or not shows_premises(task.state, task.left_at, at):
        return None
    site, incident = task.incident.site, case_that_stays(task.incident)
    zones = _zones(task)
    here = Position(site.longitude, site.latitude) if site and site.longitude and site.latitude else None
    return Scene(
        name=site.name if site else task.incident.lane.account,
        address=site.address if site else "",
        access_notes=site.access_notes if site else "",
        key_location=site.key_location if site else "",
        police_station=site.police_station if site else "",
        what=code_words(incident.scheme, incident.code, incident.qualifier),
        zones=zones,
        wgs84=here,
        gcj02=gcj02_of_wgs84(here) if here else None,
        plans=_plans(zones),
        media=list(_media(task).order_by("pk")[:MEDIA_AT_MOST]),
    )


def drawing_of(viewer: Viewer, task_id: int, drawing_id: int, at: datetime) -> Drawing | None:
    """A drawing with a zone of the task's case on it, for its guard."""
    task = my_task(viewer, task_id)
    if task is None or not shows_premises(task.state, task.left_at, at):
        return None
    return next((plan.drawing for plan in _plans(_zones(task)) if plan.drawing.pk == drawing_id), None)


def media_of_task(viewer: Viewer, task_id: int, media_id: int, at: datetime) -> CaseMedia | None:
    """A picture of the task's case, for its guard."""
    task = my_task(viewer, task_id)
    if task is None or not shows_premises(task.state, task.left_at, at):
        return None
    return _media(task).filter(pk=media_id).first()


def _media(task: Task) -> "QuerySet[CaseMedia]":
    return CaseMedia.objects.filter(incident__in=with_joined(case_that_stays(task.incident).pk))


def _zones(task: Task) -> list[Zone]:
    """Of the premises that he was sent to: the case may hold those of others, too."""
    incident = case_that_stays(task.incident)
    alarms = IncidentSignal.objects.filter(incident=incident, is_alarm=True, treatment__zone__isnull=False)
    events = IncidentEvent.objects.filter(incident=incident, event__zone__isnull=False)
    ids = alarms.values_list("treatment__zone_id", flat=True).union(events.values_list("event__zone_id", flat=True))
    rows = Zone.objects.filter(pk__in=list(ids))
    if task.incident.site_id is not None:
        rows = rows.filter(panel__site_id=task.incident.site_id)
    return list(rows.select_related("drawing").order_by("number")[:ZONES_AT_MOST])


def _plans(zones: list[Zone]) -> list[Plan]:
    drawings = {zone.drawing.pk: zone.drawing for zone in zones if zone.drawing is not None}
    return [Plan(drawing, [zone for zone in zones if zone.drawing_id == pk]) for pk, drawing in drawings.items()]
