"""The table of moves, the order, the days."""

from datetime import date

import pytest

from lianjing.core.refusals import Refused
from lianjing.domain.findings.policy import (
    MOVES,
    NEXT_MOVES,
    Days,
    Standing,
    check_due,
    check_effect_day,
    is_overdue,
    joined_clauses,
    next_day,
    next_state,
    number_of,
    refusal,
    split_clauses,
)
from lianjing.terms.findings import FindingGrade, FindingState

TODAY = date(2026, 11, 22)
S = FindingState


def possible(**told: object) -> set[str]:
    return {name for name in MOVES if refusal(name, Standing(**told)) is None}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        (S.IDENTIFIED, {"confirm", "regrade", "note", "dismiss"}),
        (S.CONFIRMED, {"assign", "regrade", "note", "dismiss"}),
        (S.ASSIGNED, {"assign", "plan", "regrade", "note", "dismiss"}),
        (S.IN_PROGRESS, {"assign", "plan", "regrade", "note", "finish", "dismiss"}),
        (S.DONE, {"verify", "return", "regrade", "note", "dismiss"}),
        (S.VERIFIED, {"close", "return", "note"}),
        (S.CLOSED, {"reopen"}),
        (S.DISMISSED, {"reopen"}),
    ],
)
def test_each_state_allows_exactly_its_moves(state: FindingState, moves: set[str]) -> None:
    assert possible(state=state.value, has_measure=state is S.IN_PROGRESS) == moves


def test_every_state_is_reached_and_the_straight_way_leads_to_closed() -> None:
    state, way = S.IDENTIFIED.value, [S.IDENTIFIED.value]
    while state != S.CLOSED:
        state = next_state(NEXT_MOVES[state], state)
        way.append(state)
    assert way == ["identified", "confirmed", "assigned", "in_progress", "done", "verified", "closed"]
    assert next_state("dismiss", S.DONE) == S.DISMISSED


@pytest.mark.parametrize(
    ("move", "told", "sentence"),
    [
        ("verify", {"state": "done", "is_owner": True}, "您是责任人，不能复核自己的整改，请由他人复核。"),
        ("verify", {"state": "done", "reported_done": True}, "整改由您报告完成，不能自己复核，请由他人复核。"),
        ("close", {"state": "done"}, "措施还没有经他人复核，不能关闭。"),
        (
            "close",
            {"state": "verified", "source_bad": "条款 5.2"},
            "“条款 5.2”还没有恢复符合，不能关闭；恢复后自动关闭。",
        ),
        ("finish", {"state": "in_progress"}, "还没有写明根因和措施，不能报告完成。"),
        ("dismiss", {"state": "done", "is_owner": True}, "您是责任人，不能自行作废，请由他人决定。"),
        (
            "reopen",
            {"state": "closed", "other_open": "R-2026-007"},
            "同一来源已另有未关闭的整改 R-2026-007，请在那一件里继续。",
        ),
        ("effective", {"state": "closed"}, "没有待做的有效性检查。"),
        ("assign", {"state": "closed"}, "这件整改已经关闭。"),
        ("note", {"state": "dismissed"}, "这件整改已经作废。"),
    ],
)
def test_a_refused_move_says_why(move: str, told: dict[str, object], sentence: str) -> None:
    refused = refusal(move, Standing(**told))  # type: ignore[arg-type]
    assert refused is not None
    assert refused.sentence % refused.figures == sentence


def test_the_next_act_is_expected_by_the_day_that_its_state_speaks_of() -> None:
    days = Days(TODAY, date(2026, 12, 1), date(2026, 11, 25), date(2026, 11, 26), date(2027, 2, 1))
    bare = Days(TODAY, date(2026, 12, 1), date(2026, 11, 25), date(2026, 11, 26))
    assert {state: next_day(state.value, "major", days) for state in S} == {
        S.IDENTIFIED: date(2026, 11, 25),
        S.CONFIRMED: date(2026, 11, 25),
        S.ASSIGNED: date(2026, 12, 1),
        S.IN_PROGRESS: date(2026, 12, 1),
        S.DONE: date(2026, 12, 2),
        S.VERIFIED: date(2027, 2, 1),
        S.CLOSED: date(2027, 2, 1),
        S.DISMISSED: date(2026, 11, 25),
    }
    assert next_day("verified", "major", bare) == date(2026, 12, 3)
    assert next_day("identified", "observation", bare) == date(2026, 12, 22)


def test_late_is_what_is_not_reported_as_done_after_its_day() -> None:
    assert not is_overdue("in_progress", TODAY, TODAY)
    assert is_overdue("in_progress", date(2026, 11, 21), TODAY)
    assert not is_overdue("done", date(2026, 11, 21), TODAY)
    assert not is_overdue("confirmed", None, TODAY)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (None, "请填写。"),
        (date(2026, 11, 21), "期限 2026-11-21 早于今天（2026-11-22），请填今天或以后的日期。"),
        (date(2062, 11, 22), "期限 2062-11-22 超过三年，请核对年份。"),
    ],
)
def test_a_day_by_which_nothing_can_be_done_is_refused(day: date | None, sentence: str) -> None:
    with pytest.raises(Refused, match="^" + sentence.replace("（", "（")) as refused:
        check_due(day, TODAY)
    assert refused.value.field == "due_on"
    assert check_due(TODAY, TODAY) == TODAY


def test_whether_it_worked_is_looked_at_some_time_later() -> None:
    assert check_effect_day(None, TODAY) is None
    assert check_effect_day(date(2026, 11, 23), TODAY) == date(2026, 11, 23)
    with pytest.raises(Refused, match="有效性检查日期 2026-11-22 应晚于今天"):
        check_effect_day(TODAY, TODAY)


def test_numbers_of_clauses_are_kept_between_bars() -> None:
    assert joined_clauses(("5.2", "8.4.1 b)", "5.2", " ")) == "|5.2|8.4.1 b)|"
    assert split_clauses("|5.2|8.4.1 b)|") == ("5.2", "8.4.1 b)")
    assert joined_clauses(()) == ""
    with pytest.raises(Refused, match="不是条款号"):
        joined_clauses(("5|2",))
    local = "DB33/T 1234-2024 " + "5.1.2.3.4.5.6.7.8.9.10a"
    assert len(local) == 40
    assert len(joined_clauses(tuple(f"{local[:38]}{n:02d}" for n in range(10)))) <= 420
    with pytest.raises(Refused, match="不是条款号"):
        joined_clauses((local + "1",))


def test_the_number_has_the_year_and_at_least_three_digits() -> None:
    assert (number_of(2026, 41), number_of(2027, 1000)) == ("R-2026-041", "R-2027-1000")


def test_the_gravest_grade_comes_first() -> None:
    assert [grade.rank for grade in FindingGrade] == [1, 2, 3, 4]
