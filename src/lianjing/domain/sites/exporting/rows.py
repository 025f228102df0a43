"""What stands in a company, row by row, as an import reads it back: keys and pass-words are not among it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lianjing.core.viewer import Viewer, visible
from lianjing.core.workbooks.writing import Cells
from lianjing.domain.sites.equipment_entries import PathEntry
from lianjing.domain.sites.importing import standing
from lianjing.domain.sites.importing.columns import SHEETS
from lianjing.domain.sites.importing.refs import paths_text
from lianjing.domain.sites.models import Area, Contact, Contract, Customer, Panel, ScheduleMoment, Site, Zone
from lianjing.domain.sites.schedule_words import ends_text
from lianjing.terms.codes import AddressKind

AT_ONCE = 2000
SEE = "sites.see"


@dataclass(slots=True)
class Eyes:
    """Whose export of which company, and which accounts need their listener beside them."""

    viewer: Viewer
    company_id: int
    doubled: frozenset[str] = field(default_factory=frozenset)

    def panel(self, listener: str, account: str) -> str:
        return f"{listener}:{account}" if account in self.doubled else account


def eyes_of(viewer: Viewer, company_id: int) -> Eyes:
    panels = visible(Panel.objects.filter(removed_at=None), viewer, SEE, company_field="site__company_id")
    accounts = Counter(panels.filter(site__company_id=company_id).values_list("account", flat=True))
    return Eyes(viewer, company_id, frozenset(account for account, count in accounts.items() if count > 1))


def exported_rows(eyes: Eyes, sheet: str) -> Iterator[Cells]:
    """The rows of one sheet, in the order in which people look for them."""
    return _ROWS[sheet](eyes)


def exported_sheets(viewer: Viewer, company_id: int) -> list[str]:
    """The sheets that the viewer may see."""
    sees = viewer.scope("contracts.see").holds(company_id)
    return [key for key in SHEETS if key != "contracts" or sees]


def _plain(sheet: str, row: Any) -> Cells:
    """The columns that are fields as they are."""
    return {column.key: getattr(row, column.field) for column in SHEETS[sheet].columns if column.field}


def _portions(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while portion := list(islice(source, AT_ONCE)):
        yield portion


def _customers(eyes: Eyes) -> Iterator[Cells]:
    rows = visible(Customer.objects.filter(company_id=eyes.company_id), eyes.viewer, SEE)
    for row in rows.order_by("code").iterator(AT_ONCE):
        yield _plain("customers", row)


def _contracts(eyes: Eyes) -> Iterator[Cells]:
    rows = visible(Contract.objects.filter(company_id=eyes.company_id), eyes.viewer, "contracts.see")
    rows = rows.select_related("customer").order_by("number")
    for portion in _portions(rows.iterator(AT_ONCE)):
        ids = [row.pk for row in portion]
        states = standing.states(eyes.viewer, ids)
        sites = standing.contract_sites(eyes.viewer, ids)
        for row in portion:
            present = next((one for one in states.get(row.pk, ()) if one.ends_on is None), None)
            yield {
                **_plain("contracts", row),
                "customer": row.customer.code,
                "state": present.state if present else None,
                "state_since": present.starts_on if present else None,
                "sites": ",".join(sorted(sites.get(row.pk, {}).values())),
            }


def _sites(eyes: Eyes) -> Iterator[Cells]:
    rows = visible(Site.objects.filter(company_id=eyes.company_id), eyes.viewer, SEE).select_related("customer")
    for row in rows.order_by("code").iterator(AT_ONCE):
        yield {**_plain("sites", row), "customer": row.customer.code}


def _panels(eyes: Eyes) -> Iterator[Cells]:
    rows = visible(Panel.objects.filter(removed_at=None), eyes.viewer, SEE, company_field="site__company_id")
    rows = rows.filter(site__company_id=eyes.company_id).select_related("site", "backup_of")
    for portion in _portions(rows.order_by("account", "listener").iterator(AT_ONCE)):
        paths = standing.paths(eyes.viewer, [row.pk for row in portion])
        for row in portion:
            entries = [
                PathEntry(p.kind, p.transport, p.interval_s, p.misses, p.category) for p in paths.get(row.pk, ())
            ]
            # A panel that was removed is no backup's main any more, and cannot be named.
            main = row.backup_of if row.backup_of and row.backup_of.removed_at is None else None
            yield {
                **_plain("panels", row),
                "account": row.account,
                "site": row.site.code,
                "protocol": row.listener,
                "paths": paths_text(entries),
                "backup_of": eyes.panel(main.listener, main.account) if main else None,
            }


def _of_live_panels(eyes: Eyes, model: "type[Zone] | type[Area]") -> Any:
    rows = visible(model._default_manager.all(), eyes.viewer, SEE, company_field="panel__site__company_id")  # type: ignore[arg-type]
    rows = rows.filter(panel__site__company_id=eyes.company_id, panel__removed_at=None).select_related("panel")
    return rows.order_by("panel__account", "panel__listener", "pk")


def _areas(eyes: Eyes) -> Iterator[Cells]:
    for row in _of_live_panels(eyes, Area).iterator(AT_ONCE):
        yield {**_plain("areas", row), "panel": eyes.panel(row.panel.listener, row.panel.account)}


def _zones(eyes: Eyes) -> Iterator[Cells]:
    rows = _of_live_panels(eyes, Zone).filter(address_kind=AddressKind.ZONE.value).select_related("panel", "drawing")
    for portion in _portions(rows.iterator(AT_ONCE)):
        neighbours = standing.neighbours(eyes.viewer, [row.pk for row in portion])
        known = {row.pk: row for row in portion}
        known |= standing.zones_by_id(eyes.viewer, {pk for others in neighbours.values() for pk in others} - set(known))
        for row in portion:
            beside = [known[pk] for pk in neighbours.get(row.pk, ()) if pk in known]
            yield {
                **_plain("zones", row),
                "panel": eyes.panel(row.panel.listener, row.panel.account),
                "disabled": row.disabled_at is not None,
                "drawing": row.drawing.name if row.drawing else None,
                "neighbours": ",".join(sorted(_neighbour_names(eyes, row, beside), key=lambda name: (len(name), name))),
            }


def _neighbour_names(eyes: Eyes, zone: Zone, beside: list[Zone]) -> Iterator[str]:
    for other in beside:
        if other.panel_id == zone.panel_id:
            yield other.number
        elif other.panel.removed_at is None:
            yield f"{eyes.panel(other.panel.listener, other.panel.account)}/{other.number}"


def _users(eyes: Eyes) -> Iterator[Cells]:
    for row in _of_live_panels(eyes, Zone).filter(address_kind=AddressKind.USER.value).iterator(AT_ONCE):
        yield {**_plain("users", row), "panel": eyes.panel(row.panel.listener, row.panel.account)}


def _contacts(eyes: Eyes) -> Iterator[Cells]:
    """Without telephone numbers for those who may not see them: an empty cell leaves what stands."""
    rows = visible(Contact.objects.all(), eyes.viewer, SEE, company_field="site__company_id")
    rows = rows.filter(site__company_id=eyes.company_id).select_related("site").order_by("site__code", "place")
    sees_phones = eyes.viewer.scope("sites.contact_phone").holds(eyes.company_id)
    for row in rows.iterator(AT_ONCE):
        cells = {**_plain("contacts", row), "site": row.site.code}
        yield cells if sees_phones else {**cells, "phone": None}


def _schedules(eyes: Eyes) -> Iterator[Cells]:
    rows = visible(ScheduleMoment.objects.all(), eyes.viewer, SEE, company_field="site__company_id")
    rows = rows.filter(site__company_id=eyes.company_id).select_related("site").order_by("site__code", "pk")
    for row in rows.iterator(AT_ONCE):
        yield {
            **_plain("schedules", row),
            "site": row.site.code,
            "begins": row.begins.strftime("%H:%M"),
            "ends": ends_text(row.ends),
        }


_ROWS: dict[str, Callable[[Eyes], Iterator[Cells]]] = {
    "customers": _customers,
    "contracts": _contracts,
    "sites": _sites,
    "panels": _panels,
    "areas": _areas,
    "zones": _zones,
    "users": _users,
    "contacts": _contacts,
    "schedules": _schedules,
}
