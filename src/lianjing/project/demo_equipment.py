"""What the demo panels protect: areas, which zones lie side by side, the way to the centre, and two floor plans."""

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from lianjing.domain.sites.models import Drawing, Panel, Site, Zone

NEIGHBOURS = (("1", "2"), ("2", "4"), ("2", "3"), ("2", "6"), ("3", "5"))
"""Numbers of demo zones that somebody walks from one into the other."""
PLANNED = (0, 1)
"""Places of the sites that have a floor plan."""
ON_PLAN = {
    "1": (0.50, 0.90),
    "2": (0.45, 0.55),
    "3": (0.90, 0.22),
    "4": (0.20, 0.86),
    "6": (0.66, 0.42),
    "7": (0.82, 0.30),
    "8": (0.83, 0.62),
    "9": (0.12, 0.20),
}
"""Where the demo zones are on the plan, as shares of its width and height."""
WIDTH, HEIGHT = 1000, 700
WALLS = (
    (700, 40, 700, 300),
    (700, 300, 960, 300),
    (700, 460, 960, 460),
    (700, 460, 700, 540),
    (40, 260, 240, 260),
)
DAY = 86_400


def equip(panel: "Panel", place: int) -> None:
    """An area, neighbours, the transmission path, and a plan where there is one. For a panel just made."""
    from lianjing.domain.sites.models import Area, TransmissionPath
    from lianjing.domain.sites.supervised_spans import keep_supervision

    Area.objects.create(panel=panel, number="1", name="全部防区")
    # A day: the demo may be switched off overnight, and no line is lost then.
    TransmissionPath.objects.create(
        panel=panel, place=1, kind="4g", interval_s=DAY, misses=2, transport="udp" if place % 5 == 4 else "tcp"
    )
    keep_supervision([panel.pk], panel.added_at)
    zones = {zone.number: zone for zone in panel.zones.filter(address_kind="zone")}
    for one, other in NEIGHBOURS:
        if one in zones and other in zones:
            zones[one].neighbours.add(zones[other])
    if place in PLANNED:
        _place(zones, _drawing(panel.site))


def _place(zones: "dict[str, Zone]", drawing: "Drawing") -> None:
    for number, (x, y) in ON_PLAN.items():
        if number in zones:
            zones[number].drawing, zones[number].x, zones[number].y = drawing, x, y
            zones[number].save(update_fields=["drawing", "x", "y"])


def _drawing(site: "Site") -> "Drawing":
    from django.core.files.base import ContentFile
    from django.utils import timezone

    from lianjing.domain.sites.models import Drawing

    drawing = Drawing(site=site, name="一层平面（演示）", width=WIDTH, height=HEIGHT, added_at=timezone.now())
    drawing.image.save(f"demo-{site.code}.png", ContentFile(_plan()), save=False)
    drawing.save()
    return drawing


def _plan() -> bytes:
    """Walls, counter and doors of a shop that is nowhere."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((40, 40, 960, 660), outline="black", width=10)
    for wall in WALLS:
        pen.line(wall, fill="black", width=6)
    for counter in ((600, 240, 650, 480), (300, 240, 560, 280)):
        pen.rectangle(counter, outline="gray", width=3)
    for door in ((440, 655, 560, 665), (955, 110, 965, 210)):
        pen.rectangle(door, fill="white", outline="black", width=2)
    pen.line((90, 650, 330, 650), fill="gray", width=4)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
