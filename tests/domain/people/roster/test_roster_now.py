"""Who is on the roster at a moment."""

from datetime import timedelta
from typing import Any

import pytest

from lianjing.domain.people.roster_now import entry_of, has_roster, roster_entries_at
from tests.cast import NOON, Cast
from tests.domain.people.roster.staff import TODAY, at, entry, guard

EARLY, LATE = timedelta(minutes=30), timedelta(minutes=60)
YESTERDAY = TODAY - timedelta(days=1)


def test_only_published_shifts_that_run_count(cast: Cast, django_assert_num_queries: Any) -> None:
    runs = entry(guard(cast.company, "陈"))
    entry(guard(cast.company, "李"), state="draft")
    entry(guard(cast.company, "王"), state="cancelled")
    entry(guard(cast.company, "赵"), clock="16:00")
    entry(guard(cast.other, "孙"))
    with django_assert_num_queries(1):
        assert [(row.pk, row.member.name) for row in roster_entries_at(cast.company.pk, NOON)] == [(runs.pk, "陈")]


def test_a_shift_over_midnight_runs_on_both_days(cast: Cast) -> None:
    night = entry(guard(cast.company, "陈"), YESTERDAY, "20:00", 12)
    assert roster_entries_at(cast.company.pk, at(TODAY, "07:59")) == [night]
    assert roster_entries_at(cast.company.pk, at(TODAY, "08:00")) == []


@pytest.mark.parametrize(
    ("clock", "found"),
    [("07:29", False), ("07:30", True), ("12:00", True), ("16:59", True), ("17:00", False)],
)
def test_one_may_come_early_and_hand_over_late(cast: Cast, clock: str, found: bool) -> None:
    member = guard(cast.company, "陈")
    entry(member)
    assert (entry_of(member.pk, at(TODAY, clock), EARLY, LATE) is not None) == found


def test_the_shift_that_runs_comes_before_the_next_one_and_that_before_the_last(cast: Cast) -> None:
    member = guard(cast.company, "陈")
    first, second = entry(member, clock="08:00", hours=4), entry(member, clock="12:30", hours=4)
    found = [entry_of(member.pk, at(TODAY, clock), EARLY, LATE) for clock in ("11:59", "12:10", "12:30", "16:45")]
    assert found == [first, second, second, second]


def test_a_company_has_a_roster_from_the_beginning_of_its_first_published_shift_on(cast: Cast) -> None:
    entry(guard(cast.company, "陈"), state="draft", published_at=None)
    assert not has_roster(cast.company.pk, NOON)
    entry(guard(cast.company, "李"), clock="14:00", published_at=NOON)
    assert [has_roster(cast.company.pk, at(TODAY, clock)) for clock in ("13:59", "14:00")] == [False, True]
    assert not has_roster(cast.other.pk, at(TODAY, "14:00"))


def test_a_shift_that_is_published_after_it_began_counts_from_then_on(cast: Cast) -> None:
    entry(guard(cast.company, "李"), published_at=NOON)
    assert [has_roster(cast.company.pk, NOON - shift) for shift in (timedelta(), timedelta(seconds=1))] == [
        True,
        False,
    ]
