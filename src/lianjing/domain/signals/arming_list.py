"""How the areas of a site are armed, and by whom."""

from dataclasses import dataclass
from datetime import datetime

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.signals.models import ArmingState

AREAS_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class ArmingLine:
    """An area as its latest report says; `who`: name, or number of the panel's user, "" when nobody told."""

    area: str
    armed: bool
    partly: bool
    since: datetime
    who: str


def arming_of_site(viewer: Viewer, site_id: int) -> list[ArmingLine]:
    """Areas of the panels in use, latest report first: one query."""
    rows = visible(ArmingState.objects.all(), viewer, "sites.see", company_field="panel__site__company_id")
    rows = rows.filter(panel__site=site_id, panel__removed_at=None).order_by("-since", "pk")[:AREAS_AT_MOST]
    return [
        ArmingLine(row.area, row.armed, row.partly, row.since, row.user_name or row.user.strip("0")) for row in rows
    ]
