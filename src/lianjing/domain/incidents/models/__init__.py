"""Tables of cases: the case itself, and what is done in it, a module each."""

from lianjing.domain.incidents.models.cases import Incident, IncidentEvent, IncidentSignal, State
from lianjing.domain.incidents.models.plan_runs import NoticeRead, PlanRun, StepRun

__all__ = ["Incident", "IncidentEvent", "IncidentSignal", "NoticeRead", "PlanRun", "State", "StepRun"]
