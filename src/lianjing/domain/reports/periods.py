"""The days that figures are asked for, and by whom."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.incidents.models import CaseTimes
from lianjing.domain.signals.days import day_bounds

SEE, SEE_ALL = "figures.see", "figures.see_all"
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included, in the centre's zone; of one company, or (None) of all."""

    first: date
    last: date
    company_id: int | None = None

    @property
    def starts_at(self) -> datetime:
        return day_bounds(self.first)[0]

    @property
    def ends_at(self) -> datetime:
        return day_bounds(self.last)[1]

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def cases(viewer: Viewer, company_id: int | None = None) -> "QuerySet[CaseTimes]":
    """All cases whose figures the viewer may see: of his companies, or (an operator) those that he took himself."""
    whole, own = viewer.scope(SEE_ALL), viewer.scope(SEE)
    rows = CaseTimes.objects.all()
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    if whole.everything:
        return rows
    seen = Q(company_id__in=whole.companies)
    if only_own := own.companies - whole.companies:
        seen |= Q(company_id__in=only_own, operator_id=person_id(viewer))
    return rows.filter(seen)


def cases_of(viewer: Viewer, period: Period) -> "QuerySet[CaseTimes]":
    """Those that came into the queue in the period."""
    return cases(viewer, period.company_id).filter(queued_at__gte=period.starts_at, queued_at__lt=period.ends_at)


def sees_all(viewer: Viewer, company_id: int | None) -> bool:
    """Whether he sees more than his own cases: figures of the centre as a whole are for these."""
    whole = viewer.scope(SEE_ALL)
    return bool(whole) if company_id is None else whole.holds(company_id)
