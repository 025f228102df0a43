"""When two frames are one signal sent twice (retransmission), and when they are not."""

from datetime import timedelta

import pytest

from lianjing.protocols.dc09 import FrameReceived, SequenceWatch
from lianjing.protocols.dc09.panel import build_frame
from tests.protocols.dc09.cases import KEY, NOW, fixed_pad, receive_one, receiver

FIRST = {"token": "SIA-DCS", "data": "#1234|NBA1", "account": "1234", "sequence": 7}


def key_of(key: bytes | None = None, **changes: object) -> bytes | None:
    raw = build_frame(**(FIRST | changes), key=key, pad=fixed_pad)  # type: ignore[arg-type]
    return receive_one(raw, key).repeat_key


def test_the_same_frame_again_is_a_repeat() -> None:
    assert key_of() == key_of()
    assert len(key_of() or b"") == 32


def test_a_new_timestamp_does_not_make_a_new_signal() -> None:
    assert key_of(at=NOW) == key_of(at=NOW + timedelta(seconds=15))


def test_a_reencrypted_repeat_is_a_repeat() -> None:
    one = build_frame(**FIRST, at=NOW, key=KEY, pad=lambda count: b"a" * count)  # type: ignore[arg-type]
    two = build_frame(**FIRST, at=NOW + timedelta(seconds=9), key=KEY, pad=lambda count: b"b" * count)  # type: ignore[arg-type]
    assert one != two
    assert receive_one(one, KEY).repeat_key == receive_one(two, KEY).repeat_key is not None


@pytest.mark.parametrize(
    "change",
    [
        {"token": "ADM-CID", "data": "#1234|1130 01 001"},
        {"data": "#1234|NBA2"},
        {"data": "#1235|NBA1"},
        {"account": "1235"},
        {"sequence": 8},
        {"receiver": "0"},
        {"line": "1"},
        {"extras": [("I", "x")]},
    ],
    ids=str,
)
def test_any_other_difference_is_another_signal(change: dict[str, object]) -> None:
    assert key_of() != key_of(**change)


def test_data_and_extended_data_are_not_confused() -> None:
    assert key_of(data="#1234|NBA1^a^", extras=[]) != key_of(data="#1234|NBA1", extras=[("^", "a^")])


def test_a_counted_frame_may_be_repeated_for_three_minutes() -> None:
    assert receive_one(build_frame(**FIRST)).repeat_window == 180  # type: ignore[arg-type]


def test_an_uncounted_frame_is_a_repeat_only_byte_for_byte_and_briefly() -> None:
    """HENG-BO sends 0000 always: its second real alarm must not be swallowed."""
    frame = receive_one(build_frame(**(FIRST | {"sequence": 0})))  # type: ignore[arg-type]
    assert frame.repeat_window == 15
    assert key_of(sequence=0) == frame.repeat_key
    assert key_of(sequence=0, at=NOW) != key_of(sequence=0, at=NOW + timedelta(seconds=1))


def test_a_repeat_gets_the_same_answer() -> None:
    assert receive_one(build_frame(**FIRST)).answer == receive_one(build_frame(**FIRST)).answer  # type: ignore[arg-type]


def test_a_panel_seen_not_to_count_is_judged_as_one_with_sequence_0000() -> None:
    """Its second real alarm of a zone carries the number of the first, and must not be swallowed."""
    connection = receiver()

    def sent(zone: int, minutes: float) -> FrameReceived:
        at = NOW + timedelta(minutes=minutes)
        raw = build_frame("SIA-DCS", f"#1234|NBA{zone}", "1234", 1, at=at)
        (frame,) = connection.receive_data(raw, at)
        return frame

    early = [sent(zone % 2, zone) for zone in range(9)]
    assert {frame.repeat_window for frame in early} == {180}
    first, second = sent(1, 10), sent(1, 12)
    assert (first.repeat_window, second.repeat_window) == (15, 15)
    assert first.repeat_key != second.repeat_key


def test_a_panel_that_begins_again_or_shares_its_account_still_counts() -> None:
    watch, minute = SequenceWatch(), timedelta(minutes=1)
    assert all(watch.counts("1234", "0001", content, NOW) for content in range(200))
    assert all(watch.counts("1235", f"{n % 3:04d}", n, NOW + n * minute) for n in range(100))
    assert all(watch.counts("1236", "0001", "same", NOW + n * minute) for n in range(100))


def test_only_so_many_senders_are_remembered() -> None:
    watch = SequenceWatch(most=2)
    for sender in ("A", "B", "A", "C"):
        watch.counts(sender, "0001", 0, NOW)
    assert all(watch.counts("B", "0001", content, NOW + timedelta(hours=1)) for content in range(8)), "forgotten for C"
