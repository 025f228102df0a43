from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from django.conf import settings

from lianjing.core.crypto import Unopenable, open_field
from lianjing.core.phones import masked_phone
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.models import Contact, Panel, Site, Zone
from lianjing.domain.sites.policy import normal_account


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact as the case page shows it; `phone` is None for those who may not see the full number."""

    place: int
    name: str
    role: str
    masked: str
    phone: str | None
    notes: str
    id: int = 0
    reachable_from: time | None = None
    reachable_until: time | None = None
    verified_on: date | None = None
    has_pass_word: bool = False
    has_duress_word: bool = False
    has_email: bool = False
    doubted_on: date | None = None

    @property
    def id_text(self) -> str:
        """Its number as forms have it."""
        return str(self.id)


def live_panels(viewer: Viewer, accounts: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Panel]:
    """Panels in use by (listener, account), with site and company: one query for any number of accounts."""
    wanted = {(listener, normal_account(account)) for listener, account in accounts}
    rows = visible(Panel.objects.all(), viewer, "sites.see", company_field="site__company_id").filter(
        removed_at=None, account__in={account for _, account in wanted}
    )
    found = {(p.listener, p.account): p for p in rows.select_related("site__company", "site__customer")}
    return {key: panel for key, panel in found.items() if key in wanted}


class PanelPlace(NamedTuple):
    """Numbers of a panel in use, of its site and company."""

    panel_id: int
    site_id: int
    company_id: int


def panel_places(viewer: Viewer, accounts: Iterable[tuple[str, str]]) -> dict[tuple[str, str], PanelPlace]:
    """As `live_panels`, the numbers alone: what intake asks of every signal."""
    wanted = {(listener, normal_account(account)) for listener, account in accounts}
    rows = visible(Panel.objects.all(), viewer, "sites.see", company_field="site__company_id").filter(
        removed_at=None, account__in={account for _, account in wanted}
    )
    found = rows.values_list("listener", "account", "pk", "site_id", "site__company_id")
    return {(row[0], row[1]): PanelPlace(*row[2:]) for row in found if (row[0], row[1]) in wanted}


def zone_names(viewer: Viewer, panel_ids: Iterable[int]) -> dict[tuple[int, str, str], Zone]:
    """Zones and users by (panel, kind, normalised number): one query."""
    rows = visible(Zone.objects.all(), viewer, "sites.see", company_field="panel__site__company_id")
    return {(z.panel_id, z.address_kind, z.number): z for z in rows.filter(panel_id__in=set(panel_ids))}


def contacts_of(viewer: Viewer, site_id: int) -> list[ContactLine]:
    """A site's contacts in calling order. The full number only for those who have to dial it."""
    rows = visible(Contact.objects.all(), viewer, "sites.see", company_field="site__company_id")
    rows = rows.filter(site_id=site_id).select_related("site").order_by("place")
    dialling = viewer.scope("sites.contact_phone")
    return [
        ContactLine(
            c.place,
            c.name,
            c.role,
            masked_phone(c.phone),
            c.phone if dialling.holds(c.site.company_id) else None,
            c.notes,
            id=c.pk,
            reachable_from=c.reachable_from,
            reachable_until=c.reachable_until,
            verified_on=c.verified_on,
            has_pass_word=bool(c.pass_word),
            has_duress_word=bool(c.duress_word),
            has_email=bool(c.email),
            doubted_on=c.doubted_on,
        )
        for c in rows
    ]


def site_of_account(viewer: Viewer, listener: str, account: str) -> Site | None:
    panel = live_panels(viewer, [(listener, account)]).get((listener, normal_account(account)))
    return panel.site if panel else None


def panel_in_use(viewer: Viewer, listener: str, account: str) -> Panel | None:
    """The panel with this account, with site, customer and company; None when there is none for the viewer."""
    return live_panels(viewer, [(listener, account)]).get((listener, normal_account(account)))


def panel_by_id(viewer: Viewer, panel_id: int) -> Panel | None:
    """A panel in use, with its site; None when there is none for the viewer."""
    rows = visible(Panel.objects.filter(removed_at=None), viewer, "sites.see", company_field="site__company_id")
    return rows.select_related("site").filter(pk=panel_id).first()


@dataclass(frozen=True, slots=True)
class KeyState:
    """All that is ever told of a key: how long it is, and since when. `length` in bytes, 0 when there is none."""

    length: int
    since: datetime | None
    unopenable: bool = False
    """It is on file and cannot be opened: it was sealed with another data key."""


def key_state(viewer: Viewer, panel: Panel) -> KeyState:
    """What is on file of the panel's key."""
    if not panel.key_sealed or not viewer.scope("sites.see").holds(panel.site.company_id):
        return KeyState(0, None)
    length = _key_length(panel.key_sealed)
    return KeyState(length or 0, panel.key_set_at, unopenable=length is None)


def unopenable_keys(viewer: Viewer) -> list[str]:
    """Accounts in use whose key cannot be opened with this installation's data key, in order; all keys are tried."""
    rows = visible(Panel.objects.filter(removed_at=None), viewer, "sites.see", company_field="site__company_id")
    sealed = rows.exclude(key_sealed="").order_by("account").values_list("account", "key_sealed")
    return [account for account, key in sealed.iterator(chunk_size=2000) if _key_length(key) is None]


def _key_length(sealed: str) -> int | None:
    """In bytes; None when it cannot be opened."""
    try:
        return len(bytes.fromhex(open_field(settings.ENVIRONMENT.data_key, sealed).decode("ascii")))
    except (Unopenable, ValueError):
        return None
