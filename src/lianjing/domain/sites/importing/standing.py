"""What stands of the things that a file names: some queries a table, however many rows there are."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.models import (
    Area,
    Contact,
    Contract,
    ContractState,
    Customer,
    Drawing,
    Panel,
    ScheduleMoment,
    Site,
    TransmissionPath,
    Zone,
)

AT_ONCE = 900
"""Values of one query: SQLite takes no more than 999 by Django's count."""
SEE = "sites.see"

M = TypeVar("M", bound=Model)


def _portions(values: Iterable[Any]) -> Iterator[list[Any]]:
    wanted = list(dict.fromkeys(values))
    return (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE))


def _among(rows: "QuerySet[M, Any]", field: str, values: Iterable[Any]) -> Iterator[M]:
    for portion in _portions(values):
        yield from rows.filter(**{f"{field}__in": portion})


def customers(viewer: Viewer, company_id: int, codes: Iterable[str]) -> dict[str, Customer]:
    rows = visible(Customer.objects.filter(company_id=company_id), viewer, SEE)
    return {row.code: row for row in _among(rows, "code", codes)}


def sites(viewer: Viewer, company_id: int, codes: Iterable[str]) -> dict[str, Site]:
    rows = visible(Site.objects.filter(company_id=company_id), viewer, SEE).select_related("customer")
    return {row.code: row for row in _among(rows, "code", codes)}


def contracts(viewer: Viewer, company_id: int, numbers: Iterable[str]) -> dict[str, Contract]:
    rows = visible(Contract.objects.filter(company_id=company_id), viewer, "contracts.see").select_related("customer")
    return {row.number: row for row in _among(rows, "number", numbers)}


def states(viewer: Viewer, contract_ids: Collection[int]) -> dict[int, list[ContractState]]:
    """The intervals of contracts, the earliest first."""
    rows = visible(ContractState.objects.all(), viewer, "contracts.see", company_field="contract__company_id")
    return _by(_among(rows.order_by("starts_on"), "contract_id", contract_ids), "contract_id")


def contract_sites(viewer: Viewer, contract_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """Which sites contracts name, by id, with their codes."""
    rows = visible(Contract.objects.all(), viewer, "contracts.see").filter(sites__isnull=False)
    found: dict[int, dict[int, str]] = {}
    for portion in _portions(contract_ids):
        for contract_id, site_id, code in rows.filter(pk__in=portion).values_list("pk", "sites__id", "sites__code"):
            found.setdefault(contract_id, {})[site_id] = code
    return found


def site_codes(viewer: Viewer, customer_ids: Collection[int]) -> dict[int, list[str]]:
    """The codes of all sites of customers."""
    rows = visible(Site.objects.all(), viewer, SEE).only("customer_id", "code")
    return {
        customer_id: [site.code for site in sites]
        for customer_id, sites in _by(_among(rows, "customer_id", customer_ids), "customer_id").items()
    }


def panels(viewer: Viewer, company_id: int, accounts: Iterable[str]) -> dict[tuple[str, str], Panel]:
    """Panels of the company in use, by listener and account."""
    rows = visible(Panel.objects.filter(removed_at=None), viewer, SEE, company_field="site__company_id")
    rows = rows.filter(site__company_id=company_id).select_related("site", "backup_of")
    return {(row.listener, row.account): row for row in _among(rows, "account", accounts)}


def taken_accounts(viewer: Viewer, company_id: int, accounts: Iterable[str]) -> set[tuple[str, str]]:
    """Listener and account of panels of other companies: only that they are taken, which anybody may know who tries
    to take them. `viewer` must edit sites of this company."""
    if not viewer.scope("sites.edit").holds(company_id):
        return set()
    rows = Panel.objects.filter(removed_at=None).exclude(site__company_id=company_id)
    return {
        pair
        for portion in _portions(accounts)
        for pair in rows.filter(account__in=portion).values_list("listener", "account")
    }


def paths(viewer: Viewer, panel_ids: Collection[int]) -> dict[int, list[TransmissionPath]]:
    """Paths of panels, in their order."""
    rows = visible(TransmissionPath.objects.all(), viewer, SEE, company_field="panel__site__company_id")
    return _by(_among(rows.order_by("place"), "panel_id", panel_ids), "panel_id")


def zones(viewer: Viewer, panel_ids: Collection[int], address_kind: str) -> dict[tuple[int, str], Zone]:
    """Zones, or users, by panel and number."""
    rows = visible(Zone.objects.filter(address_kind=address_kind), viewer, SEE, company_field="panel__site__company_id")
    return {(row.panel_id, row.number): row for row in _among(rows, "panel_id", panel_ids)}


def neighbours(viewer: Viewer, zone_ids: Collection[int]) -> dict[int, set[int]]:
    """Ids of the neighbours of zones."""
    beside = visible(
        Zone.neighbours.through.objects.all(), viewer, SEE, company_field="from_zone__panel__site__company_id"
    )
    found: dict[int, set[int]] = {}
    for portion in _portions(zone_ids):
        for one, other in beside.filter(from_zone_id__in=portion).values_list("from_zone_id", "to_zone_id"):
            found.setdefault(one, set()).add(other)
    return found


def areas(viewer: Viewer, panel_ids: Collection[int]) -> dict[tuple[int, str], Area]:
    rows = visible(Area.objects.all(), viewer, SEE, company_field="panel__site__company_id")
    return {(row.panel_id, row.number): row for row in _among(rows, "panel_id", panel_ids)}


def areas_of_sites(viewer: Viewer, site_ids: Collection[int]) -> dict[int, list[Area]]:
    """The areas of the panels in use at sites."""
    rows = visible(Area.objects.filter(panel__removed_at=None), viewer, SEE, company_field="panel__site__company_id")
    found: dict[int, list[Area]] = {}
    for row in _among(rows.select_related("panel"), "panel__site_id", site_ids):
        found.setdefault(row.panel.site_id, []).append(row)
    return found


def drawings(viewer: Viewer, site_ids: Collection[int]) -> dict[tuple[int, str], Drawing]:
    """By site and name; of two of one name the first."""
    rows = visible(Drawing.objects.all(), viewer, SEE, company_field="site__company_id").order_by("-pk")
    return {(row.site_id, row.name): row for row in _among(rows, "site_id", site_ids)}


def contacts(viewer: Viewer, site_ids: Collection[int]) -> dict[int, list[Contact]]:
    rows = visible(Contact.objects.all(), viewer, SEE, company_field="site__company_id").order_by("place")
    return _by(_among(rows, "site_id", site_ids), "site_id")


def moments(viewer: Viewer, site_ids: Collection[int]) -> dict[int, list[ScheduleMoment]]:
    rows = visible(ScheduleMoment.objects.all(), viewer, SEE, company_field="site__company_id").order_by("pk")
    return _by(_among(rows, "site_id", site_ids), "site_id")


def _by(rows: Iterator[M], field: str) -> dict[int, list[M]]:
    found: dict[int, list[M]] = {}
    for row in rows:
        found.setdefault(getattr(row, field), []).append(row)
    return found


def zones_by_id(viewer: Viewer, ids: Collection[int]) -> dict[int, Zone]:
    """With their panels."""
    rows = visible(Zone.objects.all(), viewer, SEE, company_field="panel__site__company_id")
    return {row.pk: row for row in _among(rows.select_related("panel__site"), "pk", ids)}
