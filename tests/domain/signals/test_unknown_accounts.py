"""The list of accounts that no site has: what they sent, for whom, and at what cost."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from lianjing.domain.signals import unknown_accounts
from lianjing.domain.signals.models import LineDay
from lianjing.domain.signals.panel_list import PanelFilter, panels
from lianjing.domain.signals.unknown_accounts import UnknownFacts, unknown_facts
from lianjing.domain.sites.models import Panel
from tests.cast import NOON, Cast, Sent, journal, refused, treat

LINE = ("dc09", "7001")
UNKNOWN = PanelFilter(unknown=True)


def test_an_account_is_told_by_what_it_sent_last_and_worst(cast: Cast) -> None:
    told = {"account": "7001", "peer": "10.0.0.9:4000", "transport": "udp"}
    journal(Sent(code="HA", at=NOON - timedelta(days=9), **told))
    for number in range(3):
        journal(Sent(code="RP", at=NOON + timedelta(minutes=number), encrypted=True, sequence=f"{number}", **told))
    treat()
    assert unknown_facts(cast.viewer("ada"), [LINE])[LINE] == UnknownFacts(
        first_at=NOON - timedelta(days=9),
        count=4,
        grade=1,
        sends=(("SIA", "RP", "N", 3), ("SIA", "HA", "N", 1)),
        kinds=2,
        peer="10.0.0.9:4000",
        transport="udp",
        token="SIA-DCS",
        encrypted=True,
    )


def test_an_account_that_only_beats_or_cannot_be_read_is_told_by_its_frames(cast: Cast) -> None:
    days = {"first_seen_at": NOON - timedelta(days=2), "last_seen_at": NOON, "heartbeat_count": 9, "longest_gap_s": 60}
    LineDay.objects.create(listener="dc09", account="7001", transport="tcp", day=NOON.date(), **days)
    refused(Sent(account="7002", reason="no-key", encrypted=True, at=NOON, peer="10.0.0.8:1"))
    found = unknown_facts(cast.viewer("ada"), [LINE, ("dc09", "7002")])
    assert (found[LINE].first_at, found[LINE].count) == (NOON - timedelta(days=2), 0)
    other = found["dc09", "7002"]
    assert (other.first_at, other.peer, other.encrypted, other.grade) == (NOON, "10.0.0.8:1", True, None)


def test_what_belongs_to_no_company_is_the_installations_to_read(cast: Cast) -> None:
    journal(Sent(account="7001", at=NOON))
    treat()
    assert [line.account for line in panels(cast.viewer("ada"), UNKNOWN, now=NOON)] == ["7001"]
    for name in ("olivia", "mia", "sam"):
        assert panels(cast.viewer(name), UNKNOWN, now=NOON) == []
        assert unknown_facts(cast.viewer(name), [LINE]) == {}


def test_an_account_leaves_the_list_when_it_is_registered_or_silent_for_a_month(cast: Cast) -> None:
    journal(Sent(account="7001", at=NOON))
    journal(Sent(account="7002", at=NOON))
    treat()
    Panel.objects.create(site=cast.shop, account="7001", added_at=NOON + timedelta(hours=1), changed_at=NOON)
    ada = cast.viewer("ada")
    assert [line.account for line in panels(ada, UNKNOWN, now=NOON + timedelta(days=29))] == ["7002"]
    assert panels(ada, UNKNOWN, now=NOON + timedelta(days=31)) == []


def test_a_mad_account_is_counted_up_to_a_limit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_accounts, "COUNTED", 3)
    monkeypatch.setattr(unknown_accounts, "TOLD", 2)
    for number in range(5):
        journal(Sent(account="7001", at=NOON + timedelta(seconds=number), sequence=f"{number}"))
    treat()
    facts = unknown_facts(cast.viewer("ada"), [LINE])[LINE]
    assert (facts.count, facts.is_more, facts.sends) == (3, True, (("SIA", "BA", "N", 2),))


@pytest.mark.parametrize("accounts", [1, 30])
def test_the_facts_take_as_many_questions_for_one_as_for_many(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, accounts: int
) -> None:
    for number in range(accounts):
        journal(Sent(account=str(7000 + number), at=NOON))
    treat()
    ada = cast.viewer("ada")
    lines = [(line.listener, line.account) for line in panels(ada, UNKNOWN, now=NOON)]
    with django_assert_num_queries(6):
        assert len(unknown_facts(ada, lines)) == accounts
