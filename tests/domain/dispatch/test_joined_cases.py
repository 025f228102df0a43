"""What stands in a case goes on in the one that it is joined into: guards, 110, links, duties, and the times."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lianjing.core.crypto import open_field
from lianjing.domain.dispatch import actions as dispatch
from lianjing.domain.dispatch.models import Task
from lianjing.domain.dispatch.queries import my_task, tasks_of_case
from lianjing.domain.dispatch.scene import scene_of
from lianjing.domain.incidents import actions
from lianjing.domain.incidents import police_reporting as police
from lianjing.domain.incidents.asking import answer_link, ask_customer
from lianjing.domain.incidents.customer_side import link_page, link_viewer, links_of
from lianjing.domain.incidents.duty_facts import all_duties_of, duties_of
from lianjing.domain.incidents.joining import merge_incidents, split_incident
from lianjing.domain.incidents.models import CaseTimes, Incident, IncidentSignal
from lianjing.domain.incidents.moving import Refused
from lianjing.domain.incidents.plan_reading import case_plan
from lianjing.domain.incidents.police_notices import notices_of
from lianjing.domain.plans.policy import StepState
from lianjing.domain.records.models import Record
from lianjing.domain.reports.counts import case_counts
from lianjing.domain.reports.periods import Period
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm

FIRE = Sent(code="FA", zone="004", at=NOON + timedelta(seconds=5))
PANIC = Sent(code="PA", at=NOON + timedelta(seconds=5))
LATER = NOON + timedelta(minutes=2)
Acts = dict[str, Any]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def olivia(cast: Cast) -> Acts:
    return {"by": cast.viewer("olivia"), "at": LATER}


@pytest.fixture
def gus(cast: Cast) -> Acts:
    return {"by": cast.viewer("gus"), "at": LATER + timedelta(minutes=1)}


def two(olivia: Acts, sent: Sent) -> tuple[Incident, Incident]:
    """An intrusion that stays, and another case, both in her hands."""
    stays, ends = alarm(), alarm(sent)
    for case in (stays, ends):
        actions.take_incident(case.pk, **olivia)
    return stays, ends


def fresh(case: Incident) -> Incident:
    return Incident.objects.get(pk=case.pk)


def names(case: Incident) -> set[str]:
    return {duty.name for duty in duties_of(fresh(case))}


def test_a_guard_who_is_out_reports_to_the_case_that_stays(cast: Cast, olivia: Acts, gus: Acts) -> None:
    stays, ends = two(olivia, FIRE)
    task = dispatch.send_task(ends.pk, guard="gus", **olivia)
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    assert (fresh(stays).tasks_out, fresh(ends).tasks_out) == (1, 0)
    dispatch.accept_task(task.pk, **gus)
    dispatch.arrive_at_task(task.pk, **gus)
    with pytest.raises(Refused, match="已有此警情的任务"):
        dispatch.send_task(stays.pk, guard="gus", **olivia)
    dispatch.report_task(task.pk, result="fire", **gus)
    case = fresh(stays)
    assert (case.scene, case.tasks_out, "scene_fire" in names(stays)) == ("fire", 0, True)
    told = Record.objects.filter(action__startswith="incident.task_").order_by("pk")
    assert [int(record.subject_id) for record in told] == [ends.pk] + [stays.pk] * 3
    assert [line.task.pk for line in tasks_of_case(olivia["by"], stays.pk)] == [task.pk]


def test_a_case_is_not_closed_while_a_guard_of_a_joined_one_is_out_and_he_can_be_called_back(
    cast: Cast, olivia: Acts
) -> None:
    stays, ends = two(olivia, Sent(code="BA", account="1002"))
    task = dispatch.send_task(ends.pk, guard="gus", **olivia)
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    actions.verify_incident(stays.pk, how="video", outcome="false", **olivia)
    actions.dispose_incident(stays.pk, result="device_false", cause="draught", **olivia)
    with pytest.raises(Refused, match="还有 1 个现场任务没有结果"):
        actions.close_incident(stays.pk, **olivia)
    dispatch.cancel_task(stays.pk, task=task.pk, **olivia)
    assert (Task.objects.get().state, fresh(stays).tasks_out) == ("cancelled", 0)


def test_he_still_sees_the_premises_that_he_was_sent_to(cast: Cast, olivia: Acts) -> None:
    stays, ends = two(olivia, Sent(code="BA", account="1002", zone="004"))
    task = dispatch.send_task(ends.pk, guard="gus", **olivia)
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    guard = cast.viewer("gus")
    his = my_task(guard, task.pk)
    assert his is not None
    scene = scene_of(guard, his, LATER)
    assert scene is not None
    assert (scene.name, [zone.panel.site.name for zone in scene.zones]) == ("Harbour Bank", ["Harbour Bank"])


def test_that_110_has_it_is_confirmed_in_the_case_that_stays(cast: Cast, olivia: Acts) -> None:
    stays, ends = two(olivia, PANIC)
    actions.forward_incident(ends.pk, to="110", **olivia)
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    case = fresh(stays)
    assert (case.event_class, case.police_told, case.receipt_owed, names(stays)) == ("hold_up", ["110"], True, set())
    assert [line.notice.incident_id for line in notices_of(olivia["by"], case)] == [ends.pk]
    police.confirm_notice(stays.pk, **olivia)
    assert not fresh(stays).receipt_owed


def test_of_two_that_110_was_told_their_answer_goes_to_the_one_that_has_come_further(cast: Cast, olivia: Acts) -> None:
    stays, ends = two(olivia, PANIC)
    for case in (stays, ends):
        actions.forward_incident(case.pk, to="110", **olivia)
    police.accept_notice(ends.pk, number="7", **olivia)
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    police.note_police_arrived(stays.pk, **olivia)
    lines = notices_of(olivia["by"], fresh(stays))
    assert [(line.notice.state, line.waits_since) for line in lines] == [("arrived", None), ("sent", None)]
    police.note_police_closed(stays.pk, **olivia)
    assert [line.is_open for line in notices_of(olivia["by"], fresh(stays))] == [False, False]
    with pytest.raises(Refused, match="还没有警情单"):
        police.note_police_arrived(stays.pk, **olivia)
    police.prepare_notice(stays.pk, **{**olivia, "at": LATER + timedelta(minutes=9)})
    assert notices_of(olivia["by"], fresh(stays))[0].is_open


@pytest.mark.parametrize(
    ("stays_with", "ends_with", "after"),
    [
        ("false", "duress", "duress"),
        ("false", "real", "real"),
        ("unclear", "false", "unclear"),
        ("real", "unclear", "real"),
        ("", "false", "false"),
        ("duress", "real", "duress"),
    ],
)
def test_the_more_serious_of_two_verifications_counts(
    cast: Cast, olivia: Acts, stays_with: str, ends_with: str, after: str
) -> None:
    stays, ends = two(olivia, Sent(code="TA"))
    for case, outcome in ((stays, stays_with), (ends, ends_with)):
        if outcome:
            actions.verify_incident(case.pk, how="call", outcome=outcome, **olivia)
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    assert fresh(stays).verified_outcome == after


def test_who_was_under_duress_in_the_joined_case_is_so_in_the_other(cast: Cast, olivia: Acts) -> None:
    stays, ends = two(olivia, Sent(code="TA"))
    actions.verify_incident(stays.pk, how="call", outcome="false", **olivia)
    actions.verify_incident(ends.pk, how="call", outcome="duress", **olivia)
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    assert "duress" in names(stays)
    with pytest.raises(Refused, match="静默"):
        actions.verify_incident(stays.pk, how="call", outcome="false", **olivia)


def test_that_a_burglary_was_heard_to_be_false_says_nothing_of_a_hold_up(cast: Cast, olivia: Acts) -> None:
    stays, ends = two(olivia, PANIC)
    actions.verify_incident(stays.pk, how="call", outcome="false", **olivia)
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    assert (fresh(stays).verified_outcome, names(stays)) == ("", {"hold_up_unverified"})


def test_a_duty_that_the_class_of_the_case_that_stays_does_not_found_stands_all_the_same(
    cast: Cast, olivia: Acts
) -> None:
    stays, ends = two(olivia, FIRE)
    actions.verify_incident(ends.pk, how="call", outcome="real", **olivia)
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    panic = alarm(PANIC)
    merge_incidents(panic.pk, into=stays.pk, **olivia)
    assert {duty.service for duty in duties_of(fresh(stays))} == {"110", "119"}
    assert duties_of(fresh(panic)) == []
    actions.forward_incident(stays.pk, to="119", **olivia)
    assert {duty.service for duty in duties_of(fresh(stays))} == {"110"}
    police.waive_police(stays.pk, reason="police_there", **olivia)
    assert duties_of(fresh(stays)) == []


def test_what_was_waived_in_one_case_still_stands_for_the_other(cast: Cast, olivia: Acts) -> None:
    stays, ends = two(olivia, Sent(code="TA"))
    for case in (stays, ends):
        actions.verify_incident(case.pk, how="call", outcome="real", **olivia)
    police.waive_police(ends.pk, reason="police_there", **olivia)
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    assert names(stays) == {"real"}


def test_a_plan_counts_the_help_that_was_called_in_the_joined_case(cast: Cast, olivia: Acts) -> None:
    stays, ends = two(olivia, FIRE)
    actions.forward_incident(ends.pk, to="119", **olivia)
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    plan = case_plan(olivia["by"], fresh(stays))
    done = [line.step.key for line in plan.lines if line.state is StepState.DONE]
    assert (plan.running, len(done)) == (True, 1)
    assert "119" in next(line.step.title for line in plan.lines if line.step.key == done[0])


def test_a_customers_cry_for_help_reaches_the_case_that_stays(cast: Cast, olivia: Acts, settings: Any) -> None:
    settings.DELIVERY_MISSING = {"sms": "", "wechat": "", "email": "", "webhook": ""}
    settings.PUBLIC_URL = "https://desk.example.cn"
    stays, ends = two(olivia, Sent(code="TA"))
    link = ask_customer(ends.pk, contact="Wang", channel="sms", **olivia)
    address = open_field(settings.ENVIRONMENT.data_key, link.delivery.secret_sealed).decode()
    token = re.fullmatch(r".*/c/([\w-]+)/", address)[1]
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    viewer = link_viewer(token)
    assert viewer is not None
    assert link_page(viewer, token, LATER).standing == "open"
    answer_link(token, "help", by=viewer, at=LATER)
    assert (fresh(stays).grade, fresh(ends).state) == (1, "closed")
    assert [line.answer for line in links_of(olivia["by"], fresh(stays), LATER)] == ["help"]


# Times


def test_when_help_was_sent_in_the_joined_case_counts_once(cast: Cast, olivia: Acts, gus: Acts) -> None:
    stays, ends = two(olivia, FIRE)
    task = dispatch.send_task(ends.pk, guard="gus", **olivia)
    police.prepare_notice(ends.pk, **olivia)
    police.send_notice(ends.pk, **olivia)
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    dispatch.accept_task(task.pk, **gus)
    times = CaseTimes.objects.get()
    assert times.incident_id == stays.pk
    assert (times.dispatched_at, times.police_at, times.accepted_at) == (LATER, LATER, gus["at"])
    assert times.accept_ms == 60_000
    counted = case_counts(SYSTEM, Period(NOON.date(), NOON.date())).ratios["cases_per_dispatch"]
    assert (counted.part, counted.of) == (1, 1)


def test_two_that_became_one_are_judged_by_the_more_urgent_from_when_that_began(cast: Cast) -> None:
    by = {"by": cast.viewer("olivia")}
    stays = alarm()
    actions.take_incident(stays.pk, at=NOON + timedelta(seconds=10), **by)
    actions.note_incident(stays.pk, "dark", at=NOON + timedelta(seconds=20), **by)
    ends = alarm(Sent(code="FA", zone="004", at=NOON + timedelta(seconds=60)))
    merge_incidents(ends.pk, into=stays.pk, at=NOON + timedelta(seconds=90), **by)
    actions.note_incident(stays.pk, "smoke", at=NOON + timedelta(seconds=100), **by)
    times = CaseTimes.objects.get()
    assert (times.event_class, times.queued_at) == ("fire", NOON + timedelta(seconds=60.1))
    assert (times.viewed_at, times.acted_at) == (NOON + timedelta(seconds=90), NOON + timedelta(seconds=100))


def test_joining_a_less_urgent_case_does_not_make_the_figures_better(cast: Cast) -> None:
    by = {"by": cast.viewer("olivia")}
    ends = alarm()
    stays = alarm(Sent(code="TA", at=NOON + timedelta(seconds=300)))
    actions.take_incident(stays.pk, at=NOON + timedelta(seconds=310), **by)
    merge_incidents(ends.pk, into=stays.pk, at=NOON + timedelta(seconds=320), **by)
    times = CaseTimes.objects.get()
    assert (times.event_class, times.acknowledge_ms) == ("intrusion", 309_900)


def test_what_is_split_off_again_begins_with_nothing_out(cast: Cast, olivia: Acts) -> None:
    stays, ends = two(olivia, FIRE)
    dispatch.send_task(ends.pk, guard="gus", **olivia)
    merge_incidents(ends.pk, into=stays.pk, **olivia)
    moved = IncidentSignal.objects.get(treatment__event_class="fire")
    new = split_incident(stays.pk, signals=[moved.treatment_id], **olivia)
    assert (new.tasks_out, new.police_told, all_duties_of(new)) == (0, [], [])
    assert fresh(stays).tasks_out == 1
    assert tasks_of_case(olivia["by"], new.pk) == []
