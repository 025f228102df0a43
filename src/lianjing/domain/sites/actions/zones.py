"""What people do to zones."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from lianjing.core.changes import difference
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.records.changing import Actor, reason_given, write_down
from lianjing.domain.sites.actions.changing import panel_to_change
from lianjing.domain.sites.equipment_entries import RowsRefused, ZoneEntry
from lianjing.domain.sites.equipment_on_file import ZONE_FIELDS as FIELDS
from lianjing.domain.sites.equipment_on_file import zone_entry
from lianjing.domain.sites.models import Panel, Zone
from lianjing.domain.sites.zone_rules import (
    NAME_LIMIT,
    Reference,
    ZoneTable,
    reference,
    reference_text,
    zone_name,
    zone_problems,
    zone_weakens,
)
from lianjing.terms.codes import LIFE_CLASSES, AddressKind
from lianjing.terms.premises import ZoneKind
from lianjing.terms.sentences import marked as _

DISABLING = ["disabled_at", "disabled_by", "disabled_reason"]


@dataclass(frozen=True, slots=True)
class _Standing:
    """The zones of a site, and which of them are neighbours: what a table is judged against and compared with."""

    zones: dict[int, Zone]
    neighbours: dict[int, set[int]]

    def place(self, zone_id: int) -> Reference:
        zone = self.zones[zone_id]
        return zone.panel.account, zone.number

    def texts(self, ids: Collection[int], account: str) -> list[str]:
        return sorted(reference_text(self.place(one), account) for one in ids)


@transaction.atomic
def save_zones(
    panel_id: int,
    entries: Sequence[ZoneEntry],
    removed: Collection[int] = (),
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> list[Zone]:
    """Saves rows of a panel's zones, all or nothing: new ones, changed ones, and those to be `removed` (ids).

    Zones that are not named stay. Neighbours are mutual: naming one in one row, or leaving it out of one row that had
    it, is enough. Returns the zones of the rows, in their order. Raises Missing, Forbidden, or RowsRefused with what
    is wrong in which row.
    """
    panel = panel_to_change(panel_id, by)
    standing = _standing(panel)
    own = {pk: zone for pk, zone in standing.zones.items() if zone.panel_id == panel.pk}
    if {entry.id for entry in entries if entry.id} - own.keys() or set(removed) - own.keys():
        # Somebody else removed it meanwhile.
        raise Refused("", _("其中有防区已被他人移除：请重新打开此页，再改一次。"))
    rows = [entry.normal() for entry in entries]
    _check(panel, rows, removed, standing)
    actor = Actor(by, at, source)
    for zone_id in removed:
        _remove(own[zone_id], panel, actor)
    changed = _write(panel, rows, own, actor)
    for zone_id in removed:
        del standing.zones[zone_id]
    standing.zones.update({row.zone.pk: row.zone for row in changed})
    _write_neighbours(panel, rows, changed, standing, actor)
    if removed or any(row.touched for row in changed):
        _touch(panel, at)
    return [row.zone for row in changed]


def _standing(panel: Panel) -> _Standing:
    rows = Zone.objects.filter(panel__site_id=panel.site_id, panel__removed_at=None)
    rows = rows.filter(address_kind=AddressKind.ZONE.value).select_related("panel")
    zones = {zone.pk: zone for zone in rows}
    neighbours: dict[int, set[int]] = defaultdict(set)
    links = Zone.neighbours.through.objects.filter(from_zone_id__in=zones)
    for one, other in links.values_list("from_zone_id", "to_zone_id"):
        if other in zones:
            neighbours[one].add(other)
    return _Standing(zones, neighbours)


def _check(panel: Panel, rows: Sequence[ZoneEntry], removed: Collection[int], standing: _Standing) -> None:
    named = {entry.id for entry in rows} | set(removed)
    table = ZoneTable(
        account=panel.account,
        areas=set(panel.areas.values_list("number", flat=True)),
        elsewhere=[standing.place(pk) for pk in standing.zones if pk not in named],
        disabled={pk for pk, zone in standing.zones.items() if zone.disabled_at},
        removed=[standing.place(pk) for pk in removed],
    )
    problems = zone_problems(rows, table)
    if problems:
        raise RowsRefused(problems)


@dataclass(slots=True)
class _Written:
    """A row that was saved, and whether there was anything to save."""

    zone: Zone
    touched: bool


def _write(panel: Panel, rows: Sequence[ZoneEntry], own: Mapping[int, Zone], actor: Actor) -> list[_Written]:
    # Two zones may exchange their numbers: those that change go out of the way first.
    renumbered = [own[e.id] for e in rows if e.id and own[e.id].number != e.number]
    for zone in renumbered:
        Zone.objects.filter(pk=zone.pk).update(number=f"~{zone.pk}"[:16])
    return [_write_one(panel, entry, own.get(entry.id or 0), actor) for entry in rows]


def _write_one(panel: Panel, entry: ZoneEntry, zone: Zone | None, actor: Actor) -> _Written:
    company_id = panel.site.company_id
    has = {name: getattr(entry, name) for name in FIELDS}
    if zone is None:
        zone = Zone.objects.create(panel=panel, **has)
        told = {field: value for field, value in has.items() if value not in ("", None, False)}
        write_down("zone.added", zone, company_id, actor, after=told)
        return _Written(zone, True)
    had = zone_entry(zone)
    before, after = difference({name: getattr(had, name) for name in FIELDS}, has)
    if after:
        for name, value in has.items():
            setattr(zone, name, value)
        zone.save(update_fields=list(FIELDS))
        weakens = zone_weakens(had, entry)
        write_down("zone.changed", zone, company_id, actor, before=before, after=after, weakens=weakens)
    return _Written(zone, bool(after))


def _remove(zone: Zone, panel: Panel, actor: Actor) -> None:
    """Told of the panel: of the zone itself nothing is left."""
    name = zone_name(zone.number, zone.name)
    had = {field: getattr(zone, field) for field in FIELDS if getattr(zone, field) not in ("", False)}
    weakens = [f"{name}移除：它的信号不再认得是哪里"]
    after = {"removed": True}
    write_down("zone.removed", panel, panel.site.company_id, actor, before=had, after=after, weakens=weakens)
    zone.delete()


def _write_neighbours(
    panel: Panel, rows: Sequence[ZoneEntry], written: Sequence[_Written], standing: _Standing, actor: Actor
) -> None:
    places = {standing.place(pk): pk for pk in standing.zones}
    for entry, row in zip(rows, written, strict=True):
        if entry.neighbours is None:
            continue
        wanted = [reference(text, panel.account) for text in entry.neighbours]
        # One that is being removed is no neighbour any more, whatever the row says.
        has = {places[one] for one in wanted if one in places}
        had = standing.neighbours.get(row.zone.pk, set()) & standing.zones.keys()
        if has == had:
            continue
        before, after = standing.texts(had, panel.account), standing.texts(has, panel.account)
        row.zone.neighbours.add(*has - had)
        row.zone.neighbours.remove(*had - has)
        row.touched = True
        write_down(
            "zone.neighbours_set",
            row.zone,
            panel.site.company_id,
            actor,
            before={"neighbours": before},
            after={"neighbours": after},
        )


@transaction.atomic
def disable_zone(zone_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Zone:
    """From now on intrusion signals of the zone open no cases. Impossible for hold-up, fire and medical zones.

    Raises Missing, Forbidden or Refused.
    """
    panel, zone = _zone(zone_id, by)
    if zone.kind in LIFE_CLASSES:
        sentence = _("防区 %(number)s 是%(kind)s防区，不能停用。")
        raise Refused("", sentence, number=zone.number, kind=ZoneKind(zone.kind).zh)
    reason = reason_given(reason)
    if zone.disabled_at is not None:
        return zone
    zone.disabled_at, zone.disabled_by, zone.disabled_reason = at, by.name[:NAME_LIMIT], reason
    zone.save(update_fields=DISABLING)
    _touch(panel, at)
    weakens = [f"{zone_name(zone.number, zone.name)}停用：入侵信号不再开案"]
    told: dict[str, Any] = {"disabled": True, "reason": reason}
    actor = Actor(by, at, source)
    before = {"disabled": False}
    write_down("zone.disabled", zone, panel.site.company_id, actor, before=before, after=told, weakens=weakens)
    return zone


@transaction.atomic
def enable_zone(zone_id: int, *, by: Viewer, at: datetime, source: str = "") -> Zone:
    """Ends that a zone is disabled. Raises Missing or Forbidden."""
    panel, zone = _zone(zone_id, by)
    if zone.disabled_at is None:
        return zone
    since, zone.disabled_at, zone.disabled_by, zone.disabled_reason = zone.disabled_at, None, "", ""
    zone.save(update_fields=DISABLING)
    _touch(panel, at)
    before = {"disabled": True, "since": since.isoformat()}
    actor = Actor(by, at, source)
    write_down("zone.enabled", zone, panel.site.company_id, actor, before=before, after={"disabled": False})
    return zone


def _zone(zone_id: int, by: Viewer) -> tuple[Panel, Zone]:
    """A zone of a panel in use; its panel is locked."""
    zone = Zone.objects.filter(pk=zone_id, address_kind=AddressKind.ZONE.value).first()
    if zone is None:
        raise Missing(f"zone {zone_id}")
    panel = panel_to_change(zone.panel_id, by)
    zone.refresh_from_db()
    return panel, zone


def _touch(panel: Panel, at: datetime) -> None:
    Panel.objects.filter(pk=panel.pk).update(changed_at=at)
