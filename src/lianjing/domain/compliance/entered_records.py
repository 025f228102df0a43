"""What was written down after a moment and is about an earlier time, of records that tell of one day or of an hour: the
supervision log, and drills that were held. A rule looks back on them from any later day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import Min, Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.assessments.models import SupervisionEntry
from lianjing.domain.assessments.policy import LOG_CHANGED
from lianjing.domain.compliance import entry_words as words
from lianjing.domain.compliance.dated_entries import READ_AT_MOST, SEE, Entered
from lianjing.domain.compliance.drills_known import YEARS
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.drills.models import Drill, Observation
from lianjing.domain.drills.policy import CHANGED

LOG_DAYS = timedelta(days=62)
"""An older entry decides of no department: a month without one is none, whatever stood before."""


def records_entered_after(viewer: Viewer, company_id: int, on: date, after: datetime) -> list[Entered]:
    """Three queries."""
    found = [*_of_the_log(viewer, company_id, on, after), *_drills(viewer, company_id, on, after)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _of_the_log(viewer: Viewer, company_id: int, on: date, after: datetime) -> Iterator[Entered]:
    rows = visible(SupervisionEntry.objects.filter(company_id=company_id), viewer, SEE)
    rows = rows.filter(valid_from__lte=on, valid_from__gt=on - LOG_DAYS).filter(_changed(after, "recorded_at"))
    for row in rows.select_related("department").order_by("-pk")[:READ_AT_MOST]:
        is_gone = row.retracted_at is not None
        by, at = (row.retracted_by, row.retracted_at) if is_gone else (row.recorded_by, row.recorded_at)
        yield Entered(
            "supervision", LOG_CHANGED, partial(words.of_supervision, row), by, at or row.recorded_at, is_gone
        )


def _changed(after: datetime, recorded: str) -> Q:
    """Come and still there, or there at that moment and gone since."""
    come = Q(**{f"{recorded}__gt": after}, retracted_at=None)
    return come | Q(**{f"{recorded}__lte": after}, retracted_at__gt=after)


def _drills(viewer: Viewer, company_id: int, on: date, after: datetime) -> Iterator[Entered]:
    """Those that were held by then: recorded later, or taken back since; of others what was seen and noted later."""
    ended = end_of(on, None)
    held = visible(Drill.objects.filter(company_id=company_id), viewer, SEE)
    held = held.filter(ended_at__lte=ended, ended_at__gt=ended - timedelta(days=YEARS * 366))
    late = Q(held_at__gt=after, cancelled_at=None) | Q(held_at__lte=after, cancelled_at__gt=after)
    for row in held.filter(late).order_by("-pk")[:READ_AT_MOST]:
        is_gone = row.cancelled_at is not None
        by, at = (row.cancelled_by, row.cancelled_at) if is_gone else (row.held_by, row.held_at)
        yield Entered("drill", CHANGED, partial(words.of_drill, row), by, at or ended, is_gone)
    known = held.filter(held_at__lte=after, cancelled_at=None)
    seen = Observation.objects.filter(drill__in=known, taken_back_at=None)
    first = seen.values("drill").annotate(first=Min("recorded_at"), note=Min("pk")).filter(first__gt=after)
    notes = Observation.objects.filter(pk__in=first.order_by().values("note")).select_related("drill")
    for note in notes.order_by("-pk")[:READ_AT_MOST]:
        yield Entered("drill", CHANGED, partial(words.of_observation, note), note.recorded_by, note.recorded_at, False)
