"""Writes a plan, in the caller's transaction: some statements a table, and one sealed record a changed thing."""

from collections.abc import Sequence

from django.db.models import Model

from lianjing.core.bulk import insert_rows, update_rows
from lianjing.core.workbooks.planning import Change, Plan, What
from lianjing.domain.sites.importing.recording import Deeds, write_down
from lianjing.domain.sites.models import Area, Contract, ContractState, Panel, TransmissionPath, Zone

AT_ONCE = 1000
ORDER = ("customers", "sites", "contracts", "panels", "areas", "zones", "users", "contacts", "schedules")


def save(plan: Plan, deeds: Deeds) -> None:
    """Writes everything that is planned, and its records."""
    for sheet in ORDER:
        _save_sheet([change for change in plan.changes if change.sheet == sheet])
        _BESIDE.get(sheet, _nothing)(plan)
    write_down(plan.changes, deeds)


def _save_sheet(changes: Sequence[Change]) -> None:
    created = [change.instance for change in changes if change.what is What.CREATED]
    create(created)
    by_fields: dict[tuple[type[Model], tuple[str, ...]], list[Model]] = {}
    for change in changes:
        if change.what is What.CHANGED and change.fields:
            fields = tuple(sorted(set(change.fields)))
            by_fields.setdefault((type(change.instance), fields), []).append(change.instance)
    for (model, fields), instances in by_fields.items():
        update_rows(model, instances, fields)
    delete([change.instance for change in changes if change.what is What.REMOVED])


def create(rows: Sequence[Model]) -> None:
    """Inserts rows of one table; what they refer to has its numbers by now."""
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=AT_ONCE)


def delete(rows: Sequence[Model]) -> None:
    for start in range(0, len(rows), 500):
        ids = [row.pk for row in rows[start : start + 500]]
        type(rows[0])._default_manager.filter(pk__in=ids).delete()


# What belongs to the things of a sheet


def _after_contracts(plan: Plan) -> None:
    update_rows(ContractState, plan.beside.get("states_changed", ()), ("state", "starts_on", "ends_on"))
    insert_rows(ContractState, plan.beside.get("states_new", ()))
    named = plan.beside.get("contract_sites", ())
    through = Contract.sites.through
    for start in range(0, len(named), 500):
        ids = [contract.pk for contract, _sites in named[start : start + 500]]
        through.objects.filter(contract_id__in=ids).delete()
    insert_rows(through, [through(contract_id=c.pk, site_id=site.pk) for c, sites in named for site in sites])


def _after_panels(plan: Plan) -> None:
    backups: Sequence[tuple[Panel, Panel | None]] = plan.beside.get("backups", ())
    for panel, main in backups:
        panel.backup_of = main
    update_rows(Panel, [panel for panel, _main in backups], ("backup_of",))
    delete(plan.beside.get("paths_gone", ()))
    changed = plan.beside.get("paths_changed", ())
    fields = ("kind", "transport", "interval_s", "misses", "category")
    # No two paths of a panel may have one place, not even for a moment.
    places = [path.place for path in changed]
    for path in changed:
        path.place += 1000
    update_rows(TransmissionPath, changed, ("place",))
    for path, place in zip(changed, places, strict=True):
        path.place = place
    update_rows(TransmissionPath, changed, ("place", *fields))
    insert_rows(TransmissionPath, plan.beside.get("paths_new", ()))


def _after_areas(plan: Plan) -> None:
    areas: Sequence[Area] = plan.beside.get("areas", ())
    insert_rows(Area, [area for area in areas if area.pk is None])


def _after_zones(plan: Plan) -> None:
    through = Zone.neighbours.through
    gone = plan.beside.get("neighbours_gone", ())
    for start in range(0, len(gone), 200):
        for one, other in gone[start : start + 200]:
            through.objects.filter(from_zone_id__in=(one.pk, other.pk), to_zone_id__in=(one.pk, other.pk)).delete()
    new = plan.beside.get("neighbours_new", ())
    pairs = [pair for one, other in new for pair in ((one.pk, other.pk), (other.pk, one.pk))]
    insert_rows(through, [through(from_zone_id=one, to_zone_id=other) for one, other in dict.fromkeys(pairs)])


def _nothing(plan: Plan) -> None:
    pass


_BESIDE = {
    "contracts": _after_contracts,
    "panels": _after_panels,
    "areas": _after_areas,
    "zones": _after_zones,
}
