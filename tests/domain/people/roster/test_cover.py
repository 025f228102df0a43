"""Rules of cover and fatigue, and the gaps of the next days."""

from datetime import time, timedelta
from typing import Any

import pytest

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.people.cover import add_cover_rule, change_cover_rule, remove_cover_rule, set_fatigue_rules
from lianjing.domain.people.models import CoverRule
from lianjing.domain.people.roster_list import RosterWanted, calendar_entries, roster_entries, roster_people
from lianjing.domain.people.roster_obstacles import judged_entries, rules_of
from lianjing.domain.people.roster_policy import Rules
from lianjing.domain.people.shift_lists import gaps_ahead
from lianjing.terms.sentences import words
from tests.cast import NOON, Cast
from tests.domain.people.roster.staff import TODAY, entry, guard

RULE = {
    "post_kind": "watch",
    "place": "1 号席",
    "weekdays": [7, 1],
    "begins": time(8),
    "ends": time(20),
    "at_least": 2,
}
OWN = {
    "shift_hours_at_most": 24,
    "rest_hours_at_least": 24,
    "week_hours_at_most": 72,
    "days_in_a_row_at_most": 3,
    "source": "综合计算工时批复 2026-12 号",
}


def by(cast: Cast, name: str = "leo") -> dict[str, Any]:
    return {"by": cast.viewer(name), "at": NOON, "source": "test"}


def test_the_gaps_ahead_are_those_that_published_shifts_leave(cast: Cast, django_assert_num_queries: Any) -> None:
    add_cover_rule(cast.company.pk, RULE, **by(cast))
    entry(guard(cast.company, "陈"), hours=12)
    entry(guard(cast.company, "李"), TODAY + timedelta(days=1), hours=12, state="draft")
    viewer = cast.viewer("leo")
    with django_assert_num_queries(2):
        gaps = gaps_ahead(viewer, cast.company.pk, NOON)
    assert [(gap.begins_at, gap.have, gap.drafted, gap.missing) for gap in gaps[:2]] == [
        (NOON, 1, 0, 1),
        (NOON + timedelta(hours=20), 0, 1, 2),
    ]
    assert gaps_ahead(cast.viewer("sam"), cast.company.pk, NOON) == []


def test_a_rule_of_cover_is_changed_and_removed(cast: Cast) -> None:
    rule = add_cover_rule(cast.company.pk, RULE, **by(cast))
    assert change_cover_rule(rule.pk, {**RULE, "at_least": 1}, **by(cast)).at_least == 1
    for name, error in (("sam", Missing), ("olivia", Forbidden)):
        with pytest.raises(error):
            remove_cover_rule(rule.pk, **by(cast, name))
    remove_cover_rule(rule.pk, **by(cast))
    assert not CoverRule.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [8]}, "weekdays"),
        ({"at_least": 0}, "at_least"),
        ({"place": " "}, "place"),
    ],
)
def test_a_rule_of_cover_that_asks_for_nothing_is_refused(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        add_cover_rule(cast.company.pk, {**RULE, **wrong}, **by(cast))
    assert refused.value.field == field


def test_a_company_goes_by_our_figures_until_it_sets_its_own_with_their_source(cast: Cast) -> None:
    assert rules_of(cast.company.pk) == Rules(12, 11, 60, 6)
    with pytest.raises(Refused, match="出处") as refused:
        set_fatigue_rules(cast.company.pk, {**OWN, "source": " "}, **by(cast))
    assert refused.value.field == "source"
    set_fatigue_rules(cast.company.pk, OWN, **by(cast))
    assert (rules_of(cast.company.pk), rules_of(cast.other.pk)) == (Rules(24, 24, 72, 3), Rules())
    with pytest.raises(Refused, match="须在 4 至 48 之间"):
        set_fatigue_rules(cast.company.pk, {**OWN, "shift_hours_at_most": 49}, **by(cast))


def test_planned_shifts_are_looked_at_as_things_are_now(cast: Cast, django_assert_num_queries: Any) -> None:
    fine, ends = guard(cast.company, "陈"), guard(cast.company, "李", certificate_until=TODAY)
    days = (TODAY, TODAY + timedelta(days=1))
    rows = [entry(member, day) for member in (fine, ends) for day in days]
    viewer = cast.viewer("leo")
    with django_assert_num_queries(3):
        judged = judged_entries(viewer, cast.company.pk, rows, days)
    assert {pk: [words(problem) for problem in one.problems] for pk, one in judged.items()} == {
        rows[3].pk: ["2026-11-23 不能上岗：保安员证已于 2026-11-22 到期。"]
    }


def test_drafts_are_for_those_who_plan_and_each_company_sees_its_own(cast: Cast) -> None:
    published = entry(guard(cast.company, "陈"))
    draft = entry(guard(cast.company, "李"), state="draft")
    entry(guard(cast.other, "孙"))
    wanted = RosterWanted(TODAY, TODAY)
    seen = {name: roster_entries(cast.viewer(name), wanted) for name in ("leo", "olivia", "gus", "polly")}
    assert seen == {"leo": [published, draft], "olivia": [published], "gus": [published], "polly": []}
    assert calendar_entries(cast.viewer("sam"), RosterWanted(TODAY, TODAY, cast.company.pk)) == []
    assert [one.name for one in roster_people(cast.viewer("olivia"), wanted)] == ["陈"]


def test_the_list_goes_on_behind_a_shift(cast: Cast) -> None:
    rows = [entry(guard(cast.company, f"人{place}")) for place in range(3)]
    wanted, viewer = RosterWanted(TODAY, TODAY), cast.viewer("leo")
    assert roster_entries(viewer, wanted, None, 2) == rows[:2]
    assert roster_entries(viewer, wanted, rows[1].pk, 2) == rows[2:]
