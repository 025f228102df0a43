"""What a schedule says, whatever stands in it and whenever somebody opens or closes."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from lianjing.core.workdays import Workdays
from lianjing.domain.sites.schedule import Moment, expectations
from lianjing.domain.sites.schedule_judging import JudgementKind, judge_closing, judge_opening
from lianjing.domain.sites.schedule_problems import problems
from lianjing.domain.sites.schedule_text import parse_moment
from lianjing.terms.sentences import words

ZONE = ZoneInfo("Asia/Shanghai")
KNOWN = Workdays()
FIRST = datetime(2026, 9, 25, tzinfo=ZONE)
"""The holidays of October are in the ten weeks from here."""
CLOCKS = st.times(max_value=time(23, 59)).map(lambda at: f"{at.hour:02d}:{at.minute - at.minute % 5:02d}")
DAYS = st.sampled_from(["daily", "workday", "holiday", "1-5", "6,7", "3", "2026-11-24", "2026-10-01..2026-10-07"])
INSTANTS = st.integers(0, 71 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
KINDS = st.sampled_from(["must_open", "may_open", "must_close", "no_activity", "temp_open"])


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    kind = draw(KINDS)
    begins, ends = draw(CLOCKS), draw(CLOCKS)
    assume(begins != ends)
    tolerance = draw(st.sampled_from(["0", "10", "30"]))
    return parse_moment(kind, draw(DAYS), begins, ends, tolerance, "7" if kind == "temp_open" else "", "")


SCHEDULES = st.lists(moments(), max_size=5).filter(lambda told: not problems(told, KNOWN))


@given(told=SCHEDULES, at=INSTANTS, user=st.sampled_from(["", "7", "8"]))
def test_every_act_is_judged_and_said_in_words(told: list[Moment], at: datetime, user: str) -> None:
    for judged in (judge_opening(told, KNOWN, ZONE, at, "1", user), judge_closing(told, KNOWN, ZONE, at, "1", user)):
        assert "%" not in words(judged)
        if not told:
            assert judged.kind == JudgementKind.UNSCHEDULED


@given(told=SCHEDULES, at=INSTANTS)
def test_the_order_in_which_it_is_written_changes_nothing(told: list[Moment], at: datetime) -> None:
    for judge in (judge_opening, judge_closing):
        assert judge(told, KNOWN, ZONE, at).kind == judge(told[::-1], KNOWN, ZONE, at).kind


@given(told=SCHEDULES, at=INSTANTS)
def test_where_nothing_may_happen_an_opening_is_never_expected_but_by_who_is_named(
    told: list[Moment], at: datetime
) -> None:
    # Off the edges: there an opening that is in time wins, which is what a tolerance is for.
    at, clock = at.replace(second=30), f"{at:%H:%M}"
    later = (at + timedelta(minutes=2)).strftime("%H:%M")
    assume(clock < later)
    quiet = parse_moment("no_activity", f"{at:%Y-%m-%d}", clock, later, "0", "", "")
    nobody_named = [replace(moment, tolerance=timedelta(0)) for moment in told if moment.kind != "temp_open"]
    assert judge_opening([*nobody_named, quiet], KNOWN, ZONE, at).kind != JudgementKind.EXPECTED


@given(told=SCHEDULES, at=INSTANTS, days=st.integers(1, 3))
def test_what_is_due_is_due_once_and_in_the_span_that_was_asked_for(
    told: list[Moment], at: datetime, days: int
) -> None:
    end = at + timedelta(days=days)
    due = expectations(told, KNOWN, ZONE, at, end)
    assert all(at < one.due_at <= end for one in due)
    halves = [
        *expectations(told, KNOWN, ZONE, at, at + (end - at) / 2),
        *expectations(told, KNOWN, ZONE, at + (end - at) / 2, end),
    ]
    assert sorted((one.due_at, one.must) for one in due) == sorted((one.due_at, one.must) for one in halves)


@given(told=SCHEDULES, at=INSTANTS)
def test_a_wider_tolerance_never_makes_an_expected_closing_late(told: list[Moment], at: datetime) -> None:
    # By a moment: what is merely left free comes after what is late, and the tolerance moves where that ends.
    judged = judge_closing(told, KNOWN, ZONE, at)
    assume(judged.kind == JudgementKind.EXPECTED and judged.moment is not None)
    wider = [replace(one, tolerance=one.tolerance + timedelta(minutes=30)) for one in told]
    assume(not problems(wider, KNOWN))
    assert judge_closing(wider, KNOWN, ZONE, at).kind != JudgementKind.LATE
