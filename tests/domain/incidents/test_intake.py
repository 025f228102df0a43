"""From signal to case."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection

from lianjing.core.outbox.models import Message
from lianjing.domain.incidents import actions, intake
from lianjing.domain.incidents.models import Incident
from lianjing.domain.records.models import Record
from lianjing.domain.signals.actions import CodeReading, override_code
from lianjing.domain.signals.models import IntakeMark, Treatment
from lianjing.terms.codes import EventClass, Grade, Scheme
from lianjing.workers import intake as worker
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm, journal, put_on_test, treat

MINUTE = timedelta(minutes=1)


def fates() -> dict[int, tuple[str, str]]:
    return {t.signal_id: (t.fate, t.rule) for t in Treatment.objects.order_by("pk")}


def test_an_alarm_opens_a_case_with_its_site_zone_class_and_grade(cast: Cast) -> None:
    case = alarm()
    assert (case.company, case.site, case.event_class, case.grade) == (cast.company, cast.shop, "intrusion", 2)
    assert case.zone_words == [{"kind": "zone", "number": "003", "name": "front door"}]
    assert (case.state, case.unseen, case.signal_count, case.acknowledged) == ("open", 1, 1, False)


def test_an_alarm_joins_the_open_case_of_its_site_and_class(cast: Cast) -> None:
    first = alarm()
    assert alarm(Sent(zone="004", at=NOON + MINUTE)) == first
    assert Incident.objects.get().signal_count == 2


def test_a_hold_up_never_joins_an_intrusion(cast: Cast) -> None:
    intrusion, hold_up, fire = alarm(), alarm(Sent(code="HA")), alarm(Sent(code="FA"))
    assert len({intrusion.pk, hold_up.pk, fire.pk}) == 3
    assert (hold_up.grade, fire.grade) == (1, 1)


@pytest.mark.parametrize(("gap", "same"), [(timedelta(minutes=30), True), (timedelta(minutes=30, seconds=1), False)])
def test_thirty_minutes_after_its_last_signal_a_case_takes_no_more(cast: Cast, gap: timedelta, same: bool) -> None:
    first = alarm()
    assert (alarm(Sent(at=NOON + gap)) == first) is same


def test_a_disposed_case_takes_no_more(cast: Cast) -> None:
    first = alarm()
    olivia = {"by": cast.viewer("olivia"), "at": NOON}
    actions.take_incident(first.pk, **olivia)
    actions.verify_incident(first.pk, how="call", outcome="false", **olivia)
    actions.dispose_incident(first.pk, result="human_false", cause="forgot to disarm", **olivia)
    assert alarm(Sent(at=NOON + MINUTE)) != first


def test_a_joined_alarm_wakes_the_case_and_its_holder_keeps_it(cast: Cast) -> None:
    case = alarm()
    actions.take_incident(case.pk, by=cast.viewer("olivia"), at=NOON + timedelta(seconds=5))
    woken = alarm(Sent(zone="004", at=NOON + MINUTE))
    assert (woken.acknowledged, woken.unseen, woken.attention_at) == (False, 1, NOON + MINUTE)
    assert woken.holder == cast.users["olivia"]
    assert Message.objects.order_by("-pk").first().payload == {"incident": case.pk, "grade": 1, "alarm": True}


def test_a_case_that_nobody_has_looked_at_turns_late_however_often_it_alarms(cast: Cast) -> None:
    alarm()
    assert alarm(Sent(zone="004", at=NOON + MINUTE)).attention_at == NOON


def test_a_restore_informs_the_case_without_waking_it(cast: Cast) -> None:
    case = alarm()
    actions.take_incident(case.pk, by=cast.viewer("olivia"), at=NOON)
    journal(Sent(code="BR", at=NOON + MINUTE))
    treat()
    case.refresh_from_db()
    assert (case.signal_count, case.unseen, case.acknowledged, case.attention_at) == (2, 0, True, NOON)


@pytest.mark.parametrize(
    ("code", "fate"),
    [
        ("BA", ("in_case", "needs_a_person")),
        ("AT", ("automatic", "mains_held")),
        ("YT", ("in_case", "needs_a_person")),
        ("BR", ("automatic", "restored_without_case")),
        ("OP", ("automatic", "logged_only")),
        ("CI", ("in_case", "needs_a_person")),
        ("RP", ("automatic", "noted_only")),
        ("BB", ("automatic", "logged_only")),
    ],
)
def test_every_signal_of_a_known_panel_has_its_fate(cast: Cast, code: str, fate: tuple[str, str]) -> None:
    signal = journal(Sent(code=code))
    treat()
    assert fates() == {signal: fate}


def test_still_present_opens_a_case_only_when_its_beginning_was_lost(cast: Cast) -> None:
    fire = Sent(scheme=Scheme.CONTACT_ID, code="110", qualifier="6")
    case = alarm(fire)
    assert (case.event_class, case.unseen) == ("fire", 1)
    assert alarm(fire).unseen == 1


def test_a_code_that_nobody_knows_is_looked_at_by_a_person(cast: Cast) -> None:
    signal = journal(Sent(code="ZQ"))
    treat()
    assert fates() == {signal: ("in_case", "unknown_code")}


def test_a_site_on_test_opens_nothing_until_the_test_ends(cast: Cast) -> None:
    put_on_test(cast.shop, until=NOON + MINUTE)
    during, after = journal(Sent()), journal(Sent(at=NOON + MINUTE))
    treat()
    assert fates() == {during: ("on_test", "site_on_test"), after: ("in_case", "needs_a_person")}


def test_the_alarms_of_an_unknown_account_open_one_case_under_the_receiver_at_the_highest_grade(cast: Cast) -> None:
    first = alarm(Sent(account="9999"))
    second = alarm(Sent(account="9999", code="HA", at=NOON + MINUTE))
    assert first == second
    assert (second.site, second.company, second.event_class, second.grade) == (None, None, "hold_up", 1)
    fault = journal(Sent(account="9999", code="AT"))
    treat()
    assert fates()[fault] == ("suppressed", "unknown_account_no_alarm")


def test_a_company_reads_codes_its_own_way_and_the_change_is_recorded(cast: Cast) -> None:
    reading = CodeReading("SIA", "BA", EventClass.HOLD_UP, Grade.FIRST)
    override_code(cast.company.pk, reading, by=cast.viewer("mia"), at=NOON)
    assert (alarm().event_class, alarm(Sent(account="2001")).event_class) == ("hold_up", "intrusion")
    assert Record.objects.get(action="code.overridden").after == {"class": "hold_up", "grade": 1}


def test_the_most_urgent_lane_is_treated_first_and_each_lane_in_order(cast: Cast) -> None:
    for sent in (
        Sent(code="AT", account="2001"),
        Sent(),
        Sent(code="HA", account="1002"),
        Sent(code="BR", account="1002"),
    ):
        journal(sent)
    worker.admit_signals(worker.new_signals(SYSTEM, 10), by=SYSTEM, at=NOON)
    assert intake.treat_waiting(by=SYSTEM, at=NOON, limit=2) == 2
    treated = Treatment.objects.exclude(fate="waiting").order_by("pk")
    assert [t.panel.account for t in treated] == ["1002", "1002"]


def test_an_urgent_signal_behind_a_flood_is_treated_in_the_first_turn_after_what_its_panel_sent_before(
    cast: Cast,
) -> None:
    flood = [journal(Sent(code="BR", account="9999")) for _ in range(8)]
    before, urgent = journal(Sent(code="BR", account="1002")), journal(Sent(code="FA", account="1002"))
    with patch.object(worker, "ADMIT", 4), patch.object(worker, "BATCH", 2):
        worker.turn()
        treated = Treatment.objects.exclude(fate="waiting").order_by("treated_at", "signal_id")
        assert [row.signal_id for row in treated] == [before, urgent, *flood[:2]]
        while worker.turn():
            pass
    assert sorted(fates()) == [*flood, before, urgent]
    assert not Treatment.objects.filter(fate="waiting").exists()


def test_a_hold_up_behind_the_flood_of_a_panel_that_alarms_all_the_time_does_not_wait_for_it(cast: Cast) -> None:
    mad = [journal(Sent(account="1001", zone="003")) for _ in range(30)]
    hold_up = journal(Sent(code="HA", account="1002"))
    with patch.object(worker, "ADMIT", 4), patch.object(worker, "URGENT", 6):
        worker.turn()
    assert fates()[hold_up] == ("in_case", "needs_a_person")
    assert len(fates()) < len(mad)


def test_a_batch_with_danger_to_life_holds_nothing_else(cast: Cast) -> None:
    faults = [journal(Sent(code="YT", account="1001")) for _ in range(3)]
    journal(Sent(code="HA", account="1002"))
    journal(Sent(code="FA", account="2001"))
    worker.admit_signals(worker.new_signals(SYSTEM, 10), by=SYSTEM, at=NOON)
    assert [intake.treat_waiting(by=SYSTEM, at=NOON) for _ in range(3)] == [2, len(faults), 0]


def test_slow_batches_become_smaller_and_quick_ones_larger_again(cast: Cast) -> None:
    pace = worker.Pace(200)
    sizes = []
    for took_s in (0.31, 0.31, 0.31, 0.2, 0.05, 0.05, 0.05):
        pace.note(took_s)
        sizes.append(pace.size)
    assert sizes == [100, 50, 50, 50, 100, 200, 200]


def test_the_mark_follows_at_once_while_no_number_is_missing_that_could_still_appear(cast: Cast) -> None:
    first = journal(Sent())
    treat()
    mark = IntakeMark.objects.get()
    IntakeMark.objects.update(signal_id=first)
    latest = [journal(Sent()) for _ in range(3)][-1]
    treat()
    mark.refresh_from_db()
    assert mark.signal_id == latest


def test_the_mark_never_passes_a_signal_that_waits_behind_an_urgent_one_admitted_early(cast: Cast) -> None:
    """An alarm under the mark would never be found again."""
    flood = [journal(Sent(code="BR", account="9999")) for _ in range(12)]
    journal(Sent(code="FA", account="1002"))
    with patch.object(worker, "ADMIT", 4):
        worker.turn()
        worker.turn()
    assert [signal.pk for signal in worker.new_signals(SYSTEM, 4)] == flood[8:]


def test_treating_costs_the_same_queries_for_one_signal_and_for_fifty(cast: Cast, django_assert_num_queries) -> None:
    alarm()
    rings = connection.vendor == "postgresql"  # NOTIFY is a query of its own
    for size in (1, 50):
        for number in range(size):
            journal(Sent(account="1001", zone=f"{number + 10:03d}"))
        worker.admit_signals(worker.new_signals(SYSTEM, 100), by=SYSTEM, at=NOON)
        with django_assert_num_queries(32 + rings):
            intake.treat_waiting(by=SYSTEM, at=NOON)


def test_a_signal_whose_treatment_fails_opens_an_untreated_case_and_stops_nobody(cast: Cast) -> None:
    bad, good = journal(Sent()), journal(Sent(account="1002"))
    real = intake._treat

    def fails(row, signal, work, at):
        if row.signal_id == bad:
            raise ZeroDivisionError("broken rule")
        real(row, signal, work, at)

    with patch.object(intake, "_treat", fails):
        for _ in range(4):
            worker.turn()
    assert fates() == {bad: ("in_case", "treatment_failed"), good: ("in_case", "needs_a_person")}
    case = Incident.objects.get(untreated=True)
    assert (case.grade, case.site) == (2, cast.shop)
    assert (
        Record.objects.get(action="incident.opened", subject_id=case.pk).after["untreated"]
        == "ZeroDivisionError: broken rule"
    )


def test_treating_twice_changes_nothing(cast: Cast) -> None:
    alarm()
    before = list(Incident.objects.values())
    treat()
    assert list(Incident.objects.values()) == before
