"""Tables of cases: the case itself, and what is done in it, a module each."""

from lianjing.domain.incidents.models.cases import Incident, IncidentEvent, IncidentSignal, State
from lianjing.domain.incidents.models.desk import DeskSettings, Draft

__all__ = ["DeskSettings", "Draft", "Incident", "IncidentEvent", "IncidentSignal", "State"]
