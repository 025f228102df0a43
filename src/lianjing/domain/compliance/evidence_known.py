"""What evidence was known of a company, clause by clause, as rules and pages ask for it."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.evidence_policy import ACCEPTED, REJECTED, NewEvidence, content_hash, state_on
from lianjing.domain.compliance.models import Evidence, EvidenceClause
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.records.dated import known_at
from lianjing.terms.evidence import EvidenceState
from lianjing.terms.verdicts import Verdict

SEE = "compliance.see"
COLUMNS = (
    *("pk", "title", "shows", "note", "valid_from", "valid_until", "file_sha256", "content_hash", "recorded_at"),
    *("author_id", "recorded_by", "decision", "decided_at", "decided_by"),
)


@dataclass(frozen=True, slots=True)
class EvidenceKnown:
    """A piece of evidence as it was known, and how it stands on the day. `intact`: it says what was submitted."""

    id: int
    title: str
    shows: Verdict
    valid_from: date | None
    valid_until: date | None
    state: EvidenceState
    author: str
    reviewer: str
    clauses: tuple[str, ...]
    intact: bool
    submitted_on: date | None = None

    def covers(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )

    def as_on(self, day: date) -> "EvidenceKnown":
        """The same piece on another day: what was decided stays."""
        undecided = {EvidenceState.SUBMITTED: "", EvidenceState.REJECTED: REJECTED}
        decision = undecided.get(self.state, ACCEPTED)
        return replace(self, state=state_on(decision, self.valid_from, self.valid_until, day))


def evidence_for(
    viewer: Viewer, company_id: int, clause: str, on: date, known: datetime | None
) -> tuple[EvidenceKnown, ...]:
    """Whatever was submitted for a clause and not withdrawn, oldest first: as it stands on day `on`, by what was known
    at `known` (None: is now). What counts on the day has the state `ACCEPTED` and is `intact`."""
    return evidence_by_clause(viewer, company_id, on, known).get(clause, ())


@once_a_sweep
def evidence_by_clause(
    viewer: Viewer, company_id: int, on: date, known: datetime | None
) -> dict[str, tuple[EvidenceKnown, ...]]:
    """The same of every clause; two queries."""
    rows = known_at(visible(Evidence.objects.filter(company_id=company_id), viewer, SEE), known)
    served = _clauses(company_id)
    found: dict[str, list[EvidenceKnown]] = defaultdict(list)
    for row in rows.order_by("pk").values_list(*COLUMNS):
        one = _known(dict(zip(COLUMNS, row, strict=True)), tuple(served.get(row[0], ())), on, known)
        for clause in one.clauses:
            found[clause].append(one)
    return {clause: tuple(pieces) for clause, pieces in found.items()}


def _clauses(company_id: int) -> dict[int, list[str]]:
    served: dict[int, list[str]] = defaultdict(list)
    rows = EvidenceClause.objects.filter(evidence__company_id=company_id).order_by("clause")
    for pk, clause in rows.values_list("evidence_id", "clause"):
        served[pk].append(clause)
    return served


def _known(row: dict[str, object], clauses: tuple[str, ...], on: date, known: datetime | None) -> EvidenceKnown:
    told: dict = row  # type: ignore[type-arg]
    decided = told["decided_at"] is not None and (known is None or told["decided_at"] <= known)
    said = NewEvidence(told["title"], told["shows"], clauses, told["valid_from"], told["valid_until"], told["note"])
    return EvidenceKnown(
        told["pk"],
        said.title,
        Verdict(said.shows),
        said.valid_from,
        said.valid_until,
        state_on(told["decision"] if decided else "", said.valid_from, said.valid_until, on),
        told["recorded_by"],
        told["decided_by"] if decided else "",
        clauses,
        content_hash(said, told["file_sha256"], told["author_id"]) == told["content_hash"],
        centre_day(told["recorded_at"]),
    )
