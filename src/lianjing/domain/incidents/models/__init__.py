"""Tables of cases: the case itself, and what is done in it, a module each."""

from lianjing.domain.incidents.models.cases import Incident, IncidentEvent, IncidentSignal, State
from lianjing.domain.incidents.models.customers import CallAttempt, ConfirmationLink, CustomerReport

__all__ = [
    "CallAttempt",
    "ConfirmationLink",
    "CustomerReport",
    "Incident",
    "IncidentEvent",
    "IncidentSignal",
    "State",
]
