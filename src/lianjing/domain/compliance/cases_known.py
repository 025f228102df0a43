"""Cases of a company by what was known when: one that was entered from paper is known since then, and one that was
nobody's since it passed to the company."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.models import FormerTimes, Incident
from lianjing.domain.incidents.paper import ENTERED
from lianjing.domain.incidents.sweeping import CASES_PASSED

SEE = "compliance.see"
WAKES = ("incident.opened", ENTERED, CASES_PASSED)


def known_cases(viewer: Viewer, company_id: int, known: datetime | None) -> "QuerySet[Incident]":
    """Those that were on record at `known`; None: that are now. When they occurred is for the caller to ask."""
    rows = visible(Incident.objects.filter(company_id=company_id), viewer, SEE)
    if known is None:
        return rows
    # Times that say something else since then (`CaseTimes.since`), and said nothing of this company before.
    before = FormerTimes.objects.filter(
        Q(since=None) | Q(since__lte=known), incident=OuterRef("pk"), company=company_id
    )
    passed_later = Q(times__since__gt=known) & ~Exists(before)
    return rows.filter(Q(on_paper=False) | Q(paper__entered_at__lte=known)).exclude(Q(on_paper=False) & passed_later)
