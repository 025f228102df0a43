"""Lines that fell silent, as `receive` found them, become the business of a person."""

from django.utils import timezone

from lianjing.core.outbox.stamp import stamp
from lianjing.core.viewer import System
from lianjing.domain.incidents.events import open_event_cases
from lianjing.domain.signals.line_policy import Folding
from lianjing.domain.signals.line_supervision import anything_of_lines, follow_lines

SYSTEM = System("lines")


class Lines:
    """The loop's turn. `folding`: when many losses are told as one."""

    def __init__(self, folding: Folding) -> None:
        self._folding = folding

    def turn(self) -> int:
        """One round; returns how much moved. Asked before, without a lock: see `intake.turn`."""
        now = timezone.now()
        if not anything_of_lines(SYSTEM, now):
            return 0
        moved = follow_lines(self._folding, by=SYSTEM, at=now)
        # At once: the loop that looks for events of all kinds comes round every second.
        if open_event_cases(by=SYSTEM, at=now) or moved:
            stamp()
        return moved
