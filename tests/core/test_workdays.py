"""Counting workdays by the Chinese calendar, make-up days included."""

from datetime import date

import pytest

from lianjing.core.workdays import Workdays


@pytest.mark.parametrize(
    ("day", "count", "ends"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # a Friday
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over the national holiday
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # Saturday 10 October makes up for it
        (date(2026, 11, 2), 15, date(2026, 11, 23)),
        (date(2026, 11, 2), 0, date(2026, 11, 2)),
    ],
)
def test_so_many_workdays_after_a_day(day: date, count: int, ends: date) -> None:
    assert Workdays().after(day, count) == ends


@pytest.mark.parametrize(
    ("day", "count", "begins"),
    [(date(2026, 11, 23), 1, date(2026, 11, 20)), (date(2026, 10, 12), 3, date(2026, 10, 8))],
)
def test_so_many_workdays_before_a_day(day: date, count: int, begins: date) -> None:
    assert Workdays().before(day, count) == begins


def test_what_the_centre_has_entered_counts_and_an_unannounced_year_is_a_guess() -> None:
    assert Workdays({date(2026, 11, 23): False}).after(date(2026, 11, 20), 1) == date(2026, 11, 24)
    assert Workdays().guesses(date(2026, 12, 20), date(2027, 1, 5)) is True
    assert Workdays().guesses(date(2026, 11, 2), date(2026, 11, 23)) is False
