"""What days are called: holidays by name, make-up workdays, and days that the centre counts otherwise."""

from datetime import date

import pytest

from lianjing.core.workdays import Workdays
from lianjing.domain.sites.day_names import NAMES, named_day
from lianjing.terms.sentences import words


@pytest.mark.parametrize(
    ("day", "kind", "said"),
    [
        ("2026-10-01", "holiday", "国庆节"),
        ("2026-10-04", "holiday", "国庆节"),
        ("2026-10-10", "make_up", "调休上班"),
        ("2026-11-23", "workday", ""),
        ("2026-11-22", "weekend", ""),
        ("2030-10-01", "workday", ""),
    ],
)
def test_a_day_is_called_as_the_calendar_calls_it(day: str, kind: str, said: str) -> None:
    named = named_day(date.fromisoformat(day), Workdays())
    assert (named.kind, words(named.words) if named.words else "", named.guess) == (kind, said, day > "2027")


@pytest.mark.parametrize(
    ("works", "reason", "kind", "said"),
    [
        (False, "市里通知", "holiday", "放假：市里通知"),
        (False, "", "holiday", "放假"),
        (True, "盘点", "workday", "上班：盘点"),
        (True, "", "workday", ""),
    ],
)
def test_the_centres_own_word_stands_above_the_calendar(works: bool, reason: str, kind: str, said: str) -> None:
    day = date(2026, 11, 23)
    named = named_day(day, Workdays({day: works}), {day: reason})
    assert (named.kind, words(named.words) if named.words else "") == (kind, said)


def test_every_holiday_of_the_library_has_a_name() -> None:
    from chinese_calendar import Holiday

    assert set(NAMES) == set(Holiday)
