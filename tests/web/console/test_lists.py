"""Raw traffic, the daily account and the list of cases."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianjing.domain.signals.models import Frame, Treatment
from lianjing.web.paging import PAGE
from tests.cast import NOON, Cast, Sent, alarm, journal, treat
from tests.web.console.conftest import As

FRAME_QUERIES = 34
CASE_LIST_QUERIES = 24


def frame_of(signal_id: int, **changes: object) -> Frame:
    """The frame of a journal signal, altered."""
    Frame.objects.filter(signals__pk=signal_id).update(**changes)
    return Frame.objects.get(signals__pk=signal_id)


def test_raw_traffic_shows_bytes_reading_reason_and_answer(signed_on: As) -> None:
    frame = frame_of(alarm().signals.get().treatment_id, kind="unreadable", reason="crc", answer=None)
    page = signed_on("ada").get("/frames/").content.decode()
    for words in (r"\x0araw\\frame\x0d", "校验码不符", "没有应答", "127.0.0.1:5000", "✕ 损坏"):
        assert words in page
    assert f"/frames/{frame.pk}/" in page


def test_raw_traffic_is_filtered_by_account_and_kind(cast: Cast, signed_on: As) -> None:
    for account in ("1001", "1002"):
        journal(Sent(account=account))
    olivia = signed_on("olivia")
    by_account = olivia.get("/frames/?account=1001").content.decode()
    assert (by_account.count('class="frame"'), "<b>1002</b>" in by_account) == (1, False)
    assert olivia.get("/frames/?kind=heartbeat").content.decode().count('class="frame"') == 0
    assert olivia.get("/frames/?kind=nonsense&after=nonsense").status_code == 200


def test_raw_traffic_is_paged_without_a_gap(cast: Cast, signed_on: As) -> None:
    for _ in range(PAGE + 2):
        journal(Sent())
    olivia = signed_on("olivia")
    first = olivia.get("/frames/")
    older = olivia.get(first.context["next_href"])
    ids = [line.frame.id for page in (first, older) for line in page.context["shown"]]
    assert ids == sorted(Frame.objects.values_list("pk", flat=True), reverse=True)
    assert older.context["next_href"] == ""


@pytest.mark.parametrize("rows", [1, 3])
def test_raw_traffic_asks_the_same_number_of_questions(
    signed_on: As, all_well: None, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _ in range(rows):
        journal(Sent())
    olivia = signed_on("olivia")
    with django_assert_num_queries(FRAME_QUERIES):
        olivia.get("/frames/")


def test_a_frame_tells_three_times_and_its_repeats(cast: Cast, signed_on: As) -> None:
    first = journal(Sent())
    again = journal(Sent(), repeat_of=first)
    olivia = signed_on("olivia")
    page = olivia.get(f"/frames/{first}/").content.decode()
    assert "又重复 1 次" in page
    assert "设备未报时" in page
    assert "2026-11-22 12:00:00.000 +08:00" in page
    assert f"是 #{first} 的重复" in olivia.get(f"/frames/{again}/").content.decode()
    assert olivia.get("/frames/999999/").status_code == 404


def test_the_days_account_shows_its_sum(cast: Cast, signed_on: As) -> None:
    alarm()
    page = signed_on("olivia").get("/accounting/?on=2026-11-22").content.decode()
    for words in ("每日对账 2026-11-22", "✓ 相符", "入案", "不在等式内"):
        assert words in page


def test_the_account_by_company_and_class_shows_each_viewer_his_own_and_says_what_differs(
    cast: Cast, client: Client
) -> None:
    alarm()
    alarm(Sent(account="9999"))
    signal_id = journal(Sent(account="2001", code="RP"))
    treat()
    Treatment.objects.filter(pk=signal_id).update(fate="lost")

    def page(who: str) -> str:
        client.force_login(cast.users[who])
        return client.get("/accounting/?on=2026-11-22").content.decode()

    assert ("Hill Alarm" in page("olivia"), "不属于任何公司" in page("olivia")) == (False, False)
    assert "✕" not in page("olivia").partition("account-rows")[2]
    for words in ("全部公司", "Harbour Alarm", "Hill Alarm", "不属于任何公司", "✕ 差 1"):
        assert words in page("ada")
    client.force_login(cast.users["sam"])
    told = client.get("/accounting/csv/?on=2026-11-22").content.decode("utf-8-sig").splitlines()
    assert told[1:] == ["2026-11-22,hill,Hill Alarm,测试,1,0,0,0,0,0,0,1"]
    assert client.get("/accounting/csv/?on=never").status_code == 400


@pytest.mark.parametrize(
    ("asked", "said"), [("yesterday", "不是日期"), ("2026-02-31", "不是日期"), ("9999-01-01", "还没有到")]
)
def test_a_day_that_cannot_be_shown_is_answered_with_a_sentence(signed_on: As, asked: str, said: str) -> None:
    response = signed_on("olivia").get("/accounting/", {"on": asked})
    assert response.status_code == 400
    assert said in response.content.decode()


def test_cases_are_listed_by_state(cast: Cast, signed_on: As) -> None:
    case, olivia = alarm(), signed_on("olivia")
    assert f"/incidents/{case.pk}/" in olivia.get("/incidents/").content.decode()
    assert f"/incidents/{case.pk}/" in olivia.get("/incidents/?state=open").content.decode()
    assert "没有这种状态的案件" in olivia.get("/incidents/?state=closed").content.decode()
    assert olivia.get("/incidents/?state=nonsense").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_cases_asks_the_same_number_of_questions(
    signed_on: As, all_well: None, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for code in ("BA", "FA", "PA")[:rows]:
        alarm(Sent(code=code, at=NOON))
    olivia = signed_on("olivia")
    with django_assert_num_queries(CASE_LIST_QUERIES):
        olivia.get("/incidents/")


def test_raw_traffic_names_unknown_codes_and_accounts_and_finds_them(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["ada"])
    for sent in (Sent(code="ZQ"), Sent(account="9999"), Sent()):
        journal(sent)
    treat()
    codes = client.get("/frames/?kind=unknown-code").content.decode()
    accounts = client.get("/frames/?kind=unknown-account").content.decode()
    assert [text.count('<article class="frame">') for text in (codes, accounts)] == [1, 1]
    assert "不在代码表中" in codes
    assert "账号 9999 没有登记" in accounts


def test_signals_that_wait_are_listed_on_every_desk_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["olivia"])
    journal(Sent(code="HA", account="1002"))
    journal(Sent(code="HA", account="2001"))
    page = client.get("/accounting/").content.decode()
    assert page.count("<li>◆ 一级 · ") == 1


def test_an_impossible_day_is_told_and_today_shown(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["olivia"])
    assert client.get("/accounting/?on=0001-01-01").status_code == 400
