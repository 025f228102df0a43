"""The supervisor's board: who does what, what is free, and what it costs with a thousand cases."""

from datetime import timedelta

import pytest

from lianjing.domain.incidents import actions
from lianjing.domain.incidents.board import FREE_SHOWN, HELD_SHOWN, board
from lianjing.domain.incidents.models import Incident
from lianjing.domain.people.duties import sign_off_duty, sign_on_duty
from lianjing.domain.signals.models import Lane
from tests.cast import NOON, Cast, Sent, alarm

LATER = NOON + timedelta(seconds=45)


def many(cast: Cast, count: int, **columns: object) -> None:
    lane, _ = Lane.objects.get_or_create(key="many", site=cast.shop)
    Incident.objects.bulk_create(
        Incident(
            company=cast.company,
            site=cast.shop,
            lane=lane,
            join_key=f"many:{columns.get('holder')}:{number}",
            event_class="intrusion",
            grade=2,
            queue_level=2,
            scheme="SIA",
            code="BA",
            opened_at=NOON,
            attention_at=NOON,
            last_signal_at=NOON,
            **columns,
        )
        for number in range(count)
    )


def test_each_person_stands_with_his_cases_what_was_last_done_and_how_long_an_alarm_waits(cast: Cast) -> None:
    case = alarm()
    sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=NOON, desk="desk 1")
    sign_on_duty(cast.company.pk, by=cast.viewer("leo"), at=NOON)
    actions.take_incident(case.pk, by=cast.viewer("olivia"), at=LATER)
    actions.verify_incident(case.pk, how="call", outcome="unclear", by=cast.viewer("olivia"), at=LATER)
    again = LATER + timedelta(seconds=5)
    alarm(Sent(zone="004", at=again))
    fire = alarm(Sent(code="FA", account="1002"))
    actions.take_incident(fire.pk, by=cast.viewer("oscar"), at=LATER)
    sign_off_duty(by=cast.viewer("oscar"), at=LATER)
    seen = board(cast.viewer("leo"), LATER)
    people = {one.name: one for one in seen.people}
    assert list(people) == ["Oscar", "Olivia", "Leo"]
    assert (people["Oscar"].duty, people["Leo"].cases) == (None, [])
    olivia = people["Olivia"]
    assert olivia.duty is not None
    assert (olivia.duty.desk, olivia.waiting_since) == ("desk 1", again)
    (line,) = olivia.cases
    assert (line.row.id, line.taken_at) == (case.pk, LATER)
    assert line.last is not None
    assert line.last.words == "确认警情"
    assert people["Oscar"].cases[0].last.words == "受理"  # type: ignore[union-attr]
    assert seen.held_count == 2


def test_free_cases_are_counted_by_grade_with_those_that_are_late(cast: Cast) -> None:
    alarm()
    alarm(Sent(code="FA", at=NOON + timedelta(seconds=20)))
    alarm(Sent(code="TA", account="1002"))
    seen = board(cast.viewer("leo"), LATER)
    assert [(line.grade, line.count, line.late, line.amber) for line in seen.free] == [
        (1, 1, 0, 1),
        (2, 2, 0, 2),
        (3, 0, 0, 0),
        (4, 0, 0, 0),
    ]
    assert seen.free_count == 3
    assert seen.free[0].oldest_at == NOON + timedelta(seconds=20)
    assert board(cast.viewer("leo"), NOON + timedelta(minutes=2)).free[0].late == 1


def test_a_stranger_and_who_may_not_lead_see_nothing_on_it(cast: Cast) -> None:
    alarm()
    for who in ("olivia", "sam", "polly"):
        assert board(cast.viewer(who), LATER).free_count == 0
    assert board(cast.viewer("mia"), LATER).free_count == 1


@pytest.mark.parametrize("count", [1, 1200])
def test_it_asks_the_same_few_questions_for_one_case_and_for_a_thousand(
    cast: Cast, django_assert_max_num_queries: object, count: int
) -> None:
    sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=NOON)
    many(cast, count)
    many(cast, count, holder=cast.users["olivia"], state="taken")
    leo = cast.viewer("leo")
    with django_assert_max_num_queries(11):
        seen = board(leo, LATER)
    assert (seen.free_count, seen.held_count, seen.free[1].late + seen.free[1].amber) == (count, count, count)
    assert (len(seen.first_free), len(seen.people[0].cases)) == (min(count, FREE_SHOWN), min(count, HELD_SHOWN))
