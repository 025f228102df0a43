"""Tables of `sites`, lowest first: customers and contracts, premises, equipment, schedules."""

from lianjing.domain.sites.models.customers import Contract, ContractSpan, ContractState, Customer
from lianjing.domain.sites.models.equipment import Area, Panel, SupervisedSpan, TransmissionPath, Zone
from lianjing.domain.sites.models.premises import Contact, Drawing, Site, SiteNote
from lianjing.domain.sites.models.schedules import ScheduleMoment, WorkdayEntry, WorkdayOverride

__all__ = [
    "Area",
    "Contact",
    "Contract",
    "ContractSpan",
    "ContractState",
    "Customer",
    "Drawing",
    "Panel",
    "ScheduleMoment",
    "Site",
    "SiteNote",
    "SupervisedSpan",
    "TransmissionPath",
    "WorkdayEntry",
    "WorkdayOverride",
    "Zone",
]
