"""Signals become cases: admits what the journal has, treats the most urgent first."""

import logging
import time
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from lianjing.core.outbox.stamp import stamp
from lianjing.core.viewer import System
from lianjing.domain.incidents.intake import BATCH, open_untreated, treat_waiting
from lianjing.domain.signals.actions import admit_signals
from lianjing.domain.signals.admission import new_signals, urgent_behind
from lianjing.domain.signals.queries import anything_waits

log = logging.getLogger(__name__)

SYSTEM = System("intake")
ADMIT = 200
"""Signals admitted at once, as many as are treated at once: what comes meanwhile soon has its turn."""
URGENT = 200
"""Urgent ones that are taken from behind a backlog at once."""


SLOW_S = 0.3
"""A batch that takes longer keeps whoever is held up meanwhile waiting: the next one is smaller."""
LEAST = 50


@dataclass(slots=True)
class Pace:
    """How many signals a batch may have, by how long the last one took."""

    size: int

    def note(self, took_s: float) -> None:
        """Half as many after a slow batch, twice as many after a quick one, within bounds."""
        if took_s > SLOW_S:
            self.size = max(LEAST, self.size // 2)
        elif took_s < SLOW_S / 3:
            self.size = min(BATCH, self.size * 2)


pace = Pace(BATCH)


def turn() -> int:
    """One round; returns how many signals moved. Behind a backlog the urgent ones are treated before anything else."""
    fresh = new_signals(SYSTEM, ADMIT)
    urgent = urgent_behind(SYSTEM, fresh[-1], URGENT) if len(fresh) == ADMIT else []
    moved = 0
    if urgent:
        moved = admit_signals(urgent, by=SYSTEM, at=timezone.now(), in_turn=False) + _treat()
        stamp()
    if fresh:
        moved += admit_signals(fresh, by=SYSTEM, at=timezone.now())
    # Asked before, because treating takes the write lock: an idle worker must not stand in an operator's way.
    treated = _treat() if anything_waits(SYSTEM) else 0
    if treated:
        stamp()
    return moved + treated


def _treat() -> int:
    """A batch; when one signal in it cannot be treated, the first alone; when that is the one, an untreated case."""
    for limit in (min(BATCH, pace.size), 1):
        began = time.monotonic()
        try:
            treated = treat_waiting(by=SYSTEM, at=timezone.now(), limit=limit)
            pace.note(time.monotonic() - began)
            return treated
        except (OperationalError, InterfaceError):
            raise
        except Exception as failure:
            log.exception("a batch of up to %d signals could not be treated", limit)
            reason = f"{type(failure).__name__}: {failure}"
    return int(open_untreated(by=SYSTEM, at=timezone.now(), reason=reason) is not None)
