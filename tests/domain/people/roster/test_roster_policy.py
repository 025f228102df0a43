"""Overlap and fatigue, for any shifts."""

from datetime import date, datetime, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from lianjing.domain.people.roster_policy import (
    Rules,
    Span,
    at_once,
    days_of,
    is_restful,
    most_in_a_week,
    overlaps,
    span_words,
    too_tired,
)
from lianjing.terms.sentences import words
from tests.domain.people.roster.staff import SHANGHAI, TODAY, at

RULES = Rules()
HOUR = timedelta(hours=1)
START = at(TODAY, "00:00")


def span(day: date, clock: str, hours: float, entry: int | None = None, place: str = "1 号席") -> Span:
    begins = at(day, clock)
    return Span(day, begins, begins + timedelta(hours=hours), place, "早班", entry)


def on(day: int, clock: str = "07:00", hours: float = 8) -> Span:
    """A shift so many days after today."""
    return span(TODAY + timedelta(days=day), clock, hours, day)


def made(pieces: list[tuple[int, int]]) -> list[Span]:
    """Shifts from hours between them and hours in them, one behind the other."""
    found, clock = [], START
    for place, (pause, hours) in enumerate(pieces):
        begins = clock + pause * HOUR
        clock = begins + hours * HOUR
        found.append(Span(begins.astimezone(SHANGHAI).date(), begins, clock, id=place))
    return found


ROWS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 26)), min_size=1, max_size=14).map(made)
SPANS = st.builds(
    lambda begins, hours, entry: Span(
        (START + begins * HOUR).date(), START + begins * HOUR, START + (begins + hours) * HOUR, id=entry
    ),
    st.integers(0, 100),
    st.integers(1, 40),
    st.integers(),
)


@given(one=SPANS, other=SPANS)
def test_two_overlap_exactly_when_some_hour_belongs_to_both(one: Span, other: Span) -> None:
    def hours(span: Span) -> set[datetime]:
        return {span.begins_at + place * HOUR for place in range(round(span.hours))}

    assert overlaps(one, other) == bool(hours(one) & hours(other)) == overlaps(other, one)


def test_the_sentence_about_an_overlap_names_both() -> None:
    planned, other = span(TODAY, "08:00", 8, place="东片区"), span(TODAY, "07:00", 8, entry=7)
    (problem,) = at_once(planned, [other], SHANGHAI)
    assert (problem.hard, problem.with_id, words(problem)) == (
        True,
        7,
        "“东片区”早班 2026-11-22 08:00–16:00与已排的“1 号席”早班 2026-11-22 07:00–15:00重叠：一个人不能同时在两处。",
    )


def test_a_shift_does_not_overlap_itself_nor_one_that_begins_when_it_ends() -> None:
    shift = span(TODAY, "07:00", 8, entry=1)
    assert at_once(shift, [shift, span(TODAY, "15:00", 8, 2)], SHANGHAI) == []


def test_a_shift_over_midnight_overlaps_the_morning() -> None:
    night, morning = span(TODAY, "23:00", 8, 1), span(TODAY + timedelta(days=1), "06:00", 8)
    assert len(at_once(morning, [night], SHANGHAI)) == 1
    assert days_of(night, SHANGHAI) == [TODAY, TODAY + timedelta(days=1)]
    assert span_words(night, SHANGHAI) == "“1 号席”早班 2026-11-22 23:00–11-23 07:00"


def test_a_shift_until_midnight_touches_one_day_only() -> None:
    assert days_of(span(TODAY, "16:00", 8), SHANGHAI) == [TODAY]


def said(shift: Span, *others: Span) -> list[str]:
    return [words(problem) for problem in too_tired(shift, others, RULES, SHANGHAI)]


def test_each_rule_says_its_figures() -> None:
    assert said(span(TODAY, "08:00", 12.5)) == ["这一班 12.5 小时，最多 12 小时。"]
    assert said(on(1, "06:00"), on(0, "15:00")) == ["与前一班只隔 7 小时，至少 11 小时。"]
    assert said(on(0, "15:00"), on(1, "06:00")) == ["与后一班只隔 7 小时，至少 11 小时。"]
    assert said(on(5, hours=11), *(on(day, hours=11) for day in range(5))) == [
        "2026-11-22 07:00 起的 7 天里共 66 小时，最多 60 小时。"
    ]
    assert said(on(6), *(on(day) for day in range(6))) == ["连续上班 7 天，最多 6 天。"]


def test_what_is_just_allowed_is_not_told() -> None:
    assert said(span(TODAY, "08:00", 12)) == []
    assert said(on(1, "02:00", 8), on(0, "07:00", 8)) == []
    assert said(on(4, hours=12), *(on(day, hours=12) for day in range(4))) == []
    assert said(on(5), *(on(day) for day in range(5))) == []


@settings(max_examples=25)
@given(row=ROWS)
def test_the_fullest_week_is_found_wherever_it_begins(row: list[Span]) -> None:
    """Compared with looking at every hour."""

    def worked(since: datetime) -> float:
        until = since + timedelta(days=7)
        return sum(max(0.0, (min(one.ends_at, until) - max(one.begins_at, since)) / HOUR) for one in row)

    first, last = row[0].begins_at, row[-1].ends_at
    hours = round((last - first) / HOUR)
    brute = max(worked(first + place * HOUR - timedelta(days=7)) for place in range(hours + 7 * 24 + 1))
    assert max(_most(one, row) for one in row) == brute


def _most(one: Span, row: list[Span]) -> float:
    return most_in_a_week(one, [other for other in row if other is not one])[1]


@given(row=ROWS)
def test_a_row_of_shifts_is_restful_exactly_when_none_of_them_has_anything_in_the_way(row: list[Span]) -> None:
    assert is_restful(row, RULES) == (not any(too_tired(one, row, RULES, SHANGHAI) for one in row))


@settings(max_examples=40)
@given(row=ROWS, drop=st.integers(0, 13))
def test_taking_a_shift_away_makes_nobody_more_tired(row: list[Span], drop: int) -> None:
    fewer = [one for place, one in enumerate(row) if place != drop]
    for one in fewer:
        left = {(p.code, p.sentence) for p in too_tired(one, fewer, RULES, SHANGHAI)}
        assert left <= {(p.code, p.sentence) for p in too_tired(one, row, RULES, SHANGHAI)}


@given(spans=st.lists(SPANS, min_size=2, max_size=6))
def test_what_overlaps_is_never_called_restful(spans: list[Span]) -> None:
    if any(overlaps(one, other) for one, other in combinations(spans, 2)):
        assert not is_restful(spans, Rules(rest_hours_at_least=0))
