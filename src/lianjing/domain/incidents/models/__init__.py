"""Tables of cases: the case itself, and what is done in it, a module each."""

from lianjing.domain.incidents.models.cases import Incident, IncidentEvent, IncidentSignal, State
from lianjing.domain.incidents.models.desk import DeskSettings, Draft
from lianjing.domain.incidents.models.hand_overs import HandOver, HandOverRemark

__all__ = [
    "DeskSettings",
    "Draft",
    "HandOver",
    "HandOverRemark",
    "Incident",
    "IncidentEvent",
    "IncidentSignal",
    "State",
]
