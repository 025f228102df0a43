"""What the demo company knows of its customers: contracts in every state, places on the map, pass-words."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils import timezone

from lianjing.project import demo_company as demo

if TYPE_CHECKING:
    from lianjing.domain.companies.models import Company
    from lianjing.domain.records.changing import Actor
    from lianjing.domain.sites.models import Contact, Contract, Site

PASS_WORD, DURESS_WORD = "鉴湖春水", "会稽山雨"
"""Of the first contact of every demo site: for trying the check of words."""

DIVISIONS = {"绍兴市越城区": "330602", "绍兴市柯桥区": "330603"}

# WGS-84, about where the address is; nothing stands there that the demo invented.
PLACES = (
    (120.5785, 30.0121),
    (120.5892, 30.0043),
    (120.4931, 30.0805),
    (120.5868, 29.9978),
    (120.6078, 30.0102),
    (120.5752, 30.0009),
    (120.5689, 30.0016),
    (120.5837, 29.9961),
    (120.5127, 30.1012),
    (120.5811, 30.0002),
    (120.5704, 29.9712),
    (120.5533, 30.0527),
    (120.5486, 29.9829),
    (120.5761, 30.0034),
    (120.5247, 30.0391),
    (120.6133, 30.0706),
    (120.5712, 30.0018),
    (120.5989, 30.0037),
    (120.4876, 30.0749),
    (120.6085, 30.0159),
)

SPECIAL_TERMS = {2: 20, 5: 55, 10: 80, 16: -12}
"""Days from today until the term of that place ends; all others end in about a year."""
SPECIAL_STATES = {13: "draft", 15: "signed", 18: "suspended", 19: "ended"}
YEAR = timedelta(days=365)
FEES = {"bank": 12_000, "school": 6_000, "shop": 3_600, "home": 1_200, "office": 4_800, "key_unit": 9_600}


def furnish(company: "Company", today: date) -> None:
    """Contracts, divisions and positions of the demo sites, where there are none yet."""
    from lianjing.domain.sites.models import Site

    sites = {site.code: site for site in Site.objects.filter(company=company).select_related("customer")}
    for place, told in enumerate(demo.SITES):
        site = sites[f"S{place + 1:03d}"]
        _locate(site, place, told)
        _contract(company, site, place, today)


def _locate(site: "Site", place: int, told: demo.DemoSite) -> None:
    if site.longitude is not None or site.division:
        return
    site.longitude, site.latitude = PLACES[place]
    site.division = next((code for name, code in DIVISIONS.items() if told.address.startswith(name)), "")
    site.access_notes = site.access_notes or "夜间从后门进，先电话联系物业值班。"
    site.save()


def _contract(company: "Company", site: "Site", place: int, today: date) -> None:
    from lianjing.domain.sites.models import Contract

    number = f"YA-{place + 1:03d}（演示）"
    state = SPECIAL_STATES.get(place, "in_service")
    ends_on = today + (timedelta(days=SPECIAL_TERMS[place]) if place in SPECIAL_TERMS else YEAR - timedelta(days=30))
    contract, made = Contract.objects.get_or_create(
        company=company,
        number=number,
        defaults={
            "customer": site.customer,
            "service_items": "入侵报警、紧急求助、火灾报警联网值守",
            "service_plan": "24 小时值守，复核后派出巡逻，15 分钟到场",
            "fee": FEES.get(site.kind, 4_800),
            "signed_on": None if state == "draft" else ends_on - YEAR,
            "starts_on": ends_on - YEAR + timedelta(days=1),
            "ends_on": ends_on,
        },
    )
    if made:
        _states(contract, state, today)


def _states(contract: "Contract", state: str, today: date) -> None:
    """Suspended and ended ones were in service before; the others have been so from their beginning."""
    from lianjing.domain.sites.contract_spans import keep_spans
    from lianjing.domain.sites.models import ContractState

    begun = min(contract.starts_on or today, today)
    if state in ("suspended", "ended"):
        since = today - timedelta(days=9)
        ContractState.objects.create(
            contract=contract, state="in_service", starts_on=begun, ends_on=since - timedelta(days=1)
        )
        begun = since
    ContractState.objects.create(contract=contract, state=state, starts_on=begun)
    keep_spans([contract.pk], _recorded(contract.starts_on or today))


def _recorded(day: date) -> "Actor":
    """The demo company has kept its books since each contract began."""
    from lianjing.core.viewer import System
    from lianjing.domain.records.changing import Actor

    noon = datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())
    return Actor(System("demo-data"), min(noon, timezone.now()), "demo-data")


@lru_cache
def _digests() -> tuple[str, str]:
    """Once for all: a digest is meant to be slow."""
    from lianjing.domain.sites.word_digests import digest_of

    return digest_of(PASS_WORD), digest_of(DURESS_WORD)


def give_words(contacts: "list[Contact]", today: date) -> None:
    """The first of a site's contacts gets both words; not all numbers have been verified lately."""
    contacts[0].pass_word, contacts[0].duress_word = _digests()
    for number, contact in enumerate(contacts):
        contact.verified_on = today - timedelta(days=(20, 240)[number]) if number < 2 else None
