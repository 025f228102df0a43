"""The desk as one reads it: the queue, the case beside it, what stands around them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lianjing.core.outbox.pulse import WORK, beat
from tests.cast import Cast, Sent, alarm
from tests.web.console.conftest import As

DESK_QUERIES = 23
CASE_QUERIES = 32


def text_of(client: Client, path: str = "/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_the_queue_says_what_where_and_how_urgent_in_words(signed_on: As) -> None:
    alarm(Sent(code="BA"))
    page = text_of(signed_on("olivia"))
    for words in ("▲", "二级", "Corner Shop · front door", "1 条新", "未受理"):
        assert words in page


def test_the_most_urgent_case_stands_first(signed_on: As) -> None:
    late = alarm(Sent(account="1002", code="FA"))
    early = alarm(Sent(code="BA", at=late.opened_at - timedelta(minutes=5)))
    page = text_of(signed_on("olivia"))
    assert page.index(f'id="row-{late.pk}"') < page.index(f'id="row-{early.pk}"')


def test_an_empty_queue_says_that_it_is_watched_and_since_when(signed_on: As) -> None:
    page = text_of(signed_on("olivia"))
    assert "没有待处理的警情" in page
    assert "正在守候，自" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_asks_the_same_number_of_questions_for_one_row_and_three(
    signed_on: As, all_well: None, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for code in ("BA", "FA", "PA")[:rows]:
        alarm(Sent(code=code))
    client = signed_on("olivia")
    with django_assert_num_queries(DESK_QUERIES):
        text_of(client)


@pytest.mark.parametrize("signals", [1, 3])
def test_a_case_asks_the_same_number_of_questions_for_one_signal_and_three(
    signed_on: As, django_assert_num_queries: DjangoAssertNumQueries, signals: int
) -> None:
    # Of this hour: the page also reads what the site sent in the last 24 hours.
    case = [alarm(Sent(zone=str(zone), at=timezone.now())) for zone in range(3, 3 + signals)][-1]
    client = signed_on("olivia")
    with django_assert_num_queries(CASE_QUERIES):
        client.get(f"/incidents/{case.pk}/", HTTP_HX_REQUEST="true")


def test_a_case_shows_why_who_to_call_and_what_may_be_done(signed_on: As) -> None:
    case = alarm()
    page = text_of(signed_on("olivia"), f"/incidents/{case.pk}/")
    for words in ("1 Corner Shop Road", "为什么是这一级", "Wang", "100****5678", "处置预案", 'data-key-press="t"'):
        assert words in page
    assert "请先受理此警情。" in page
    assert "10012345678" not in page


def test_the_full_number_is_for_whoever_holds_the_case(signed_on: As) -> None:
    case, olivia = alarm(), signed_on("olivia")
    olivia.post(f"/incidents/{case.pk}/take/")
    assert "10012345678" in text_of(olivia, f"/incidents/{case.pk}/")
    assert "10012345678" not in text_of(signed_on("oscar"), f"/incidents/{case.pk}/")


def test_htmx_gets_the_case_alone_and_a_step_back_the_whole_page(signed_on: As) -> None:
    path, olivia = f"/incidents/{alarm().pk}/", signed_on("olivia")
    part = olivia.get(path, HTTP_HX_REQUEST="true").content.decode()
    back = olivia.get(path, HTTP_HX_REQUEST="true", HTTP_HX_HISTORY_RESTORE_REQUEST="true").content.decode()
    assert "<html" not in part
    assert part.lstrip().startswith("<main")
    assert "<html" in back
    assert without_tokens(part).strip() in without_tokens(back)


def test_no_page_is_kept_by_the_browser(signed_on: As) -> None:
    response = signed_on("olivia").get("/")
    assert response["Cache-Control"] == "no-store"
    assert "HX-Request" in response["Vary"]


def test_pages_hold_no_inline_script_style_or_handler(signed_on: As) -> None:
    case, olivia = alarm(), signed_on("olivia")
    for path in ("/", f"/incidents/{case.pk}/", "/frames/", "/accounting/", "/incidents/"):
        page = text_of(olivia, path)
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count("<script defer src=")


def test_the_account_the_last_seal_and_the_state_of_receiving_are_in_sight(signed_on: As, all_well: None) -> None:
    page = text_of(signed_on("olivia"))
    for words in ("今日收", "运行正常", "尚无封存"):
        assert words in page


def test_a_silent_receiver_raises_the_banner(
    signed_on: As, all_well: None, receiver_status: Callable[..., None]
) -> None:
    olivia = signed_on("olivia")
    assert 'class="banner"' not in text_of(olivia)
    receiver_status(age=6)
    assert "接收程序失去响应" in text_of(olivia)
    receiver_status(journal_ok=False, fault="disk full")
    assert "信号日志不可用" in text_of(olivia)
    assert "disk full" in text_of(olivia)


def test_a_silent_background_process_raises_the_banner(signed_on: As, all_well: None) -> None:
    beat(WORK, timezone.now() - timedelta(seconds=10))
    assert "后台程序失去响应" in text_of(signed_on("olivia"))


def test_demo_data_says_that_it_is_demo_data(cast: Cast, signed_on: As) -> None:
    assert "演示数据" not in text_of(signed_on("olivia"))
    cast.company.is_demo = True
    cast.company.save()
    case = alarm()
    assert text_of(signed_on("olivia"), f"/incidents/{case.pk}/").count("演示数据") == 2


def test_english_is_a_switch_away(signed_on: As) -> None:
    alarm()
    olivia = signed_on("olivia")
    response = olivia.post("/language/", {"language": "en", "next": "/"})
    assert (response.status_code, response["Location"]) == (302, "/")
    page = text_of(olivia)
    assert '<html lang="en">' in page
    assert "Burglary alarm" in page


def test_the_rows_alone_come_with_their_total(signed_on: As) -> None:
    alarm()
    response = signed_on("olivia").get("/queue/")
    assert response["X-Total"] == "1"
    assert response.content.decode().strip().startswith('<a class="row')


def test_an_unknown_account_is_the_administrators_case(signed_on: As) -> None:
    case = alarm(Sent(account="7777"))
    page = text_of(signed_on("ada"), f"/incidents/{case.pk}/")
    assert "未知账号 7777" in page
    assert "没有登记联系人" in page
    assert f'id="row-{case.pk}"' not in text_of(signed_on("olivia"))
