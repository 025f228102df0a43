"""Lists and pages of customers, contracts and sites."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianjing.domain.records.models import Record
from lianjing.domain.sites.actions.contacts import add_contact
from lianjing.domain.sites.actions.contracts import Beginning, add_contract
from lianjing.domain.sites.models import Contact, Contract, ContractState, Customer, Site
from tests.cast import NOON, Cast, alarm, make_site
from tests.web.conftest import As


@pytest.fixture
def contract(cast: Cast) -> Contract:
    """The shop's, in service for a year, of the manager's making."""
    begun = Beginning("in_service", date(2025, 11, 22))
    told = {"number": "HT-1", "starts_on": date(2025, 11, 22), "fee": 3600}
    return add_contract(cast.shop.customer_id, told, begun, by=cast.viewer("mia"), at=NOON)


def names(page: str) -> list[str]:
    return re.findall(r'<td><a class="strong" href="[^"]+">([^<]+)</a>', page)


def text(answer: Any) -> str:
    return str(answer.content.decode())


# Lists


@pytest.mark.parametrize(
    ("on", "told"),
    [
        ("", "今天服务中 <b>1</b>"),
        ("2025-11-21", "2025-11-21 服务中 <b>0</b>"),
        ("2025-11-22", "2025-11-22 服务中 <b>1</b>"),
        ("soon", "日期请写成 2026-11-22 的样子。"),
    ],
)
def test_households_in_service_are_told_for_the_chosen_day(
    cast: Cast, signed_on: As, contract: Contract, on: str, told: str
) -> None:
    assert told in text(signed_on("mia").get(f"/office/contracts/?on={on}"))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("state=in_service", []),
        ("state=in_service&on=2025-11-21", []),
        ("state=in_service&on=2025-11-22", ["HT-1"]),
        ("state=in_service&on=2026-11-22", ["HT-1"]),
        ("state=in_service&on=2026-11-23", []),
        ("state=ended&on=2026-11-23", ["HT-1"]),
        ("on=2025-11-21", []),
    ],
)
def test_contracts_are_listed_as_they_stood_on_the_chosen_day(
    cast: Cast, signed_on: As, contract: Contract, asked: str, found: list[str]
) -> None:
    contract.states.update(ends_on=date(2026, 11, 22))
    ContractState.objects.create(contract=contract, state="ended", starts_on=date(2026, 11, 23))
    page = text(signed_on("mia").get(f"/office/contracts/?{asked}"))
    assert names(page) == found
    day = asked.partition("on=")[2]
    assert ("的情况列出。" in page, f'<input type="hidden" name="on" value="{day}">' in page) == (bool(day), bool(day))


def test_what_counts_as_one_household_is_a_managers_choice_and_recorded(
    cast: Cast, signed_on: As, contract: Contract
) -> None:
    make_site(cast.company, "Branch", "3009")
    Site.objects.filter(name="Branch").update(customer=cast.shop.customer)
    url, mia = f"/office/contracts/counting/{cast.company.pk}/", signed_on("mia")
    page = text(mia.post(url, {"unit": "site"}, follow=True))
    assert "（一个场所一户；合同 1 · 客户 1 · 场所 2）" in page
    assert "今天服务中 <b>2</b>" in page
    assert "没有这种计法" in text(mia.post(url, {"unit": "street"}, follow=True))
    mia.post(url, {"unit": "site"})
    record = Record.objects.get(action="company.counted_unit_set")
    assert (record.before, record.after) == ({"counted_unit": "contract"}, {"counted_unit": "site"})
    assert mia.post(f"/office/contracts/counting/{cast.other.pk}/", {"unit": "site"}).status_code == 404
    assert "改计法" not in text(signed_on("leo").get("/office/contracts/"))


@pytest.mark.parametrize("url", ["/office/sites/", "/office/customers/", "/office/contracts/"])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_takes_the_same_queries_for_one_row_and_for_three(
    cast: Cast, signed_on: As, url: str, rows: int
) -> None:
    Contact.objects.all().delete()
    for number in range(rows):
        site = make_site(cast.company, f"Kiosk {number}", f"300{number}")
        told, begun = {"number": f"HT-{number}"}, Beginning("in_service", date(2026, 1, 1))
        add_contract(site.customer_id, told, begun, by=cast.viewer("mia"), at=NOON)
    browser = signed_on("mia")
    with CaptureQueriesContext(connection) as asked:
        page = text(browser.get(url + "?q=kiosk" if "contracts" not in url else url))
    assert (len(names(page)), len(asked)) == (rows, {"sites": 10, "customers": 8, "contracts": 12}[url.split("/")[2]])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=corner", ["Corner Shop"]),
        ("q=cs", ["Corner Shop"]),
        ("q=S1002", ["Harbour Bank"]),
        ("q=1002", ["Harbour Bank"]),
        ("q=1+Corner+Shop+Road", ["Corner Shop"]),
        ("q=100-1234-5678", ["Corner Shop", "Harbour Bank"]),
        ("q=5678", []),
        ("q=mill", []),
        ("kind=bank", ["Harbour Bank"]),
        ("show=key", ["Harbour Bank"]),
        ("show=no_panel", []),
        ("show=pending", []),
        ("show=unverified", ["Corner Shop", "Harbour Bank"]),
        ("service=in_service", ["Corner Shop"]),
        ("service=none", ["Harbour Bank"]),
        ("service=ended", []),
        ("kind=nonsense&service=nonsense&show=nonsense", ["Corner Shop", "Harbour Bank"]),
        ("q=%00", ["Corner Shop", "Harbour Bank"]),
        ("after=x", ["Corner Shop", "Harbour Bank"]),
    ],
)
def test_one_box_and_a_few_choices_find_sites(
    cast: Cast, signed_on: As, contract: Contract, asked: str, found: list[str]
) -> None:
    Site.objects.filter(pk=cast.bank.pk).update(kind="bank", is_key_site=True)
    Site.objects.filter(pk=cast.shop.pk).update(initials="cs")
    assert names(text(signed_on("mia").get(f"/office/sites/?{asked}"))) == found


def test_parts_of_a_number_are_found_by_those_who_may_see_it_whole(cast: Cast, signed_on: As) -> None:
    assert names(text(signed_on("olivia").get("/office/sites/?q=5678"))) == ["Corner Shop", "Harbour Bank"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=corner", ["Corner Shop Ltd"]),
        ("q=1002", ["Harbour Bank Ltd"]),
        ("service=in_service", ["Corner Shop Ltd"]),
        ("service=none", ["Harbour Bank Ltd"]),
        ("service=ended", []),
        ("service=pending", []),
    ],
)
def test_customers_are_found_by_their_sites_too(
    cast: Cast, signed_on: As, contract: Contract, asked: str, found: list[str]
) -> None:
    assert names(text(signed_on("mia").get(f"/office/customers/?{asked}"))) == found


def test_a_page_goes_on_behind_the_row_shown_last(cast: Cast, signed_on: As) -> None:
    told = [Customer(company=cast.company, code=f"K{n:03d}", name=f"Kiosk {n % 7}") for n in range(120)]
    Customer.objects.bulk_create(told)
    seen: list[str] = []
    url = "/office/customers/?q=kiosk"
    while url:
        page = text(signed_on("mia").get(url))
        seen += re.findall(r'<td class="soft nowrap">(K\d+)</td>', page)
        following = re.search(r'href="([^"]+)">下一页', page)
        url = following.group(1).replace("&amp;", "&") if following else ""
    assert (len(seen), len(set(seen))) == (120, 120)


@pytest.mark.parametrize(
    ("ends_on", "in_lists"),
    [(-1, ["overdue"]), (0, ["30", "60", "90"]), (30, ["30", "60", "90"]), (31, ["60", "90"]), (90, ["90"]), (91, [])],
)
def test_contracts_are_listed_before_and_after_they_end(
    cast: Cast, signed_on: As, contract: Contract, ends_on: int, in_lists: list[str]
) -> None:
    Contract.objects.update(ends_on=timezone.localdate() + timedelta(days=ends_on))
    browser = signed_on("mia")
    dues = ("overdue", "30", "60", "90")
    assert [due for due in dues if names(text(browser.get(f"/office/contracts/?due={due}")))] == in_lists
    assert "还没有登记合同" not in text(browser.get("/office/contracts/"))


def test_an_empty_list_says_so_and_a_narrow_one_too(cast: Cast, signed_on: As) -> None:
    assert "没有符合条件的场所" in text(signed_on("mia").get("/office/sites/?q=nowhere"))
    assert "还没有登记合同" in text(signed_on("mia").get("/office/contracts/"))


# Pages


def test_the_page_of_a_site_shows_who_where_what_and_what_happens(
    cast: Cast, signed_on: As, contract: Contract
) -> None:
    alarm()
    page = text(signed_on("mia").get(f"/office/sites/{cast.shop.pk}/"))
    wanted = (
        "Corner Shop Ltd",
        "HT-1",
        "服务中",
        "1 Corner Shop Road",
        "1001",
        "front door",
        "磁开关",
        "Wang",
        "100****5678",
    )
    assert [words for words in wanted if words not in page] == []
    assert "10012345678" not in page
    assert "10012345678" in text(signed_on("olivia").get(f"/office/sites/{cast.shop.pk}/"))


def test_operators_see_how_a_site_is_served_and_no_contract(cast: Cast, signed_on: As, contract: Contract) -> None:
    page = text(signed_on("olivia").get(f"/office/sites/{cast.shop.pk}/"))
    assert ("服务中" in page, "HT-1" in page, "/edit/" in page) == (True, False, False)


def test_changes_are_told_with_before_and_after(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    told = {"name": "Corner Shop", "code": "S1001", "kind": "shop", "address": "2 Quay", "datum": "wgs84"}
    assert mia.post(f"/office/sites/{cast.shop.pk}/edit/", told).status_code == 302
    page = text(mia.get(f"/office/sites/{cast.shop.pk}/"))
    line = re.search(r'<ul class="changes">(.*?)</ul>', page, re.S)
    assert line is not None
    words = " ".join(re.sub(r"<[^>]+>", " ", line.group(1)).split())
    assert words == "类别 其他 → 商铺 地址 1 Corner Shop Road → 2 Quay"


@pytest.fixture
def words(cast: Cast) -> None:
    told = {"name": "Li", "phone": "13912345678", "pass_word": "redriver", "duress_word": "bluehill"}
    add_contact(cast.shop.pk, told, by=cast.viewer("leo"), at=NOON)
