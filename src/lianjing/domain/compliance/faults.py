"""What of the clauses fails by itself and is tried again: for whoever runs the installation."""

from dataclasses import dataclass

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.models import JudgedCompany, UntakenTurn
from lianjing.domain.compliance.queries import SEE

NAMED = 10


@dataclass(frozen=True, slots=True)
class ClauseFaults:
    """`companies`: how many could not be judged last time; `turns`: how many turns of clauses have not raised their
    finding; `named`: some of them, and why."""

    companies: int
    turns: int
    named: tuple[str, ...]

    @property
    def count(self) -> int:
        return self.companies + self.turns


def clause_faults(viewer: Viewer) -> ClauseFaults:
    """Four queries."""
    turns, companies = visible(UntakenTurn.objects.all(), viewer, SEE), JudgedCompany.objects.filter(failures__gt=0)
    companies = visible(companies, viewer, SEE)
    named = [f"company {row.pk}: {row.defect}" for row in companies.order_by("pk")[:NAMED]]
    failed = turns.exclude(defect="").order_by("pk")[:NAMED]
    named += [f"{row.clause} of company {row.company_id}: {row.defect}" for row in failed]
    return ClauseFaults(companies.count(), turns.count(), tuple(named[:NAMED]))
