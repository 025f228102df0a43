"""Facts with two times: on which days they hold, and since when (and until when) we knew them.

Asked for any day `on` and any state of knowledge `known`, the answer never changes afterwards: a fact is not edited, it
is retracted, and another one recorded in its place.
"""

from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q, QuerySet


class Dated(models.Model):
    """Columns of whatever holds from a day to a day and was recorded by somebody."""

    valid_from = models.DateField(null=True, blank=True)
    """First day; empty: always did."""
    valid_until = models.DateField(null=True, blank=True)
    """Last day; empty: open-ended."""
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    retracted_at = models.DateTimeField(null=True, blank=True)
    """Since when it is no longer taken for true, on any day."""
    retracted_by = models.CharField(max_length=150, blank=True)
    retract_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


D = TypeVar("D", bound=Dated)

OLDEST_FIRST, LATEST_FIRST = F("valid_from").asc(nulls_first=True), F("valid_from").desc(nulls_last=True)
"""What always held began before all others. Left to itself, SQLite puts an empty day first, and PostgreSQL last."""


def known_at(rows: "QuerySet[D, Any]", known: datetime | None = None) -> "QuerySet[D, Any]":
    """Those that were taken for true at `known`; None: that are now."""
    if known is None:
        return rows.filter(retracted_at=None)
    return rows.filter(Q(retracted_at=None) | Q(retracted_at__gt=known), recorded_at__lte=known)


def holds(row: Dated, day: date) -> bool:
    """Whether its days include `day`."""
    return (row.valid_from or day) <= day <= (row.valid_until or day)


def holding_on(rows: "QuerySet[D, Any]", day: date) -> "QuerySet[D, Any]":
    """Those whose days include `day`."""
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    return rows.filter(begun & (Q(valid_until=None) | Q(valid_until__gte=day)))
