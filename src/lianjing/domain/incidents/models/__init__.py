"""Tables of cases: the case itself, and what is done in it, a module each."""

from lianjing.domain.incidents.models.cases import Incident, IncidentEvent, IncidentSignal, Regrading, State
from lianjing.domain.incidents.models.customers import CallAttempt, ConfirmationLink, CustomerReport
from lianjing.domain.incidents.models.desk import DeskSettings, Draft
from lianjing.domain.incidents.models.hand_overs import HandOver, HandOverRemark
from lianjing.domain.incidents.models.media import CaseMedia, MediaKind, MediaSource
from lianjing.domain.incidents.models.paper import PaperEntry
from lianjing.domain.incidents.models.plan_runs import NoticeRead, PlanRun, StepRun
from lianjing.domain.incidents.models.police import NoticeState, PoliceNotice, PoliceWaiver
from lianjing.domain.incidents.models.reviews import DispositionReview
from lianjing.domain.incidents.models.times import CaseTimes, FormerTimes

__all__ = [
    "CallAttempt",
    "CaseMedia",
    "CaseTimes",
    "ConfirmationLink",
    "CustomerReport",
    "DeskSettings",
    "DispositionReview",
    "Draft",
    "FormerTimes",
    "HandOver",
    "HandOverRemark",
    "Incident",
    "IncidentEvent",
    "IncidentSignal",
    "MediaKind",
    "MediaSource",
    "NoticeRead",
    "NoticeState",
    "PaperEntry",
    "PlanRun",
    "PoliceNotice",
    "PoliceWaiver",
    "Regrading",
    "State",
    "StepRun",
]
