"""One event over two paths: what is one, and that it is only shown (docs/decisions/0010)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lianjing.domain.incidents.models import Incident
from lianjing.domain.records.models import Record
from lianjing.domain.signals.daily_account import account_of
from lianjing.domain.signals.models import Treatment
from lianjing.domain.signals.paths import Arrival, Path, content_of, host_of, second_paths
from lianjing.domain.signals.queries import frames, signals
from lianjing.domain.sites.models import Panel
from lianjing.terms.codes import Scheme
from tests.cast import NOON, Cast, Sent, journal, treat

TCP = Path("dc09", "1001", "tcp", "", "0", "10.0.0.1")
UDP = TCP._replace(transport="udp")
SECOND = timedelta(seconds=1)


def arrival(number: int, path: Path, *, after: int = 0, same_as: int | None = 0, address: str = "3") -> Arrival:
    return Arrival(number, content_of(1, "BA", "N", "1", address), NOON + after * SECOND, path, same_as)


@pytest.mark.parametrize(
    "other",
    [
        UDP,
        TCP._replace(host="10.0.0.2"),
        TCP._replace(line="1"),
        TCP._replace(receiver="2"),
        TCP._replace(listener="surgard"),
        TCP._replace(listener="surgard", account="0001"),
    ],
)
def test_equal_content_by_another_path_is_the_same_event(other: Path) -> None:
    assert second_paths([arrival(1, TCP), arrival(2, other, after=60)]) == {2: 1}


@pytest.mark.parametrize(
    "second",
    [
        arrival(2, TCP, after=1),
        arrival(2, UDP, after=61),
        arrival(2, UDP, address="4"),
        arrival(2, UDP._replace(account="1009")),
    ],
    ids=["same path", "too late", "another zone", "another panel of the site"],
)
def test_what_is_another_event_is_not_marked(second: Arrival) -> None:
    assert second_paths([arrival(1, TCP), second]) == {}


def test_a_path_tells_of_an_event_once_so_a_second_alarm_stays_a_second_alarm() -> None:
    told = [arrival(1, TCP), arrival(2, UDP, after=1), arrival(3, UDP, after=20), arrival(4, TCP, after=21)]
    assert second_paths(told) == {2: 1, 4: 3}
    # A flood on both paths is paired one by one.
    assert second_paths([arrival(n, TCP) for n in (1, 2)] + [arrival(n, UDP) for n in (3, 4, 5)]) == {3: 1, 4: 2}


def test_what_was_decided_stays_and_counts() -> None:
    decided = [arrival(1, TCP, same_as=None), arrival(2, UDP, same_as=1)]
    assert second_paths([*decided, arrival(3, UDP, after=2), arrival(4, TCP._replace(line="9"), after=3)]) == {4: 1}


def test_the_window_counts_from_the_first_also_when_the_first_is_out_of_sight() -> None:
    second = arrival(2, UDP, after=50, same_as=1)
    assert second_paths([second, arrival(3, TCP._replace(line="9"), after=70)]) == {}


def test_three_paths_name_one_first() -> None:
    ways = (TCP, UDP, TCP._replace(listener="surgard"))
    assert second_paths([arrival(n, way) for n, way in enumerate(ways, 1)]) == {2: 1, 3: 1}


@pytest.mark.parametrize(("peer", "host"), [("10.0.0.1:5000", "10.0.0.1"), ("[::1]:5000", "::1")])
def test_a_port_is_no_path(peer: str, host: str) -> None:
    assert host_of(peer) == host


def test_numbers_are_compared_as_numbers() -> None:
    assert content_of(1, "130", "1", "01", "003") == content_of(1, "130", "1", "1", "3")
    assert content_of(1, "130", "1", "00", "000") == content_of(1, "130", "1", "", "")


def marks() -> dict[int, int | None]:
    return dict(Treatment.objects.order_by("pk").values_list("signal_id", "same_as_id"))


def test_both_join_one_case_both_wake_it_and_both_are_counted(cast: Cast) -> None:
    first = journal(Sent())
    second = journal(Sent(transport="udp", sequence="0002", at=NOON + SECOND))
    treat()
    case = Incident.objects.get()
    assert marks() == {first: None, second: first}
    assert (case.signal_count, case.unseen) == (2, 2)
    account = account_of(cast.viewer("mia"), NOON.date())
    assert account
    assert (account.received, account.in_cases, account.duplicates) == (2, 2, 0)
    told = Record.objects.get(action="incident.joined").after
    assert told == {"signal": second, "alarm": True, "rule": "needs_a_person", "same_as": first}


def test_a_second_path_is_found_in_a_later_batch_and_told_with_both_ways(cast: Cast) -> None:
    first = journal(Sent())
    treat()
    second = journal(Sent(transport="udp", at=NOON + SECOND))
    treat()
    lines = signals(cast.viewer("olivia"))
    assert [line.second_path and line.second_path.first_signal for line in lines] == [first, None]
    mine, theirs = frames(cast.viewer("olivia"))
    assert mine.second_paths == theirs.second_paths
    assert [(p.frame_id, p.first_frame, p.path.transport, p.first_path.transport) for p in mine.second_paths] == [
        (second, first, "udp", "tcp")
    ]


def test_a_panel_that_two_receivers_hear_counts_as_one_site(cast: Cast) -> None:
    row = Panel.objects.get(account="1001")
    Panel.objects.create(
        site=row.site, listener="surgard", account="0001", added_at=row.added_at, changed_at=row.changed_at
    )
    by_ours = Sent(code="130", scheme=Scheme.CONTACT_ID, qualifier="1", area="01", zone="003")
    first = journal(by_ours)
    second = journal(replace(by_ours, listener="surgard", account="0001", area="1", zone="3", at=NOON + SECOND))
    treat()
    assert (marks(), Incident.objects.count()) == ({first: None, second: first}, 1)


def test_equal_accounts_of_two_companies_are_two_panels(cast: Cast) -> None:
    Panel.objects.filter(account="2001").update(listener="surgard", account="1001")
    journal(Sent())
    journal(Sent(listener="surgard", at=NOON + SECOND))
    treat()
    assert set(marks().values()) == {None}


def test_an_account_that_no_site_has_is_compared_with_itself_only(cast: Cast) -> None:
    first = journal(Sent(account="9999"))
    second = journal(Sent(account="9999", transport="udp", at=NOON + SECOND))
    third = journal(Sent(account="9999", listener="surgard", at=NOON + SECOND))
    treat()
    assert marks() == {first: None, second: first, third: None}
