"""The demo's police: in charge of 绍兴市, where the demo company lies; what they have read of it is shown to it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lianjing.core.viewer import Viewer

if TYPE_CHECKING:
    from lianjing.domain.companies.models import Company

AREA, DIVISION = "3306", "330602"
READ = (
    ("office:clauses", "compliance.see", timedelta(days=2, hours=3)),
    ("police:people", "police.registers", timedelta(days=2, hours=2, minutes=48)),
    ("police:company", "police.registers", timedelta(days=1, hours=1)),
)
"""By which door and row of the permission table, how long ago."""


def supervise(company: "Company", by: Viewer, at: datetime) -> None:
    """Puts the company into the area, its police in charge of it, and a little into the log of what they read."""
    from lianjing.domain.companies.area import set_area
    from lianjing.domain.people.models import User
    from lianjing.domain.people.police_areas import set_areas
    from lianjing.domain.records.models import Reading
    from lianjing.domain.records.reading_log import Looked, note_reading

    officer = User.objects.get(username="police")
    set_area(company.pk, DIVISION, by=by, at=at, source="demo-data")
    set_areas(officer, [AREA], by=by, at=at, source="demo-data")
    if not Reading.objects.filter(user_id=officer.pk).exists():
        for door, permission, ago in READ:
            note_reading(Looked(door, permission), [company.pk], by=officer.as_viewer(), at=at - ago)
