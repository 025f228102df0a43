"""Controlled documents of a company as they are in force on a day, by what was known, for the clauses of 8.2."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.looking_ahead import Span, day_after, ends
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.documents.models import DocumentReview, InForce, Ownership, StandardStatus
from lianjing.domain.people.models import StaffFact
from lianjing.domain.records.dated import known_at
from lianjing.terms.documents import DocumentKind, StandardState
from lianjing.terms.staffing import StaffFactKind

SEE = "compliance.see"
Days = tuple[date | None, date | None]
"""From a day to a day, both included."""


@dataclass(frozen=True, slots=True)
class DocumentKnown:
    """A document with an edition in force on the day. `state` None: nobody has said what became of the standard."""

    id: int
    kind: DocumentKind
    number: str
    title: str
    label: str
    has_owner: bool
    """Who answers for it is at work."""
    review_by: date
    state: StandardState | None = None
    successor: str = ""


@dataclass(frozen=True, slots=True)
class DocumentsKnown:
    """All that are in force on the day, by number."""

    on: date
    documents: tuple[DocumentKnown, ...]

    def of(self, kind: DocumentKind) -> tuple[DocumentKnown, ...]:
        return tuple(one for one in self.documents if one.kind is kind)


@dataclass(frozen=True, slots=True)
class _Term:
    id: int
    kind: str
    number: str
    title: str
    label: str
    begins: date
    until: date | None
    review_by: date


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """Everything that was known, whatever its days."""

    terms: list[_Term]
    owners: dict[int, list[tuple[int, Days]]]
    """By document: who answers for it, and when."""
    employed: dict[int, list[Days]]
    reviews: dict[int, list[tuple[date, date]]]
    """By document: when it was reviewed, and by when it is to be again; oldest first."""
    statuses: dict[int, list[tuple[date, str, str]]]
    """By document: since when what became of it, and what takes its place; oldest first."""

    @property
    def days(self) -> set[date]:
        """On which something begins to hold, or no longer does, or is due to be reviewed."""
        found = {day for term in self.terms for day in ends(term.begins, term.until)}
        found |= {day for term in self.terms for day in day_after(term.review_by)}
        spans = [days for owned in self.owners.values() for _member, days in owned]
        spans += [days for worked in self.employed.values() for days in worked]
        found |= {day for span in spans for day in ends(*span)}
        seen = [pair for reviewed in self.reviews.values() for pair in reviewed]
        found |= {day for reviewed_on, next_on in seen for day in ({reviewed_on} | day_after(next_on))}
        return found | {since for told in self.statuses.values() for since, _state, _successor in told}

    def on(self, day: date) -> DocumentsKnown:
        rows = [term for term in self.terms if _holds((term.begins, term.until), day)]
        return DocumentsKnown(day, tuple(self._known(term, day) for term in sorted(rows, key=lambda row: row.number)))

    def _known(self, term: _Term, day: date) -> DocumentKnown:
        reviewed = [pair for pair in self.reviews.get(term.id, ()) if term.begins <= pair[0] <= day]
        told = [one for one in self.statuses.get(term.id, ()) if one[0] <= day]
        return DocumentKnown(
            term.id,
            DocumentKind(term.kind),
            term.number,
            term.title,
            term.label,
            self._has_owner(term.id, day),
            reviewed[-1][1] if reviewed else term.review_by,
            StandardState(told[-1][1]) if told else None,
            told[-1][2] if told else "",
        )

    def _has_owner(self, document_id: int, day: date) -> bool:
        members = [member for member, days in self.owners.get(document_id, ()) if _holds(days, day)]
        return any(_holds(days, day) for member in members for days in self.employed.get(member, ()))


def _holds(days: Days, day: date) -> bool:
    begins, until = days
    return (begins is None or begins <= day) and (until is None or day <= until)


@once_a_sweep
def documents_known(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> DocumentsKnown:
    """On the day, by what was known at `known`."""
    return _rows(viewer, company_id, known).on(on)


@once_a_sweep
def document_rows(viewer: Viewer, company_id: int, _span: Span, known: datetime | None) -> DocumentRows:
    """For every day of a span, from one reading."""
    return _rows(viewer, company_id, known)


def _rows(viewer: Viewer, company_id: int, known: datetime | None) -> DocumentRows:
    """Five queries; one while nothing is in force."""
    rows = known_at(visible(InForce.objects.filter(company_id=company_id), viewer, SEE), known)
    about = ("document_id", "document__kind", "document__number", "document__title", "edition__label")
    terms = [_Term(*row) for row in rows.values_list(*about, "valid_from", "valid_until", "review_by")]
    if not terms:
        return DocumentRows([], {}, {}, {}, {})
    owners = _owners(company_id, known)
    members = {member for owned in owners.values() for member, _days in owned}
    return DocumentRows(
        terms, owners, _employed(members, known), _reviews(company_id, known), _statuses(company_id, known)
    )


def _owners(company_id: int, known: datetime | None) -> dict[int, list[tuple[int, Days]]]:
    found: dict[int, list[tuple[int, Days]]] = defaultdict(list)
    rows = known_at(Ownership.objects.filter(company_id=company_id), known)
    for document_id, member_id, *days in rows.values_list("document_id", "member_id", "valid_from", "valid_until"):
        found[document_id].append((member_id, (days[0], days[1])))
    return found


def _employed(members: Iterable[int], known: datetime | None) -> dict[int, list[Days]]:
    found: dict[int, list[Days]] = defaultdict(list)
    rows = StaffFact.objects.filter(member_id__in=set(members), kind=StaffFactKind.EMPLOYMENT.value)
    for member_id, *days in known_at(rows, known).values_list("member_id", "valid_from", "valid_until"):
        found[member_id].append((days[0], days[1]))
    return found


def _reviews(company_id: int, known: datetime | None) -> dict[int, list[tuple[date, date]]]:
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = known_at(DocumentReview.objects.filter(company_id=company_id), known).order_by("valid_from", "pk")
    for document_id, reviewed_on, next_on in rows.values_list("document_id", "valid_from", "next_on"):
        found[document_id].append((reviewed_on or date.min, next_on))
    return found


def _statuses(company_id: int, known: datetime | None) -> dict[int, list[tuple[date, str, str]]]:
    found: dict[int, list[tuple[date, str, str]]] = defaultdict(list)
    rows = known_at(StandardStatus.objects.filter(company_id=company_id), known).order_by("pk")
    told = [(row[0], (row[1] or date.min, *row[2:])) for row in rows.values_list(*STATUS)]
    for document_id, one in sorted(told, key=lambda pair: pair[1][0]):
        found[document_id].append(one)
    return found


STATUS = ("document_id", "valid_from", "state", "successor")
