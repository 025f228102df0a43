"""Sequence numbers that never came: noted a panel and day, and told to a person when they are many."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from lianjing.domain.incidents.events import open_event_cases
from lianjing.domain.incidents.models import Incident
from lianjing.domain.signals import sequences
from lianjing.domain.signals.models import Frame, LineDay, SequenceGap, SequenceTrack, SystemEvent
from lianjing.domain.signals.sequence_policy import LATE
from lianjing.domain.signals.sequences import (
    end_sequence_events,
    follow_sequences,
    sequences_due,
    settle_sequences,
)
from lianjing.domain.sites.models import Panel
from tests.cast import NOON, SYSTEM, Cast, Sent, journal, make_site, refused

LATER = NOON + timedelta(minutes=30)
HARMLESS = "RP"


def send(numbers: Iterable[int], account: str = "1001", **told: object) -> None:
    for step, number in enumerate(numbers):
        at = NOON + timedelta(seconds=step)
        journal(Sent(account=account, code=HARMLESS, sequence=f"{number:04d}", at=at, **told))  # type: ignore[arg-type]


def look() -> None:
    while any(sequences_due(SYSTEM, LATER)):
        follow_sequences(by=SYSTEM, at=LATER)
        settle_sequences(by=SYSTEM, at=LATER)


def gaps() -> list[tuple[str, int, int, bool]]:
    rows = SequenceGap.objects.order_by("pk")
    return [(row.account, row.first, row.last, row.possible) for row in rows]


AFTER = range(60, 60 + LATE + 2)


def test_numbers_that_never_came_are_noted_with_the_panel_and_its_company(cast: Cast) -> None:
    send([50, 51, 54, 55, 57, *AFTER])
    send(range(1, 20), account="2001")
    look()
    assert gaps() == [("1001", 52, 53, False), ("1001", 56, 56, False), ("1001", 58, 59, False)]
    first = SequenceGap.objects.order_by("pk")[0]
    assert (first.company, first.panel, first.on) == (cast.company, Panel.objects.get(account="1001"), NOON.date())
    assert (first.after_at, first.at) == (NOON + timedelta(seconds=1), NOON + timedelta(seconds=2))


@pytest.mark.parametrize("portion", [1, 3, 1000])
def test_it_does_not_matter_in_how_many_turns_the_frames_are_looked_at(
    cast: Cast, portion: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequences, "FRAMES_A_TURN", portion)
    send([50, 51, 53, *range(54, 70)])
    look()
    assert gaps() == [("1001", 52, 52, False)]
    look()
    assert SequenceGap.objects.count() == 1


def test_nothing_is_looked_at_before_a_late_commit_would_be_visible(cast: Cast) -> None:
    send([1])
    assert sequences_due(SYSTEM, NOON + timedelta(seconds=59)) == (False, False)
    assert follow_sequences(by=SYSTEM, at=NOON + timedelta(seconds=59)) == 0
    assert follow_sequences(by=SYSTEM, at=NOON + timedelta(seconds=61)) == 1


def test_what_was_refused_repeated_or_never_counted_leaves_no_gap(cast: Cast) -> None:
    send([50, 51])
    refused(Sent(account="1001", sequence="0052", at=NOON + timedelta(seconds=2), reason="wrong-key"))
    send([53, 54, 54])
    send([0] * 12, account="1002")
    send([1, 5, 20, *range(30, 45)], account="2001", listener="surgard")
    look()
    assert gaps() == []


def test_an_account_that_counts_in_hexadecimal_tells_nothing(cast: Cast) -> None:
    for sequence in ("0009", "000A", "0010", "0015", *(f"{n:04d}" for n in range(30, 42))):
        journal(Sent(code=HARMLESS, sequence=sequence))
    look()
    assert gaps() == []


def test_accounts_of_no_panel_are_not_followed(cast: Cast) -> None:
    send([1, 5, *range(6, 20)], account="9999")
    look()
    assert SequenceTrack.objects.count() == 0


def beat(sequence: str, count: int) -> None:
    """The day's first heartbeat, which is a frame, and the count of all of them: one a minute."""
    frame = Frame.objects.get(pk=refused(Sent(account="1001", sequence=sequence, at=NOON), "heartbeat"))
    first = frame.received_at - timedelta(minutes=count)
    LineDay.objects.create(
        listener="dc09",
        account="1001",
        transport="tcp",
        day=date(2026, 11, 22),
        first_seen_at=first,
        last_seen_at=frame.received_at,
        heartbeat_count=count,
        longest_gap_s=60,
    )


@pytest.mark.parametrize(
    ("sequence", "skipped", "noted"),
    [
        ("0000", 2, [("1001", 52, 53, False)]),
        ("0049", 2, []),
        ("0049", 9, [("1001", 52, 60, True)]),
    ],
    ids=["uncounted", "explained", "too-many"],
)
def test_heartbeats_that_are_numbered_explain_what_they_can(
    cast: Cast, sequence: str, skipped: int, noted: list[tuple[str, int, int, bool]]
) -> None:
    beat(sequence, 100)
    send([50, 51, *range(52 + skipped, 70 + skipped)])
    look()
    assert gaps() == noted


def test_a_number_that_comes_after_all_is_not_missing_any_more(cast: Cast) -> None:
    send([50, 52, *range(53, 70)])
    look()
    send([51])
    look()
    gap = SequenceGap.objects.get()
    assert (gap.missing, gap.arrived) == (1, 1)


def test_a_panel_that_takes_over_an_account_has_lost_nothing_of_the_old_one(cast: Cast) -> None:
    send([50, 51])
    Panel.objects.filter(account="1001").update(added_at=NOON + timedelta(seconds=1, milliseconds=500))
    send([*range(60, 80)])
    look()
    assert gaps() == []


def test_many_missing_numbers_of_a_panel_are_a_fault_of_its_site_until_the_next_day(cast: Cast) -> None:
    send([50, 54, *range(55, 70)])
    send([50, 52, *range(53, 70)], account="2001")
    look()
    event = SystemEvent.objects.get()
    assert (event.kind, event.site, event.grade) == ("SG", cast.shop, 4)
    assert event.reasons == ["设备 1001 今天有 3 个报文序号没有收到，见其设备页。"]
    open_event_cases(by=SYSTEM, at=LATER)
    assert Incident.objects.get().site == cast.shop
    assert end_sequence_events(by=SYSTEM, at=LATER) == 0
    assert end_sequence_events(by=SYSTEM, at=LATER + timedelta(days=1)) == 1


def test_gaps_of_many_panels_of_a_company_are_one_case(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequences, "TOGETHER", 1)
    make_site(cast.company, "Third", "1003")
    for account in ("1001", "1002", "1003"):
        send([50, 54, *range(55, 75)], account=account)
    look()
    open_event_cases(by=SYSTEM, at=LATER)
    assert SystemEvent.objects.filter(kind="SG", folded_into__isnull=False).count() == 3
    assert [(case.company, case.site) for case in Incident.objects.all()] == [(cast.company, None)]
