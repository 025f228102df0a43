"""Tables of cases: the case itself, and what is done in it, a module each."""

from lianjing.domain.incidents.models.cases import Incident, IncidentEvent, IncidentSignal, State

__all__ = ["Incident", "IncidentEvent", "IncidentSignal", "State"]
