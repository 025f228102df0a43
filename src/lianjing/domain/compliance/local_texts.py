"""Which local texts count for a company on a day, and which there are at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import Clause, catalogue
from lianjing.domain.compliance.local_text import LocalText, in_force, text_of
from lianjing.domain.compliance.models import LocalStandard
from lianjing.domain.records.dated import known_at

SEE = "compliance.see"


@dataclass(frozen=True, slots=True)
class Kept:
    """A local text on file. `companies`: codes; () is for all."""

    id: int
    text: LocalText
    sha256: str
    companies: tuple[str, ...]
    recorded_at: datetime
    recorded_by: str
    retracted_at: datetime | None


def local_texts(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> list[LocalText]:
    """Those in force for the company on day `on`, by what was known at `known`, by number; one query. [] for who may
    not see its clauses."""
    return in_force(local_editions(viewer, company_id, known), on)


def local_editions(viewer: Viewer, company_id: int, known: datetime | None = None) -> list[LocalText]:
    """Every edition for the company that was known at `known`, whatever its days, the oldest first; one query. [] for
    who may not see its clauses."""
    if not viewer.scope(SEE).holds(company_id):
        return []
    rows = known_at(_for(LocalStandard.objects.all(), company_id), known)
    return [text_of(row.content) for row in rows.order_by("valid_from", "pk")]


def all_entries(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> list[Clause]:
    """Every entry of the specification and, behind it, of the local texts in force: judged ones and others."""
    return [*catalogue().clauses.values(), *_entries(local_texts(viewer, company_id, on, known))]


def judged_entries(viewer: Viewer, company_id: int) -> dict[str, Clause]:
    """Every clause of the company that is judged on some day, by number: those of the specification and of every
    edition on file. What evidence may serve."""
    rows = (
        _for(LocalStandard.objects.filter(retracted_at=None), company_id) if viewer.scope(SEE).holds(company_id) else ()
    )
    local = _entries(text_of(row.content) for row in rows)
    return {one.number: one for one in (*catalogue().judged, *local) if one.kind.is_judged}


def _entries(texts: Iterable[LocalText]) -> list[Clause]:
    return [text.entry(clause) for text in texts for clause in text.clauses]


def kept_standards(viewer: Viewer, *, withdrawn: bool = False) -> list[Kept]:
    """Local texts for companies of the viewer's, by number and first day. `withdrawn`: those taken back, too."""
    scope = viewer.scope(SEE)
    rows = LocalStandard.objects.prefetch_related("companies").order_by("number", "valid_from", "pk")
    if not scope:
        return []
    if not scope.everything:
        rows = rows.filter(Q(is_for_all=True) | Q(companies__in=scope.companies)).distinct()
    if not withdrawn:
        rows = rows.filter(retracted_at=None)
    return [
        Kept(
            row.pk,
            text_of(row.content),
            row.sha256,
            tuple(one.code for one in row.companies.all()),
            row.recorded_at,
            row.recorded_by,
            row.retracted_at,
        )
        for row in rows
    ]


def _for(rows: "QuerySet[LocalStandard, LocalStandard]", company_id: int) -> "QuerySet[LocalStandard, LocalStandard]":
    chosen = LocalStandard.companies.through.objects.filter(company_id=company_id).values("localstandard_id")
    return rows.filter(Q(is_for_all=True) | Q(pk__in=chosen))
