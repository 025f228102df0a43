"""What the police have read of which company: written here, by one place of the web for all pages (decision 0028)."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from lianjing.core.bulk import insert_rows
from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.records.models import Reading, Way

FOLDED = timedelta(minutes=5)
"""Whoever looks again within this, counted from his last look, is still looking."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at, by which door; without subject it was the company as a whole."""

    door: str
    permission: str
    way: Way = Way.PAGE
    subject_type: str = ""
    subject_id: str = ""
    subject_name: str = ""


def note_reading(looked: Looked, company_ids: Collection[int], *, by: Viewer, at: datetime) -> None:
    """One row a company; none anew for those where the same was looked at by the same person minutes ago."""
    fixed = asdict(looked)
    name = fixed.pop("subject_name")[:150]
    who = {"user_id": person_id(by), **fixed}
    with transaction.atomic():
        same = Reading.objects.filter(**who, company_id__in=company_ids, last_at__gt=at - FOLDED)
        going_on = dict(same.order_by("pk").values_list("company_id", "pk"))
        if going_on:
            Reading.objects.filter(pk__in=going_on.values()).update(count=F("count") + 1, last_at=at)
        told = {**who, "user_name": by.name[:150], "subject_name": name, "first_at": at, "last_at": at}
        fresh = sorted(set(company_ids) - set(going_on))
        if fresh:
            insert_rows(Reading, [Reading(**told, company_id=pk) for pk in fresh])
