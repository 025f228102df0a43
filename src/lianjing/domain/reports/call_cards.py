"""应急联系单: sites with whom to call, in portions small enough to be printed and read one by one.

Read in portions of a division, so that ten thousand sites are never in memory together.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import groupby

from lianjing.core.viewer import Viewer, require
from lianjing.domain.sites.models import Contact, Panel, Site
from lianjing.terms.divisions import division_words

SEE = "callcards.see"
SITES_A_SHEET = 200
"""About thirty pages; some seven seconds of one core to set."""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str
    phone: str
    hours: str
    notes: str


@dataclass(frozen=True, slots=True)
class Card:
    """What somebody with a telephone needs to know of a site. Key places stay out: the paper may be lost."""

    code: str
    name: str
    address: str
    accounts: tuple[str, ...]
    police_station: str
    access_notes: str
    is_key_site: bool
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file: up to `SITES_A_SHEET` sites of one division."""

    name: str
    """Of the file, without its ending."""
    title: str
    cards: tuple[Card, ...]

    @property
    def digest(self) -> str:
        """Of everything that is printed: two sheets with one digest are the same sheet."""
        return sha256(json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def sheets(viewer: Viewer, company_id: int) -> Iterator[Sheet]:
    """Every sheet of a company, by division: a new site changes the last one of its division. Raises Forbidden."""
    require(viewer, SEE, company_id)
    rows = Site.objects.filter(company_id=company_id).order_by("division", "pk").values_list("division", "pk")
    for division, group in groupby(list(rows), key=lambda row: row[0]):
        ids = [pk for _, pk in group]
        portions = [ids[first : first + SITES_A_SHEET] for first in range(0, len(ids), SITES_A_SHEET)]
        for number, portion in enumerate(portions, 1):
            yield Sheet(
                f"{division or '000000'}-{number:02d}", _title(division, number, len(portions)), _cards(portion)
            )


def _title(division: str, number: int, of: int) -> str:
    where = division_words(division) or division or "未登记行政区划"
    return f"{where}（{number}/{of}）" if of > 1 else where


def _cards(site_ids: Sequence[int]) -> tuple[Card, ...]:
    people: dict[int, list[Person]] = defaultdict(list)
    for contact in Contact.objects.filter(site_id__in=site_ids).order_by("site_id", "place"):
        told = (contact.name, contact.role, contact.phone, _hours(contact), contact.notes)
        people[contact.site_id].append(Person(*told))
    accounts: dict[int, list[str]] = defaultdict(list)
    panels = Panel.objects.filter(site_id__in=site_ids, removed_at=None).order_by("site_id", "account")
    for site_id, account in panels.values_list("site_id", "account"):
        accounts[site_id].append(account)
    sites = Site.objects.filter(pk__in=site_ids).order_by("name", "pk")
    return tuple(_card(site, accounts[site.pk], people[site.pk]) for site in sites)


def _card(site: Site, accounts: Sequence[str], people: Sequence[Person]) -> Card:
    return Card(
        code=site.code,
        name=site.name,
        address=site.address,
        accounts=tuple(accounts),
        police_station=site.police_station,
        access_notes=site.access_notes,
        is_key_site=site.is_key_site,
        people=tuple(people),
    )


def _hours(contact: Contact) -> str:
    if contact.reachable_from is None or contact.reachable_until is None:
        return ""
    return f"{contact.reachable_from:%H:%M}–{contact.reachable_until:%H:%M}"
