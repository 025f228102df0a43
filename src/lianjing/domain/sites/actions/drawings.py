"""Drawings of sites, and where zones are on them."""

from datetime import datetime
from typing import Any, BinaryIO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.domain.sites.actions.changing import require_edit
from lianjing.domain.sites.drawing_images import clean_image
from lianjing.domain.sites.models import Drawing, Site, Zone
from lianjing.terms.codes import AddressKind
from lianjing.terms.sentences import marked as _

MOST_DRAWINGS = 30
"""Of one site."""
OF_SITE = "site__company_id"
OF_PANEL = "panel__site__company_id"


def add_drawing(
    site_id: int,
    name: str,
    upload: BinaryIO,
    size: int,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
    file_name: str = "",
) -> Drawing:
    """Keeps a picture as a drawing of a site; `file_name`: what its file was called. Raises Missing, Forbidden,
    Refused.

    The picture is worked over before the transaction: that takes up to seconds, and on SQLite there is one writer.
    """
    _require_edit_of_site(site_id, by)
    image = clean_image(upload, size, file_name)
    with transaction.atomic():
        site = _require_edit_of_site(site_id, by)
        if site.drawings.count() >= MOST_DRAWINGS:
            raise Refused("", _("一个场所最多 %(most)d 张平面图。"), most=MOST_DRAWINGS)
        drawing = Drawing(site=site, name=_name(name), width=image.width, height=image.height, added_at=at)
        drawing.image.save(f"{uuid4().hex}.{image.suffix}", ContentFile(image.content), save=False)
        try:
            drawing.save()
            told = {"drawing": drawing.name, "width": image.width, "height": image.height}
            write_down("site.drawing_added", site, site.company_id, Actor(by, at, source), after=told)
        except BaseException:
            # Its row is not kept, so nobody would find the file again.
            drawing.image.storage.delete(drawing.image.name)
            raise
    return drawing


@transaction.atomic
def rename_drawing(drawing_id: int, name: str, *, by: Viewer, at: datetime, source: str = "") -> Drawing:
    """Raises Missing, Forbidden, Refused."""
    drawing = _drawing(drawing_id, by)
    had, drawing.name = drawing.name, _name(name)
    if had != drawing.name:
        drawing.save(update_fields=["name"])
        names = {"before": {"drawing": had}, "after": {"drawing": drawing.name}}
        write_down("site.drawing_renamed", drawing.site, drawing.site.company_id, Actor(by, at, source), **names)
    return drawing


@transaction.atomic
def remove_drawing(drawing_id: int, *, by: Viewer, at: datetime, source: str = "") -> int:
    """Removes a drawing with its picture; its zones have no place any more. Returns the site's id.

    Raises Missing, Forbidden.
    """
    drawing = _drawing(drawing_id, by)
    site, file, storage = drawing.site, drawing.image.name, drawing.image.storage
    placed = Zone.objects.filter(drawing=drawing)
    before = {"drawing": drawing.name, "zones": placed.count()}
    write_down("site.drawing_removed", site, site.company_id, Actor(by, at, source), before=before, after={})
    placed.update(drawing=None, x=None, y=None)
    drawing.delete()
    transaction.on_commit(lambda: storage.delete(file))
    return site.pk


@transaction.atomic
def place_zone(
    zone_id: int, drawing_id: int, x: float, y: float, *, by: Viewer, at: datetime, source: str = ""
) -> Zone:
    """Puts a zone on a drawing of its site; `x` and `y` are shares of width and height. Moves it when it has a place.

    Raises Missing, Forbidden, Refused.
    """
    drawing = _drawing(drawing_id, by)
    zone = _zone(zone_id, by)
    if zone.panel.site_id != drawing.site_id:
        raise Missing(f"zone {zone_id} of site {drawing.site_id}")
    for field, share in (("x", x), ("y", y)):
        if not 0 <= share <= 1:
            raise Refused(field, _("位置须在图内。"))
    _move(zone, drawing, round(x, 4), round(y, 4), Actor(by, at, source))
    return zone


@transaction.atomic
def unplace_zone(zone_id: int, *, by: Viewer, at: datetime, source: str = "") -> Zone:
    """Takes a zone off its drawing. Raises Missing, Forbidden."""
    zone = _zone(zone_id, by)
    _move(zone, None, None, None, Actor(by, at, source))
    return zone


def _move(zone: Zone, drawing: Drawing | None, x: float | None, y: float | None, actor: Actor) -> None:
    before, had = _place(zone), (zone.drawing_id, zone.x, zone.y)
    zone.drawing, zone.x, zone.y = drawing, x, y
    if had == (zone.drawing_id, x, y):
        return
    zone.save(update_fields=["drawing", "x", "y"])
    site = zone.panel.site
    told = {"zone": f"{zone.number} {zone.name}".strip()}
    write_down("site.zone_placed", site, site.company_id, actor, before=before, after={**told, **_place(zone)})


def _place(zone: Zone) -> dict[str, Any]:
    return {"drawing": zone.drawing.name if zone.drawing else "", "x": zone.x, "y": zone.y}


def _require_edit_of_site(site_id: int, by: Viewer) -> Site:
    with transaction.atomic():
        site = locked(Site.objects.all(), site_id, by, see="sites.see")
        require_edit(by, site.company_id)
    return site


def _drawing(drawing_id: int, by: Viewer) -> Drawing:
    drawing = locked(Drawing.objects.select_related("site"), drawing_id, by, company=OF_SITE, see="sites.see")
    require_edit(by, drawing.site.company_id)
    return drawing


def _zone(zone_id: int, by: Viewer) -> Zone:
    rows = Zone.objects.filter(address_kind=AddressKind.ZONE.value, panel__removed_at=None)
    zone = locked(rows.select_related("panel__site", "drawing"), zone_id, by, company=OF_PANEL, see="sites.see")
    require_edit(by, zone.panel.site.company_id)
    return zone


def _name(name: str) -> str:
    if not name.strip():
        raise Refused("name", _("请填写名称，例如“一层”。"))
    return name.strip()
