"""What a desk shows of a storm: the urgent by name, the rest as one line and one case."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lianjing.domain.incidents import actions
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.policy import STORM_CASES
from lianjing.domain.sites.models import Panel, Site
from tests.cast import Cast, Sent, journal, make_site, treat
from tests.web.console.conftest import As


def text_of(client: Client, path: str = "/") -> str:
    return client.get(path).content.decode()


def storm(cast: Cast, folded: int) -> Incident:
    """Batteries of so many sites more than are shown one by one are low."""
    for number in range(STORM_CASES + folded):
        make_site(cast.company, f"Kiosk {number}", f"6{number:03d}")
        journal(Sent(account=f"6{number:03d}", code="YT", zone=""))
    treat()
    return Incident.objects.get(site=None)


def waiting(count: int, **told: str) -> None:
    """So many signals came half a minute ago and nobody has treated them."""
    for _ in range(count):
        journal(Sent(at=timezone.now() - timedelta(seconds=30), **told))


def test_a_few_signals_that_wait_are_named(signed_on: As, all_well: None) -> None:
    waiting(10, code="YT")
    page = text_of(signed_on("olivia"))
    assert page.count("系统电池电压低 · Corner Shop") == 10
    assert "还没有成为警情" in page


def test_of_many_that_wait_the_urgent_are_named_and_the_rest_are_a_round_figure(signed_on: As, all_well: None) -> None:
    waiting(130, code="YT")
    waiting(1, code="HA", account="1002")
    page = text_of(signed_on("olivia"))
    assert "等待处理的信号超过 100 条" in page
    assert page.count('<ul class="banner-list"><li>') == page.count(" · Harbour Bank") == 1
    assert "系统电池电压低" not in page


def test_nobody_reads_the_names_of_another_companys_waiting_signals(signed_on: As, all_well: None) -> None:
    waiting(12, code="HA")
    page = text_of(signed_on("sam"))
    assert "等待处理的信号超过 10 条" in page
    assert "Corner Shop" not in page


def test_the_case_of_many_sites_says_how_many_which_and_where_it_lasts(cast: Cast, signed_on: As) -> None:
    case = storm(cast, 5)
    journal(Sent(account="6024", code="YR", zone=""))
    Site.objects.filter(panels__account="6023").update(is_key_site=True)
    treat()
    olivia = signed_on("olivia")
    assert "多个场所（6 条信号）" in text_of(olivia)
    page = text_of(olivia, f"/incidents/{case.pk}/")
    assert "场所 5" in page
    assert "4 处仍未恢复，1 处已恢复" in page
    # Key sites first, what has ended last.
    places = [page.index(f"<b>Kiosk {number}") for number in (23, 20, 21, 22, 24)]
    assert places == sorted(places)
    assert "账号未登记" not in page


def test_the_time_line_of_a_case_with_hundreds_of_signals_still_shows_what_people_did(
    cast: Cast, signed_on: As
) -> None:
    case = storm(cast, 205)
    actions.take_incident(case.pk, by=cast.viewer("olivia"), at=timezone.now())
    page = text_of(signed_on("olivia"), f"/incidents/{case.pk}/")
    assert "受理 · Olivia" in page
    assert "205 条信号的并入不在此逐条列出" in page
    assert "另有 5 处不在此列出" in page


@pytest.mark.parametrize("folded", [1, 40])
def test_the_page_of_a_common_case_costs_the_same_for_one_site_and_for_forty(
    cast: Cast, signed_on: As, all_well: None, django_assert_num_queries, folded: int
) -> None:
    case, olivia = storm(cast, folded), signed_on("olivia")
    assert Panel.objects.count() > folded
    with django_assert_num_queries(43):
        text_of(olivia, f"/incidents/{case.pk}/")
