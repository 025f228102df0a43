"""Which pages of the office a role may open, and what its menu shows."""

import re
from datetime import date
from typing import Any

import pytest

from lianjing.domain.sites.actions.contracts import Beginning, add_contract
from lianjing.domain.sites.models import Contract
from tests.cast import NOON, Cast
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


def test_strangers_miss_everything_and_roles_that_may_not_are_told(
    cast: Cast, signed_on: As, contract: Contract
) -> None:
    shop, wang = cast.shop, cast.shop.contacts.get()
    reading = [
        f"/office/customers/{shop.customer_id}/",
        f"/office/sites/{shop.pk}/",
        f"/office/contracts/{contract.pk}/",
    ]
    edits = [
        *(f"{url}edit/" for url in reading),
        f"/office/customers/{shop.customer_id}/sites/new/",
        f"/office/customers/{shop.customer_id}/contracts/new/",
        f"/office/sites/{shop.pk}/notes/new/",
        f"/office/sites/{shop.pk}/contacts/new/",
        f"/office/sites/{shop.pk}/contacts/{wang.pk}/",
    ]
    buttons = [
        *(f"/office/sites/{shop.pk}/contacts/{wang.pk}/{name}/" for name in ("up", "down", "verify", "remove")),
        f"/office/sites/{shop.pk}/contacts/{wang.pk}/words/remove/",
        *(f"/office/contracts/{contract.pk}/{name}/" for name in ("state", "remove", "scan/keep")),
        f"/office/sites/{shop.pk}/notes/1/remove/",
    ]
    stranger, polly = signed_on("sam"), signed_on("polly")
    mia_elsewhere = cast.users["mia"]
    mia_elsewhere.memberships.update(company=cast.other)
    other_manager = signed_on("mia")
    for url in reading:
        assert (stranger.get(url).status_code, polly.get(url).status_code) == (404, 200), url
        assert other_manager.get(url).status_code == 404, url
    for url in edits:
        assert (stranger.get(url).status_code in (403, 404), polly.get(url).status_code) == (True, 403), url
        assert (other_manager.get(url).status_code, other_manager.post(url, {}).status_code) == (404, 404), url
    for url in buttons:
        assert (other_manager.post(url).status_code, polly.post(url).status_code) == (404, 403), url
        assert other_manager.get(url).status_code == 405, url
    assert stranger.post(f"/office/sites/{shop.pk}/word/", {"word": "x"}).status_code == 404
    assert names(text(stranger.get("/office/sites/"))) == ["Hill Mill"]


def test_the_menu_shows_what_the_role_may_open(cast: Cast, signed_on: As) -> None:
    def menu(name: str, url: str) -> list[list[str]]:
        rows = re.findall(r'<nav class="tabs.*?</nav>', text(signed_on(name).get(url)), re.S)
        return [re.findall(r">([^<>]+)</a>", row) for row in rows]

    assert menu("mia", "/office/sites/") == [
        [
            "总览",
            "规范",
            "体系管理",
            "客户资料",
            "设备",
            "中心与装备",
            "预案与误报",
            "人员管理",
            "排班",
            "单位",
            "设置",
            "接警席",
        ],
        ["客户名单", "合同", "场所", "地图"],
    ]
    assert menu("olivia", "/office/sites/") == [
        ["规范", "体系管理", "客户资料", "设备", "预案与误报", "排班", "接警席"],
        ["客户名单", "场所", "地图"],
    ]
    assert [row[-1] for row in menu("mia", "/office/panels/")] == ["接警席"]
    assert "客户与场所" in menu("olivia", "/")[0]


def test_a_section_leads_to_the_first_of_its_pages_that_the_role_may_open(cast: Cast, signed_on: As) -> None:
    for name in ("mia", "leo", "olivia", "polly"):
        browser = signed_on(name)
        for nav in re.findall(r'<nav class="tabs.*?</nav>', text(browser.get("/office/sites/")), re.S):
            for href in re.findall(r'href="([^"]+)"', nav):
                assert (href, browser.get(href).status_code) == (href, 200)


def test_ones_own_shifts_are_a_step_away_from_desk_and_office(cast: Cast, signed_on: As) -> None:
    for name, shown in (("olivia", True), ("leo", True), ("polly", False)):
        for page in ("/", "/office/sites/"):
            assert ("/office/roster/mine/" in text(signed_on(name).get(page))) == shown
