"""Gives panels what their accounts sent while they were nobody's, as far as that was not done at once."""

from django.utils import timezone

from lianjing.core.viewer import System
from lianjing.domain.incidents.sweeping import sweep_late

SYSTEM = System("sweep")


def turn() -> int:
    """One round; returns how many signals passed."""
    return sweep_late(by=SYSTEM, at=timezone.now())
