"""What a kept row says, as whoever judges says it."""

from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.judging import Judgement
from lianjing.domain.compliance.kept_phrases import unpacked
from lianjing.domain.compliance.models import StandingVerdict
from lianjing.domain.compliance.queries import Judged
from lianjing.domain.compliance.registry import rules
from lianjing.terms.verdicts import Verdict


def judged_of(row: StandingVerdict) -> Judged:
    """A clause of the specification as it was kept, without its evidence."""
    clause = catalogue().clauses[row.clause]
    judgement = Judgement(Verdict(row.verdict), unpacked(row.sentences), row.figures)
    return Judged(clause, judgement, clause.number in rules())
