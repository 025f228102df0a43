"""Tables of this app, a module each for what belongs together."""

from lianjing.domain.compliance.models.evidence import Campaign, Evidence, EvidenceClause, EvidenceRequest
from lianjing.domain.compliance.models.limits import CapabilityFact, ServiceLimit
from lianjing.domain.compliance.models.local import LocalStandard
from lianjing.domain.compliance.models.verdicts import (
    ClauseReader,
    JudgedCompany,
    StandingVerdict,
    UntakenTurn,
    VerdictCount,
    VerdictTurn,
    WaitingClause,
)
from lianjing.domain.compliance.models.work import ClauseWork

__all__ = [
    "Campaign",
    "CapabilityFact",
    "ClauseReader",
    "ClauseWork",
    "Evidence",
    "EvidenceClause",
    "EvidenceRequest",
    "JudgedCompany",
    "LocalStandard",
    "ServiceLimit",
    "StandingVerdict",
    "UntakenTurn",
    "VerdictCount",
    "VerdictTurn",
    "WaitingClause",
]
