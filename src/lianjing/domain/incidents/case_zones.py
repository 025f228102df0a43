"""Which zones a case is about."""

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.models import Incident, IncidentEvent, IncidentSignal
from lianjing.domain.sites.models import Zone

ZONES_AT_MOST = 500
"""Alarms of a case that are looked at for their zones."""


def alarmed_zones(viewer: Viewer, incident_id: int) -> set[int]:
    """The zones of its alarms and of its system events; empty when the case is not the viewer's to see."""
    cases = visible(Incident.objects.filter(pk=incident_id), viewer, "incidents.see")
    alarms = IncidentSignal.objects.filter(incident__in=cases, is_alarm=True, treatment__zone__isnull=False)
    events = IncidentEvent.objects.filter(incident__in=cases, event__zone__isnull=False)
    zones = events.values_list("event__zone_id", flat=True)
    return set(alarms.values_list("treatment__zone_id", flat=True).union(zones))


def zones_in_order(viewer: Viewer, incident_id: int) -> list[int]:
    """The zones of its alarms, the first that alarmed first; its system events have theirs behind them."""
    cases = visible(Incident.objects.filter(pk=incident_id), viewer, "incidents.see")
    alarms = IncidentSignal.objects.filter(incident__in=cases, is_alarm=True, treatment__zone__isnull=False)
    events = IncidentEvent.objects.filter(incident__in=cases, event__zone__isnull=False)
    signalled = alarms.order_by("treatment_id").values_list("treatment__zone_id", flat=True)[:ZONES_AT_MOST]
    noticed = events.order_by("event_id").values_list("event__zone_id", flat=True)[:ZONES_AT_MOST]
    return list(dict.fromkeys([*signalled, *noticed]))


def zones_in_case(viewer: Viewer, incident_id: int) -> list[Zone]:
    """The same, as zones."""
    ids = zones_in_order(viewer, incident_id)
    zones = Zone.objects.in_bulk(ids)
    return [zones[pk] for pk in ids if pk in zones]
