"""Evidence for tests: submitted by Leo, accepted by Mia."""

from datetime import date, datetime
from typing import Any

from lianjing.core.scans import Scan
from lianjing.domain.compliance.evidence_policy import NewEvidence
from lianjing.domain.compliance.evidencing import accept_evidence, submit_evidence
from lianjing.domain.compliance.models import Evidence
from tests.cast import NOON, Cast

BEGINS, ENDS = date(2026, 1, 1), date(2026, 12, 31)
CLAUSE = "8.3.1"


def pdf(text: str = "scan") -> Scan:
    return Scan(f"%PDF-1.7\n{text}\n%%EOF\n".encode(), "pdf")


def new(**told: Any) -> NewEvidence:
    sound = {"title": "2026年考核记录", "shows": "met", "clauses": (CLAUSE,), "file_name": "考核.pdf"}
    return NewEvidence(**{**sound, "valid_from": BEGINS, "valid_until": ENDS, **told})


def submitted(cast: Cast, name: str = "leo", at: datetime = NOON, text: str = "scan", **told: Any) -> Evidence:
    return submit_evidence(cast.company.pk, new(**told), pdf(text), by=cast.viewer(name), at=at)


def accepted(cast: Cast, at: datetime = NOON, text: str = "scan", **told: Any) -> Evidence:
    row = submitted(cast, at=at, text=text, **told)
    return accept_evidence(row.pk, by=cast.viewer("mia"), at=at)
