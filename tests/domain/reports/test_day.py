"""The figures of a fixed day, computed by hand beside it (tests/domain/reports/day.py)."""

from datetime import timedelta

import pytest

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.incidents.holding import hold_incident
from lianjing.domain.incidents.models import CaseTimes, Incident
from lianjing.domain.reports.actions import set_response_limits
from lianjing.domain.reports.counts import case_counts, site_counts, standing
from lianjing.domain.reports.periods import Period
from lianjing.domain.reports.policy import DEFAULT_LIMITS, STANDING, Limits, Spread
from lianjing.domain.reports.responses import Responses, responses
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.sites.models import Panel, TransmissionPath
from tests.cast import NOON, Cast
from tests.domain.reports.day import DAY, instant, live

EVENING = instant("20:00")


@pytest.fixture
def seen(cast: Cast) -> Responses:
    live(cast)
    return responses(cast.viewer("leo"), Period(DAY, DAY, cast.company.pk), by=["operator"], now=EVENING)


def seconds(told: Spread) -> tuple[object, ...]:
    return (told.n, *(value and value / 1000 for value in (told.p50, told.p80, told.p95, told.p98_5, told.max)))


def test_times_of_the_day(seen: Responses) -> None:
    # t3−t1, ascending: 2 3 4 5 6 8 10 12 15 20 25 40. Ranks of 12: 6th, 10th (9.6), 12th (11.4), 12th (11.82).
    assert seconds(seen.times["acknowledge"]) == (12, 8, 20, 40, 40, 40)
    # t4−t1: 9 10 12 14 25 45 55 65 70 100 185 (case 11: held, no act). Ranks of 11: 6th, 9th (8.8), 11th (10.45), 11th.
    assert seconds(seen.times["first_action"]) == (11, 45, 70, 185, 185, 185)
    # t4−t3: 23 52 66 5 3 57 2 2 85 165 5, ascending: 2 2 3 5 5 23 52 57 66 85 165.
    assert seconds(seen.times["action_after_view"]) == (11, 23, 66, 165, 165, 165)
    # t7−t1 to patrol: 40 60. Ranks of 2: 1st, 2nd (1.6), 2nd, 2nd.
    assert seconds(seen.times["dispatch"]) == (2, 40, 60, 60, 60, 60)
    # To 110 and 119: 30 58.
    assert seconds(seen.times["police"]) == (2, 30, 58, 58, 58, 58)
    # t12−t1: 15 23 60 80 200 300 300 400 600 900 1000.
    assert seconds(seen.times["total"]) == (11, 300, 600, 1000, 1000, 1000)
    assert seconds(seen.times["intake"]) == (12, 0.1, 0.1, 0.1, 0.1, 0.1)
    # Nobody called, no guard accepted: no figure at all.
    for key in ("first_contact", "acceptance", "police_acceptance", "travel", "on_scene"):
        assert seconds(seen.times[key]) == (0, None, None, None, None, None)


def test_groups_of_the_day(seen: Responses) -> None:
    # Olivia: 2 3 6 8 15 20, Oscar: 4 5 10 12 25 40; of six the third.
    told = [(g.words["operator"], g.cases, seconds(g.times["acknowledge"])[1]) for g in seen.groups]
    assert sorted(told) == [("Olivia", 6, 6), ("Oscar", 6, 10)]


def test_a_second_axis_parts_the_groups_further(cast: Cast) -> None:
    live(cast)
    found = responses(cast.viewer("leo"), Period(DAY, DAY), by=["grade", "hour"], now=EVENING)
    assert [(g.values["grade"], g.values["hour"], g.cases) for g in found.groups] == [
        (1, 8, 2),
        (1, 9, 1),
        (2, 9, 2),
        (2, 10, 3),
        (2, 11, 4),
    ]


def test_limits_of_the_day_count_from_the_receiver_and_the_untouched_case_misses_them(seen: Responses) -> None:
    # Hold-up and fire, t4−t0: 25.1 55.1 70.1. Others: 9.1 10.1 12.1 14.1 45.1 65.1 100.1 185.1 and one never.
    assert [(r.group, r.seconds, r.n, r.within, r.kept) for r in seen.rungs] == [
        ("danger", 30, 3, 1, False),
        ("danger", 60, 3, 2, False),
        ("other", 90, 9, 6, False),
        ("other", 180, 9, 7, False),
    ]


def test_a_case_that_still_has_time_is_undecided(cast: Cast) -> None:
    live(cast)
    # A hundred seconds after case 11 came in, its 180 s are not over.
    found = responses(cast.viewer("leo"), Period(DAY, DAY), now=instant("11:20") + timedelta(seconds=100))
    assert [r.n for r in found.rungs] == [3, 3, 8, 8]


def test_load_and_gaming_of_the_day(seen: Responses) -> None:
    # Each case fell into ten minutes of its own: twelve cases in twelve slots are six an hour.
    assert (seen.load.taken, seen.load.slots, seen.load.busy, seen.load.per_hour) == (12, 12, 0, 6)
    # Case 6 was held after 4 s (11 after 7 s), case 7 closed after 5 s, Olivia wrote 误操作 three times.
    assert seen.gaming == {"quick_holds": 1, "quick_closes": 1, "same_text": 3, "bulk_clears": 0}


def test_counts_of_the_day(cast: Cast) -> None:
    live(cast)
    found = case_counts(cast.viewer("leo"), Period(DAY, DAY, cast.company.pk))
    # Four were sent (1, 2, 4, 5), two of them false (2, 5); twelve signals in twelve cases.
    assert {key: (ratio.part, ratio.of) for key, ratio in found.ratios.items()} == {
        "signals_per_case": (12, 12),
        "cases_per_dispatch": (12, 4),
        "false_dispatch": (2, 4),
        "false_dispatch_site_year": (2 * 365, 14),
    }
    # Real: hold-up 4, intrusion 3. False: nine of level 0. Case 11 is an alarm and nothing more.
    assert found.levels == {0: 9, 1: 1, 2: 0, 3: 1, 4: 1}
    assert [(row.name, row.n) for row in found.false_sites] == [("Site 2", 1), ("Site 5", 1)]


def test_what_stands_in_the_evening(cast: Cast) -> None:
    live(cast)
    found = standing(cast.viewer("leo"), cast.company.pk, EVENING)
    queued = instant("11:20") + timedelta(milliseconds=100)
    assert (found["open"].n, found["open"].since) == (1, queued)
    assert (found["stale"].n, found["stale"].since) == (1, queued)
    assert (found["on_test"].n, found["on_test"].since) == (0, None)
    assert (found["held"].n, found["held"].since) == (0, None)


def test_what_is_on_hold_stands_too_with_the_age_of_the_oldest(cast: Cast) -> None:
    live(cast)
    last = Incident.objects.get(state="taken")
    hold_incident(last.pk, reason="owner calls back", until=EVENING, by=cast.viewer("oscar"), at=instant("11:25"))
    found = standing(cast.viewer("leo"), cast.company.pk, instant("11:26"))
    assert (found["held"].n, found["held"].since) == (1, last.opened_at)
    assert list(found) == [kpi.key for kpi in STANDING]


def test_an_operator_sees_his_own_cases_and_a_stranger_none(cast: Cast) -> None:
    live(cast)
    day = Period(DAY, DAY)
    counted = {name: responses(cast.viewer(name), day, now=EVENING).cases for name in ("olivia", "mia", "polly", "ada")}
    assert counted == {"olivia": 6, "mia": 12, "polly": 12, "ada": 12}
    assert (
        responses(cast.viewer("sam"), day, now=EVENING).cases,
        responses(cast.viewer("gus"), day, now=EVENING).cases,
    ) == (0, 0)


def test_paper_cases_are_counted_and_not_timed(cast: Cast) -> None:
    live(cast)
    CaseTimes.objects.filter(viewed_at__isnull=False, event_class="hold_up").update(on_paper=True)
    found = responses(cast.viewer("leo"), Period(DAY, DAY), now=EVENING)
    assert (found.cases, found.paper, found.times["acknowledge"].n) == (12, 2, 10)


def test_a_day_without_cases_has_no_figures(cast: Cast) -> None:
    day = Period(NOON.date(), NOON.date(), cast.company.pk)
    found = responses(cast.viewer("leo"), day, now=EVENING)
    assert (found.cases, found.load.per_hour, [r.share for r in found.rungs]) == (0, None, [None] * 4)
    assert {ratio.value for ratio in case_counts(cast.viewer("leo"), day).ratios.values()} == {None, 0.0}
    assert site_counts(cast.viewer("leo"), day, NOON)["test_supervision"].value is None


def test_figures_cost_the_same_queries_for_one_case_and_for_twelve(cast: Cast, django_assert_num_queries) -> None:
    live(cast)
    leo = cast.viewer("leo")
    for day in (Period(DAY, DAY, cast.company.pk), Period(NOON.date(), NOON.date(), cast.company.pk)):
        with django_assert_num_queries(6 if day.first == DAY else 5):
            responses(leo, day, by=["operator"], now=EVENING)


def test_a_manager_sets_the_limits_and_they_hold_at_once(cast: Cast) -> None:
    live(cast)
    mia, wide = cast.viewer("mia"), Limits(60, 120, 90, 180)
    assert set_response_limits(cast.company.pk, wide, by=mia, at=EVENING)
    assert not set_response_limits(cast.company.pk, wide, by=mia, at=EVENING)
    found = responses(cast.viewer("leo"), Period(DAY, DAY, cast.company.pk), now=EVENING)
    assert ([r.within for r in found.rungs[:2]], found.limits_are_own) == ([2, 3], True)
    with pytest.raises(Refused):
        set_response_limits(cast.company.pk, Limits(60, 30, 90, 180), by=mia, at=EVENING)
    for name in ("leo", "sam", "olivia"):
        with pytest.raises(Forbidden):
            set_response_limits(cast.company.pk, DEFAULT_LIMITS, by=cast.viewer(name), at=EVENING)


def test_availability_counts_hours_since_activation_and_those_lost(cast: Cast) -> None:
    # Two supervised panels: one all day (24 h), one activated at 12:00 (12 h); the first was away 06:00–09:00.
    first, second = (site.panels.get() for site in (cast.shop, cast.bank))
    Panel.objects.filter(pk=second.pk).update(activated_at=instant("12:00"))
    for panel in (first, second):
        TransmissionPath.objects.create(panel=panel, place=1, kind="ip", interval_s=90)
    SystemEvent.objects.create(
        company=cast.company,
        site=cast.shop,
        panel=first,
        kind="PA",
        subject="panel:1",
        event_class="fault",
        grade=3,
        raised_at=instant("06:00"),
        ended_at=instant("09:00"),
    )
    found = site_counts(cast.viewer("leo"), Period(DAY, DAY, cast.company.pk), instant("23:00") + timedelta(hours=9))
    assert (found["panel_availability"].part, found["panel_availability"].of) == (33, 36)
    assert (found["contacts_verified"].part, found["contacts_verified"].of) == (0, 2)
