"""Reading the pictures and clips of a case."""

from dataclasses import dataclass
from hashlib import sha256

from django.db.models import QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.models import CaseMedia

SHOWN = 200


def media_of_case(viewer: Viewer, incident_id: int) -> list[CaseMedia]:
    """Oldest first: as it came in."""
    rows = _visible(viewer).filter(incident_id=incident_id).select_related("uploaded_by")
    return list(rows.order_by("pk")[:SHOWN])


def media_by_id(viewer: Viewer, incident_id: int, media_id: int) -> CaseMedia | None:
    """None when it is not of this case, or not the viewer's to see."""
    rows = _visible(viewer).filter(incident_id=incident_id, pk=media_id)
    return rows.select_related("uploaded_by", "incident__site").first()


@dataclass(frozen=True, slots=True)
class Beside:
    """The pictures before and after one, for leafing through."""

    before: int | None
    after: int | None
    place: int
    count: int


def beside(viewer: Viewer, media: CaseMedia) -> Beside:
    """Where a picture stands among those of its case."""
    ids = list(_visible(viewer).filter(incident_id=media.incident_id).order_by("pk").values_list("pk", flat=True))
    at = ids.index(media.pk)
    return Beside(
        before=ids[at - 1] if at else None,
        after=ids[at + 1] if at + 1 < len(ids) else None,
        place=at + 1,
        count=len(ids),
    )


def is_unaltered(viewer: Viewer, media: CaseMedia) -> bool | None:
    """Whether its file is still the one that was kept; None when the file is gone, or not the viewer's to see."""
    if not _visible(viewer).filter(pk=media.pk).exists():
        return None
    try:
        with media.file.storage.open(media.file.name) as file:
            digest = sha256()
            while piece := file.read(1 << 20):
                digest.update(piece)
    except FileNotFoundError:
        return None
    return digest.hexdigest() == media.sha256


def _visible(viewer: Viewer) -> "QuerySet[CaseMedia]":
    return visible(CaseMedia.objects.all(), viewer, "incidents.see", company_field="incident__company_id")
