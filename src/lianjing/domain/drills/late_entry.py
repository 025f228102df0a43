"""补录: what was recorded on a later day than that on which it was held."""

from lianjing.core.days import centre_day
from lianjing.domain.drills.models import Drill


def is_late_entry(drill: Drill) -> bool:
    """Whether it was recorded as held on a later day than that on which it ended."""
    if drill.held_at is None or drill.ended_at is None:
        return False
    return centre_day(drill.held_at) > centre_day(drill.ended_at)
