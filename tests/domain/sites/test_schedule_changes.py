"""What a change of a schedule means: an exception for one day, and how the premises are protected less than before."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianjing.core.refusals import Refused
from lianjing.core.workdays import Workdays
from lianjing.domain.sites.schedule import Moment, expectations, windows_of
from lianjing.domain.sites.schedule_changes import fingerprint, late_closing, weakenings
from lianjing.domain.sites.schedule_judging import judge_closing, judge_opening
from lianjing.domain.sites.schedule_problems import problems, unknown_areas
from lianjing.domain.sites.schedule_text import moment_text, parse_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
KNOWN = Workdays()
MONDAY = date(2026, 11, 23)


def m(kind: str, days: str, begins: str, ends: str, tolerance: str = "0", users: str = "", area: str = "") -> Moment:
    return parse_moment(kind, days, begins, ends, tolerance, users, area)


SHOP = [
    m("must_open", "workday", "08:00", "08:30", "10"),
    m("may_open", "workday", "08:00", "18:30", "15"),
    m("must_close", "workday", "18:30", "08:00", "15"),
    m("must_close", "holiday", "00:00", "24:00"),
]


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), SHANGHAI)


def dues(moments: list[Moment], day: date) -> list[tuple[str, str]]:
    begin = at(day, "00:00")
    found = expectations(moments, KNOWN, SHANGHAI, begin, begin + timedelta(days=1))
    return [(due.must, f"{due.due_at.astimezone(SHANGHAI):%H:%M}") for due in found]


# Closing later on one day


def test_a_late_closing_puts_off_what_is_due_that_evening_and_no_other_day() -> None:
    late = late_closing(SHOP, KNOWN, MONDAY, time(23))
    assert dues(late, MONDAY) == [("open", "08:40"), ("close", "23:15")]
    assert dues(late, MONDAY + timedelta(days=1)) == dues(SHOP, MONDAY) == [("open", "08:40"), ("close", "18:45")]
    assert problems(late, KNOWN) == []


@pytest.mark.parametrize(("clock", "kind"), [("22:00", "expected"), ("23:10", "expected"), ("23:40", "late")])
def test_closing_is_judged_by_the_put_off_time(clock: str, kind: str) -> None:
    late = late_closing(SHOP, KNOWN, MONDAY, time(23))
    assert judge_closing(late, KNOWN, SHANGHAI, at(MONDAY, clock)).kind == kind


def test_opening_again_that_evening_is_allowed_and_the_night_after_is_closed() -> None:
    late = late_closing(SHOP, KNOWN, MONDAY, time(23))
    judged = [judge_opening(late, KNOWN, SHANGHAI, at(MONDAY, clock)).kind for clock in ("20:00", "23:59")]
    assert judged == ["expected", "forbidden"]
    assert judge_opening(late, KNOWN, SHANGHAI, at(MONDAY + timedelta(days=1), "03:00")).kind == "forbidden"


def test_putting_off_again_replaces_what_was_put_off_before() -> None:
    once = late_closing(SHOP, KNOWN, MONDAY, time(20))
    twice = late_closing(once, KNOWN, MONDAY, time(23))
    assert fingerprint(twice) == fingerprint(late_closing(SHOP, KNOWN, MONDAY, time(23)))


def test_a_holiday_of_several_days_keeps_its_other_days() -> None:
    fair = [*SHOP, m("must_close", "2026-11-22..2026-11-24", "16:00", "08:00")]
    late = late_closing(fair, KNOWN, MONDAY, time(21))
    assert {day.day: dues(late, day) for day in (MONDAY + timedelta(days=n) for n in (-1, 0, 1))} == {
        22: [("close", "16:00")],
        23: [("close", "21:00")],
        24: [("close", "16:00")],
    }


def test_an_early_prohibition_and_a_temporary_opening_stay_as_they_are() -> None:
    more = [*SHOP, m("no_activity", "daily", "00:00", "05:00"), m("temp_open", "1", "19:00", "20:00", users="7")]
    late = late_closing(more, KNOWN, MONDAY, time(23))
    kept = [moment_text(window.moment)["kind"] for window in windows_of(late, KNOWN, "", MONDAY)]
    assert sorted(kept) == ["may_open", "must_close", "must_open", "no_activity", "temp_open"]
    assert m("temp_open", "1", "19:00", "20:00", users="7") in late


@pytest.mark.parametrize(
    ("moments", "day", "until", "said"),
    [
        (SHOP, MONDAY, time(18), "当天 18:30 才须布防"),
        (SHOP, date(2026, 11, 22), time(0), "当天 00:00 才须布防"),
        (SHOP[:2], MONDAY, time(23), "没有应布防时段"),
        ([m("must_close", "daily", "01:00", "06:00")], MONDAY, time(7), "已经过去"),
        ([*SHOP, m("must_close", "2026-11-23", "20:00", "06:00", area="2")], MONDAY, time(23), "分区 2 当天另有例外"),
    ],
)
def test_where_nothing_can_be_put_off_a_sentence_says_why(
    moments: list[Moment], day: date, until: time, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        late_closing(moments, KNOWN, day, until)


@given(
    close=st.integers(12 * 60, 23 * 60),
    more=st.integers(1, 59),
    days=st.sampled_from(["daily", "workday", "1-5", "2026-11-20..2026-11-30"]),
)
def test_whatever_the_hours_only_that_day_changes(close: int, more: int, days: str) -> None:
    until = close + more
    shop = [
        m("may_open", days, "07:00", f"{close // 60:02}:{close % 60:02}"),
        m("must_close", days, f"{close // 60:02}:{close % 60:02}", "07:00"),
    ]
    late = late_closing(shop, KNOWN, MONDAY, time(until // 60, until % 60))
    assert dues(late, MONDAY) == [("close", f"{until // 60:02}:{until % 60:02}")]
    around = [MONDAY + timedelta(days=n) for n in (-3, -2, -1, 1, 2, 3)]
    assert [dues(late, day) for day in around] == [dues(shop, day) for day in around]


# What a change weakens


CLOSE = m("must_close", "daily", "22:00", "06:00", "15")
OPEN = m("may_open", "1-5", "08:00", "18:00", "5")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([CLOSE], [], ["时间表已清空"]),
        ([CLOSE, OPEN], [OPEN], ["删除“"]),
        ([CLOSE], [m("must_close", "daily", "22:30", "06:00", "15")], ["缩短为 22:30–06:00"]),
        ([CLOSE], [m("must_close", "daily", "22:00", "06:00", "40")], ["容差放宽到 40 分钟"]),
        ([CLOSE], [m("must_close", "1-5", "22:00", "06:00", "15")], ["删除“"]),
        ([CLOSE], [CLOSE, OPEN], ["新增“"]),
        ([OPEN], [m("may_open", "1-5", "07:00", "18:00", "5")], ["由 08:00–18:00 放宽"]),
        ([OPEN], [m("may_open", "1-5", "08:00", "18:00", "20")], ["容差由 5 分钟放宽"]),
        (
            [CLOSE, m("temp_open", "daily", "22:00", "23:00", users="3")],
            [CLOSE, m("temp_open", "daily", "22:00", "23:00", users="3,7")],
            ["增加用户 7"],
        ),
    ],
)
def test_what_protects_less_is_said(before: list[Moment], after: list[Moment], said: list[str]) -> None:
    told = weakenings(before, after)
    assert [part in sentence for part, sentence in zip(said, told, strict=True)] == [True] * len(said)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], [CLOSE, OPEN]),
        ([CLOSE, OPEN], [OPEN, CLOSE]),
        ([CLOSE], [m("must_close", "daily", "21:00", "07:00", "5")]),
        ([CLOSE, OPEN], [CLOSE]),
        ([OPEN], [OPEN, m("must_open", "1-5", "08:00", "09:00")]),
        ([OPEN], [OPEN, m("no_activity", "daily", "00:00", "05:00")]),
    ],
)
def test_what_protects_as_much_or_more_is_not(before: list[Moment], after: list[Moment]) -> None:
    assert weakenings(before, after) == []


def test_a_fingerprint_does_not_mind_the_order_but_every_field() -> None:
    assert fingerprint(SHOP) == fingerprint(SHOP[::-1])
    assert fingerprint([CLOSE]) != fingerprint([m("must_close", "daily", "22:00", "06:00", "16")])


# What is allowed and forbidden at once


@pytest.mark.parametrize(
    ("opening", "forbidden", "found"),
    [
        (m("may_open", "daily", "20:41", "23:00", "15"), m("no_activity", "daily", "00:00", "24:00"), ["begins"]),
        (m("may_open", "daily", "20:00", "23:00", "15"), m("no_activity", "daily", "22:00", "06:00"), ["begins"]),
        (m("may_open", "daily", "06:00", "22:00", "15"), m("no_activity", "daily", "22:00", "06:00"), []),
        (m("may_open", "1-5", "08:00", "20:00", "15"), m("no_activity", "holiday", "00:00", "24:00"), []),
        (m("may_open", "daily", "20:00", "23:00", "15"), m("must_close", "daily", "22:00", "06:00"), []),
        (m("temp_open", "daily", "20:00", "23:00", "0", "3"), m("no_activity", "daily", "00:00", "24:00"), []),
    ],
)
def test_what_may_be_opened_and_is_forbidden_at_once_is_told(
    opening: Moment, forbidden: Moment, found: list[str]
) -> None:
    assert [problem.field for problem in problems([opening, forbidden], KNOWN)] == found


@pytest.mark.parametrize("clock", ["20:25", "20:33", "21:00", "22:50", "23:05"])
def test_a_tolerance_allows_nothing_at_an_edge_that_is_forbidden(clock: str) -> None:
    moments = [m("no_activity", "daily", "00:00", "24:00"), m("may_open", "daily", "20:41", "23:00", "15")]
    assert judge_opening(moments, KNOWN, SHANGHAI, at(MONDAY, clock)).kind == "forbidden"


@pytest.mark.parametrize(
    ("clock", "kind"), [("05:40", "forbidden"), ("05:50", "expected"), ("22:10", "expected"), ("22:20", "forbidden")]
)
def test_a_tolerance_wins_over_what_is_forbidden_beyond_its_edge(clock: str, kind: str) -> None:
    moments = [m("no_activity", "daily", "22:00", "06:00"), m("may_open", "daily", "06:00", "22:00", "15")]
    assert judge_opening(moments, KNOWN, SHANGHAI, at(MONDAY, clock)).kind == kind


def test_areas_that_no_panel_has_are_told_unless_none_is_on_file_or_the_schedule_had_them() -> None:
    moments = [m("must_close", "daily", "22:00", "06:00", area=area) for area in ("", "1", "77")]
    asked: list[tuple[list[Moment], str]] = [([], "12"), ([], ""), (moments, "12")]
    assert [[p.index for p in unknown_areas(moments, had, areas)] for had, areas in asked] == [[2], [], []]
