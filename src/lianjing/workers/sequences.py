"""Looks for sequence numbers that never came. Nobody waits for it: it stays a minute behind."""

import time

from django.utils import timezone

from lianjing.core.viewer import System
from lianjing.domain.signals.sequences import end_sequence_events, follow_sequences, sequences_due, settle_sequences

SYSTEM = System("sequences")
END_S = 60.0


class Sequences:
    """The loop's turn."""

    def __init__(self) -> None:
        self._end_at = 0.0

    def turn(self) -> int:
        """One round, always with a rest behind it: in a storm the cases come first. Asked before, without a lock: see
        `intake.turn`."""
        now = timezone.now()
        frames, tracks = sequences_due(SYSTEM, now)
        if frames:
            follow_sequences(by=SYSTEM, at=now)
        if tracks:
            settle_sequences(by=SYSTEM, at=now)
        if time.monotonic() >= self._end_at:
            end_sequence_events(by=SYSTEM, at=now)
            self._end_at = time.monotonic() + END_S
        return 0
