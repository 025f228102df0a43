"""How figures are defined."""

import pytest

from lianjing.domain.reports.policy import DEFAULT_LIMITS, Limits, Spread, nearest_rank, rungs, spread, wrong_limits


@pytest.mark.parametrize(
    ("per_mille", "expected"),
    # Of ten values the 50 % rank is the 5th, 80 % the 8th, 95 % the 10th (9.5 rounded up), 98.5 % the 10th.
    [(500, 5), (800, 8), (950, 10), (985, 10), (1, 1), (1000, 10)],
)
def test_a_percentile_is_the_nearest_rank_and_a_value_that_occurred(per_mille: int, expected: int) -> None:
    assert nearest_rank(range(1, 11), per_mille) == expected


def test_two_hundred_values_tell_the_highest_ranks_apart() -> None:
    # 98.5 % of 200 is exactly the 197th.
    assert spread(range(1, 201)) == Spread(200, 100, 160, 190, 197, 200)


def test_without_values_there_is_no_figure() -> None:
    assert spread([None, None]) == Spread(0, None, None, None, None, None)


def test_a_limit_is_kept_at_exactly_its_share_and_a_case_without_an_act_misses_it() -> None:
    exact = rungs("other", [90_000] * 4, 1, DEFAULT_LIMITS)
    assert [(rung.n, rung.within, rung.share, rung.kept) for rung in exact] == [(5, 4, 800, True), (5, 4, 800, False)]
    assert rungs("danger", [], 0, DEFAULT_LIMITS)[0].kept is None


@pytest.mark.parametrize("limits", [Limits(60, 30, 90, 180), Limits(1, 60, 90, 180), Limits(30, 60, 90, 9999)])
def test_limits_that_make_no_sense_are_refused(limits: Limits) -> None:
    assert wrong_limits(limits) is not None
    assert wrong_limits(DEFAULT_LIMITS) is None
