"""One document with all that is on file about it, its files, and what somebody has to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from lianjing.core.cursors import behind
from lianjing.core.scans import KeptScan
from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.companies.names_now import call_as_now
from lianjing.domain.documents.frozen import content_of, file_of
from lianjing.domain.documents.models import (
    Distribution,
    Document,
    DocumentReview,
    Edition,
    InForce,
    Ownership,
    Reading,
    StandardStatus,
)
from lianjing.domain.documents.obligations import planned_end, review_due
from lianjing.domain.documents.policy import READ, SEE, content_hash, force_on, normal_number
from lianjing.domain.people.models import StaffMember
from lianjing.domain.records.dated import LATEST_FIRST
from lianjing.terms.documents import EditionState, Force


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition with its days. `intact`: it says what was submitted; True for one that was not, or was erased."""

    edition: Edition
    term: InForce | None
    force: Force | None
    intact: bool


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document and everything about it as it stands on a day, the latest first."""

    on: date
    document: Document
    editions: list[EditionLine]
    reviews: list[DocumentReview]
    statuses: list[StandardStatus]
    owners: list[Ownership]
    distributions: list[Distribution]

    @property
    def in_force(self) -> EditionLine | None:
        return next((one for one in self.editions if one.force is Force.IN_FORCE), None)

    @property
    def work(self) -> Edition | None:
        """The edition that is written or waits for a decision."""
        return next((one.edition for one in self.editions if EditionState(one.edition.state).is_in_work), None)

    @property
    def newest(self) -> EditionLine | None:
        """The one that is in force last: today's, or one that is still to come."""
        return next((one for one in self.editions if one.force in (Force.IN_FORCE, Force.UPCOMING)), None)

    @property
    def planned_end(self) -> date | None:
        """The last day of a document that is to be withdrawn; until it is over it can be changed."""
        return _last_day((one.term for one in self.editions if one.term), self.on)

    @property
    def standing_status(self) -> StandardStatus | None:
        """What became of a standard, by its days."""
        rows = (one for one in self.statuses if one.retracted_at is None)
        return max(rows, key=lambda one: (one.valid_from or date.min, one.pk), default=None)

    @property
    def review_on(self) -> date | None:
        """By when the edition in force is to be reviewed; None: no review is to come."""
        return review_due(self.in_force.term if self.in_force else None, self.reviews, self.on)


def document_page(viewer: Viewer, document_id: int, on: date) -> DocumentPage | None:
    """None when there is none for the viewer. Seven queries."""
    document = document_by_id(viewer, document_id)
    if document is None:
        return None
    terms = {
        row.edition_id: row
        for row in InForce.objects.filter(document=document, retracted_at=None).order_by("valid_from")
    }
    editions = Edition.objects.filter(document=document).select_related("author", "reviewer", "approver")
    return DocumentPage(
        on,
        document,
        [_line(document, row, terms.get(row.pk), on) for row in editions.order_by("-pk")],
        list(DocumentReview.objects.filter(document=document).order_by("-valid_from", "-pk")),
        list(StandardStatus.objects.filter(document=document).order_by("-recorded_at", "-pk")),
        list(_owners(document)),
        _distributions(document),
    )


def _line(document: Document, edition: Edition, term: InForce | None, on: date) -> EditionLine:
    edition.document = document
    force = force_on(term.valid_from or date.min, term.valid_until, term.ended, on) if term else None
    return EditionLine(edition, term, force, _is_intact(edition))


def _is_intact(edition: Edition) -> bool:
    """Its file is looked at when it is read."""
    if not edition.submitted_hash or edition.erased_at is not None:
        return True
    return content_hash(content_of(edition)) == edition.submitted_hash


def _owners(document: Document) -> "QuerySet[Ownership]":
    rows = Ownership.objects.filter(document=document, retracted_at=None)
    return rows.select_related("member", "department").order_by(LATEST_FIRST, "-pk")


def _distributions(document: Document) -> list[Distribution]:
    rows = Distribution.objects.filter(document=document, ended_at=None)
    found = list(rows.select_related("member", "post", "department"))
    call_as_now(named for row in found for named in (row.post, row.department))
    return found


def planned_last_day(viewer: Viewer, document_id: int, on: date) -> date | None:
    """Of a document that is to be withdrawn, while that day is not over."""
    terms = InForce.objects.filter(document_id=document_id, retracted_at=None)
    return _last_day(visible(terms, viewer, SEE), on)


def _last_day(terms: Iterable[InForce], on: date) -> date | None:
    row = planned_end(terms, on)
    return row.valid_until if row is not None else None


def document_by_id(viewer: Viewer, document_id: int) -> Document | None:
    """One document; None when there is none for the viewer."""
    rows = visible(Document.objects.all(), viewer, SEE).select_related("company", "owner", "department")
    found = rows.filter(pk=document_id).first()
    call_as_now([found.department] if found is not None else [])
    return found


def document_by_number(viewer: Viewer, company_id: int, number: str) -> Document | None:
    """The company's document of that number, however it is written; None when there is none for the viewer."""
    return visible(
        Document.objects.filter(company_id=company_id, number_key=normal_number(number)), viewer, SEE
    ).first()


def edition_by_id(viewer: Viewer, edition_id: int) -> Edition | None:
    """One edition with its document; None when there is none for the viewer."""
    rows = visible(Edition.objects.all(), viewer, SEE)
    return rows.select_related("document__company", "author").filter(pk=edition_id).first()


def edition_file(viewer: Viewer, edition: Edition) -> KeptScan | None:
    """The file itself; None when there is none, or the viewer may neither see it nor has to read it."""
    return file_of(edition) if may_take(viewer, edition) else None


def may_take(viewer: Viewer, edition: Edition) -> bool:
    """Who may see documents, or has to read this one."""
    return viewer.scope(SEE).holds(edition.company_id) or _mine(viewer).filter(edition=edition).exists()


def readings_of(viewer: Viewer, edition_id: int, *, skip: int = 0, limit: int = 500) -> list[Reading]:
    """Who has to read an edition, and who has: who has not first, the longest due before the others."""
    rows = visible(Reading.objects.filter(edition_id=edition_id), viewer, SEE)
    rows = rows.filter(Q(dropped_at=None) | Q(confirmed_at__isnull=False)).select_related("member")
    unread_first = F("confirmed_at").asc(nulls_first=True)
    return list(rows.order_by(unread_first, "due_on", "member__staff_no", "pk")[skip : skip + limit])


def reading_counts(viewer: Viewer, edition_id: int, on: date) -> tuple[int, int, int]:
    """How many have to read it, have read it, are late. One query."""
    rows = visible(Reading.objects.filter(edition_id=edition_id), viewer, SEE)
    rows = rows.filter(Q(dropped_at=None) | Q(confirmed_at__isnull=False))
    told = rows.aggregate(
        asked=Count("pk"),
        read=Count("pk", filter=Q(confirmed_at__isnull=False)),
        late=Count("pk", filter=Q(confirmed_at=None, due_on__lt=on)),
    )
    return told["asked"], told["read"], told["late"]


def _mine(viewer: Viewer) -> "QuerySet[Reading]":
    me = person_id(viewer)
    rows = visible(Reading.objects.filter(dropped_at=None), viewer, READ)
    return rows.filter(member__user_id=me) if me is not None else rows.none()


def my_unread(viewer: Viewer) -> list[Reading]:
    """What the viewer has to read, what is due first."""
    rows = _mine(viewer).filter(confirmed_at=None).select_related("document", "edition", "company")
    return list(rows.defer("edition__text").order_by("due_on", "pk")[:200])


def my_read(viewer: Viewer, after: int | None = None, limit: int = 30) -> list[Reading]:
    """What he has confirmed, the latest first."""
    rows = behind(_mine(viewer).filter(confirmed_at__isnull=False), ("-confirmed_at", "-pk"), after)
    return list(rows.select_related("document", "edition").defer("edition__text")[:limit])


def my_reading(viewer: Viewer, reading_id: int) -> Reading | None:
    """One of his own, with what there is to read."""
    rows = _mine(viewer).select_related("document", "edition", "company", "member")
    return rows.filter(pk=reading_id).first()


def my_counts(viewer: Viewer, on: date) -> tuple[int, int]:
    """How many he has to read, and how many of them are late. One query."""
    told = _mine(viewer).aggregate(
        owing=Count("pk", filter=Q(confirmed_at=None)),
        late=Count("pk", filter=Q(confirmed_at=None, due_on__lt=on)),
    )
    return told["owing"], told["late"]


def has_staff_file(viewer: Viewer) -> bool:
    """Whether the viewer's account belongs to somebody on file: only he can be asked to read."""
    me = person_id(viewer)
    rows = visible(StaffMember.objects.filter(user_id=me), viewer, READ)
    return me is not None and rows.exists()
