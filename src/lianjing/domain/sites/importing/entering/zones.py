"""The sheet `zones`, with who is whose neighbour."""

from collections.abc import Iterator
from typing import Any

from lianjing.core.workbooks.faults import Fault
from lianjing.core.workbooks.planning import Change
from lianjing.core.workbooks.reading import Row
from lianjing.domain.sites.equipment_entries import ZoneEntry
from lianjing.domain.sites.importing import standing
from lianjing.domain.sites.importing.columns import ZONES
from lianjing.domain.sites.importing.entering.scene import Scene
from lianjing.domain.sites.importing.refs import ZoneRef
from lianjing.domain.sites.models import Area, Drawing, Panel, Zone
from lianjing.domain.sites.zone_rules import NAME_LIMIT, zone_name, zone_weakens
from lianjing.terms.codes import LIFE_CLASSES, AddressKind
from lianjing.terms.premises import Principle, ZoneKind
from lianjing.terms.sentences import marked as _

_KIND_OF_PRINCIPLE = {
    Principle.BUTTON: ZoneKind.HOLD_UP,
    Principle.SMOKE: ZoneKind.FIRE,
    Principle.HEAT: ZoneKind.FIRE,
    Principle.GAS: ZoneKind.ENVIRONMENT,
    Principle.WATER: ZoneKind.ENVIRONMENT,
}
"""What a new zone is there for when nobody says so: never less than what its detector may mean."""

Entered = tuple[Row, Zone, Change]


def enter_zones(scene: Scene) -> None:
    rows = [(row, panel) for row in scene.book.rows("zones") if (panel := scene.panel_of("zones", row)) is not None]
    _find_standing(scene, [panel for _row, panel in rows])
    drawings = _drawings(scene, rows)
    entered: list[Entered] = []
    for row, panel in rows:
        number = row.values.get("number")
        if number is None or not scene.is_new_here("zones", row, (id(panel), number), number):
            continue
        zone = scene.zones.get((id(panel), number))
        if zone is None:
            zone = scene.zones[id(panel), number] = Zone(
                panel=panel, address_kind=AddressKind.ZONE.value, number=number
            )
        entered.append((row, zone, _enter(scene, row, zone, drawings)))
    _enter_neighbours(scene, entered)
    for row, _zone, change in entered:
        scene.settle(row, change)


def _find_standing(scene: Scene, panels: list[Panel]) -> None:
    """The zones of the panels, and of those whose zones are named as neighbours."""
    named = {p.pk: p for p in panels if p.pk}
    for row in scene.book.rows("zones"):
        for ref in row.values.get("neighbours", ()):
            if ref.panel is not None:
                named.update({p.pk: p for p in scene.panels_named(ref.panel) if p.pk})
    for (panel_id, number), zone in standing.zones(scene.viewer, named, AddressKind.ZONE.value).items():
        zone.panel = named[panel_id]
        scene.zones[id(named[panel_id]), number] = zone


def _drawings(scene: Scene, rows: list[tuple[Row, Panel]]) -> dict[tuple[int, str], Drawing]:
    asking = {panel.site_id for row, panel in rows if "drawing" in row.values and panel.site_id}
    return standing.drawings(scene.viewer, asking)


def _enter(scene: Scene, row: Row, zone: Zone, drawings: dict[tuple[int, str], Drawing]) -> Change:
    was = _as_entry(zone)
    _complete(row, zone)
    change = scene.change(ZONES, row, f"{scene.panel_name(zone.panel)}/{zone.number}", zone)
    if zone.pk is None:
        change.note("kind", None, zone.kind)
        change.note("always_on", None, zone.always_on)
    elif zone.kind in LIFE_CLASSES and "kind" in change.fields and not zone.always_on and "always_on" not in row.values:
        zone.always_on = True
        change.note("always_on", False, True)
        change.fields.append("always_on")
    _enter_disabled(scene, row, zone, change)
    _check_protected(scene, row, zone, change)
    _enter_area(scene, row, zone)
    _enter_drawing(scene, row, zone, change, drawings)
    if zone.pk:
        change.weakens += zone_weakens(was, _as_entry(zone))
    return change


def _as_entry(zone: Zone) -> ZoneEntry:
    return ZoneEntry(zone.number, zone.name, zone.kind, always_on=zone.always_on)


def _complete(row: Row, zone: Zone) -> None:
    """What a new zone is when its row does not say so."""
    if zone.pk is not None:
        return
    if "kind" not in row.values and (principle := row.values.get("principle")):
        zone.kind = _KIND_OF_PRINCIPLE.get(Principle(principle), ZoneKind.INTRUSION).value
    zone.always_on = row.values.get("kind", zone.kind) in LIFE_CLASSES


def _enter_disabled(scene: Scene, row: Row, zone: Zone, change: Change) -> None:
    disabled = row.values.get("disabled")
    if disabled is None or disabled == (zone.disabled_at is not None):
        return
    change.note("disabled", not disabled, disabled)
    zone.disabled_at = scene.at if disabled else None
    zone.disabled_by, zone.disabled_reason = (scene.viewer.name[:NAME_LIMIT], "表格导入") if disabled else ("", "")
    change.fields += ["disabled_at", "disabled_by", "disabled_reason"]
    if disabled and zone.pk:
        change.weakens.append(f"{zone_name(zone.number, zone.name)}停用")


def _check_protected(scene: Scene, row: Row, zone: Zone, change: Change) -> None:
    """Nothing ever hides a hold-up or a fire. What stands so already is left."""
    if zone.kind not in LIFE_CLASSES or "kind" in row.broken:
        return
    figures: dict[str, Any] = {"number": zone.number, "kind": ZoneKind(zone.kind).zh}
    if zone.disabled_at is not None and {"kind", "disabled_at"} & set(change.fields):
        column = "disabled" if row.values.get("disabled") else "kind"
        scene.fault("zones", row, column, _("防区 %(number)s 是%(kind)s防区，不能停用。"), **figures)
    if not zone.always_on and {"kind", "always_on"} & set(change.fields):
        told = _("防区 %(number)s 是%(kind)s防区，必须为 24 小时防区。")
        scene.fault("zones", row, "always_on", told, **figures)


def _enter_area(scene: Scene, row: Row, zone: Zone) -> None:
    """An area that a zone names is there."""
    number = row.values.get("area")
    if number and not row.broken and (id(zone.panel), number) not in scene.areas:
        area = scene.areas[id(zone.panel), number] = Area(panel=zone.panel, number=number)
        scene.plan.put("areas", area)


def _enter_drawing(
    scene: Scene, row: Row, zone: Zone, change: Change, drawings: dict[tuple[int, str], Drawing]
) -> None:
    name = row.values.get("drawing")
    had = drawings.get((zone.panel.site_id, name)) if name else None
    if name is None or (zone.pk and zone.drawing_id and zone.drawing and zone.drawing.name == name):
        return
    if had is None:
        scene.fault("zones", row, "drawing", _("本场所没有名为“%(name)s”的平面图：请先上传。"), name=name)
        return
    change.note("drawing", zone.drawing.name if zone.drawing_id and zone.drawing else None, name)
    zone.drawing = had
    change.fields.append("drawing_id")


# Neighbours


def _enter_neighbours(scene: Scene, entered: list[Entered]) -> None:
    """What either of two zones says makes them neighbours; what stands and neither says any more, ends."""
    saying = [(row, zone, change) for row, zone, change in entered if "neighbours" in row.values]
    said = {id(zone): list(_neighbours_of(scene, row, zone)) for row, zone, _change in saying}
    by_id = {zone.pk: zone for zone in scene.zones.values() if zone.pk}
    stands = standing.neighbours(scene.viewer, [zone.pk for _row, zone, _change in saying if zone.pk])
    strangers = {other for others in stands.values() for other in others} - set(by_id)
    by_id.update(_strangers(scene, strangers))
    pairs = {frozenset((one, id(other))) for one, others in said.items() for other in others}
    done: set[frozenset[int]] = set()
    for row, zone, change in saying:
        if row.broken:
            continue
        had = [by_id[other] for other in sorted(stands.get(zone.pk, ())) if other in by_id] if zone.pk else []
        new = [other for other in said[id(zone)] if not any(other is one for one in had)]
        gone = [other for other in had if frozenset((id(zone), id(other))) not in pairs]
        new = [other for other in new if frozenset((id(zone), id(other))) not in done]
        gone = [other for other in gone if frozenset((id(zone), id(other))) not in done]
        done |= {frozenset((id(zone), id(other))) for other in (*new, *gone)}
        if new or gone:
            has = [other for other in had if other not in gone] + new
            change.note("neighbours", _told(scene, zone, had), _told(scene, zone, has))
            scene.plan.put("neighbours_new", *((zone, other) for other in new))
            scene.plan.put("neighbours_gone", *((zone, other) for other in gone))


def _strangers(scene: Scene, ids: set[int]) -> dict[int, Zone]:
    """Neighbours that stand, of panels that the file does not name."""
    rows = standing.zones_by_id(scene.viewer, ids)
    for zone in rows.values():
        scene.know_panel(zone.panel)
    return rows


def _neighbours_of(scene: Scene, row: Row, zone: Zone) -> Iterator[Zone]:
    unknown: list[str] = []
    for ref in row.values["neighbours"]:
        panel = zone.panel if ref.panel is None else scene.panel_of("zones", row, "neighbours", ref.panel)
        if "neighbours" in row.broken or panel is None:
            return
        other = scene.zones.get((id(panel), ref.number))
        if other is None:
            unknown.append(str(ref))
        elif wrong := _wrong_neighbour(zone, other):
            scene.fault("zones", row, "neighbours", wrong, zone=str(ref))
            return
        else:
            yield other
    if unknown:
        told = _("相邻防区 %(zones)s 不存在：文件里没有，系统里也没有。")
        figures = {"zones": "、".join(unknown)}
        name = _name_of(zone, row.values["neighbours"], unknown[0])
        scene.missing("zones", name, Fault("zones", row.number, "neighbours", told, figures), row)


def _name_of(zone: Zone, refs: tuple[ZoneRef, ...], text: str) -> tuple[str, str]:
    ref = next(ref for ref in refs if str(ref) == text)
    return (ref.panel.account if ref.panel else zone.panel.account, ref.number)


def _wrong_neighbour(zone: Zone, other: Zone) -> str | None:
    if other is zone:
        return _("防区不能与自己相邻。")
    here, there = _place_of(zone.panel), _place_of(other.panel)
    if here is not None and there is not None and here != there:
        return _("相邻防区 %(zone)s 在另一场所：相邻防区须在同一场所。")
    return None


def _place_of(panel: Panel) -> str | None:
    return panel.site.code if panel.pk or "site" in panel._state.fields_cache else None


def _told(scene: Scene, zone: Zone, others: list[Zone]) -> str:
    names = [
        other.number if other.panel is zone.panel else f"{scene.panel_name(other.panel)}/{other.number}"
        for other in others
    ]
    return ",".join(sorted(names, key=lambda name: (len(name), name)))
