"""The list of controlled documents: what is in force, in work, due to be reviewed, replaced, over its time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lianjing.core.cursors import behind
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.names_now import call_as_now
from lianjing.domain.documents.full_text import matching, standing_in
from lianjing.domain.documents.models import (
    IN_WORK,
    Document,
    Edition,
    EditionText,
    InForce,
    Reading,
    RetentionPeriod,
    StandardStatus,
)
from lianjing.domain.documents.obligations import review_due, review_due_column, reviews_by_document
from lianjing.domain.documents.policy import PERIODS, REVIEW_SOON, SEE, force_on, months_after
from lianjing.domain.records.dated import holding_on, known_at
from lianjing.terms.documents import DocumentKind, Force

TABS = ("all", "in_force", "work", "review", "unread", "replaced", "gone")
"""What may be listed: everything, what is in force, what is written or waits for a decision, what is due to be reviewed
within 30 days, what somebody has not read in time, external ones of which there is a newer edition, what has no edition
in force or in work."""
ORDER = ("number", "id")
ERASABLE_SHOWN = 200
MARGIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class DocumentsWanted:
    """What to list. `state`: of the edition in work; `owner`: a staff number."""

    tab: str = "all"
    kind: str = ""
    state: str = ""
    owner: str = ""
    text: str = ""
    company_id: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document as a list shows it."""

    document: Document
    term: InForce | None
    """Of the edition in force today."""
    work: Edition | None
    """The edition that is written or waits for a decision."""
    status: StandardStatus | None
    review_on: date | None
    """By when the edition in force is to be reviewed; None: no review is to come."""
    found: EditionText | None
    """The text in which was found what was asked for."""
    found_force: Force | None
    """How the edition stands in which it was found."""
    unread: int
    """How many have not read it in time; where the list is of such."""


def documents(
    viewer: Viewer, wanted: DocumentsWanted, on: date, *, after: int | None = None, limit: int = 50
) -> list[DocumentLine]:
    """By number. Five queries, one more behind a cursor, one or two more when a text is asked for."""
    rows = _narrowed(behind(visible(Document.objects.all(), viewer, SEE), ORDER, after), wanted, viewer, on)
    found = list(rows.select_related("owner", "department", "company")[:limit])
    call_as_now(row.department for row in found)
    return _lines(found, wanted, on)


def document_counts(viewer: Viewer, wanted: DocumentsWanted, on: date) -> dict[str, int]:
    """How many stand under each tab, of the company and kind that are asked for. One query."""
    rows = visible(Document.objects.all(), viewer, SEE)
    if wanted.company_id is not None:
        rows = rows.filter(company_id=wanted.company_id)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    rows = rows.annotate(
        is_in_force=_in_force(on), is_in_work=_in_work(), review_due=review_due_column(on), is_unread=_unread(on)
    )
    return rows.aggregate(**{tab: Count("pk", filter=_of_tab(tab, on)) for tab in TABS})


def numbers_held(viewer: Viewer, company_id: int) -> set[str]:
    """The numbers of the external documents that are registered. One query."""
    rows = visible(Document.objects.filter(company_id=company_id, kind=DocumentKind.EXTERNAL.value), viewer, SEE)
    return set(rows.values_list("number", flat=True))


def _in_force(on: date) -> Exists:
    return Exists(holding_on(known_at(InForce.objects.filter(document=OuterRef("pk"))), on))


def _in_work() -> Exists:
    return Exists(Edition.objects.filter(document=OuterRef("pk"), state__in=IN_WORK))


def _unread(on: date) -> Exists:
    return Exists(_late_readings(on).filter(document=OuterRef("pk")))


def _unread_counts(document_ids: Iterable[int], on: date) -> dict[int, int]:
    rows = _late_readings(on).filter(document__in=list(document_ids)).order_by().values_list("document")
    return dict(rows.annotate(people=Count("pk")))


def _late_readings(on: date) -> "QuerySet[Reading]":
    return Reading.objects.filter(confirmed_at=None, dropped_at=None, due_on__lt=on)


def _of_tab(tab: str, on: date) -> Q:
    return {
        "in_force": Q(is_in_force=True),
        "work": Q(is_in_work=True),
        "review": Q(review_due__lte=on + timedelta(days=REVIEW_SOON)),
        "unread": Q(is_unread=True),
        "replaced": Q(replaced_on__lte=on),
        "gone": Q(is_in_force=False, is_in_work=False),
    }.get(tab, Q())


def _narrowed(rows: "QuerySet[Document]", wanted: DocumentsWanted, viewer: Viewer, on: date) -> "QuerySet[Document]":
    if wanted.company_id is not None:
        rows = rows.filter(company_id=wanted.company_id)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.owner:
        rows = rows.filter(owner__staff_no=wanted.owner)
    if wanted.state:
        rows = rows.filter(Exists(Edition.objects.filter(document=OuterRef("pk"), state=wanted.state)))
    if wanted.tab in ("in_force", "gone"):
        rows = rows.annotate(is_in_force=_in_force(on))
    if wanted.tab in ("work", "gone"):
        rows = rows.annotate(is_in_work=_in_work())
    if wanted.tab == "review":
        rows = rows.annotate(review_due=review_due_column(on))
    if wanted.tab == "unread":
        rows = rows.annotate(is_unread=_unread(on))
    rows = rows.filter(_of_tab(wanted.tab, on))
    if wanted.text:
        rows = rows.filter(pk__in=_found(viewer, wanted.text).values("edition__document_id"))
    return rows


def _found(viewer: Viewer, text: str) -> "QuerySet[EditionText]":
    return matching(visible(EditionText.objects.all(), viewer, SEE), text)


def _lines(rows: Sequence[Document], wanted: DocumentsWanted, on: date) -> list[DocumentLine]:
    ids, text = [row.pk for row in rows], wanted.text
    terms = known_at(InForce.objects.filter(document__in=ids)).select_related("edition")
    in_force = {term.document_id: term for term in holding_on(terms, on)}
    works = Edition.objects.filter(document__in=ids, state__in=IN_WORK).defer("text")
    work = {edition.document_id: edition for edition in works}
    statuses, reviews = _statuses_of(ids), reviews_by_document(ids)
    texts = _texts(ids, text, in_force) if text and ids else {}
    forces = _forces(texts.values(), on) if texts else {}
    unread = _unread_counts(ids, on) if wanted.tab == "unread" else {}
    return [
        DocumentLine(
            row,
            in_force.get(row.pk),
            work.get(row.pk),
            statuses.get(row.pk),
            review_due(in_force.get(row.pk), reviews.get(row.pk, ()), on),
            texts.get(row.pk),
            forces.get(texts[row.pk].pk) if row.pk in texts else None,
            unread.get(row.pk, 0),
        )
        for row in rows
    ]


def _statuses_of(document_ids: Iterable[int]) -> dict[int, StandardStatus]:
    """What became of external documents, as was recorded last."""
    rows = StandardStatus.objects.filter(document__in=list(document_ids), retracted_at=None)
    return {row.document_id: row for row in sorted(rows, key=lambda row: (row.valid_from or date.min, row.pk))}


def _texts(ids: Iterable[int], text: str, in_force: dict[int, InForce]) -> dict[int, EditionText]:
    """Where a found document has it: in the edition in force when it stands there, else in the newest."""
    editions = Edition.objects.filter(document__in=list(ids))
    rows = standing_in(EditionText.objects.filter(edition__in=editions), text).select_related("edition")
    found: dict[int, list[EditionText]] = defaultdict(list)
    for row in rows.defer("grams", "edition__text").order_by("-pk"):
        found[row.edition.document_id].append(row)
    told = {}
    for document_id, texts in found.items():
        current = in_force.get(document_id)
        told[document_id] = next((one for one in texts if current and one.pk == current.edition_id), texts[0])
    return told


def _forces(texts: Iterable[EditionText], on: date) -> dict[int, Force]:
    rows = known_at(InForce.objects.filter(edition__in=[one.pk for one in texts])).order_by("valid_from")
    return {row.edition_id: force_on(row.valid_from or date.min, row.valid_until, row.ended, on) for row in rows}


@dataclass(frozen=True, slots=True)
class Erasable:
    """An edition whose time is over, and since when."""

    edition: Edition
    ended_on: date
    kept_until: date


def periods(viewer: Viewer, company_id: int) -> dict[str, RetentionPeriod | None]:
    """By kind what the company has set; None: ours holds. One query."""
    rows = visible(RetentionPeriod.objects.filter(company_id=company_id, retracted_at=None), viewer, SEE)
    found = {row.kind: row for row in rows}
    return {kind.value: found.get(kind.value) for kind in DocumentKind}


def erasable(viewer: Viewer, company_id: int, on: date, limit: int = ERASABLE_SHOWN) -> list[Erasable]:
    """Editions whose time is over and that are still there, the longest first; of many the first. Two queries."""
    months = {
        kind: row.months if row else PERIODS[DocumentKind(kind)] for kind, row in periods(viewer, company_id).items()
    }
    rows = visible(InForce.objects.filter(company_id=company_id, retracted_at=None), viewer, SEE)
    # Months differ in length: a few days more than are over, which come last.
    over = [
        Q(edition__document__kind=kind, valid_until__lt=months_after(on, -most) + MARGIN)
        for kind, most in months.items()
    ]
    rows = rows.filter(reduce(or_, over), edition__erased_at=None).select_related("edition__document")
    found = []
    for row in rows.defer("edition__text").order_by("valid_until", "pk")[:limit]:
        if row.valid_until is not None:
            until = months_after(row.valid_until, months[row.edition.document.kind])
            if until < on:
                found.append(Erasable(row.edition, row.valid_until, until))
    return found
