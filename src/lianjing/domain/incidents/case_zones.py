"""Which zones a case is about."""

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.models import Incident, IncidentEvent, IncidentSignal


def alarmed_zones(viewer: Viewer, incident_id: int) -> set[int]:
    """The zones of its alarms and of its system events; empty when the case is not the viewer's to see."""
    cases = visible(Incident.objects.filter(pk=incident_id), viewer, "incidents.see")
    alarms = IncidentSignal.objects.filter(incident__in=cases, is_alarm=True, treatment__zone__isnull=False)
    events = IncidentEvent.objects.filter(incident__in=cases, event__zone__isnull=False)
    zones = events.values_list("event__zone_id", flat=True)
    return set(alarms.values_list("treatment__zone_id", flat=True).union(zones))
