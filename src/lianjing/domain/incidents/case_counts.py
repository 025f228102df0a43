"""How many cases companies have open, and have closed of late."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.models import Incident, State


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Of one company: open now; of those opened since a time, how many are closed."""

    open: int = 0
    closed: int = 0


def case_counts(viewer: Viewer, company_ids: Collection[int], since: datetime) -> dict[int, CaseCounts]:
    """By company; two queries."""
    rows = visible(Incident.objects.filter(company_id__in=company_ids), viewer, "incidents.see")
    still = _by_company(rows.exclude(state=State.CLOSED))
    done = _by_company(rows.filter(state=State.CLOSED, opened_at__gte=since))
    return {pk: CaseCounts(still.get(pk, 0), done.get(pk, 0)) for pk in company_ids}


def _by_company(rows: "QuerySet[Incident]") -> dict[int, int]:
    return dict(rows.order_by().values_list("company_id").annotate(n=Count("pk")))
