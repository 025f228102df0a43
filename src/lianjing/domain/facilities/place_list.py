"""Places as pages list them: what holds on a day, one of them with what was found there, its drawings and photos."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q
from django.db.models.functions import Coalesce

from lianjing.core.scans import KeptScan, read_scan
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.facilities.models import Place, PlaceFact, PlaceFile
from lianjing.domain.facilities.policy import SEE
from lianjing.domain.records.dated import holding_on, known_at

PLACES_AT_MOST = 300
EARLIER_AT_MOST = 50


def places_on(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> list[Place]:
    """Those in use on the day, by what was known of them; centres with their address."""
    rows = known_at(visible(Place.objects.filter(company_id=company_id), viewer, SEE), known)
    return list(holding_on(rows, on).order_by("pk")[:PLACES_AT_MOST])


def place_lines(
    viewer: Viewer, company_id: int | None, kind: str, on: date, *, after: int | None = None, limit: int = 100
) -> list[Place]:
    """Those in use on the day, of one company or of all that the viewer sees, by the ids of their first rows; `after`
    is the last that was told. One query."""
    rows = known_at(visible(Place.objects.all(), viewer, SEE)).annotate(place=Coalesce("first_id", "id"))
    wanted = {"company_id": company_id, "kind": kind or None, "place__gt": after}
    rows = holding_on(rows, on).filter(**{name: value for name, value in wanted.items() if value is not None})
    return list(rows.select_related("company").order_by("place")[:limit])


def places_now(viewer: Viewer, company_id: int, permission: str = SEE) -> list[Place]:
    """All that are taken for true now, whatever their days: for forms."""
    rows = visible(Place.objects.filter(company_id=company_id, retracted_at=None), viewer, permission)
    return list(rows.order_by("pk")[:PLACES_AT_MOST])


def place_by_id(viewer: Viewer, place_id: int) -> Place | None:
    """What is taken for true of a place now, by its first row; None when it was taken back or is none of the
    viewer's."""
    rows = visible(Place.objects.filter(retracted_at=None), viewer, SEE)
    rows = rows.filter(Q(pk=place_id, first=None) | Q(first_id=place_id))
    return rows.select_related("company", "centre").order_by("-pk").first()


def facts_of(
    viewer: Viewer, place_id: int, on: date, known: datetime | None = None
) -> tuple[list[PlaceFact], list[PlaceFact]]:
    """What counts on the day, the newest of each kind; and the newest of what is over, to come, or was taken back."""
    mine = visible(PlaceFact.objects.filter(place_id=place_id), viewer, SEE)
    held = holding_on(known_at(mine, known), on).order_by("valid_from", "pk")
    newest = {row.kind: row for row in held}
    others = mine if known is None else mine.filter(recorded_at__lte=known)
    others = others.exclude(pk__in=[row.pk for row in newest.values()]).order_by("-pk")
    return list(newest.values()), list(others[:EARLIER_AT_MOST])


def files_of(viewer: Viewer, place_id: int, known: datetime | None = None) -> list[PlaceFile]:
    """Drawings before photos, the oldest first."""
    rows = known_at(visible(PlaceFile.objects.filter(place_id=place_id), viewer, SEE), known)
    return list(rows.order_by("kind", "pk")[:PLACES_AT_MOST])


def fact_by_id(viewer: Viewer, fact_id: int) -> PlaceFact | None:
    """Also one that was taken back: its file stays readable."""
    rows = visible(PlaceFact.objects.select_related("place"), viewer, SEE)
    return rows.filter(pk=fact_id).first()


def file_by_id(viewer: Viewer, file_id: int) -> PlaceFile | None:
    rows = visible(PlaceFile.objects.select_related("place"), viewer, SEE)
    return rows.filter(pk=file_id).first()


def kept_file_of(viewer: Viewer, row: PlaceFact | PlaceFile) -> KeptScan | None:
    """The file itself; None when there is none, or the viewer may not see it."""
    if not viewer.scope(SEE).holds(row.company_id):
        return None
    return read_scan(row.file, row.file_sha256 if isinstance(row, PlaceFact) else row.sha256)


def names_of(viewer: Viewer, company_id: int, ids: Sequence[int]) -> dict[int, str]:
    """What places are called now, by their first rows."""
    rows = visible(Place.objects.filter(company_id=company_id, retracted_at=None), viewer, SEE)
    rows = rows.filter(Q(pk__in=ids) | Q(first_id__in=ids))
    return {first or pk: name for pk, first, name in rows.values_list("pk", "first_id", "name")}
