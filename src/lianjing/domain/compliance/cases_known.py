"""Cases of a company by what was known when: one that was entered from paper is known since then."""

from datetime import datetime

from django.db.models import Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.paper import ENTERED

SEE = "compliance.see"
WAKES = ("incident.opened", ENTERED)


def known_cases(viewer: Viewer, company_id: int, known: datetime | None) -> "QuerySet[Incident]":
    """Those that were on record at `known`; None: that are now. When they occurred is for the caller to ask."""
    rows = visible(Incident.objects.filter(company_id=company_id), viewer, SEE)
    return rows if known is None else rows.filter(Q(on_paper=False) | Q(paper__entered_at__lte=known))
