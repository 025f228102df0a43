"""Which sequence numbers never came, judged by numbers alone."""

import json
from collections.abc import Iterable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianjing.domain.signals.sequence_policy import (
    IDLE,
    JUMP,
    LAST,
    LATE,
    LATE_S,
    Track,
    explained_by_beats,
    track_of,
)

Frame = tuple[int, str]


def missing(frames: Iterable[Frame], track: Track | None = None) -> list[int]:
    """The numbers that are told as missing, less those that came after all. The track is kept between two frames."""
    track, told, at = track or Track(), [], 0.0
    for at, (number, path) in zip(count(0.0), frames, strict=False):
        track = track_of(json.loads(json.dumps(track.as_kept())))
        found, came = track.take(number, path, at)
        told += [each for gap in found for first, last in gap.missing for each in range(first, last + 1)]
        told = [each for each in told if each not in came]
    for gap in track.settle(at + LATE_S):
        told += [each for first, last in gap.missing for each in range(first, last + 1)]
    return told


def run(start: int, length: int) -> list[int]:
    return [(start + step - 1) % LAST + 1 for step in range(length)]


def on(path: str, numbers: Iterable[int]) -> list[Frame]:
    return [(number, path) for number in numbers]


starts = st.integers(1, LAST)
lengths = st.integers(2, 60)


@given(start=starts, length=lengths, cuts=st.sets(st.integers(1, 58)))
def test_a_run_with_numbers_cut_out_tells_exactly_these(start: int, length: int, cuts: set[int]) -> None:
    numbers = run(start, length)
    # Right before 0001 a cut looks like a new beginning, and first and last have nothing on their other side.
    cut = {numbers[place] for place in cuts if place < length - 1}
    if 1 in numbers and 1 not in cut:
        cut.discard(LAST)
    left = [number for number in numbers if number not in cut]
    assert sorted(missing(on("a", left))) == sorted(cut)


@given(start=st.integers(1, LAST - JUMP - 10), skipped=st.integers(1, JUMP - 1))
def test_one_wide_cut_is_told_whole(start: int, skipped: int) -> None:
    numbers = [*run(start, 5), *run(start + 5 + skipped, 12)]
    assert missing(on("a", numbers)) == list(range(start + 5, start + 5 + skipped))


@given(start=starts, length=st.integers(1, 300))
def test_a_whole_run_tells_nothing_also_where_it_goes_round(start: int, length: int) -> None:
    assert missing(on("a", run(start, length))) == []


@given(st.lists(st.tuples(starts, lengths), min_size=1, max_size=4), st.data())
def test_a_panel_that_begins_at_0001_again_has_lost_nothing(runs: list[tuple[int, int]], data: st.DataObject) -> None:
    (start, length), *later = runs
    numbers = run(start, length) + [number for _, again in later for number in run(1, again)]
    assert missing(on("a", numbers)) == []


@given(start=starts, length=lengths, data=st.data())
def test_numbers_out_of_order_within_a_few_frames_are_not_missing(start: int, length: int, data: st.DataObject) -> None:
    numbers = run(start, length)
    place = 0
    while place < length:
        size = data.draw(st.integers(1, 4))
        numbers[place : place + size] = data.draw(st.permutations(numbers[place : place + size]))
        place += size
    assert missing(on("a", numbers)) == []


@given(start=starts, length=lengths, paths=st.lists(st.sampled_from("ab"), min_size=60, max_size=60))
def test_one_counter_over_two_paths_is_one_counter(start: int, length: int, paths: list[str]) -> None:
    frames = list(zip(run(start, length), paths, strict=False))
    assert missing(frames) == []


@pytest.mark.parametrize("second", ["a", "b"], ids=["one-path", "two-paths"])
@given(start=starts, apart=st.integers(LATE + 60, LAST - LATE - 60), turns=st.lists(st.booleans(), min_size=4))
def test_two_counters_that_take_turns_tell_nothing(second: str, start: int, apart: int, turns: list[bool]) -> None:
    # Of either at least one frame within the first few: who never hears the first counter again takes it for gone on.
    counters = {False: iter(run(start, 60)), True: iter(run(start + apart, 60))}
    frames = [(next(counters[turn]), second if turn else "a") for turn in [False, True, False, True, *turns[:50]]]
    assert missing(frames) == []


def test_what_was_buffered_and_comes_behind_what_is_new_is_not_missing() -> None:
    assert missing(on("a", [10, 41, *range(11, 41), 42, 43])) == []


def test_a_number_that_comes_long_after_it_was_told_is_missing_no_more() -> None:
    numbers = [*range(1, 50), *range(53, 80), 51, *range(80, 90)]
    assert missing(on("a", numbers)) == [50, 52]


def test_a_panel_that_repeats_or_never_counts_tells_nothing() -> None:
    assert missing(on("a", [7, 7, 8, 8, 8, 9])) == []
    assert missing(on("a", [5] * 100)) == []


def test_a_gap_is_told_once_and_after_ten_minutes_when_nothing_follows() -> None:
    track = Track()
    assert [track.take(number, "a", 0.0) for number in (1, 3)] == [([], []), ([], [])]
    assert track.settles_at == LATE_S
    assert track.settle(LATE_S - 1) == []
    (gap,) = track.settle(LATE_S)
    assert (gap.missing, gap.count, gap.goes_round) == (((2, 2),), 1, False)
    assert track.settle(2 * LATE_S) == []
    assert track.settles_at is None


def test_a_second_path_whose_counter_is_elsewhere_is_a_counter_of_its_own() -> None:
    assert missing([*on("tcp", range(100, 120)), *on("udp", range(300, 310)), *on("tcp", range(120, 140))]) == []


def test_a_loss_as_the_panel_changes_to_its_other_path_is_told() -> None:
    assert missing([*on("tcp", range(100, 120)), *on("udp", range(122, 140))]) == [120, 121]


@pytest.mark.parametrize(
    ("days", "seconds", "explained"),
    [([], 60.0, 0), ([(1440, 60.0)], 1.0, 3), ([(1440, 60.0)], 600.0, 18), ([(2, 0.0), (40, 0.0)], 1.0, 42)],
)
def test_heartbeats_explain_as_many_numbers_as_can_have_come_meanwhile(
    days: list[tuple[int, float]], seconds: float, explained: int
) -> None:
    assert explained_by_beats(days, seconds) == explained


@pytest.mark.parametrize(
    ("numbers", "sure"),
    [
        ([*range(10, 20), 22, *range(23, 40)], True),
        ([10, 12, *range(13, 30)], True),
        ([*range(10, 20), 60, *range(61, 80)], True),
        ([10, 60, *range(61, 80)], False),
        ([*range(10, 20), 200, *range(201, 220)], False),
        ([*range(9980, 9999), 5, *range(6, 20)], False),
    ],
    ids=["few", "few-at-once", "wide-in-a-count", "wide-without-a-count", "very-wide", "over-the-round"],
)
def test_only_what_nothing_else_explains_is_sure(numbers: list[int], sure: bool) -> None:
    track, found = Track(), []
    for number in numbers:
        found += track.take(number, "a", 0.0)[0]
    assert [gap.is_sure for gap in found] == [sure]


def test_a_counter_that_does_not_go_on_is_forgotten() -> None:
    track = Track()
    for number in (9000, *range(1, IDLE + 5)):
        track.take(number, "a", 0.0)
    assert [head.number for head in track.heads] == [IDLE + 4]
