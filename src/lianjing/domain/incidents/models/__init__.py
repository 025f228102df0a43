"""Tables of cases: the case itself, and what is done in it, a module each."""

from lianjing.domain.incidents.models.cases import Incident, IncidentEvent, IncidentSignal, State
from lianjing.domain.incidents.models.customers import CallAttempt, ConfirmationLink, CustomerReport
from lianjing.domain.incidents.models.desk import DeskSettings, Draft
from lianjing.domain.incidents.models.paper import PaperEntry
from lianjing.domain.incidents.models.plan_runs import NoticeRead, PlanRun, StepRun
from lianjing.domain.incidents.models.times import CaseTimes

__all__ = [
    "CallAttempt",
    "CaseTimes",
    "ConfirmationLink",
    "CustomerReport",
    "DeskSettings",
    "Draft",
    "Incident",
    "IncidentEvent",
    "IncidentSignal",
    "NoticeRead",
    "PaperEntry",
    "PlanRun",
    "State",
    "StepRun",
]
