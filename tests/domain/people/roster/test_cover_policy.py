"""Minimum cover: where and when too few are planned."""

from datetime import datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lianjing.domain.people.cover_policy import Gap, Rule, Standing, gaps_of
from tests.domain.people.roster.staff import SHANGHAI, TODAY, at

EVERY_DAY = frozenset(range(1, 8))
TOMORROW = TODAY + timedelta(days=1)
DAY = (at(TODAY, "00:00"), at(TOMORROW, "00:00"))


def rule(begins: time = time(0), ends: time = time(0), at_least: int = 2, days: frozenset[int] = EVERY_DAY) -> Rule:
    return Rule("watch", "1 号席", days, begins, ends, at_least)


def stands(begins: datetime, ends: datetime, *, is_draft: bool = False, place: str = "1 号席") -> Standing:
    return Standing("watch", place, begins, ends, is_draft)


def found(rules: list[Rule], *standings: Standing, span: tuple[datetime, datetime] = DAY) -> list[str]:
    gaps = gaps_of(rules, standings, *span, SHANGHAI)
    return [sentence % figures for sentence, figures in (gap.said(SHANGHAI) for gap in gaps)]


def test_a_gap_is_told_with_place_time_and_figures() -> None:
    all_day, morning = stands(*DAY), stands(DAY[0], at(TODAY, "15:00"))
    assert found([rule()], all_day, morning) == ["1 号席：11-22 15:00 至 11-23 00:00 有 1 人，至少 2 人，缺 1 人。"]


def test_hand_over_without_a_break_is_no_gap() -> None:
    halves = (stands(DAY[0], at(TODAY, "12:00")), stands(at(TODAY, "12:00"), DAY[1]))
    assert found([rule(at_least=1)], *halves) == []


def test_drafts_do_not_count_but_are_told() -> None:
    assert found([rule(at_least=1)], stands(*DAY, is_draft=True)) == [
        "1 号席：11-22 00:00 至 11-23 00:00 有 0 人，至少 1 人，缺 1 人；另有草稿 1 人未发布。"
    ]


def test_a_rule_over_midnight_of_one_weekday_asks_for_the_next_morning_too() -> None:
    saturday_night = rule(time(20), time(8), 1, frozenset({6}))
    assert found([saturday_night]) == ["1 号席：11-22 00:00 至 08:00 有 0 人，至少 1 人，缺 1 人。"]


def test_of_several_rules_for_a_place_the_highest_counts() -> None:
    rules = [rule(at_least=1), rule(time(8), time(20), 3)]
    assert [(gap.have, gap.at_least) for gap in gaps_of(rules, [stands(*DAY)], *DAY, SHANGHAI)] == [(1, 3)]


def test_who_stands_elsewhere_does_not_count() -> None:
    assert len(found([rule(at_least=1)], stands(*DAY, place="2 号席"))) == 1


HOURS = st.integers(0, 23)


@settings(max_examples=40)
@given(
    rules=st.lists(st.builds(rule, st.builds(time, HOURS), st.builds(time, HOURS), st.integers(1, 3)), max_size=3),
    people=st.lists(st.tuples(st.integers(-12, 24), st.integers(1, 24), st.booleans()), max_size=6),
)
def test_every_hour_is_in_a_gap_exactly_when_too_few_are_there(
    rules: list[Rule], people: list[tuple[int, int, bool]]
) -> None:
    def hour(place: int) -> datetime:
        return DAY[0] + timedelta(hours=place)

    standings = [stands(hour(begins), hour(begins + hours), is_draft=draft) for begins, hours, draft in people]
    gaps = gaps_of(rules, standings, *DAY, SHANGHAI)
    assert all(one.ends_at <= other.begins_at for one, other in pairwise(gaps))
    for place in range(24):
        asked = max((one.at_least for one in rules if _asks(one, place)), default=0)
        there = sum(begins <= place < begins + hours and not draft for begins, hours, draft in people)
        around = [gap for gap in gaps if gap.begins_at <= hour(place) < gap.ends_at]
        assert [(gap.have, gap.at_least) for gap in around] == ([(there, asked)] if there < asked else [])


def _asks(one: Rule, hour: int) -> bool:
    begins, ends = one.begins.hour, one.ends.hour
    return begins <= hour < ends if ends > begins else hour >= begins or hour < ends


def test_a_gap_knows_how_many_are_missing() -> None:
    assert Gap("watch", "1", *DAY, have=1, drafted=0, at_least=3).missing == 2
