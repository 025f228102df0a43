"""What a document asks of people on a day: to read the edition in force and the one to come, to review that in force.
Read anew for each day, since nothing is written when a day comes. Steps of queries and actions."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import DateField, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from lianjing.domain.documents.models import DocumentReview, InForce
from lianjing.domain.records.dated import holding_on, known_at
from lianjing.terms.documents import Force


def lasting(on: date) -> Q:
    """Terms that do not end on that day, nor have: whoever ends today asks nothing of anybody any more."""
    return Q(valid_until=None) | Q(valid_until__gt=on)


def to_be_read(on: date) -> Q:
    """Terms whose edition is to be read: a withdrawn one drops on its last day, one that another follows is to be read
    until the other begins."""
    return lasting(on) | Q(valid_until=on, ended=Force.SUPERSEDED.value)


def planned_end(rows: Iterable[InForce], today: date) -> InForce | None:
    """The term that is withdrawn on a day that is not over."""
    ends = (row for row in rows if row.ended == Force.WITHDRAWN and row.valid_until is not None)
    return next((row for row in ends if row.valid_until >= today), None)


def review_due(term: InForce | None, reviews: Iterable[DocumentReview], on: date) -> date | None:
    """By when the edition in force is to be reviewed; `reviews` of its document. None: no review is to come."""
    if term is None or term.valid_from is None or (term.valid_until is not None and term.valid_until <= on):
        return None
    begins = term.valid_from
    told = [one for one in reviews if one.retracted_at is None and (one.valid_from or begins) >= begins]
    latest = max(told, key=lambda one: (one.valid_from or begins, one.pk), default=None)
    return latest.next_on if latest is not None else term.review_by


def review_due_column(on: date) -> Subquery:
    """The same of the documents of a query."""
    reviews = DocumentReview.objects.filter(
        document=OuterRef("document"), retracted_at=None, valid_from__gte=OuterRef("valid_from")
    )
    newest = Subquery(reviews.order_by("-valid_from", "-pk").values("next_on")[:1], output_field=DateField())
    terms = holding_on(known_at(InForce.objects.filter(lasting(on), document=OuterRef("pk"))), on)
    return Subquery(terms.annotate(due=Coalesce(newest, F("review_by"))).values("due")[:1], output_field=DateField())


def reviews_by_document(document_ids: Iterable[int]) -> dict[int, list[DocumentReview]]:
    """One query."""
    found: dict[int, list[DocumentReview]] = defaultdict(list)
    for row in DocumentReview.objects.filter(document__in=list(document_ids), retracted_at=None):
        found[row.document_id].append(row)
    return found
