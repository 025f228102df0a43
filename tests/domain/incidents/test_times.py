"""The times of a case: one mechanism notes them at every act, by the server's clock."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from lianjing.domain.incidents import actions
from lianjing.domain.incidents.milestones import LAPSES, moments_of
from lianjing.domain.incidents.models import CaseTimes, Incident, PoliceNotice
from lianjing.domain.incidents.moving import Actor, finish_move
from lianjing.domain.incidents.police_reporting import accept_notice, prepare_notice
from lianjing.domain.records.actions import Deed, write_records
from tests.cast import NOON, Cast, Sent, alarm, treat
from tests.cast import journal as sent_by


def after(seconds: float) -> Any:
    return NOON + timedelta(seconds=seconds)


def led(cast: Cast) -> Incident:
    """Received at noon, queued 0.1 s later, and led to its end by Olivia."""
    case, by = alarm(), cast.viewer("olivia")
    actions.take_incident(case.pk, by=by, at=after(10.1))
    actions.note_incident(case.pk, "lights are on", by=by, at=after(20.1))
    actions.verify_incident(case.pk, how="video", outcome="real", by=by, at=after(30.1))
    actions.forward_incident(case.pk, to="patrol", by=by, at=after(40.1))
    actions.forward_incident(case.pk, to="110", by=by, at=after(50.1))
    actions.dispose_incident(case.pk, result="real", cause="burglar ran off", by=by, at=after(600.1))
    actions.close_incident(case.pk, by=by, at=after(610.1))
    return case


def lapses(times: CaseTimes) -> dict[str, int]:
    return {lapse.name: ms for lapse in LAPSES if (ms := getattr(times, lapse.name)) is not None}


def test_a_case_keeps_when_it_reached_what(cast: Cast) -> None:
    times = led(cast).times
    assert (times.site_kind, times.event_class, times.grade) == ("other", "intrusion", 2)
    assert (times.hour, times.weekday, times.operator) == (12, 6, cast.users["olivia"])
    assert lapses(times) == {
        "intake_ms": 100,
        "acknowledge_ms": 10_000,
        "act_ms": 20_000,
        "act_after_ms": 10_000,
        "verify_ms": 30_000,
        "dispatch_ms": 40_000,
        "police_ms": 50_000,
        "total_ms": 610_000,
    }


def test_hold_give_back_and_hand_over_are_no_response(cast: Cast) -> None:
    case, by = alarm(), cast.viewer("olivia")
    actions.take_incident(case.pk, by=by, at=after(10.1))
    for topic in ("held", "woken", "offered", "accepted", "declined", "given_back", "escalated", "acknowledged"):
        case = Incident.objects.get(pk=case.pk)
        finish_move(case, f"incident.{topic}", Actor(by, after(13), ""))
    actions.release_incident(case.pk, by=by, at=after(14))
    times = CaseTimes.objects.get()
    assert (times.viewed_at, times.acted_at) == (after(10.1), None)
    assert (times.holds, times.quick_holds) == (1, 1)


def test_the_first_of_a_kind_counts_and_the_first_taker_is_the_operator(cast: Cast) -> None:
    case = alarm()
    actions.take_incident(case.pk, by=cast.viewer("olivia"), at=after(10))
    actions.take_incident(case.pk, by=cast.viewer("leo"), at=after(90), force=True)
    actions.verify_incident(case.pk, how="call", outcome="no_answer", by=cast.viewer("leo"), at=after(100))
    actions.verify_incident(case.pk, how="call", outcome="real", by=cast.viewer("leo"), at=after(200))
    times = CaseTimes.objects.get()
    assert (times.operator, times.viewed_at, times.verified_at) == (cast.users["olivia"], after(10), after(100))
    assert times.picked_up_at == after(90)


def test_a_reopened_case_has_no_end_until_it_is_closed_again(cast: Cast) -> None:
    case, leo = led(cast), cast.viewer("leo")
    actions.reopen_incident(case.pk, reason="owner called back", by=leo, at=after(700))
    assert (CaseTimes.objects.get().closed_at, CaseTimes.objects.get().total_ms) == (None, None)


@pytest.mark.parametrize(
    ("topic", "told", "moments"),
    [
        ("incident.called", {}, {"acted_at", "contacted_at"}),
        ("incident.task_sent", {}, {"acted_at", "dispatched_at"}),
        ("incident.task_accepted", {}, {"accepted_at"}),
        ("incident.task_arrived", {}, {"arrived_at"}),
        ("incident.task_left", {}, {"left_at"}),
        ("incident.police_sent", {}, {"acted_at", "police_at"}),
        ("incident.police_accepted", {}, {"police_at", "police_accepted_at"}),
        ("incident.step_done", {}, {"acted_at"}),
        ("incident.forwarded", {"to": "119"}, {"acted_at", "police_at"}),
        ("incident.customer_answered", {}, set()),
    ],
)
def test_acts_of_the_other_parts_reach_their_milestones(topic: str, told: dict[str, str], moments: set[str]) -> None:
    assert moments_of(topic, told) == moments


def test_that_110_took_it_at_once_counts_as_told_and_taken(cast: Cast) -> None:
    case, by = alarm(), cast.viewer("olivia")
    actions.take_incident(case.pk, by=by, at=after(10.1))
    prepare_notice(case.pk, by=by, at=after(20.1))
    accept_notice(case.pk, number="7", by=by, at=after(30.1))
    times = CaseTimes.objects.get()
    assert (times.police_at, times.police_ms, times.police_accept_ms) == (after(30.1), 30_000, 0)
    assert PoliceNotice.objects.get().sent_at == times.police_at


def test_an_act_counts_whoever_records_it(cast: Cast) -> None:
    first, second = alarm(), alarm(Sent(account="1002"))
    deeds = [Deed("incident.closed", "incident", case.pk, case.company_id) for case in (first, second)]
    deeds.append(Deed("incident.task_accepted", "incident", str(first.pk), first.company_id))
    with transaction.atomic():
        write_records(deeds, by=cast.viewer("leo"), at=after(60))
    told = CaseTimes.objects.order_by("pk").values_list("closed_at", "closer__username", "accepted_at")
    assert list(told) == [(after(60), "leo", after(60)), (after(60), "leo", None)]


def test_a_case_out_of_another_gets_times_and_one_that_went_into_another_has_none(cast: Cast) -> None:
    old, new = alarm(), alarm(Sent(account="1002"))
    CaseTimes.objects.filter(pk=new.pk).delete()
    after_split = {"split_from": old.pk}
    with transaction.atomic():
        deeds = [Deed("incident.opened", "incident", new.pk, new.company_id, after_split)]
        deeds.append(Deed("incident.merged", "incident", old.pk, old.company_id))
        write_records(deeds, by=cast.viewer("leo"), at=after(60))
    assert list(CaseTimes.objects.values_list("incident_id", "received_at")) == [(new.pk, NOON)]


def test_a_cause_that_was_only_chosen_from_the_list_is_no_text_that_somebody_wrote(cast: Cast) -> None:
    by, keys = {"by": cast.viewer("olivia"), "at": after(20)}, []
    for kind, words in (("pet", ""), ("pet", "  "), ("pet", "the cat")):
        case = alarm()
        actions.take_incident(case.pk, **by)
        actions.verify_incident(case.pk, how="video", outcome="false", **by)
        actions.dispose_incident(case.pk, result="human_false", kind=kind, cause=words, **by)
        keys.append(CaseTimes.objects.get(pk=case.pk).cause_key)
    assert [key is None for key in keys] == [True, True, False]


def test_times_of_a_batch_cost_one_statement(cast: Cast) -> None:
    for account in ("1001", "1002", "2001"):
        sent_by(Sent(account=account))
    treat(after(0.2))
    assert set(CaseTimes.objects.values_list("company__code", "intake_ms")) == {("harbour", 200), ("hill", 200)}
    assert CaseTimes.objects.count() == 3


def test_an_upgrade_finds_the_times_of_earlier_cases_in_the_records(cast: Cast) -> None:
    led(cast)
    fields = [field.attname for field in CaseTimes._meta.concrete_fields]
    kept = CaseTimes.objects.values(*fields).get()
    CaseTimes.objects.all().delete()
    upgrade = import_module("lianjing.domain.incidents.migrations.0004_case_times")
    upgrade.times_of_earlier_cases(apps, connection.schema_editor())
    assert CaseTimes.objects.values(*fields).get() == kept
