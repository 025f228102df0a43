"""Dates that the centre counts otherwise than the calendar of workdays, as they stand on file."""

from dataclasses import dataclass
from datetime import date

from lianjing.core.viewer import Viewer
from lianjing.domain.sites.models import WorkdayOverride


@dataclass(frozen=True, slots=True)
class OverriddenDay:
    """One of them, with what was written beside it."""

    on: date
    is_workday: bool
    reason: str


def overridden_days(viewer: Viewer) -> list[OverriddenDay]:
    """In order. They belong to the whole installation: whoever may see sites may know them."""
    if not viewer.scope("sites.see"):
        return []
    rows = WorkdayOverride.objects.order_by("on").values_list("on", "is_workday", "reason")
    return [OverriddenDay(*row) for row in rows]
