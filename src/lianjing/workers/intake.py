"""Signals become cases: admits what the journal has, treats the most urgent first."""

import logging

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
ADMIT = 1000
"""Signals admitted at once: more than a treating batch, so that an urgent one behind many others is found early."""
URGENT = 200
"""Of those behind them, in the same turn; several treating batches, and few enough that nobody waits for it."""


def turn() -> int:
    """One round; returns how many signals moved."""
    admitted = _admit()
    # Asked before, because treating takes the write lock: an idle worker must not stand in an operator's way.
    treated = _treat() if anything_waits(SYSTEM) else 0
    if treated:
        stamp()
    return admitted + treated


def _admit() -> int:
    """The next ones in order of arrival, and when there are more than fit, also the urgent ones from behind them."""
    fresh = new_signals(SYSTEM, ADMIT)
    if not fresh:
        return 0
    admitted = admit_signals(fresh, by=SYSTEM, at=timezone.now())
    if len(fresh) == ADMIT and (urgent := urgent_behind(SYSTEM, fresh[-1], URGENT)):
        admitted += admit_signals(urgent, by=SYSTEM, at=timezone.now(), in_turn=False)
    return admitted


def _treat() -> int:
    """A batch; when one signal in it cannot be treated, the first alone; when that is the one, an untreated case."""
    for limit in (BATCH, 1):
        try:
            return treat_waiting(by=SYSTEM, at=timezone.now(), limit=limit)
        except (OperationalError, InterfaceError):
            raise
        except Exception as failure:
            log.exception("a batch of up to %d signals could not be treated", limit)
            reason = f"{type(failure).__name__}: {failure}"
    return int(open_untreated(by=SYSTEM, at=timezone.now(), reason=reason) is not None)
