"""Whose entitlement to stand duty has ended while he does: noticed within a minute, written down once."""

from django.utils import timezone

from lianjing.core.outbox.stamp import stamp
from lianjing.core.viewer import System
from lianjing.domain.people.lapsing import tell_lapses

REST_SECONDS = 15.0
GATE = System("duty gate")


def turn() -> int:
    """One look at everybody on duty; how many have changed."""
    told = tell_lapses(by=GATE, at=timezone.now())
    if told:
        stamp()
    return told
