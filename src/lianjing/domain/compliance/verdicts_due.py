"""Whose clauses are to be judged now."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.models import JudgedCompany, WaitingClause
from lianjing.domain.compliance.queries import SEE
from lianjing.domain.compliance.waking import fingerprint

QUIET = timedelta(seconds=0.4)
"""So long after its last wake a clause is judged: what comes in a burst is judged once."""
LONGEST = timedelta(seconds=2)
"""And so long after its first at the latest, however much follows."""


def woken_company(viewer: Viewer, at: datetime) -> int | None:
    """The one in which a clause has been waiting longest."""
    is_due = Q(woken_at__lte=at - QUIET) | Q(first_woken_at__lte=at - LONGEST)
    rows = visible(WaitingClause.objects.filter(is_due), viewer, SEE).exclude(company__in=_put_off(at))
    return rows.order_by("first_woken_at").values_list("company_id", flat=True).first()


def unswept_company(viewer: Viewer, at: datetime) -> int | None:
    """One of which not every clause has been judged on that day by today's rules."""
    today = centre_day(at)
    swept = JudgedCompany.objects.filter(swept_on=today, rules=fingerprint())
    rows = visible(Company.objects.exclude(pk__in=swept.values("pk")), viewer, SEE, company_field="id")
    rows = rows.exclude(pk__in=_put_off(at))
    return rows.order_by("pk").values_list("pk", flat=True).first()


def _put_off(at: datetime) -> "QuerySet[JudgedCompany, dict[str, int]]":
    """Those that could not be judged, and are tried again later."""
    return JudgedCompany.objects.filter(failures__gt=0, retry_at__gt=at).values("pk")
