"""The list of sites, and that of customers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lianjing.core.cursors import behind
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.in_service import covering, serving
from lianjing.domain.sites.models import Contact, Contract, ContractState, Customer, Panel, Site
from lianjing.domain.sites.searching import customers_matching, sites_matching
from lianjing.domain.sites.service import ContractFact, contracts_of_sites
from lianjing.terms.premises import ContractStanding

BY_NAME = ("name", "id")
VERIFIED_WITHIN = timedelta(days=180)
"""After so long a contact's number counts as not verified."""

IN_SERVICE, ENDED, PENDING, NONE = "in_service", "ended", "pending", "none"
SERVICES = (IN_SERVICE, PENDING, ENDED, NONE)
"""服务: served today; a contract that has not begun; nothing but ended ones; no contract at all."""

KEY, NO_PANEL, SILENT, UNVERIFIED = "key", "no_panel", "pending", "unverified"
SHOWN = (KEY, NO_PANEL, SILENT, UNVERIFIED)
"""Key sites; without a panel; with a panel that has never reported; with contacts that nobody verified lately."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list; empty means whatever. `show` is for sites only."""

    text: str = ""
    kind: str = ""
    service: str = ""
    show: str = ""
    company_id: int | None = None


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site as the list shows it. `accounts`: of its panels in use; `pending`: those that have never reported."""

    site: Site
    accounts: Sequence[str]
    pending: int
    contract: ContractFact | None


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer as the list shows it, with how many sites, and contracts by their present state."""

    customer: Customer
    sites: int
    standings: dict[str, int]


def sites(viewer: Viewer, wanted: Wanted, on: date, *, after: int | None = None, limit: int = 50) -> list[SiteLine]:
    """Sites by name. A page takes five queries, however long it is."""
    rows = behind(visible(Site.objects.all(), viewer, "sites.see"), BY_NAME, after)
    if wanted.text:
        rows = rows.filter(sites_matching(viewer, wanted.text))
    rows = _narrowed(rows, wanted).filter(_served(wanted.service, on), _shown(wanted.show, on))
    return site_lines(viewer, list(rows.select_related("customer", "company")[:limit]), on)


def site_lines(viewer: Viewer, found: Sequence[Site], on: date) -> list[SiteLine]:
    """These sites with what the list shows of them."""
    ids = [site.pk for site in found]
    contracts = contracts_of_sites(viewer, ids, on) if ids else {}
    panels = _panels(ids)
    return [
        SiteLine(
            site,
            [account for account, _ in panels.get(site.pk, ())],
            sum(1 for _, active in panels.get(site.pk, ()) if not active),
            contracts.get(site.pk),
        )
        for site in found
    ]


def _panels(site_ids: Iterable[int]) -> dict[int, list[tuple[str, bool]]]:
    found: dict[int, list[tuple[str, bool]]] = {}
    rows = Panel.objects.filter(site_id__in=site_ids, removed_at=None).order_by("account")
    for site_id, account, active in rows.values_list("site_id", "account", "activated_at"):
        found.setdefault(site_id, []).append((account, active is not None))
    return found


def _narrowed(rows: "QuerySet[Site]", wanted: Wanted) -> "QuerySet[Site]":
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.company_id is not None:
        rows = rows.filter(company_id=wanted.company_id)
    return rows


def _served(service: str, on: date) -> Q:
    """Which sites stand so."""
    if not service:
        return Q()
    any_contract = covering(Contract.objects.all())
    if service == NONE:
        return ~any_contract
    if service == IN_SERVICE:
        return covering(serving(on))
    if service == ENDED:
        return any_contract & ~covering(_standing(~Q(state=ContractStanding.ENDED)))
    return covering(_standing(Q(state__in=(ContractStanding.DRAFT, ContractStanding.SIGNED)))) & ~covering(serving(on))


def _standing(state: Q) -> "QuerySet[Contract]":
    """Contracts whose present state is such."""
    return Contract.objects.filter(Exists(ContractState.objects.filter(state, contract=OuterRef("pk"), ends_on=None)))


def _shown(show: str, on: date) -> Q:
    panels = Panel.objects.filter(site=OuterRef("pk"), removed_at=None)
    if show == KEY:
        return Q(is_key_site=True)
    if show == NO_PANEL:
        return ~Q(Exists(panels))
    if show == SILENT:
        return Q(Exists(panels.filter(activated_at=None)))
    if show == UNVERIFIED:
        stale = Q(verified_on=None) | Q(verified_on__lt=on - VERIFIED_WITHIN)
        return Q(Exists(Contact.objects.filter(stale, site=OuterRef("pk"))))
    return Q()


def customers(
    viewer: Viewer, wanted: Wanted, on: date, *, after: int | None = None, limit: int = 50
) -> list[CustomerLine]:
    """Customers by name. A page takes four queries, however long it is."""
    rows = behind(visible(Customer.objects.all(), viewer, "sites.see"), BY_NAME, after)
    if wanted.text:
        rows = rows.filter(customers_matching(viewer, wanted.text))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.company_id is not None:
        rows = rows.filter(company_id=wanted.company_id)
    rows = rows.filter(_has(wanted.service, on))
    return _customer_lines(list(rows.select_related("company")[:limit]))


def _has(service: str, on: date) -> Q:
    """Which customers have contracts that stand so."""
    if not service:
        return Q()
    mine = Q(customer=OuterRef("pk"))
    any_contract = Q(Exists(Contract.objects.filter(mine)))
    served = Q(Exists(serving(on).filter(mine)))
    if service == NONE:
        return ~any_contract
    if service == IN_SERVICE:
        return served
    if service == ENDED:
        return any_contract & ~Q(Exists(_standing(~Q(state=ContractStanding.ENDED)).filter(mine)))
    begun_not = _standing(Q(state__in=(ContractStanding.DRAFT, ContractStanding.SIGNED)))
    return Q(Exists(begun_not.filter(mine))) & ~served


def _customer_lines(found: Sequence[Customer]) -> list[CustomerLine]:
    ids = [customer.pk for customer in found]
    of_sites = dict(
        Site.objects.filter(customer_id__in=ids).order_by().values_list("customer_id").annotate(n=Count("pk"))
    )
    standings: dict[int, dict[str, int]] = {}
    present = ContractState.objects.filter(
        contract__customer_id__in=ids, contract__removed_at=None, ends_on=None
    ).order_by()
    for customer_id, state, count in present.values_list("contract__customer_id", "state").annotate(n=Count("pk")):
        standings.setdefault(customer_id, {})[state] = count
    return [CustomerLine(c, of_sites.get(c.pk, 0), standings.get(c.pk, {})) for c in found]
