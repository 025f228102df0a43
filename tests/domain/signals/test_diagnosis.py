"""What is odd about a panel, judged without a database."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lianjing.domain.signals.diagnosis import (
    FrameFacts,
    LineFacts,
    PanelFacts,
    beat_seconds,
    last_heard,
    oddities,
)
from tests.cast import NOON

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def frame(before: int = 0, **changes: Any) -> FrameFacts:
    """A good frame, so many seconds ago."""
    at = NOON - before * SECOND
    good = FrameFacts(at, at, "dc09", "signal", "SIA-DCS", "tcp", f"{9000 - before:04d}", "", False, False)
    return replace(good, **changes)


def refused(reason: str, before: int = 0, **changes: Any) -> FrameFacts:
    return frame(before, kind="unsupported", reason=reason, encrypted=True, **changes)


def facts(*frames: FrameFacts, **changes: Any) -> PanelFacts:
    return replace(PanelFacts(True, 0, None, False, frames, ()), **changes)


def line(last: datetime = NOON, beat_s: int | None = None, transport: str = "tcp") -> LineFacts:
    return LineFacts(transport, last, 5, beat_s, 60)


def told(of: PanelFacts) -> list[tuple[str, dict[str, object]]]:
    return [(oddity.name, dict(oddity.figures)) for oddity in oddities(of, NOON)]


def test_a_panel_that_is_heard_and_understood_is_not_odd() -> None:
    assert told(facts(frame(), frame(1), lines=(line(beat_s=60),))) == []


def test_a_panel_that_was_never_heard_is_told_once() -> None:
    assert told(facts()) == [("never-heard", {})]
    assert last_heard(facts()) is None


@pytest.mark.parametrize(
    ("silence", "beat_s", "odd"),
    [
        (25 * HOUR, None, []),
        (25 * HOUR + SECOND, None, [("silent", {"limit": 90000})]),
        (3 * HOUR, 3600, []),
        (3 * HOUR + SECOND, 3600, [("silent", {"limit": 10800})]),
        (180 * SECOND, 10, []),
        (181 * SECOND, 10, [("silent", {"limit": 180})]),
    ],
)
def test_silence_is_measured_by_the_panels_own_heartbeat(
    silence: timedelta, beat_s: int | None, odd: list[object]
) -> None:
    assert told(facts(lines=(line(NOON - silence, beat_s),))) == odd


def test_a_wrong_key_is_a_wrong_key_until_a_frame_opens() -> None:
    wrong = [refused("wrong-key", n) for n in (1, 2, 3)]
    assert told(facts(*wrong, key_length=16)) == [("wrong-key", {"count": 3, "entered": False})]
    assert told(facts(frame(0, encrypted=True), *wrong, key_length=16)) == []
    entered = facts(*wrong, key_length=16, key_since=NOON)
    assert told(entered) == [("wrong-key", {"count": 3, "entered": True})]


def test_encrypted_without_a_key_and_a_key_that_cannot_be_opened() -> None:
    assert told(facts(refused("no-key"))) == [("no-key", {"count": 1, "entered": False})]
    assert told(facts(refused("no-key"), key_unopenable=True)) == [("unopenable-key", {})]


def test_in_clear_with_a_key_on_file() -> None:
    doubted = frame(reason="plain-with-key", dialect=("plain-with-key",))
    assert told(facts(doubted, key_length=16)) == [("plain-refused", {"count": 1})]
    assert told(facts(replace(doubted, reason=""), key_length=16)) == [("plain-allowed", {"count": 1})]
    assert told(facts(doubted)) == []


@pytest.mark.parametrize(("offset", "odd"), [(-40, []), (20, []), (-41, [-41]), (21, [21]), (28800, [28800])])
def test_the_clock_is_compared_with_the_receivers(offset: int, odd: list[int]) -> None:
    frames = [replace(f, device_at=f.received_at + offset * SECOND) for f in (frame(n) for n in range(3))]
    assert told(facts(*frames)) == [("clock-off", {"offset": seconds}) for seconds in odd]
    late_repeat = replace(frame(0), device_at=NOON - HOUR, is_repeat=True)
    assert told(facts(late_repeat, frame(1))) == []


def test_a_clock_for_which_frames_are_refused() -> None:
    off = refused("time-window", device_at=NOON - HOUR)
    assert told(facts(off, key_length=16)) == [("clock-refused", {"offset": -3600, "count": 1})]
    none = refused("no-timestamp", device_at=None)
    assert told(facts(none, key_length=16)) == [("clock-refused", {"offset": None, "count": 1})]


@pytest.mark.parametrize(
    ("numbers", "odd"),
    [
        (("0001", "0002", "0003", "0004"), []),
        (("9998", "9999", "0001", "0002"), []),
        (("0007", "0008", "0001", "0002"), [("counts-anew", {"count": 1})]),
        (("0000", "0000", "0000", "0000"), [("no-counting", {"sequence": "0000"})]),
        (("0000", "0000", "0000"), []),
        (("000A", "000B", "000C", "000D"), []),
    ],
)
def test_sequence_numbers(numbers: tuple[str, ...], odd: list[object]) -> None:
    frames = [frame(n, sequence=number) for n, number in enumerate(reversed(numbers))]
    assert told(facts(*frames)) == odd


def test_two_paths_count_each_for_itself() -> None:
    frames = [
        frame(n, sequence=f"{number:04d}", transport=transport)
        for n, (number, transport) in enumerate([(502, "tcp"), (12, "udp"), (501, "tcp"), (11, "udp"), (500, "tcp")])
    ]
    assert told(facts(*frames)) == []


def test_what_could_not_be_read_is_counted_and_codes_are_named() -> None:
    frames = [
        frame(0, kind="unreadable", reason="crc"),
        frame(1, reason="unread-token"),
        frame(2, dialect=("account-differs", "unread-remainder", "impossible-time")),
        frame(3, unknown_codes=("ZQ", "700")),
        frame(4, unknown_codes=("ZQ",), second_path=True),
    ]
    assert told(facts(*frames, registered=False)) == [
        ("unknown-account", {}),
        ("not-read", {"count": 1}),
        ("unreadable", {"count": 1}),
        ("unknown-codes", {"codes": ["ZQ", "700"]}),
        ("account-differs", {"count": 1}),
        ("unread-remainder", {"count": 1}),
        ("impossible-time", {"count": 1}),
        ("second-path", {"count": 1}),
    ]


@pytest.mark.parametrize(("repeats", "others", "odd"), [(4, 0, []), (5, 20, [5]), (5, 21, [])])
def test_many_repeats_are_at_least_five_and_a_fifth(repeats: int, others: int, odd: list[int]) -> None:
    frames = [frame(n, is_repeat=n < repeats) for n in range(repeats + others)]
    assert told(facts(*frames)) == [("many-repeats", {"count": n, "of": repeats + others}) for n in odd]


def test_the_interval_of_heartbeats_is_observed_on_the_latest_day_that_has_enough() -> None:
    young, full = (NOON, NOON + 10 * SECOND, 2), (NOON - 24 * HOUR, NOON - HOUR, 24)
    assert beat_seconds([young, full]) == 3600
    assert beat_seconds([young]) is None
