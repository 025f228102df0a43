"""Tells companies that records of theirs were sealed: at once, and then once a minute at most, however much is sealed.

A seal a second would otherwise wake whoever looks at sealed records each second.
"""

from datetime import datetime, timedelta

from django.db import transaction

from lianjing.core.outbox.write import News, emit
from lianjing.domain.records.models import Record, Seal

SEALED = "records.sealed"
EVERY = timedelta(minutes=1)


class SealedNews:
    """Of one sealer. What it had not told when it was stopped, the next one tells everybody when it begins."""

    def __init__(self) -> None:
        self._told: dict[int, datetime] = {}
        self._waiting: set[int] = set()
        self._has_begun = False

    def note(self, seal: Seal) -> None:
        """Whose records are under it waits to be told."""
        rows = Record.objects.filter(seal=seal).order_by()
        self._waiting |= {one for one in rows.values_list("company_id", flat=True).distinct() if one is not None}

    @transaction.atomic
    def tell(self, at: datetime) -> None:
        """Those who wait and have heard nothing for a minute; the first time everybody."""
        due = {one for one in self._waiting if one not in self._told or at - self._told[one] >= EVERY}
        everybody = [] if self._has_begun else [News(SEALED, None, {})]
        emit(everybody or [News(SEALED, one, {}) for one in sorted(due)], at=at)
        self._has_begun = True
        self._told |= dict.fromkeys(due, at)
        self._waiting -= due
