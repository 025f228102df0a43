"""Signals, frames and the daily account, each to its own company."""

from datetime import date, timedelta

import pytest

from lianjing.core.viewer import Viewer
from lianjing.domain.signals import queries
from lianjing.domain.signals.daily_account import account_of
from lianjing.domain.signals.models import AccountMark, Frame, FrameOfAccount
from lianjing.domain.signals.queries import FrameFilter, frames, raw_text, signals, waiting_since
from lianjing.domain.sites.models import Panel
from tests.cast import NOON, SYSTEM, Cast, Sent, journal, treat

TODAY = date(2026, 11, 22)


@pytest.fixture
def day(cast: Cast) -> Cast:
    """An alarm sent three times, a test, a stranger's alarm, an unknown account's alarm, one that still waits."""
    first = journal(Sent())
    journal(Sent(at=NOON + timedelta(seconds=4)), repeat_of=first)
    journal(Sent(at=NOON + timedelta(seconds=8)), repeat_of=first)
    journal(Sent(code="RP"))
    journal(Sent(account="2001"))
    journal(Sent(account="9999"))
    treat()
    journal(Sent(account="1002", code="HA", at=NOON + timedelta(seconds=9)))
    return cast


def test_received_equals_the_sum_of_fates(day: Cast) -> None:
    account = account_of(SYSTEM, TODAY)
    assert account is not None
    figures = (account.received, account.in_cases, account.automatic, account.duplicates, account.waiting)
    assert figures == (7, 3, 1, 2, 1)
    assert account.balances


def test_each_company_has_its_own_account(day: Cast) -> None:
    ours, theirs = account_of(day.viewer("olivia"), TODAY), account_of(day.viewer("sam"), TODAY)
    assert ours is not None
    assert theirs is not None
    assert (ours.received, ours.waiting, ours.balances) == (5, 1, True)
    assert (theirs.received, theirs.in_cases, theirs.balances) == (1, 1, True)


def test_the_day_is_the_centres_day(cast: Cast) -> None:
    before_midnight = NOON.replace(hour=15, minute=59)
    journal(Sent(at=before_midnight))
    journal(Sent(at=before_midnight + timedelta(minutes=1)))
    counts = [account_of(SYSTEM, TODAY + timedelta(days=n)) for n in (0, 1)]
    assert [a.received for a in counts if a] == [1, 1]


@pytest.mark.parametrize(
    ("who", "accounts"),
    [
        ("olivia", {"1001", "1002"}),
        ("sam", {"2001"}),
        ("ada", {"1001", "1002", "2001", "9999"}),
        ("gus", set()),
    ],
)
def test_nobody_reads_anothers_signals_or_frames(day: Cast, who: str, accounts: set[str]) -> None:
    viewer: Viewer = day.viewer(who)
    assert {line.account for line in signals(viewer)} == accounts
    assert {line.account for line in frames(viewer)} == accounts


def test_a_repeat_is_counted_on_its_first(day: Cast) -> None:
    repeated = signals(day.viewer("olivia"), account="1001")[-1]
    assert (repeated.code, repeated.repeats, repeated.fate) == ("BA", 2, "in_case")


def test_a_signal_is_listed_before_it_is_treated(day: Cast) -> None:
    newest = signals(day.viewer("olivia"), limit=1)[0]
    assert (newest.code, newest.fate, newest.rule) == ("HA", "waiting", "")
    assert waiting_since(SYSTEM) == NOON + timedelta(seconds=9)


@pytest.mark.parametrize("size", [1, 3])
def test_a_list_of_signals_costs_the_same_queries_for_any_length(
    cast: Cast, size: int, django_assert_num_queries
) -> None:
    for _ in range(size):
        journal(Sent())
    treat()
    olivia = cast.viewer("olivia")
    with django_assert_num_queries(3):
        assert len(signals(olivia)) == size
    with django_assert_num_queries(4):
        assert len(frames(olivia)) == size


def test_pages_follow_each_other_without_gap_or_overlap(cast: Cast) -> None:
    ids = [journal(Sent()) for _ in range(5)]
    first = signals(SYSTEM, limit=3)
    second = signals(SYSTEM, limit=3, after=first[-1].id)
    assert [line.id for line in first + second] == list(reversed(ids))


def test_raw_text_is_printable_and_loses_nothing() -> None:
    assert raw_text(b'\n0A"\\\x00\xff ~') == '\\x0a0A"\\\\\\x00\\xff ~'


def test_an_account_that_changed_hands_shows_each_company_its_own_time(cast: Cast) -> None:
    moved_at = NOON + timedelta(minutes=5)
    Panel.objects.filter(account="1001").update(removed_at=moved_at)
    Panel.objects.create(site=cast.mill, account="1001", added_at=moved_at, changed_at=moved_at)
    before, after = journal(Sent()), journal(Sent(at=moved_at))
    assert [line.id for line in frames(cast.viewer("olivia"), FrameFilter(account="1001"))] == [before]
    assert [line.id for line in frames(cast.viewer("sam"), FrameFilter(account="1001"))] == [after]


def test_an_accounts_frames_are_found_before_and_after_they_are_entered_page_by_page(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [journal(Sent(account=account)) for account in ("1001", "1002", "1001", "1001", "1002", "1001", "1001")]
    mine = [ids[n] for n in (6, 5, 3, 2, 0)]
    early = Frame.objects.filter(account="1001", pk__lte=ids[3])
    FrameOfAccount.objects.bulk_create(FrameOfAccount(account="1001", frame_id=frame.pk) for frame in early)
    AccountMark.objects.update(frame_id=ids[3])
    monkeypatch.setattr(queries, "PAGE_LIMIT", 2)
    olivia = cast.viewer("olivia")
    for listed in (
        lambda after: signals(olivia, account="1001", after=after),
        lambda after: frames(olivia, FrameFilter(account="1001"), after=after),
    ):
        first = [line.id for line in listed(None)]
        second = [line.id for line in listed(first[-1])]
        assert first + second + [line.id for line in listed(second[-1])] == mine
    assert signals(cast.viewer("sam"), account="1001") == []
