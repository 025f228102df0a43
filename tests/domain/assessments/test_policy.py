"""What may be entered, and how scores are reckoned."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lianjing.core.refusals import Refused
from lianjing.domain.assessments.policy import (
    MOVES,
    SHARES,
    Line,
    NewCriterion,
    NewCycle,
    check_criteria,
    check_cycle,
    check_log_day,
    check_move,
    check_score,
    period_of,
    points_of,
    round_robin,
    totals,
)
from lianjing.terms.assessments import CycleState, SheetKind

TODAY = date(2026, 11, 22)
SOUND = NewCycle(
    *("三季度", "quarter", date(2026, 7, 1), date(2026, 9, 30), 1, (1, 2), "901"),
    date(2026, 10, 10),
    date(2026, 10, 31),
    SHARES,
)


def refused(act: Any, *args: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as found:
        act(*args)
    return found.value.field, str(found.value)


@pytest.mark.parametrize(
    ("lines", "field", "sentence"),
    [
        ((), "criteria", "至少要有一项指标。"),
        ((NewCriterion("制度", 60), NewCriterion("质量", 39)), "criteria", "权重合计 99%，应为 100%。"),
        ((NewCriterion("制度", 60), NewCriterion("质量", 41)), "criteria", "权重合计 101%，应为 100%。"),
        ((NewCriterion("制度", 50), NewCriterion(" 制度 ", 50)), "name-1", "指标“制度”写了两次。"),
        ((NewCriterion("质量", 100), NewCriterion("制度", 0)), "weight-1", "“制度”没有权重，请填 1 至 100。"),
        ((NewCriterion("制度", -5),), "weight-0", "“制度”的权重 -5 是负数，应为 1 至 100。"),
        ((NewCriterion("制度", 101),), "weight-0", "“制度”的权重 101 超过 100。"),
        ((NewCriterion("制度", 100, 0),), "scale-0", "“制度”的满分 0 不是正数，应为 1 至 1000。"),
        ((NewCriterion("制度", 100, 1001),), "scale-0", "“制度”的满分 1001 超过 1000。"),
        ((NewCriterion(" ", 100),), "name-0", "这一项指标没有名称。"),
        ((NewCriterion("受理", 100, 100, "figure"),), "figure-0", "“受理”按运行数据评分，请选数据。"),
        (
            (NewCriterion("受理", 100, 100, "figure", "acknowledge"),),
            "full_at-0",
            "“受理”按运行数据评分，请填满分值。",
        ),
        (
            (NewCriterion("受理", 100, 100, "figure", "acknowledge", Decimal(30), Decimal("-1.50")),),
            "zero_at-0",
            "“受理”的运行数据没有负数，-1.5 不能作界限。",
        ),
        (
            (NewCriterion("受理", 100, 100, "figure", "acknowledge", Decimal(30), Decimal(30)),),
            "zero_at-0",
            "“受理”的满分值和零分值相同，分不出高低。",
        ),
        (tuple(NewCriterion(str(place), 1) for place in range(31)), "criteria", "最多 30 项，现有 31 项。"),
    ],
)
def test_a_set_by_which_nobody_can_be_scored_is_refused(
    lines: tuple[NewCriterion, ...], field: str, sentence: str
) -> None:
    assert refused(check_criteria, lines) == (field, sentence)


def test_a_set_of_a_hundred_is_sound() -> None:
    check_criteria(
        (NewCriterion("制度", 60), NewCriterion("受理", 40, 10, "figure", "acknowledge", Decimal(30), Decimal(90)))
    )


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"last_on": date(2026, 6, 30)}, "last_on", "考核期的末日 2026-06-30 早于首日 2026-07-01。"),
        ({"last_on": date(2027, 7, 2)}, "last_on", "考核期 2026-07-01 至 2027-07-02 超过一年，请核对年份。"),
        ({"first_on": None}, "first_on", "请填写。"),
        (
            {"period": "month"},
            "last_on",
            "考核期有 92 天，所选周期最多 31 天，请改末日或周期。",
        ),
        (
            {"last_on": date(2026, 10, 1)},
            "last_on",
            "考核期有 93 天，所选周期最多 92 天，请改末日或周期。",
        ),
        ({"period": "week"}, "period", "没有这个周期。"),
        ({"sheets_due_on": date(2026, 6, 1)}, "sheets_due_on", "评分期限应在考核期首日 2026-07-01 以后。"),
        ({"analysis_due_on": date(2026, 10, 9)}, "analysis_due_on", "分析期限应不早于评分期限 2026-10-10。"),
        ({"departments": (1, 1)}, "departments", "至少选两个部门：一个部门没有相互评价的对象。"),
        (
            {"shares": {SheetKind.SELF: 20, SheetKind.MUTUAL: 30, SheetKind.ASSESSOR: 49}},
            "shares",
            "自评、互评、考核三项占比合计 99%，应为 100%。",
        ),
    ],
)
def test_days_and_shares_that_do_not_fit_are_refused(changed: dict[str, Any], field: str, sentence: str) -> None:
    assert refused(check_cycle, replace(SOUND, **changed)) == (field, sentence)
    assert check_cycle(SOUND) == (date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 10), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("score", "sentence"),
    [
        ("-0.1", "“质量”的得分 -0.1 是负数，最低 0 分。"),
        ("10.1", "“质量”的得分 10.1 超过满分 10。"),
        ("NaN", "“质量”的得分应为数字。"),
        ("Infinity", "“质量”的得分应为数字。"),
    ],
)
def test_points_outside_the_scale_are_refused(score: str, sentence: str) -> None:
    assert refused(check_score, "质量", Decimal(score), 10) == ("score", sentence)


def test_points_are_given_to_a_tenth() -> None:
    assert [check_score("质量", Decimal(one), 10) for one in ("0", "9.5", "10")] == [0, Decimal("9.5"), 10]
    assert refused(check_score, "质量", Decimal("9.55"), 10)[1] == "“质量”的得分 9.55 最多写一位小数。"


@pytest.mark.parametrize(
    ("value", "points"), [("10", "10"), ("30", "10"), ("45", "7.5"), ("90", "0"), ("300", "0"), ("60.4", "4.9")]
)
def test_a_figure_has_all_points_at_its_best_and_none_at_its_worst(value: str, points: str) -> None:
    assert points_of(Decimal(value), Decimal(30), Decimal(90), 10) == Decimal(points)


def test_a_figure_that_is_better_when_it_is_greater() -> None:
    assert points_of(Decimal(97), Decimal(99), Decimal(95), 100) == Decimal(50)


@pytest.mark.parametrize("turn", range(1, 6))
def test_each_evaluates_one_other_and_nobody_himself(turn: int) -> None:
    pairs = round_robin((4, 7, 9), turn)
    assert sorted(one for one, _by in pairs) == sorted(by for _one, by in pairs) == [4, 7, 9]
    assert all(one != by for one, by in pairs)
    assert round_robin((1, 2), turn) == [(1, 2), (2, 1)]


def test_the_next_time_it_is_another_who_evaluates() -> None:
    assert round_robin((4, 7, 9), 1) != round_robin((4, 7, 9), 2)


def test_a_total_weighs_criteria_and_who_scored_them() -> None:
    lines = [Line(1, 60, 100), Line(2, 40, 10)]
    by_kind = {
        SheetKind.SELF: {1: Decimal(90)},
        SheetKind.MUTUAL: {1: Decimal(80)},
        SheetKind.ASSESSOR: {1: Decimal(70)},
    }
    found = totals(lines, {2: Decimal(5)}, by_kind, SHARES)
    # 90·20% + 80·30% + 70·50% = 77 of 100, weighs 60; 5 of 10 weighs 40.
    assert found.total == Decimal("66.2")
    assert found.by_kind == {SheetKind.SELF: 90, SheetKind.MUTUAL: 80, SheetKind.ASSESSOR: 70}
    assert (found.figures, found.deviation) == (Decimal(50), Decimal(10))


def test_what_is_not_scored_yet_has_no_total() -> None:
    found = totals([Line(1, 100, 100)], {}, {SheetKind.SELF: {1: Decimal(90)}}, SHARES)
    assert (found.total, found.figures, found.deviation) == (None, None, None)


def test_the_table_of_moves_lets_nobody_skip_the_analysis() -> None:
    allowed = {(name, state.value) for name, move in MOVES.items() for state in move.states}
    assert allowed == {
        *(("open", "draft"), ("score", "open"), ("analyse", "scored")),
        *(("close", "analysed"), ("cancel", "draft"), ("cancel", "open")),
    }
    assert refused(check_move, "close", CycleState.SCORED)[1] == "还没有写分析和措施，不能关闭。"
    assert refused(check_move, "open", CycleState.CLOSED)[1] == "这次考核已经关闭。"


def test_a_day_is_logged_while_it_is_remembered() -> None:
    assert check_log_day(date(2026, 10, 22), TODAY) == date(2026, 10, 22)
    assert refused(check_log_day, date(2026, 10, 21), TODAY)[0] == "day"
    assert refused(check_log_day, date(2026, 11, 23), TODAY)[1] == "日期 2026-11-23 还没有到（今天 2026-11-22）。"
    assert refused(check_log_day, None, TODAY) == ("day", "请填写。")


def test_the_period_that_is_offered_is_over() -> None:
    assert period_of("quarter", TODAY) == (date(2026, 7, 1), date(2026, 9, 30))
    assert period_of("year", TODAY) == (date(2025, 1, 1), date(2025, 12, 31))
    assert period_of("month", date(2026, 1, 3)) == (date(2025, 12, 1), date(2025, 12, 31))
