"""A drawing as it is shown in any room: the picture with its zones marked, those in alarm by shape and word."""

from collections.abc import Set
from dataclasses import dataclass

from lianjing.domain.sites.drawings import Plan
from lianjing.domain.sites.models import Drawing, Zone

LONGEST_LABEL = 12
"""Characters that are written beside a mark in alarm; the list has the whole name."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A zone's place in pixels of the picture."""

    zone: Zone
    x: int
    y: int
    alarmed: bool
    label: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """What `office/_drawing.html` shows. `unit` is a hundredth of the longer side: marks keep their size beside it."""

    drawing: Drawing
    unit: int
    marks: list[Mark]

    @property
    def alarmed(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.alarmed]


def drawn(plan: Plan, alarmed: Set[int] = frozenset()) -> Drawn:
    """Zones in alarm last, so that they lie above the others."""
    drawing = plan.drawing
    marks = [_mark(zone, drawing, zone.pk in alarmed) for zone in plan.zones if zone.x is not None]
    unit = max(1, max(drawing.width, drawing.height) // 100)
    return Drawn(drawing, unit, sorted(marks, key=lambda mark: mark.alarmed))


def _mark(zone: Zone, drawing: Drawing, alarmed: bool) -> Mark:
    x, y = round((zone.x or 0) * drawing.width), round((zone.y or 0) * drawing.height)
    name = zone.name if len(zone.name) <= LONGEST_LABEL else zone.name[:LONGEST_LABEL] + "…"
    return Mark(zone, x, y, alarmed, f"{zone.number} {name}".strip())
