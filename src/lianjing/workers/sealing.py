"""Seals what has happened, every second."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from lianjing.core.seals.signing import SealKey
from lianjing.domain.records.actions import seal_records
from lianjing.domain.records.models import JournalLeaf
from lianjing.domain.records.sealed_news import SealedNews
from lianjing.domain.signals.models import Batch

BATCHES = 2000
LATE_COMMIT = timedelta(seconds=60)
"""On PostgreSQL a commit may become visible after one with a higher id; the journal's deadline is far below this."""


class Sealer:
    """Finds journal commits without leaf. Below `_floor` all have one, so the search stays short."""

    def __init__(self, key: SealKey) -> None:
        self._key = key
        self._floor = 0
        self._news = SealedNews()

    def turn(self) -> int:
        """One seal; returns how many leaves it has."""
        now = timezone.now()
        batches = self._unsealed()
        seal = seal_records(self._key, batches, at=now)
        if seal:
            self._news.note(seal)
        self._news.tell(now)
        if not batches:
            old = Batch.objects.filter(committed_at__lt=now - LATE_COMMIT).order_by("-pk").values_list("pk", flat=True)
            self._floor = old.first() or self._floor
        # A full seal means that a backlog waits; otherwise the next second is soon enough.
        return seal.leaf_count if seal and seal.leaf_count >= BATCHES else 0

    def _unsealed(self) -> list[tuple[int, bytes]]:
        sealed = JournalLeaf.objects.filter(batch_id=OuterRef("pk"))
        rows = Batch.objects.filter(~Exists(sealed), pk__gt=self._floor).order_by("pk")[:BATCHES]
        return [(batch.pk, bytes(batch.root)) for batch in rows]
