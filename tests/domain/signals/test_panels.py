"""The list of panels and the page of one, as their readers see them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lianjing.domain.signals.daily_account import today
from lianjing.domain.signals.models import LineDay
from lianjing.domain.signals.panel_list import PanelFilter, PanelLine, panel_count, panels
from lianjing.domain.signals.panel_page import FRAMES_JUDGED, FRAMES_SHOWN, panel_page
from lianjing.domain.sites.models import Panel
from lianjing.domain.sites.queries import panel_in_use
from tests.cast import Cast, Sent, journal, refused, treat

MINUTE = timedelta(minutes=1)
LIST_QUERIES = {"": 5, "odd": 5, "unknown": 5}


def ago(minutes: int) -> "Sent":
    return Sent(at=timezone.now() - minutes * MINUTE)


def heard(account: str, minutes: int = 1, *, listener: str = "dc09", beats: int = 0, on: date | None = None) -> None:
    at = timezone.now() - minutes * MINUTE
    LineDay.objects.create(
        listener=listener,
        account=account,
        transport="tcp",
        day=on or today(),
        first_seen_at=at - 10 * MINUTE,
        last_seen_at=at,
        heartbeat_count=beats,
        longest_gap_s=77,
    )


def listed(cast: Cast, name: str = "ada", **wanted: object) -> list[PanelLine]:
    return panels(cast.viewer(name), PanelFilter(**wanted), now=timezone.now())  # type: ignore[arg-type]


def odd(cast: Cast, name: str = "ada", **wanted: object) -> dict[str, tuple[str, ...]]:
    return {line.account: line.odd for line in listed(cast, name, **wanted)}


def test_everybody_lists_the_panels_of_his_companies(cast: Cast) -> None:
    seen = {name: [line.account for line in listed(cast, name)] for name in ("olivia", "mia", "sam", "ada")}
    assert seen == {
        "olivia": ["1001", "1002"],
        "mia": ["1001", "1002"],
        "sam": ["2001"],
        "ada": ["1001", "1002", "2001"],
    }
    assert (listed(cast, "gus"), listed(cast, "polly"), panel_count(cast.viewer("sam"))) == ([], [], 1)


@pytest.mark.parametrize(
    ("text", "accounts"),
    [("100", ["1001", "1002"]), ("corner", ["1001"]), ("hill al", ["2001"]), ("%", []), ("nobody", [])],
)
def test_a_panel_is_found_by_account_site_or_company(cast: Cast, text: str, accounts: list[str]) -> None:
    assert [line.account for line in listed(cast, text=text)] == accounts


def test_pages_follow_each_other_by_account(cast: Cast) -> None:
    shop = Panel.objects.get(account="1001")
    Panel.objects.create(
        site=shop.site, listener="surgard", account="1001", added_at=shop.added_at, changed_at=shop.changed_at
    )
    after, seen = None, []
    while page := panels(cast.viewer("ada"), PanelFilter(), now=timezone.now(), after=after, limit=1):
        after = page[0].listener, page[0].account
        seen.append(after)
    assert seen == [("dc09", "1001"), ("surgard", "1001"), ("dc09", "1002"), ("dc09", "2001")]


def test_what_is_odd_stands_beside_the_panel_until_it_came_right(cast: Cast) -> None:
    for account in ("1001", "1002", "2001"):
        heard(account, 10)
    refused(Sent(at=ago(5).at, reason="wrong-key", encrypted=True))
    refused(Sent(account="1002", at=ago(5).at, reason="time-window", encrypted=True))
    refused(Sent(account="2001", at=ago(60 * 25).at, reason="wrong-key", encrypted=True))
    assert odd(cast) == {"1001": ("wrong-key",), "1002": ("clock-refused",), "2001": ()}
    LineDay.objects.filter(account="1002").update(last_seen_at=ago(1).at)
    assert odd(cast, odd=True) == {"1001": ("wrong-key",)}


def test_silence_is_told_and_a_refused_frame_is_no_silence(cast: Cast) -> None:
    heard("1001", 60 * 26, on=today() - timedelta(days=1))
    heard("1002")
    refused(Sent(account="2001", at=ago(5).at, reason="wrong-key", encrypted=True))
    assert odd(cast, odd=True) == {"1001": ("silent",), "2001": ("wrong-key",)}
    assert {line.account: line.heard_at for line in listed(cast)}["2001"] is not None


def test_accounts_that_no_site_has_are_the_installations_to_see(cast: Cast) -> None:
    heard("7777")
    heard("1001")
    heard("1001", listener="surgard")
    heard("5555", 60 * 24 * 9, on=today() - timedelta(days=9))
    refused(Sent(account="8888", at=ago(5).at, reason="no-key", encrypted=True))
    found = listed(cast, unknown=True)
    assert [(line.listener, line.account, line.odd) for line in found] == [
        ("surgard", "1001", ("unknown-account",)),
        ("dc09", "7777", ("unknown-account",)),
        ("dc09", "8888", ("unknown-account", "no-key")),
    ]
    behind = panels(cast.viewer("ada"), PanelFilter(unknown=True), now=timezone.now(), after=("dc09", "7777"))
    assert [line.account for line in behind] == ["8888"]
    assert [line.account for line in listed(cast, unknown=True, text="77")] == ["7777"]
    assert (listed(cast, "mia", unknown=True), listed(cast, "sam", unknown=True)) == ([], [])


@pytest.mark.parametrize("kind", LIST_QUERIES)
@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_costs_the_same_queries_for_any_length(
    cast: Cast, kind: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shop = Panel.objects.get(account="1001")
    for number in range(3000, 3000 + rows):
        Panel.objects.create(site=shop.site, account=str(number), added_at=shop.added_at, changed_at=shop.changed_at)
        refused(Sent(account=str(number), at=ago(5).at, reason="wrong-key"))
        heard(str(number + 1000))
    viewer, wanted = cast.viewer("ada"), PanelFilter(odd=kind == "odd", unknown=kind == "unknown")
    with django_assert_num_queries(LIST_QUERIES[kind]):
        assert len(panels(viewer, wanted, now=timezone.now())) >= rows


def page_of(cast: Cast, name: str, account: str = "1001", listener: str = "dc09"):  # type: ignore[no-untyped-def]
    return panel_page(cast.viewer(name), listener, account, now=timezone.now())


def test_a_page_is_seen_by_the_companys_readers_and_by_nobody_else(cast: Cast) -> None:
    refused(Sent(account="7777", at=ago(1).at, reason="no-key", encrypted=True))
    seen = {
        name: [account for account in ("1001", "2001", "7777", "5555") if page_of(cast, name, account)]
        for name in ("olivia", "sam", "gus", "polly", "ada")
    }
    assert seen == {"olivia": ["1001"], "sam": ["2001"], "gus": [], "polly": [], "ada": ["1001", "2001", "7777"]}


def test_a_page_tells_what_the_panel_sends(cast: Cast) -> None:
    heard("1001", beats=11)
    first = journal(Sent(at=ago(9).at, sequence="0001"))
    journal(Sent(at=ago(8).at, sequence="0001"), repeat_of=first)
    journal(Sent(at=ago(7).at, sequence="0002", transport="udp", code="BR", dialect=("lower-case-crc",)))
    refused(Sent(at=ago(6).at, reason="wrong-key", encrypted=True))
    page = page_of(cast, "olivia")
    sent = page.sent
    assert (sent.frames, sent.encrypted, sent.repeats, sent.tokens) == (4, 1, 1, {"SIA-DCS": 4})
    assert (sent.transports, sent.dialect) == ({"tcp": 3, "udp": 1}, {"lower-case-crc": 1})
    assert [(event.code, event.count) for event in sent.events] == [("BR", 1), ("BA", 1)]
    (line,) = page.facts.lines
    assert (line.beats_today, line.beat_s, line.longest_gap_s) == (11, 60, 77)
    assert [oddity.name for oddity in page.odd] == ["wrong-key"]
    assert [frame.reason for frame in page.latest] == ["wrong-key", "", "", ""]


def test_a_page_tells_of_second_paths(cast: Cast) -> None:
    journal(Sent(at=ago(1).at))
    journal(Sent(at=ago(1).at, transport="udp"))
    treat(timezone.now())
    page = page_of(cast, "olivia")
    assert (page.sent.second_paths, [oddity.name for oddity in page.odd]) == (1, ["second-path"])


def test_what_the_account_sent_before_it_was_this_sites_is_not_shown(cast: Cast) -> None:
    journal(ago(30))
    Panel.objects.filter(account="1001").update(added_at=timezone.now() - 10 * MINUTE)
    journal(ago(5))
    journal(Sent(at=ago(4).at, listener="surgard"))
    assert page_of(cast, "olivia").sent.frames == 1


def test_a_mad_panel_costs_no_more_than_any_other(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(FRAMES_JUDGED + 5):
        refused(Sent(at=ago(1).at, reason="wrong-key", encrypted=True))
    viewer, now = cast.viewer("olivia"), timezone.now()
    with django_assert_max_num_queries(13):
        page = panel_page(viewer, "dc09", "1001", now=now)
    assert page
    assert (page.sent.frames, len(page.latest)) == (FRAMES_JUDGED, FRAMES_SHOWN)


def test_letters_of_an_account_compare_without_case(cast: Cast) -> None:
    Panel.objects.filter(account="1001").update(account="ABCD")
    journal(Sent(account="ABCD", at=ago(1).at))
    assert page_of(cast, "olivia", "abcd").account == "ABCD"
    assert panel_in_use(cast.viewer("olivia"), "dc09", "abcd")
