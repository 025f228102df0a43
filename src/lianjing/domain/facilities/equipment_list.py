"""The register of equipment as a list, what is due on it, and one piece of it with its papers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lianjing.core.cursors import behind
from lianjing.core.scans import KeptScan, read_scan
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.names_now import call_as_now
from lianjing.domain.facilities.equipment_policy import SEE, WINDOWS, End, ends_of, state_on
from lianjing.domain.facilities.models import (
    CertificateNeed,
    Equipment,
    EquipmentCertificate,
    MaintenanceRecord,
    Place,
)
from lianjing.domain.records.dated import OLDEST_FIRST, holding_on, known_at
from lianjing.terms.equipment import EquipmentEnd, EquipmentState

OVER, MISSING = "over", "missing"
TABS = ("", OVER, *(str(days) for days in WINDOWS), MISSING)
"""What may be listed: everything; of what serves, where something is over, ends within so many days (90 hold the 30),
or where a certificate that the company has set is missing."""
BY_NUMBER, BY_DAY = ("number", "id"), ("next_due_on", "id")
LISTED_AT_MOST = 200
"""Papers of one piece on its page."""
COLUMNS = {
    EquipmentEnd.CERTIFICATE: "certificate_until",
    EquipmentEnd.MAINTENANCE: "maintenance_due_on",
    EquipmentEnd.LIFE: "life_ends_on",
    EquipmentEnd.WARRANTY: "warranty_until",
}


@dataclass(frozen=True, slots=True)
class EquipmentWanted:
    """What to list. `place`: the id of a place's first row."""

    tab: str = ""
    kind: str = ""
    place: int | None = None
    state: str = ""
    text: str = ""
    company_id: int | None = None


@dataclass(frozen=True, slots=True)
class EquipmentLine:
    """A piece as a list shows it. `ends`: what of it is over or ends soon, while it serves."""

    piece: Equipment
    state: EquipmentState
    ends: Sequence[End]


def equipment_lines(
    viewer: Viewer, wanted: EquipmentWanted, on: date, *, after: int | None = None, limit: int = 50
) -> list[EquipmentLine]:
    """By number; what is due by its day. One query, two behind a cursor."""
    order = BY_DAY if wanted.tab in (OVER, *map(str, WINDOWS)) else BY_NUMBER
    rows = behind(visible(Equipment.objects.all(), viewer, SEE), order, after)
    rows = _narrowed(rows.filter(_of_tab(wanted.tab, on)), wanted, on)
    return [_line_of(row, on) for row in rows.select_related("company", "place", "keeper")[:limit]]


def equipment_due(
    viewer: Viewer, company_ids: Collection[int], on: date, within: int, limit: int
) -> list[EquipmentLine]:
    """Of what serves: where something is over, or ends within so many days; by its day. One query."""
    rows = visible(Equipment.objects.filter(company_id__in=company_ids), viewer, SEE)
    rows = rows.filter(_of_tab(OVER, on) | _of_tab(str(within), on)).order_by(*BY_DAY)
    return [_line_of(row, on) for row in rows[:limit]]


def equipment_lacking(viewer: Viewer, company_ids: Collection[int], on: date, limit: int) -> list[Equipment]:
    """Of what serves: where a certificate that the company has set is missing; by number. One query."""
    rows = visible(Equipment.objects.filter(company_id__in=company_ids), viewer, SEE)
    return list(rows.filter(_of_tab(MISSING, on)).order_by(*BY_NUMBER)[:limit])


def equipment_counts(viewer: Viewer, on: date, company_id: int | None = None) -> dict[str, int]:
    """How many stand under each tab, whatever else is chosen. One query."""
    rows = visible(Equipment.objects.all(), viewer, SEE)
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    return rows.aggregate(**{tab or "all": Count("pk", filter=_of_tab(tab, on)) for tab in TABS})


def _line_of(row: Equipment, on: date) -> EquipmentLine:
    state = state_on(row.commissioned_on, row.decommissioned_on, on)
    days = {what: getattr(row, column) for what, column in COLUMNS.items()}
    return EquipmentLine(row, state, list(ends_of(days, on)) if state == EquipmentState.IN_SERVICE else [])


def places_of(viewer: Viewer, company_id: int | None = None) -> list[tuple[int, str]]:
    """The places by the id of their first row and their latest name."""
    rows = visible(Place.objects.filter(retracted_at=None), viewer, SEE)
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    named = {row.first_id or row.pk: row.name for row in rows.order_by(OLDEST_FIRST, "pk")}
    return sorted(named.items(), key=lambda one: (one[1], one[0]))


def equipment_by_id(viewer: Viewer, equipment_id: int, on: date) -> EquipmentLine | None:
    """One piece; None when there is none for the viewer."""
    rows = visible(Equipment.objects.all(), viewer, SEE)
    row = rows.select_related("company", "place", "department", "keeper").filter(pk=equipment_id).first()
    call_as_now([row.department] if row is not None else [])
    return _line_of(row, on) if row is not None else None


def numbers_of(viewer: Viewer, company_id: int, limit: int = 500) -> list[tuple[str, str]]:
    """Numbers and names, for a form that names a piece."""
    rows = visible(Equipment.objects.filter(company_id=company_id), viewer, SEE)
    return list(rows.order_by("number").values_list("number", "name")[:limit])


def certificates_of(viewer: Viewer, piece: Equipment) -> list[EquipmentCertificate]:
    """Those that are taken for true, the latest first."""
    rows = known_at(visible(EquipmentCertificate.objects.filter(equipment=piece), viewer, SEE))
    return list(rows.order_by("-valid_from", "-pk")[:LISTED_AT_MOST])


def certificate_by_id(viewer: Viewer, certificate_id: int) -> EquipmentCertificate | None:
    """One that is taken for true now."""
    rows = known_at(visible(EquipmentCertificate.objects.all(), viewer, SEE))
    return rows.select_related("equipment").filter(pk=certificate_id).first()


def kept_certificate(
    viewer: Viewer, equipment_id: int, certificate_id: int
) -> tuple[EquipmentCertificate, KeptScan] | None:
    """The certificate with its scan, compared with what was kept; None when there is none for the viewer."""
    rows = visible(EquipmentCertificate.objects.filter(equipment_id=equipment_id), viewer, SEE)
    row = rows.filter(pk=certificate_id).first()
    kept = read_scan(row.scan, row.scan_sha256) if row is not None else None
    return (row, kept) if row is not None and kept is not None else None


def maintenances_of(viewer: Viewer, piece: Equipment) -> list[MaintenanceRecord]:
    """Those that are taken for true, the latest first."""
    rows = known_at(visible(MaintenanceRecord.objects.filter(equipment=piece), viewer, SEE))
    return list(rows.order_by("-valid_from", "-pk")[:LISTED_AT_MOST])


def maintenance_by_id(viewer: Viewer, maintenance_id: int) -> MaintenanceRecord | None:
    """One that is taken for true now."""
    rows = known_at(visible(MaintenanceRecord.objects.all(), viewer, SEE))
    return rows.select_related("equipment").filter(pk=maintenance_id).first()


def needs_of(viewer: Viewer, company_id: int) -> list[CertificateNeed]:
    """What the company has set, by kind."""
    rows = known_at(visible(CertificateNeed.objects.filter(company_id=company_id), viewer, SEE))
    return list(rows.order_by("kind", "pk"))


def need_by_id(viewer: Viewer, need_id: int) -> CertificateNeed | None:
    """One that stands."""
    return known_at(visible(CertificateNeed.objects.all(), viewer, SEE)).filter(pk=need_id).first()


def _serving(on: date) -> Q:
    return Q(commissioned_on__lte=on) & (Q(decommissioned_on=None) | Q(decommissioned_on__gt=on))


def _of_tab(tab: str, on: date) -> Q:
    if tab == OVER:
        return _serving(on) & Q(next_due_on__lt=on)
    if tab == MISSING:
        return _serving(on) & Q(Exists(_unmet_needs(on)))
    if tab:
        last = on + timedelta(days=int(tab))
        found = Q()
        for column in COLUMNS.values():
            found |= Q(**{f"{column}__range": (on, last)})
        return _serving(on) & found
    return Q()


def _unmet_needs(on: date) -> "QuerySet[CertificateNeed]":
    """Of the piece of the outer query: what it needs and has not on the day."""
    papers: Any = EquipmentCertificate.objects.filter(equipment=OuterRef(OuterRef("pk")), kind=OuterRef("certificate"))
    needs: Any = CertificateNeed.objects.filter(company=OuterRef("company"), kind=OuterRef("kind"))
    return holding_on(known_at(needs), on).filter(~Exists(holding_on(known_at(papers), on)))


def _narrowed(rows: "QuerySet[Equipment]", wanted: EquipmentWanted, on: date) -> "QuerySet[Equipment]":
    chosen = {"company_id": wanted.company_id, "kind": wanted.kind, "place_id": wanted.place}
    rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    if wanted.state:
        rows = rows.filter(_of_state(EquipmentState(wanted.state), on))
    return rows.filter(_saying(wanted.text)) if wanted.text else rows


def _of_state(state: EquipmentState, on: date) -> Q:
    ended = Q(decommissioned_on__lte=on)
    if state == EquipmentState.ENDED:
        return ended
    return _serving(on) if state == EquipmentState.IN_SERVICE else Q(commissioned_on=None) | Q(commissioned_on__gt=on)


def _saying(text: str) -> Q:
    found = Q()
    for name in ("number", "name", "manufacturer", "model", "serial", "plate", "place_words", "keeper__name"):
        found |= Q(**{f"{name}__icontains": text})
    return found
