"""The sheets `areas` and `users`: a panel, a number, a name."""

from lianjing.core.workbooks.reading import Row
from lianjing.domain.sites.importing import standing
from lianjing.domain.sites.importing.columns import AREAS, USERS
from lianjing.domain.sites.importing.entering.scene import Scene
from lianjing.domain.sites.models import Area, Panel, Zone
from lianjing.terms.codes import AddressKind


def enter_areas(scene: Scene) -> None:
    """Also finds the areas of the panels whose zones name some."""
    rows = _with_panels(scene, "areas")
    panels = [panel for _row, panel in rows]
    for row in scene.book.rows("zones"):
        if row.values.get("area") and "panel" in row.values:
            panels += scene.panels_named(row.values["panel"])
    by_id = {panel.pk: panel for panel in panels if panel.pk}
    for (panel_id, number), area in standing.areas(scene.viewer, by_id).items():
        scene.areas[id(by_id[panel_id]), number] = area
    for row, panel in rows:
        number = row.values.get("number")
        if number is None or not scene.is_new_here("areas", row, (id(panel), number), number):
            continue
        area = scene.areas.get((id(panel), number))
        if area is None:
            area = scene.areas[id(panel), number] = Area(panel=panel, number=number)
        scene.settle(row, scene.change(AREAS, row, f"{scene.panel_name(panel)}/{number}", area))


def enter_users(scene: Scene) -> None:
    rows = _with_panels(scene, "users")
    ids = {panel.pk for _row, panel in rows if panel.pk}
    stands = standing.zones(scene.viewer, ids, AddressKind.USER.value)
    for row, panel in rows:
        number = row.values.get("number")
        if number is None or not scene.is_new_here("users", row, (id(panel), number), number):
            continue
        user = stands.get((panel.pk, number)) if panel.pk else None
        if user is None:
            user = Zone(panel=panel, address_kind=AddressKind.USER.value, number=number)
        scene.settle(row, scene.change(USERS, row, f"{scene.panel_name(panel)}/{number}", user))


def _with_panels(scene: Scene, sheet: str) -> list[tuple[Row, Panel]]:
    return [(row, panel) for row in scene.book.rows(sheet) if (panel := scene.panel_of(sheet, row)) is not None]
