"""What the police have read, for the company that it was about, and for whoever read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from lianjing.core.cursors import behind
from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.records.models import Reading

SEE = "readings.see"
ORDER = ("-id",)


@dataclass(frozen=True, slots=True)
class ReadingsWanted:
    """What to list; None and "" mean whatever. `begin`, `end`: the day, on which they were first looked at."""

    company_id: int | None = None
    user_id: int | None = None
    begin: datetime | None = None
    end: datetime | None = None


def readings(viewer: Viewer, wanted: ReadingsWanted, *, after: int | None = None, limit: int = 50) -> list[Reading]:
    """What was read of the viewer's companies, newest first. One query."""
    return list(_narrowed(behind(visible(Reading.objects.all(), viewer, SEE), ORDER, after), wanted)[:limit])


def every_reading(viewer: Viewer, wanted: ReadingsWanted) -> Iterator[Reading]:
    """All of them, for a file."""
    return _narrowed(visible(Reading.objects.all(), viewer, SEE).order_by(*ORDER), wanted).iterator(2000)


def readers(viewer: Viewer) -> list[tuple[int, str]]:
    """Who has read anything of the viewer's companies: id and the latest name."""
    rows = (
        visible(Reading.objects.all(), viewer, SEE).order_by("user_id", "user_name").values_list("user_id", "user_name")
    )
    return sorted(dict(rows.distinct()).items(), key=lambda one: (one[1], one[0]))


def own_readings(viewer: Viewer, wanted: ReadingsWanted, *, after: int | None = None, limit: int = 50) -> list[Reading]:
    """What the viewer himself has read, newest first."""
    mine = Reading.objects.filter(user_id=person_id(viewer) or 0)
    return list(_narrowed(behind(mine, ORDER, after), wanted)[:limit])


def _narrowed(rows: "QuerySet[Reading]", wanted: ReadingsWanted) -> "QuerySet[Reading]":
    exact = {"company_id": wanted.company_id, "user_id": wanted.user_id}
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if wanted.begin is not None and wanted.end is not None:
        rows = rows.filter(first_at__lt=wanted.end, last_at__gte=wanted.begin)
    return rows
