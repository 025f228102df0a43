"""What the pages of a site and of a customer tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.contract_list import ContractLine, contracts_of_customer, contracts_of_site
from lianjing.domain.sites.models import Contact, Customer, Panel, Site, SiteNote, Zone
from lianjing.domain.sites.queries import ContactLine, contacts_of
from lianjing.domain.sites.service import ContractFact, contracts_of_sites
from lianjing.domain.sites.site_list import SiteLine, site_lines

SITES_AT_MOST = 200
"""So many of a customer's sites stand on its page; the list has them all."""


@dataclass(frozen=True, slots=True)
class PanelWithZones:
    """A panel in use with what is connected to it; `users` are the people who arm and disarm."""

    panel: Panel
    zones: Sequence[Zone]
    users: Sequence[Zone]


@dataclass(frozen=True, slots=True)
class SitePage:
    """What `sites` knows of a site. `contracts` is empty for those who may see none; `contract` says how it stands."""

    site: Site
    contract: ContractFact | None
    contracts: Sequence[ContractLine]
    panels: Sequence[PanelWithZones]
    contacts: Sequence[ContactLine]
    notes: Sequence[SiteNote]


def site_by_id(viewer: Viewer, site_id: int) -> Site | None:
    """With its customer and company; None when there is none for the viewer."""
    rows = visible(Site.objects.all(), viewer, "sites.see")
    return rows.select_related("customer", "company").filter(pk=site_id).first()


def site_page(viewer: Viewer, site_id: int, *, on: date, at: datetime) -> SitePage | None:
    """None when there is none for the viewer."""
    site = site_by_id(viewer, site_id)
    if site is None:
        return None
    return SitePage(
        site=site,
        contract=contracts_of_sites(viewer, [site.pk], on).get(site.pk),
        contracts=contracts_of_site(viewer, site, on),
        panels=panels_with_zones(viewer, site.pk),
        contacts=contacts_of(viewer, site.pk),
        notes=notes_in_force(viewer, site.pk, at),
    )


def panels_with_zones(viewer: Viewer, site_id: int) -> list[PanelWithZones]:
    """Panels in use in the order of their accounts, with zones in the order of their numbers: two queries."""
    rows = visible(Panel.objects.filter(removed_at=None), viewer, "sites.see", company_field="site__company_id")
    panels = list(rows.filter(site_id=site_id).order_by("account", "pk"))
    zones = sorted(Zone.objects.filter(panel__in=panels), key=lambda zone: (len(zone.number), zone.number))
    return [
        PanelWithZones(
            panel,
            [zone for zone in zones if zone.panel_id == panel.pk and zone.address_kind != "user"],
            [zone for zone in zones if zone.panel_id == panel.pk and zone.address_kind == "user"],
        )
        for panel in panels
    ]


def notes_in_force(viewer: Viewer, site_id: int, at: datetime) -> list[SiteNote]:
    """Notes that have not expired, latest first."""
    rows = visible(SiteNote.objects.filter(site_id=site_id), viewer, "sites.see", company_field="site__company_id")
    return list(rows.filter(Q(until=None) | Q(until__gt=at)).order_by("-written_at", "-pk"))


def contact_by_id(viewer: Viewer, site_id: int, contact_id: int) -> Contact | None:
    """A contact of a site, for who may see numbers in whole; None when there is none for the viewer."""
    rows = visible(Contact.objects.filter(site_id=site_id), viewer, "sites.see", company_field="site__company_id")
    return rows.select_related("site").filter(pk=contact_id).first()


def customer_by_id(viewer: Viewer, customer_id: int) -> Customer | None:
    """With its company; None when there is none for the viewer."""
    rows = visible(Customer.objects.all(), viewer, "sites.see")
    return rows.select_related("company").filter(pk=customer_id).first()


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A customer with contracts (for those who may see them) and sites."""

    customer: Customer
    contracts: Sequence[ContractLine]
    sites: Sequence[SiteLine]


def customer_page(viewer: Viewer, customer_id: int, *, on: date) -> CustomerPage | None:
    """None when there is none for the viewer."""
    customer = customer_by_id(viewer, customer_id)
    if customer is None:
        return None
    found = list(customer.sites.select_related("customer", "company").order_by("name", "pk")[:SITES_AT_MOST])
    contracts = contracts_of_customer(viewer, customer.pk, on)
    return CustomerPage(customer, contracts, site_lines(viewer, found, on))
