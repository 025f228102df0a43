"""The bench's judgements: what is called reached is reached. Its figures are never tested."""

import re

import pytest
from bench.frames import EVERY, account_of, letters
from bench.table import Row, Verdict, at_least, below, grows_no_more_than, spread


def test_a_figure_is_the_median_with_its_extremes_and_takes_three_runs() -> None:
    assert f"{spread([30.0, 10.0, 20.4]):.0f}" == "20 (10–30)"
    with pytest.raises(ValueError, match="fewer than three"):
        spread([1.0, 2.0])


@pytest.mark.parametrize(
    ("verdict", "reached"),
    [
        (at_least(4000, 4, 1000, aim=6), True),
        (at_least(3999, 4, 1000, aim=6), False),
        (below(49.9, 50, "ms", "p99"), True),
        (below(50, 50, "ms", "p99"), False),
        (grows_no_more_than(110, 100, 1.1), True),
        (grows_no_more_than(111, 100, 1.1), False),
    ],
)
def test_a_goal_is_reached_or_not(verdict: Verdict, reached: bool) -> None:
    assert verdict.reached is reached


def test_a_row_says_in_words_whether_its_goal_was_reached() -> None:
    rows = [
        Row("a", "1/s", 1.0, "p99 2.0", at_least(1, 4, 1)),
        Row("a", "4/s", verdict=at_least(4, 4, 1)),
        Row("a", "1"),
    ]
    assert [str(row).split()[-1] for row in rows] == ["NO", "yes", "—"]


@pytest.mark.parametrize("first", [0, 20_000])
def test_the_crowd_sends_no_frame_twice_and_lets_every_panel_alarm_in_its_turn(first: int) -> None:
    accounts = [account_of(number) for number in range(200)]
    frames = [letter.frame for letter in letters("plain", accounts, 10_000, first)]
    assert len(set(frames)) == 10_000
    alarms = [frame for frame in frames if re.search(rb"\|(1130|1131|1120|Nri1/[BF]A)", frame)]
    assert len(alarms) == 10_000 / EVERY
    assert len({frame.partition(b"#")[2][:6] for frame in alarms}) == 200
