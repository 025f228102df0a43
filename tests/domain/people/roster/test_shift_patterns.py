"""A team's cycle, unfolded into days."""

from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianjing.domain.people.cover_policy import Rule, Standing, gaps_of
from lianjing.domain.people.roster_policy import Rules, Span, is_restful
from lianjing.domain.people.shift_patterns import PATTERNS, Kind, Pattern, Shift, code_on, instant, unfolded
from tests.domain.people.roster.staff import SHANGHAI, TODAY, at

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
ROUND_THE_CLOCK = [pattern for pattern in PATTERNS.values() if pattern.round_the_clock]
WHOLE_DAY_EVERY_DAY = Rule("watch", "1", frozenset(range(1, 8)), time(0), time(0), 1)


def shifts(pattern: Pattern, place: int, first: date, days: tuple[date, date]) -> list[Shift]:
    kinds = {kind.code: kind for kind in pattern.kinds}
    return list(unfolded(pattern.cycle, pattern.anchor_of(place, first), kinds, days, SHANGHAI))


@pytest.mark.parametrize("pattern", ROUND_THE_CLOCK, ids=lambda one: one.code)
@settings(max_examples=15)
@given(first=DAYS)
def test_the_teams_of_a_pattern_leave_no_moment_without_exactly_one(pattern: Pattern, first: date) -> None:
    days = (first, first + timedelta(days=20))
    standings = [
        Standing("watch", "1", shift.begins_at, shift.ends_at)
        for place in range(pattern.teams)
        for shift in shifts(pattern, place, first, days)
    ]
    since, until = instant(first + timedelta(days=1), time(9), SHANGHAI), instant(days[1], time(0), SHANGHAI)
    assert gaps_of([WHOLE_DAY_EVERY_DAY], standings, since, until, SHANGHAI) == []
    edges = sorted(standings, key=lambda one: one.begins_at)
    assert all(one.ends_at == other.begins_at for one, other in pairwise(edges))


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=lambda one: one.code)
def test_whoever_works_by_a_pattern_is_rested_by_our_rules_but_for_whole_days(pattern: Pattern) -> None:
    spans = [
        Span(shift.day, shift.begins_at, shift.ends_at)
        for shift in shifts(pattern, 0, TODAY, (TODAY, TODAY + timedelta(days=60)))
    ]
    assert is_restful(spans, Rules()) == (pattern.code != "one_two")


@given(cycle=st.lists(st.sampled_from(["A", "B", ""]), min_size=1, max_size=14), anchor=DAYS, day=DAYS)
def test_a_cycle_repeats_for_ever_in_both_directions(cycle: list[str], anchor: date, day: date) -> None:
    round_later = day + timedelta(days=len(cycle))
    assert code_on(cycle, anchor, anchor) == cycle[0]
    assert code_on(cycle, anchor, day) == code_on(cycle, anchor, round_later)


@settings(max_examples=30)
@given(first=DAYS, lengths=st.lists(st.integers(1, 20), min_size=2, max_size=2))
def test_days_unfolded_in_two_pieces_are_the_same_as_in_one(first: date, lengths: list[int]) -> None:
    pattern = PATTERNS["four_three_2"]
    middle, last = first + timedelta(days=lengths[0]), first + timedelta(days=sum(lengths))
    one_day = timedelta(days=1)
    pieces = shifts(pattern, 1, TODAY, (first, middle)) + shifts(pattern, 1, TODAY, (middle + one_day, last))
    assert pieces == shifts(pattern, 1, TODAY, (first, last))


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    night = Kind("C", "夜班", time(23), time(7))
    assert night.span(TODAY, SHANGHAI) == (at(TODAY, "23:00"), at(TODAY + timedelta(days=1), "07:00"))


def test_where_clocks_are_changed_a_night_is_an_hour_longer_or_shorter() -> None:
    night = Kind("N", "夜班", time(20), time(8))
    begins, ends = night.span(date(2026, 3, 28), ZoneInfo("Europe/Berlin"))
    assert ends - begins == timedelta(hours=11)


def test_a_code_that_is_no_kind_any_more_is_a_day_off() -> None:
    assert list(unfolded(["A"], TODAY, {}, (TODAY, TODAY), SHANGHAI)) == []
    assert code_on([], TODAY, TODAY) == ""
