"""What people do to a panel's transmission paths, areas and users: each is saved as one table."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F

from lianjing.core.changes import CHANGED
from lianjing.core.viewer import Viewer
from lianjing.domain.records.changing import Actor, write_down
from lianjing.domain.sites.actions.changing import panel_to_change
from lianjing.domain.sites.equipment_entries import AreaEntry, PathEntry, RowsRefused, UserEntry
from lianjing.domain.sites.equipment_on_file import path_entry
from lianjing.domain.sites.models import Area, Panel, TransmissionPath, Zone
from lianjing.domain.sites.path_rules import MOST_PATHS, matched, path_problems, path_words, paths_weaken, settled
from lianjing.domain.sites.supervised_spans import keep_supervision
from lianjing.domain.sites.zone_rules import area_problems, user_problems
from lianjing.terms.codes import AddressKind


@transaction.atomic
def set_paths(
    panel_id: int, entries: Sequence[PathEntry], *, by: Viewer, at: datetime, source: str = ""
) -> list[TransmissionPath]:
    """Puts a panel's paths in this order, in place of what it had. A path that stays keeps its row, and with it
    whether it lives; one with a category and no interval gets the category's.

    Raises Missing, Forbidden or RowsRefused.
    """
    panel = panel_to_change(panel_id, by)
    has = [settled(entry) for entry in entries]
    problems = path_problems(has, panel.listener)
    if problems:
        raise RowsRefused(problems)
    rows = list(panel.paths.order_by("place"))
    had = [path_entry(row) for row in rows]
    if had == has:
        return rows
    _write_paths(panel, rows, had, has)
    keep_supervision([panel.pk], at)
    told = _paths_told(had), _paths_told(has)
    weakens = paths_weaken(had, has)
    _touch(panel, "panel.paths_set", told[0], told[1], Actor(by, at, source), weakens)
    return list(panel.paths.order_by("place"))


def _write_paths(
    panel: Panel, rows: Sequence[TransmissionPath], had: Sequence[PathEntry], has: Sequence[PathEntry]
) -> None:
    places = matched(had, has)
    kept = {rows[index].pk for index in places if index is not None}
    panel.paths.exclude(pk__in=kept).delete()
    # Out of each other's way first: two rows may never have one place, not even for a moment.
    panel.paths.update(place=F("place") + MOST_PATHS * 10)
    for place, (index, entry) in enumerate(zip(places, has, strict=True), 1):
        row = rows[index] if index is not None else TransmissionPath(panel=panel)
        row.place, row.kind, row.transport, row.category = place, entry.kind, entry.transport, entry.category
        row.interval_s, row.misses = entry.interval_s, entry.misses or 1
        if row.interval_s is None:
            row.lost_at = None
        row.save()


def _paths_told(entries: Sequence[PathEntry]) -> dict[str, Any]:
    return {"paths": [path_words(entry) for entry in entries]}


@transaction.atomic
def set_areas(panel_id: int, entries: Sequence[AreaEntry], *, by: Viewer, at: datetime, source: str = "") -> None:
    """Puts a panel's areas on file, in place of what it had. Raises Missing, Forbidden or RowsRefused, as for an
    area that is left out and has zones."""
    panel = panel_to_change(panel_id, by)
    has = [entry.normal() for entry in entries]
    counted = Zone.objects.filter(panel=panel).exclude(area="").order_by().values("area").annotate(n=Count("id"))
    problems = area_problems(has, {row["area"]: row["n"] for row in counted})
    if problems:
        raise RowsRefused(problems)
    names = {entry.number: entry.name for entry in has}
    had = dict(panel.areas.values_list("number", "name"))
    if names == had:
        return
    panel.areas.exclude(number__in=names).delete()
    for number, name in names.items():
        Area.objects.update_or_create(panel=panel, number=number, defaults={"name": name})
    before, after = _differing(had, names)
    _touch(panel, "panel.areas_set", {"areas": before}, {"areas": after}, Actor(by, at, source))


@transaction.atomic
def set_users(panel_id: int, entries: Sequence[UserEntry], *, by: Viewer, at: datetime, source: str = "") -> None:
    """Puts the names of who arms and disarms on file, in place of what there was. Raises Missing, Forbidden or
    RowsRefused."""
    panel = panel_to_change(panel_id, by)
    has = [entry.normal() for entry in entries]
    problems = user_problems(has)
    if problems:
        raise RowsRefused(problems)
    users = Zone.objects.filter(panel=panel, address_kind=AddressKind.USER.value)
    had = dict(users.values_list("number", "name"))
    names = {entry.number: entry.name for entry in has}
    if names == had:
        return
    users.exclude(number__in=names).delete()
    for number, name in names.items():
        if had.get(number) != name:
            kind = AddressKind.USER.value
            Zone.objects.update_or_create(panel=panel, address_kind=kind, number=number, defaults={"name": name})
    before, after = _differing(had, names)
    # Names are the customers' people: whose changed is told by number only.
    numbers = sorted({*before, *after})
    told = {"users": CHANGED}, {"users": CHANGED, "numbers": [words.split()[0] for words in numbers]}
    _touch(panel, "panel.users_set", *told, Actor(by, at, source))


def _differing(had: Mapping[str, str], has: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Those that differ, each as "number name"."""
    before = [f"{number} {name}".strip() for number, name in had.items() if has.get(number) != name]
    return before, [f"{number} {name}".strip() for number, name in has.items() if had.get(number) != name]


def _touch(
    panel: Panel,
    action: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    actor: Actor,
    weakens: Sequence[str] = (),
) -> None:
    """The receiver and the supervision of lines look for `changed_at`."""
    Panel.objects.filter(pk=panel.pk).update(changed_at=actor.at)
    write_down(action, panel, panel.site.company_id, actor, before=before, after=after, weakens=weakens)
