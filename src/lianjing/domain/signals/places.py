"""Places as somebody picks them, to test or to suppress something there."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.models import Area, Contact, Panel, Site, Zone
from lianjing.domain.sites.policy import normal_account
from lianjing.terms.codes import AddressKind

FOUND = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A site and what is installed there."""

    site: Site
    panels: list[Panel]
    zones: list[Zone]
    areas: list[tuple[str, str]]
    """Number and name."""
    has_words: bool
    """Somebody there has a pass-word."""


def place_of(viewer: Viewer, site_id: int) -> Place | None:
    """None when it is not the viewer's to see. Five queries, however much is installed."""
    site = visible(Site.objects.all(), viewer, "sites.see").select_related("company").filter(pk=site_id).first()
    if site is None:
        return None
    zones = Zone.objects.filter(panel__site=site, panel__removed_at=None, address_kind=AddressKind.ZONE.value)
    in_order = sorted(zones.select_related("panel"), key=lambda z: (z.panel.account, len(z.number), z.number))
    named = dict(Area.objects.filter(panel__site=site, panel__removed_at=None).values_list("number", "name"))
    areas = {zone.area: "" for zone in in_order if zone.area} | named
    words = Contact.objects.filter(site=site).filter(~Q(pass_word="") | ~Q(duress_word=""))
    return Place(
        site=site,
        panels=list(Panel.objects.filter(site=site, removed_at=None).order_by("account")),
        zones=in_order,
        areas=sorted(areas.items(), key=lambda area: (len(area[0]), area[0])),
        has_words=words.exists(),
    )


def find_sites(viewer: Viewer, text: str) -> list[Site]:
    """Sites by part of the name or address, pinyin initials, number or account; the first few, by name."""
    rows = visible(Site.objects.all(), viewer, "sites.see").select_related("company")
    account = Panel.objects.filter(site=OuterRef("pk"), account=normal_account(text), removed_at=None)
    named = Q(name__icontains=text) | Q(address__icontains=text) | Q(initials__startswith=text.lower()) | Q(code=text)
    return list(rows.filter(named | Exists(account)).order_by("name", "pk")[:FOUND])


def site_of_panel(viewer: Viewer, panel_id: int) -> int | None:
    """Where a panel in use is; None when there is none for the viewer."""
    rows = visible(Panel.objects.filter(removed_at=None), viewer, "sites.see", company_field="site__company_id")
    return rows.filter(pk=panel_id).values_list("site_id", flat=True).first()
