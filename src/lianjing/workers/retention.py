"""Erases what is past its time, in small portions, hour by hour. What law and holds keep, stays."""

from datetime import timedelta

from django.utils import timezone

from lianjing.core.viewer import System
from lianjing.domain.incidents.queries import first_open_frame, open_incident_ids
from lianjing.domain.records.actions import erase_records
from lianjing.domain.signals.retention import order_frames

WORKER = System("retention")


class Retention:
    """`records_days` and `frames_days`: how long each is kept (LIANJING_KEEP_RECORDS_DAYS and …_FRAMES_DAYS)."""

    def __init__(self, records_days: int, frames_days: int) -> None:
        self._records_days, self._frames_days = records_days, frames_days

    def turn(self) -> int:
        """One portion of each kind; how many contents. 0: nothing more is due now."""
        now = timezone.now()
        frames = order_frames(
            f"frames, {self._frames_days} days",
            now - timedelta(days=self._frames_days),
            first_kept=first_open_frame(WORKER),
            by=WORKER,
            at=now,
        )
        return frames + erase_records(
            f"records, {self._records_days} days",
            now - timedelta(days=self._records_days),
            kept={"incident": [str(pk) for pk in open_incident_ids(WORKER)]},
            by=WORKER,
            at=now,
        )
