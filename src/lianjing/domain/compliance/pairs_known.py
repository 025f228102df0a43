"""Classes and grades of a company's cases as they were: one that a case was opened with is in use since then, and one
that it got later, by an alarm that joined it, a confirmation or another case, since it got that."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.cases_known import WAKES, known_cases
from lianjing.domain.incidents.joining import SPLIT, TOOK_IN
from lianjing.domain.incidents.models import Regrading
from lianjing.domain.incidents.regrading import REGRADED

PAIR_WAKES = (*WAKES, REGRADED, TOOK_IN, SPLIT, "incident.customer_answered")
LOOKS_BACK = timedelta(days=365)
"""What occurred in the year before the day is in use."""
Pair = tuple[str, int]
Seen = tuple[Pair, datetime, datetime]


def pairs_used(viewer: Viewer, company_id: int, moment: datetime, known: datetime | None) -> set[Pair]:
    """Those in use at `moment`; one query."""
    opened, later = _rows(viewer, company_id, (moment - LOOKS_BACK, moment), known)
    return set(_pairs(opened).union(_pairs(later)))


def _pairs(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    return rows.order_by().values_list("of_class", "of_grade")


def pairs_seen(viewer: Viewer, company_id: int, first: datetime, last: datetime, known: datetime | None) -> list[Seen]:
    """For each class and grade the first and the last time on each day on which a case got it, from a year before
    `first` to `last`; two queries."""
    rows = _rows(viewer, company_id, (first - LOOKS_BACK, last), known)
    return [seen for each in rows for seen in _by_day(each)]


def _rows(
    viewer: Viewer, company_id: int, within: tuple[datetime, datetime], known: datetime | None
) -> tuple["QuerySet[Any]", "QuerySet[Any]"]:
    """Openings, then what came later; `of_class`, `of_grade` and `since` tell each."""
    cases = known_cases(viewer, company_id, known)
    after, until = within
    opened = cases.filter(opened_at__gt=after, opened_at__lte=until).annotate(
        of_class=Coalesce("first_class", "event_class"),
        of_grade=Coalesce("first_grade", "grade"),
        since=F("opened_at"),
    )
    later = Regrading.objects.filter(company_id=company_id, incident__in=cases, at__gt=after, at__lte=until)
    if known is not None:
        later = later.filter(at__lte=known)
    return opened, later.annotate(of_class=F("event_class"), of_grade=F("grade"), since=F("at"))


def _by_day(rows: "QuerySet[Any]") -> list[Seen]:
    days = rows.order_by().annotate(day=TruncDate("since", tzinfo=timezone.get_default_timezone()))
    told = days.values_list("of_class", "of_grade", "day").annotate(begun=Min("since"), late=Max("since"))
    return [((event_class, grade), begun, late) for event_class, grade, _day, begun, late in told]


def pairs_counted(viewer: Viewer, company_id: int, moment: datetime, known: datetime | None) -> dict[Pair, int]:
    """How often cases got each class and grade in the year before the moment; two queries."""
    told: dict[Pair, int] = defaultdict(int)
    for each in _rows(viewer, company_id, (moment - LOOKS_BACK, moment), known):
        counted = each.order_by().values_list("of_class", "of_grade").annotate(times=Count("pk"))
        for event_class, grade, times in counted:
            told[event_class, grade] += times
    return dict(told)
