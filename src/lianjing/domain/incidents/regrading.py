"""A case that gets another class or grade keeps since when: what was in use on a past day stays as it was.

Steps of actions, in their transactions. A case that is never regraded has no row here: opening one costs nothing more.
"""

from collections.abc import Iterable
from datetime import datetime

from lianjing.core.bulk import update_rows
from lianjing.core.outbox.write import News
from lianjing.domain.incidents.models import Incident, Regrading

REGRADED = "incident.regraded"
FIRST_FIELDS = ("first_class", "first_grade")
Pair = tuple[str, int]


def graded(incident: Incident) -> Pair:
    """Class and grade as they stand now."""
    return incident.event_class, int(incident.grade)


def regraded(incident: Incident, before: Pair, at: datetime) -> list[Regrading]:
    """The row that says so, not stored yet, when the case has not `before` any more; notes in the case, not saved, what
    it was opened with."""
    if graded(incident) == before:
        return []
    if incident.first_grade is None:
        incident.first_class, incident.first_grade = before
    event_class, grade = graded(incident)
    return [Regrading(incident=incident, company_id=incident.company_id, event_class=event_class, grade=grade, at=at)]


def keep_regradings(rows: Iterable[Regrading]) -> None:
    """Stores them, and with what their cases were opened: two statements when there are any. The cases are stored
    already."""
    kept = list(rows)
    if kept:
        Regrading.objects.bulk_create(kept)
        update_rows(Incident, {row.incident_id: row.incident for row in kept}.values(), FIRST_FIELDS)


def regrading_news(rows: Iterable[Regrading]) -> list[News]:
    """For whoever counts classes and grades; the desks are told of the case by what raised it."""
    companies = {row.company_id for row in rows if row.company_id is not None}
    return [News(REGRADED, company_id, {}) for company_id in sorted(companies)]
