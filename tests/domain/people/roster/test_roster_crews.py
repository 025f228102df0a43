"""The roster by places, counted."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from lianjing.domain.people.models import CoverRule
from lianjing.domain.people.roster_crews import crew_entries, crews, gaps_among
from lianjing.domain.people.roster_list import RosterWanted
from lianjing.domain.people.shift_lists import gaps_between
from tests.cast import Cast
from tests.domain.people.roster.staff import TODAY, at, entry, guard


@pytest.fixture
def crowd(cast: Cast) -> RosterWanted:
    for number in range(4):
        entry(guard(cast.company, f"人{number}"), TODAY, state="draft" if number == 3 else "published")
    entry(guard(cast.company, "夜"), TODAY - timedelta(days=1), "22:00", 10)
    entry(guard(cast.company, "取消"), TODAY, state="cancelled")
    entry(guard(cast.other, "孙"), TODAY)
    return RosterWanted(TODAY, TODAY, cast.company.pk)


def test_a_crew_is_one_row_whatever_its_size_in_one_query(
    cast: Cast, crowd: RosterWanted, django_assert_num_queries: Any
) -> None:
    viewer = cast.viewer("leo")
    with django_assert_num_queries(1):
        told = crews(viewer, crowd)
    assert [(crew.place, crew.shift, crew.count, crew.drafts) for crew in told] == [("1 号席", "白班", 4, 1)]


def test_who_does_not_plan_counts_no_drafts_and_a_stranger_nobody(cast: Cast, crowd: RosterWanted) -> None:
    assert [(crew.count, crew.drafts) for crew in crews(cast.viewer("olivia"), crowd)] == [(3, 0)]
    assert crews(cast.viewer("sam"), crowd) == []


def test_so_many_of_a_crew_are_read_and_of_these_places_only(cast: Cast, crowd: RosterWanted) -> None:
    leo = cast.viewer("leo")
    read = [
        [row.member.name for row in crew_entries(leo, crowd, places, at_most)]
        for places, at_most in (({("watch", "1 号席")}, 2), ({("patrol", "1 号席")}, 2), (set(), 2))
    ]
    assert read == [["人0", "人1"], [], []]


def test_gaps_of_crews_are_the_gaps_of_the_roster(cast: Cast, crowd: RosterWanted) -> None:
    CoverRule.objects.create(
        company=cast.company,
        post_kind="watch",
        place="1 号席",
        weekdays=list(range(1, 8)),
        begins="00:00",
        ends="00:00",
        at_least=4,
    )
    leo = cast.viewer("leo")
    counted = crews(leo, RosterWanted(TODAY - timedelta(days=2), TODAY, cast.company.pk))
    midnights = at(TODAY, "00:00"), at(TODAY + timedelta(days=1), "00:00")
    gaps = gaps_among(leo, crowd, counted)
    assert gaps == gaps_between(leo, cast.company.pk, *midnights)
    assert [(gap.have, gap.drafted) for gap in gaps] == [(1, 0), (3, 1), (0, 0)]
    assert timezone.localtime(gaps[0].ends_at).hour == 8
