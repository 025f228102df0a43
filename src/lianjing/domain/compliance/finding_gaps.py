"""Clauses that stand bad and that nobody puts right."""

from collections.abc import Sequence

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.local_texts import judged_entries
from lianjing.domain.compliance.models import StandingVerdict
from lianjing.domain.compliance.queries import SEE
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.policy import split_clauses
from lianjing.terms.verdicts import Verdict

WANTING = (Verdict.NOT_MET.value, Verdict.MOSTLY.value)
"""What is not proved is not found wanting: 证据不足 asks for records first."""


def clauses_without_finding(viewer: Viewer, company_id: int) -> Sequence[StandingVerdict]:
    """Those that are kept as not met, or mostly met, and have no open finding of their own or about them, in the order
    of the text, those of local texts behind. Three queries.

    They never turned while anybody looked: so stood the company when it began, or a finding was dismissed or closed
    before it was good.
    """
    rows = visible(StandingVerdict.objects.filter(company_id=company_id, verdict__in=WANTING), viewer, SEE)
    there = Finding.objects.filter(company_id=company_id, closed_at=None).values_list("watch_key", "clauses")
    taken = {key for key, _clauses in there}.union(
        *([f"clause:{one}" for one in split_clauses(joined)] for _key, joined in there)
    )
    known = list(judged_entries(viewer, company_id))
    found = [row for row in rows if row.clause in known and f"clause:{row.clause}" not in taken]
    return sorted(found, key=lambda row: known.index(row.clause))
