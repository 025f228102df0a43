"""The register of equipment as it was known: for clause 7, and when the pieces served."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.db.models import QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.equipment_lines import Days, Need, Piece, Register
from lianjing.domain.facilities.models import CertificateNeed, EquipmentCertificate, MaintenanceRecord, ServiceSpan
from lianjing.domain.records.dated import known_at

SEE = "compliance.see"


def register_known(viewer: Viewer, company_id: int, known: datetime | None) -> Register:
    """All that was known at `known` (None: is now), of any day. Three queries, four when a certificate is needed."""
    needs = _needs(viewer, company_id, known)
    papers = _papers(viewer, company_id, known, {need.certificate for need in needs}) if needs else {}
    return Register(_pieces(viewer, company_id, known), needs, papers, _done(viewer, company_id, known))


def capable_spans(viewer: Viewer, company_id: int, known: datetime | None) -> dict[int, list[Days]]:
    """When the pieces served of which it is recorded what they are able to."""
    rows = known_at(_spans(viewer, company_id), known).filter(equipment__capabilities__isnull=False)
    found: dict[int, list[Days]] = defaultdict(list)
    for pk, begins, over in rows.values_list("equipment_id", "valid_from", "valid_until").distinct():
        found[pk].append((begins, over))
    return found


def _spans(viewer: Viewer, company_id: int) -> "QuerySet[ServiceSpan]":
    return visible(ServiceSpan.objects.filter(company_id=company_id), viewer, SEE)


def _pieces(viewer: Viewer, company_id: int, known: datetime | None) -> list[Piece]:
    rows = known_at(_spans(viewer, company_id), known).order_by("equipment__number", "pk")
    columns = ("equipment_id", "equipment__number", "equipment__name", "kind", "cycle_months", "life_ends_on")
    return [
        Piece(pk, f"{number} {name}", kind, (begins, until), cycle, life)
        for pk, number, name, kind, cycle, life, begins, until in rows.values_list(
            *columns, "valid_from", "valid_until"
        )
    ]


def _needs(viewer: Viewer, company_id: int, known: datetime | None) -> list[Need]:
    rows = known_at(visible(CertificateNeed.objects.filter(company_id=company_id), viewer, SEE), known).order_by("pk")
    columns = ("kind", "certificate", "valid_from", "valid_until")
    return [Need(kind, paper, (begins, until)) for kind, paper, begins, until in rows.values_list(*columns)]


def _papers(
    viewer: Viewer, company_id: int, known: datetime | None, kinds: Collection[str]
) -> dict[tuple[int, str], list[Days]]:
    rows = known_at(visible(EquipmentCertificate.objects.filter(company_id=company_id), viewer, SEE), known)
    found: dict[tuple[int, str], list[Days]] = defaultdict(list)
    columns = ("equipment_id", "kind", "valid_from", "valid_until")
    for pk, kind, begins, until in rows.filter(kind__in=kinds).order_by("pk").values_list(*columns):
        found[pk, kind].append((begins, until))
    return found


def _done(viewer: Viewer, company_id: int, known: datetime | None) -> dict[int, list[date]]:
    rows = known_at(visible(MaintenanceRecord.objects.filter(company_id=company_id), viewer, SEE), known)
    found: dict[int, list[date]] = defaultdict(list)
    for pk, day in rows.order_by("valid_from", "pk").values_list("equipment_id", "valid_from"):
        if day is not None:
            found[pk].append(day)
    return found
