"""Many lines that are lost at once: one case for those of one cause, told what it takes in, and nothing else in it."""

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from lianjing.core.outbox.models import Message
from lianjing.domain.incidents.actions import acknowledge_signals, take_incident
from lianjing.domain.incidents.case_timeline import timeline
from lianjing.domain.incidents.events import open_event_cases
from lianjing.domain.incidents.holding import hold_incident
from lianjing.domain.incidents.joining import merge_incidents
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.queries import queue_row, queue_rows
from lianjing.domain.signals.line_policy import Cause, likely
from lianjing.domain.signals.line_supervision import follow_lines
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.sites.models import Site, TransmissionPath
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.signals.lines import (
    FOLDING,
    HOUR,
    MINUTE,
    SECOND,
    WAITED,
    arm,
    follow,
    hear,
    lose,
    make_many,
    noted,
    path,
    standing,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    Site.objects.filter(pk=cast.bank.pk).update(kind="bank")
    return cast


def place_words(*cases: Incident) -> list[str]:
    """What the queue says of cases of many sites."""
    ids = [case.pk for case in cases or Incident.objects.filter(site=None).order_by("pk")]
    rows = queue_rows(SYSTEM, ids)
    return [rows[pk].site_name for pk in ids]


def told(incident: Incident) -> list[tuple[str, str]]:
    """The time line of the case."""
    return [(step.words, step.detail) for step in timeline(SYSTEM, incident)]


def test_five_hundred_panels_of_one_carrier_are_one_case_that_lists_them(cast: Cast) -> None:
    lost = make_many(cast, 500)
    make_many(cast, 700, "wired_ip")
    arm("F00010")
    Site.objects.filter(panels__account="F00020").update(is_key_site=True)
    lose(*lost)
    incident = Incident.objects.get()
    assert (incident.company, incident.site, incident.code, incident.grade) == (cast.company, None, "ML", 1)
    mass = SystemEvent.objects.get(kind="ML")
    assert mass.folded.count() == 500
    assert mass.reasons == [
        "60 秒内4G 线路失联 500 台，占该类此前在线 500 台的 100%：并为一案，10 分钟内同因的归入本案，名单见案内。",
        "其中重点或布防场所：Home 20、Home 10。",
    ]


def test_blamed_is_what_explains_many_and_of_whose_lines_few_are_left() -> None:
    carrier, receiver, district = (Cause(1, what, "x") for what in ("carrier", "listener", "division"))
    assert likely({carrier: 500, receiver: 500}, {carrier: 600, receiver: 9000}) == carrier
    assert likely({carrier: 60, receiver: 100, district: 40}, {carrier: 900, receiver: 100, district: 80}) == receiver
    assert likely({carrier: 40, district: 40}, {carrier: 900, district: 40}) == district
    assert likely({carrier: 75, receiver: 76, district: 25}, {carrier: 78, receiver: 200, district: 25}) == carrier
    assert likely({carrier: 25, receiver: 25}, {carrier: 25, receiver: 25}) == carrier


def test_in_a_mass_loss_what_grows_worse_stands_in_the_list_once(cast: Cast) -> None:
    lost = make_many(cast, 30)
    second = TransmissionPath.objects.create(panel=lost[0].panel, place=2, kind="5g", interval_s=90)
    lose(*lost)
    lose(second, at=NOON + MINUTE)
    mass = SystemEvent.objects.get(kind="ML")
    folded = mass.folded.filter(panel=second.panel).values_list("kind", flat=True)
    assert (list(folded), mass.folded.filter(ended_at=None).count(), Incident.objects.count()) == (["PA"], 30, 1)


def test_later_losses_of_the_same_cause_join_and_the_end_comes_with_the_last_return(cast: Cast) -> None:
    lost = make_many(cast, 60)
    lose(*lost[:25])
    lose(*lost[25:], at=NOON + 2 * MINUTE)
    assert Incident.objects.count() == 1
    hear(*lost[:-1], at=NOON + 5 * MINUTE)
    assert standing() == [("ML", 2)]
    hear(lost[-1], at=NOON + 6 * MINUTE)
    assert standing() == []


def test_a_mass_loss_that_has_calmed_down_takes_no_new_loss_in(cast: Cast) -> None:
    lost = make_many(cast, 26)
    lose(*lost[:25])
    lose(lost[25], at=NOON + HOUR)
    assert standing() == [("ML", 2), ("PA", 3)]


def test_a_mass_loss_becomes_as_urgent_as_the_worst_loss_that_joins_it_and_its_case_too(cast: Cast) -> None:
    lose(*make_many(cast, 25))
    assert Incident.objects.get().grade == 2
    noted("lost", path("1002", "4g"), at=NOON + MINUTE)
    follow(NOON + MINUTE)
    assert standing() == [("ML", 1)]
    incident = Incident.objects.get()
    assert (incident.grade, incident.reasons[-1]) == (1, "又并入一级失联：Harbour Bank，须立即核实。本案升为一级。")


def test_losses_told_singly_before_they_were_many_stand_in_the_list_too(cast: Cast) -> None:
    lost = make_many(cast, 30)
    lose(*lost[:5], told_at=NOON + 10 * SECOND)
    lose(*lost[5:], at=NOON + 20 * SECOND)
    mass = SystemEvent.objects.get(kind="ML")
    assert mass.folded.count() == 30
    assert Incident.objects.count() == 6


def test_nineteen_are_nineteen_and_companies_are_not_mixed(cast: Cast) -> None:
    lose(*make_many(cast, 15), *make_many(cast, 15, of="hill"))
    assert standing() == [("PA", 3)] * 30


def test_losses_of_an_hour_that_a_worker_was_away_are_folded_too(cast: Cast) -> None:
    for minute, lost in enumerate(make_many(cast, 40)):
        noted("lost", lost, at=NOON + minute * MINUTE)
    follow(NOON + HOUR)
    assert standing() == [("ML", 2)]


def test_a_mass_loss_costs_as_many_queries_as_fifty_losses(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    noted("lost", *make_many(cast, 480))
    follow(NOON)
    with django_assert_max_num_queries(60):
        follow_lines(FOLDING, by=SYSTEM, at=WAITED)


# One cause for one failure


def test_a_carrier_that_fails_in_three_districts_is_one_case_and_stray_losses_are_not_in_it(cast: Cast) -> None:
    lost = [p for place in ("330105", "330106", "330108") for p in make_many(cast, 25, "5g", division=place)]
    survivors = make_many(cast, 3, "5g", division="330109")
    make_many(cast, 40, "wired_ip", division="330109")
    path("1002", "gprs")
    lose(*lost, path("1002"))
    lose(*survivors, at=NOON + 43 * SECOND)
    follow(NOON + 65 * SECOND)
    assert standing() == [("ML", 2), ("PL", 3)]
    common = Incident.objects.get(site=None)
    row = queue_row(SYSTEM, common.pk)
    assert row is not None
    assert (row.what, row.site_name) == ("大面积失联", "5G 线路 · 78 台")
    assert SystemEvent.objects.get(kind="ML").reasons == [
        "60 秒内5G 线路失联 75 台，占该类此前在线 78 台的 96%：并为一案，10 分钟内同因的归入本案，名单见案内。"
    ]


def test_a_district_takes_its_own_and_the_two_that_are_left_over_are_two(cast: Cast) -> None:
    make_many(cast, 200)
    lose(*make_many(cast, 30, division="330105"), *make_many(cast, 2, division="330106"))
    assert standing() == [("ML", 2), ("PA", 3), ("PA", 3)]
    assert place_words() == ["行政区划 330105 · 30 台"]


def test_two_carriers_that_fail_at_once_are_two_cases_and_no_panel_counts_twice(cast: Cast) -> None:
    make_many(cast, 100, "wired_ip")
    both = make_many(cast, 5, "4g")
    second = [TransmissionPath.objects.create(panel=p.panel, place=2, kind="5g", interval_s=90) for p in both]
    lose(*make_many(cast, 40, "4g"), *make_many(cast, 30, "5g"), *both, *second)
    assert place_words() == ["4G 线路 · 45 台", "5G 线路 · 30 台"]
    assert [event.reasons[0].partition("，")[0] for event in SystemEvent.objects.filter(kind="ML").order_by("pk")] == [
        "60 秒内4G 线路失联 45 台",
        "60 秒内5G 线路失联 30 台",
    ]


def test_the_receiver_is_blamed_when_lines_of_every_kind_fall_silent_as_fast_as_they_can_be_missed(
    cast: Cast,
) -> None:
    kinds = [make_many(cast, 90, kind) for kind in ("4g", "5g", "wired_ip", "pstn")]
    # All fell silent at one instant; with an interval of 90 s one of each kind is missed every second.
    for second in range(90):
        noted("lost", *(lines[second] for lines in kinds), at=NOON + second * SECOND)
        follow(NOON + second * SECOND)
    follow(NOON + 2 * MINUTE)
    assert place_words() == ["接收机 SIA DC-09 · 360 台"]
    assert (
        SystemEvent.objects.get(kind="ML")
        .reasons[0]
        .startswith("60 秒内经接收机 SIA DC-09 的线路失联 44 台，占该类此前在线 360 台的 12%：")
    )


def test_a_small_share_of_a_receivers_lines_is_no_failure_of_the_receiver(cast: Cast) -> None:
    lines = [line for kind in ("4g", "5g", "wired_ip") for line in make_many(cast, 100, kind)]
    lose(*lines[::15], told_at=NOON + 50 * SECOND)
    assert standing() == [("PA", 3)] * 20


# What a mass loss takes in


def test_a_mass_loss_takes_further_ones_in_for_ten_minutes_from_its_first(cast: Cast) -> None:
    lost = make_many(cast, 60)
    lose(*lost[:25])
    for minute in range(1, 15):
        lose(lost[25 + minute], at=NOON + minute * MINUTE)
    assert place_words() == ["4G 线路 · 35 台"]
    assert standing() == [("ML", 2)] + [("PA", 3)] * 4


def taken_mass(cast: Cast) -> Incident:
    """A mass loss of the first grade that somebody has taken."""
    make_many(cast, 80, "wired_ip")
    lost = make_many(cast, 25)
    Site.objects.filter(pk=lost[0].panel.site_id).update(is_key_site=True)
    lose(*lost)
    incident = Incident.objects.get(site=None)
    assert incident.grade == 1
    return take_incident(incident.pk, by=cast.viewer("olivia"), at=NOON + 30 * SECOND)


def test_an_armed_bank_that_a_mass_loss_leaves_without_any_line_wakes_its_case_whatever_its_grade(cast: Cast) -> None:
    incident = taken_mass(cast)
    assert (incident.acknowledged, incident.unseen) == (True, 0)
    noted("lost", path("1002", "4g"), at=NOON + MINUTE)
    follow(NOON + MINUTE)
    incident.refresh_from_db()
    assert (incident.acknowledged, incident.unseen, incident.attention_at) == (False, 1, NOON + MINUTE)
    assert incident.reasons[-1] == "又并入一级失联：Harbour Bank，须立即核实。"
    assert told(incident)[-1] == ("并入 1 处", "全部传输路径失联 1 处，其中一级：Harbour Bank。")
    assert Message.objects.order_by("pk").last().payload["alarm"] is True
    acknowledge_signals(incident.pk, by=cast.viewer("olivia"), at=NOON + 2 * MINUTE)
    incident.refresh_from_db()
    assert (incident.acknowledged, incident.unseen) == (True, 0)


def test_a_mass_loss_that_is_on_hold_comes_back_for_an_armed_bank_and_for_nothing_less(cast: Cast) -> None:
    incident = taken_mass(cast)
    later = {"reason": "carrier is at it", "until": NOON + HOUR, "by": cast.viewer("olivia")}
    hold_incident(incident.pk, at=NOON + 40 * SECOND, **later)
    lose(*make_many(cast, 2), at=NOON + 45 * SECOND, told_at=NOON + 70 * SECOND)
    follow(NOON + 90 * SECOND)
    incident.refresh_from_db()
    assert (incident.held_until, told(incident)[-1][0]) == (NOON + HOUR, "并入 2 处")
    noted("lost", path("1002", "4g"), at=NOON + 2 * MINUTE)
    follow(NOON + 2 * MINUTE)
    incident.refresh_from_db()
    assert (incident.held_until, incident.queue_level, incident.escalate_at is None) == (None, 1, False)
    assert [words for words, _ in told(incident)][-2:] == ["新报警，结束挂起", "并入 1 处"]


def test_an_armed_bank_whose_every_line_is_lost_is_a_case_of_its_own_when_the_cause_explains_but_one(
    cast: Cast,
) -> None:
    taken_mass(cast)
    noted("lost", path("1002", "4g"), path("1002", "wired_ip"), at=NOON + MINUTE)
    follow(NOON + MINUTE)
    assert standing() == [("ML", 1), ("PA", 1)]
    assert Incident.objects.get(site=cast.bank).state == "open"


def test_what_joins_a_mass_loss_is_told_in_its_time_line_at_most_every_ten_seconds(cast: Cast) -> None:
    lost = make_many(cast, 45)
    lose(*lost[:25])
    incident = Incident.objects.get()
    assert told(incident) == [("建立警情", incident.reasons[0]), ("并入 25 处", "全部传输路径失联 25 处。")]
    take_incident(incident.pk, by=cast.viewer("olivia"), at=NOON + 30 * SECOND)
    for second in range(20):
        noted("lost", lost[25 + second], at=NOON + MINUTE + second * SECOND)
        follow(NOON + MINUTE + second * SECOND)
    for second in range(20, 45):
        follow(NOON + MINUTE + second * SECOND)
    incident.refresh_from_db()
    assert (incident.acknowledged, incident.unseen) == (True, 0)
    assert [words for words, _ in told(incident)] == ["建立警情", "并入 25 处", "受理", "并入 11 处", "并入 9 处"]


def test_what_joins_a_mass_loss_whose_case_is_disposed_of_opens_a_case_anew(cast: Cast) -> None:
    lost = make_many(cast, 30)
    lose(*lost[:25])
    first = Incident.objects.get()
    Incident.objects.update(state="closed", joinable=False)
    lose(lost[25], at=NOON + MINUTE)
    second = Incident.objects.exclude(pk=first.pk).get()
    assert (second.state, second.grade, second.attention_at) == ("open", 2, NOON + 70 * SECOND)
    assert place_words(second) == ["4G 线路 · 26 台"]
    assert SystemEvent.objects.get(kind="ML").place_in_case.incident == second


def test_what_joins_two_mass_losses_whose_cases_a_person_has_joined_is_told_in_the_one_that_remains(cast: Cast) -> None:
    make_many(cast, 80, "wired_ip")
    first, second = make_many(cast, 26, "4g"), make_many(cast, 26, "5g")
    lose(*first[:25], *second[:25])
    kept, other = Incident.objects.order_by("pk")
    take_incident(kept.pk, by=cast.viewer("olivia"), at=NOON + 30 * SECOND)
    merge_incidents(other.pk, into=kept.pk, by=cast.viewer("olivia"), at=NOON + 40 * SECOND)
    lose(first[25], second[25], at=NOON + MINUTE)
    follow(NOON + 90 * SECOND)
    assert place_words(kept) == ["多个场所 · 52 台"]
    assert told(kept)[-1] == ("并入 2 处", "全部传输路径失联 2 处。")


def test_what_is_left_of_a_loss_in_a_mass_loss_does_not_join_it_again(cast: Cast) -> None:
    lost = make_many(cast, 25)
    second = TransmissionPath.objects.create(panel=lost[0].panel, place=2, kind="5g", interval_s=90)
    lose(*lost, second)
    hear(second)
    follow(NOON + 2 * MINUTE)
    assert [words for words, _ in told(Incident.objects.get())] == ["建立警情", "并入 25 处"]


def test_telling_a_case_of_what_has_joined_it_costs_the_same_for_ten_and_for_hundreds(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lost = make_many(cast, 435)
    lose(*lost[:25])
    rings = connection.vendor == "postgresql"  # NOTIFY is a query of its own
    for some, at in ((lost[25:35], NOON + MINUTE), (lost[35:], NOON + 2 * MINUTE)):
        noted("lost", *some, at=at)
        follow(at + 10 * SECOND)
        with django_assert_num_queries(15 + rings):
            open_event_cases(by=SYSTEM, at=at + 20 * SECOND)
