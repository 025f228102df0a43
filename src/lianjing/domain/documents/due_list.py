"""What is due of documents: reviews, and readings that are late; for reminders and for the manager's first page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Min, Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.documents.models import Document, Reading
from lianjing.domain.documents.obligations import review_due_column
from lianjing.domain.documents.policy import REVIEW_SOON, SEE

DUE_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """A document whose review is late or near."""

    number: str
    owner_no: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ReadingsLate:
    """An edition that some have not read in time: how many, and since when the first of them ought to have."""

    number: str
    label: str
    people: int
    due_on: date


@dataclass(frozen=True, slots=True)
class DocumentsDue:
    """Reviews that are late, those due within 30 days, and how often somebody has not read in time."""

    late: int
    soon: int
    unread: int


def documents_due(viewer: Viewer, on: date) -> DocumentsDue:
    """Of all companies whose documents the viewer sees. Two queries."""
    told = _reviews(viewer, on, REVIEW_SOON).aggregate(
        late=Count("pk", filter=Q(due_on__lt=on)), soon=Count("pk", filter=Q(due_on__gte=on))
    )
    return DocumentsDue(told["late"], told["soon"], _late(viewer, on).count())


def reviews_due(viewer: Viewer, company_id: int, on: date, within: int) -> list[ReviewDue]:
    """Reviews that are late or due within so many days, the latest first. One query."""
    rows = _reviews(viewer, on, within).filter(company_id=company_id).order_by("due_on", "number")
    return [ReviewDue(*row) for row in rows.values_list("number", "owner__staff_no", "due_on")[:DUE_AT_MOST]]


def readings_late(viewer: Viewer, company_id: int, on: date) -> list[ReadingsLate]:
    """By edition, what has been late for longest first. One query."""
    rows = _late(viewer, on).filter(company_id=company_id).values("edition")
    told = rows.annotate(
        number=F("document__number"), label=F("edition__label"), people=Count("pk"), first=Min("due_on")
    )
    found = told.order_by("first", "number").values_list("number", "label", "people", "first")
    return [ReadingsLate(*row) for row in found[:DUE_AT_MOST]]


def _reviews(viewer: Viewer, on: date, within: int) -> "QuerySet[Document]":
    rows = visible(Document.objects.all(), viewer, SEE).annotate(due_on=review_due_column(on))
    return rows.filter(due_on__lte=on + timedelta(days=within))


def _late(viewer: Viewer, on: date) -> "QuerySet[Reading]":
    return visible(Reading.objects.filter(confirmed_at=None, dropped_at=None, due_on__lt=on), viewer, SEE)
