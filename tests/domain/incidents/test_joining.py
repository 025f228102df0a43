"""Two cases become one, and one becomes two: signals, words, records, the bus, and the day's account."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Forbidden
from lianjing.domain.incidents import actions
from lianjing.domain.incidents.joining import merge_incidents, split_incident
from lianjing.domain.incidents.models import Incident, IncidentSignal
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.domain.records.models import Record
from lianjing.domain.signals.daily_account import account_of
from lianjing.domain.signals.models import Treatment
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm, journal, treat

FIRE = Sent(code="FA", zone="004", at=NOON + timedelta(seconds=5))
LATER = NOON + timedelta(minutes=1)


def held(cast: Cast, who: str = "olivia") -> Incident:
    return actions.take_incident(alarm().pk, by=cast.viewer(who), at=NOON)


def acts(case: Incident) -> list[str]:
    found = Record.objects.filter(subject_type="incident", subject_id=case.pk).order_by("pk")
    return list(found.values_list("action", flat=True))


def topics_after(count: int) -> list[tuple[str, int]]:
    return [(m.topic, m.payload["incident"]) for m in Message.objects.order_by("pk")[count:]]


def test_the_case_that_stays_takes_signals_class_words_and_wait_of_the_one_that_ends(cast: Cast) -> None:
    case, fire = held(cast), alarm(FIRE)
    told = Message.objects.count()
    one = merge_incidents(fire.pk, into=case.pk, by=cast.viewer("olivia"), at=LATER, source="10.0.0.5")
    assert one.pk == case.pk
    assert (one.event_class, one.grade, one.code) == ("fire", fire.grade, "FA")
    assert [words["number"] for words in one.zone_words] == ["003", "004"]
    assert (one.signal_count, one.unseen, one.acknowledged) == (2, 1, False)
    assert (one.state, one.attention_at, one.last_signal_at) == ("taken", FIRE.at, FIRE.at)
    assert one.reasons[-1] == f"并入警情 #{fire.pk}。"
    fire.refresh_from_db()
    assert (fire.state, fire.joined_into_id, fire.disposition, fire.signal_count) == ("closed", case.pk, "", 0)
    assert set(IncidentSignal.objects.values_list("incident_id", flat=True)) == {case.pk}
    assert (acts(case)[-1], acts(fire)[-1]) == ("incident.took_in", "incident.merged")
    record = Record.objects.get(action="incident.merged")
    assert (record.after["into"], record.after["count"], record.source) == (case.pk, 1, "10.0.0.5")
    assert topics_after(told) == [("incident.merged", fire.pk), ("incident.took_in", case.pk)]


def test_later_signals_of_the_ended_cases_class_find_the_one_that_stays(cast: Cast) -> None:
    case, fire = held(cast), alarm(FIRE)
    merge_incidents(fire.pk, into=case.pk, by=cast.viewer("olivia"), at=LATER)
    assert alarm(Sent(code="FA", zone="003", at=LATER)) == case
    assert alarm(Sent(zone="003", at=LATER)) == case
    # Both in one batch: one case, whichever key leads to it.
    case.refresh_from_db()
    assert case.signal_count == 4


def test_a_disposed_case_is_joined_by_nothing_any_more_by_no_key(cast: Cast) -> None:
    case, fire = held(cast), alarm(FIRE)
    olivia = {"by": cast.viewer("olivia"), "at": LATER}
    merge_incidents(fire.pk, into=case.pk, **olivia)
    actions.forward_incident(case.pk, to="119", **olivia)
    actions.verify_incident(case.pk, how="call", outcome="false", **olivia)
    actions.dispose_incident(case.pk, result="human_false", cause="toast", **olivia)
    again = alarm(Sent(code="FA", at=LATER + timedelta(seconds=9)))
    assert again.pk not in (case.pk, fire.pk)
    assert again.event_class == "fire"


def test_a_key_that_was_passed_on_lapses_with_the_case_like_its_own(cast: Cast) -> None:
    case, fire = held(cast), alarm(FIRE)
    merge_incidents(fire.pk, into=case.pk, by=cast.viewer("olivia"), at=LATER)
    late = NOON + timedelta(minutes=31)
    assert alarm(Sent(code="FA", at=late)).pk not in (case.pk, fire.pk)
    assert alarm(Sent(at=late)).pk not in (case.pk, fire.pk)


def test_what_was_joined_before_follows_when_its_case_is_joined_in_turn(cast: Cast) -> None:
    case, fire = held(cast), alarm(FIRE)
    panic = alarm(Sent(code="PA", at=FIRE.at))
    olivia = {"by": cast.viewer("olivia"), "at": LATER}
    merge_incidents(fire.pk, into=case.pk, **olivia)
    actions.take_incident(panic.pk, **olivia)
    merge_incidents(case.pk, into=panic.pk, **olivia)
    assert set(Incident.objects.filter(joined_into=panic).values_list("pk", flat=True)) == {case.pk, fire.pk}
    assert alarm(Sent(code="FA", at=LATER)) == panic


def test_what_was_verified_and_forwarded_in_the_ended_case_counts_for_the_other(cast: Cast) -> None:
    case, fire = held(cast), alarm(FIRE)
    olivia = {"by": cast.viewer("olivia"), "at": LATER}
    actions.take_incident(fire.pk, **olivia)
    actions.verify_incident(fire.pk, how="video", outcome="real", **olivia)
    actions.forward_incident(fire.pk, to="119", **olivia)
    one = merge_incidents(fire.pk, into=case.pk, **olivia)
    assert (one.state, one.verified_outcome, one.forwarded_to) == ("forwarded", "real", "119")
    assert one.confirmed_at == LATER


@pytest.mark.parametrize("who", ["oscar", "leo"])
def test_a_case_that_somebody_else_holds_is_not_joined_over_his_head(cast: Cast, who: str) -> None:
    case, fire = held(cast), alarm(Sent(account="1002", code="FA"))
    actions.take_incident(fire.pk, by=cast.viewer("oscar"), at=NOON)
    with pytest.raises(Refused, match="Oscar 正在处理那一件"):
        merge_incidents(fire.pk, into=case.pk, by=cast.viewer("olivia"), at=LATER)
    actions.release_incident(fire.pk, by=cast.viewer("oscar"), at=NOON)
    with pytest.raises(Refused, match="Olivia 正在处理此警情"):
        merge_incidents(fire.pk, into=case.pk, by=cast.viewer(who), at=LATER)


def test_closed_or_disposed_cases_and_the_case_itself_are_refused(cast: Cast) -> None:
    case, fire = held(cast), alarm(FIRE)
    olivia = {"by": cast.viewer("olivia"), "at": LATER}
    with pytest.raises(Refused, match="不能并入它自己"):
        merge_incidents(case.pk, into=case.pk, **olivia)
    Incident.objects.filter(pk=fire.pk).update(state="disposed", joinable=False)
    with pytest.raises(Refused, match="已有处置结果"):
        merge_incidents(fire.pk, into=case.pk, **olivia)
    assert IncidentSignal.objects.filter(incident=fire).count() == 1


def test_a_case_of_another_company_is_not_there_and_for_the_admin_not_to_be_joined(cast: Cast) -> None:
    case, other = held(cast), alarm(Sent(account="2001"))
    with pytest.raises(Missing):
        merge_incidents(other.pk, into=case.pk, by=cast.viewer("olivia"), at=LATER)
    with pytest.raises(BadChoice):
        merge_incidents(case.pk, into=other.pk, by=cast.viewer("olivia"), at=LATER)
    actions.take_incident(case.pk, by=cast.viewer("ada"), at=NOON, force=True)
    with pytest.raises(Refused, match="不属于同一单位"):
        merge_incidents(other.pk, into=case.pk, by=cast.viewer("ada"), at=LATER)


@pytest.mark.parametrize(("code", "into"), [("PA", "BA"), ("FA", "BA"), ("MA", "BA"), ("BA", "FA")])
def test_help_for_a_life_is_never_sent_to_the_address_of_another_site(cast: Cast, code: str, into: str) -> None:
    stays = actions.take_incident(alarm(Sent(code=into)).pk, by=cast.viewer("olivia"), at=NOON)
    other = alarm(Sent(code=code, account="1002"))
    with pytest.raises(Refused, match="只能并入同一场所的警情"):
        merge_incidents(other.pk, into=stays.pk, by=cast.viewer("olivia"), at=LATER)


def test_nor_when_only_one_signal_of_the_case_was_a_cry_for_help(cast: Cast) -> None:
    stays, other = held(cast), alarm(Sent(account="1002"))
    place = IncidentSignal.objects.get(incident=other)
    Treatment.objects.filter(pk=place.treatment_id).update(event_class="hold_up")
    with pytest.raises(Refused, match="只能并入同一场所的警情"):
        merge_incidents(other.pk, into=stays.pk, by=cast.viewer("olivia"), at=LATER)


def test_burglaries_of_two_sites_may_be_one_event(cast: Cast) -> None:
    one = merge_incidents(alarm(Sent(account="1002")).pk, into=held(cast).pk, by=cast.viewer("olivia"), at=LATER)
    assert (one.site, one.signal_count) == (cast.shop, 2)


@pytest.mark.parametrize("who", ["mia", "polly"])
def test_who_only_reads_neither_joins_nor_splits(cast: Cast, who: str) -> None:
    case, fire = held(cast), alarm(FIRE)
    with pytest.raises(Forbidden):
        merge_incidents(fire.pk, into=case.pk, by=cast.viewer(who), at=LATER)
    with pytest.raises(Forbidden):
        split_incident(case.pk, signals=[1], by=cast.viewer(who), at=LATER)


def test_a_joined_case_is_not_opened_again(cast: Cast) -> None:
    case, fire = held(cast), alarm(FIRE)
    merge_incidents(fire.pk, into=case.pk, by=cast.viewer("olivia"), at=LATER)
    with pytest.raises(Refused, match=f"已并入 #{case.pk}"):
        actions.reopen_incident(fire.pk, reason="?", by=cast.viewer("leo"), at=LATER)


def test_split_signals_are_a_case_of_their_own_and_what_was_seen_stays_seen(cast: Cast) -> None:
    case = held(cast)
    fire = alarm(FIRE)
    olivia = {"by": cast.viewer("olivia"), "at": LATER}
    merge_incidents(fire.pk, into=case.pk, **olivia)
    actions.acknowledge_signals(case.pk, **olivia)
    moved = IncidentSignal.objects.get(treatment__event_class="fire")
    told = Message.objects.count()
    new = split_incident(case.pk, signals=[moved.treatment_id], **olivia)
    assert (new.event_class, new.grade, new.code, new.state, new.holder) == ("fire", fire.grade, "FA", "open", None)
    assert (new.signal_count, new.unseen, new.acknowledged, new.attention_at) == (1, 0, False, LATER)
    moved.refresh_from_db()
    assert (moved.incident_id, moved.seen_at) == (new.pk, LATER)
    case.refresh_from_db()
    assert (case.event_class, case.code, case.signal_count) == ("intrusion", "BA", 1)
    assert case.grade == 2
    assert (acts(new), acts(case)[-1]) == (["incident.opened"], "incident.split")
    assert topics_after(told) == [("incident.opened", new.pk), ("incident.split", case.pk)]
    # What had been passed to the old case goes on with the new one.
    assert alarm(Sent(code="FA", at=LATER)) == new
    assert alarm(Sent(at=LATER)) == case


def test_signals_of_one_class_are_split_and_later_ones_stay_with_the_old_case(cast: Cast) -> None:
    case = held(cast)
    alarm(Sent(zone="004"))
    second = IncidentSignal.objects.order_by("-treatment_id").first()
    assert second is not None
    new = split_incident(case.pk, signals=[second.treatment_id], by=cast.viewer("olivia"), at=LATER)
    assert [words["number"] for words in new.zone_words] == ["004"]
    assert (new.unseen, new.joinable) == (1, False)
    case.refresh_from_db()
    assert ([words["number"] for words in case.zone_words], case.unseen) == (["003"], 0)
    assert alarm(Sent(zone="004", at=LATER)) == case


def test_at_least_one_alarm_stays_and_one_goes(cast: Cast) -> None:
    case = held(cast)
    alarm(Sent(code="BR"))
    olivia = {"by": cast.viewer("olivia"), "at": LATER}
    burglary, restoral = IncidentSignal.objects.order_by("treatment_id").values_list("treatment_id", flat=True)
    other = alarm(Sent(account="1002"))
    elsewhere = IncidentSignal.objects.get(incident=other).treatment_id
    for chosen, said in (
        ([], "请选择要拆出的信号"),
        ([burglary], "至少要留下一条报警"),
        ([restoral], "没有报警"),
        ([burglary, elsewhere], "有 1 条不在此警情里"),
        (range(1, 300), "最多拆出 200 条"),
    ):
        with pytest.raises(BadChoice, match=said):
            split_incident(case.pk, signals=list(chosen), **olivia)
    assert Incident.objects.count() == 2


def test_a_stranger_finds_nothing_to_split(cast: Cast) -> None:
    with pytest.raises(Missing):
        split_incident(held(cast).pk, signals=[1], by=cast.viewer("sam"), at=LATER)


def test_the_days_account_does_not_notice_joining_or_splitting(cast: Cast) -> None:
    case, fire = held(cast), alarm(FIRE)
    alarm(Sent(zone="004"))
    on = NOON.date()
    before = account_of(SYSTEM, on)
    olivia = {"by": cast.viewer("olivia"), "at": LATER}
    merge_incidents(fire.pk, into=case.pk, **olivia)
    moved = IncidentSignal.objects.filter(incident=case).order_by("-treatment_id").first()
    assert moved is not None
    split_incident(case.pk, signals=[moved.treatment_id], **olivia)
    after = account_of(SYSTEM, on)
    assert after == before
    assert IncidentSignal.objects.count() == 3


# At once


def in_a_thread(work: Callable[[], object], told: list[object]) -> threading.Thread:
    """Runs with a connection of its own; what it returns or raises is put into `told`."""

    def run() -> None:
        try:
            told.append(work())
        except Exception as failure:  # noqa: BLE001 told by the test
            told.append(failure)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="has one writer at a time")
def test_a_signal_that_waited_for_a_case_being_joined_ends_in_the_one_that_stays(clean_journal: Path) -> None:
    cast = Cast()
    case, fire = held(cast), alarm(FIRE)
    signal_id, told = journal(Sent(code="FA", zone="003", at=LATER)), list[object]()
    with transaction.atomic():
        merge_incidents(fire.pk, into=case.pk, by=cast.viewer("olivia"), at=LATER)
        intake = in_a_thread(lambda: treat(LATER), told)
        time.sleep(0.7)
        assert told == []
    intake.join(30)
    assert told == [None]
    assert IncidentSignal.objects.get(treatment_id=signal_id).incident_id == case.pk
    assert Incident.objects.count() == 2


def test_two_cases_that_are_joined_crosswise_become_one(clean_journal: Path) -> None:
    cast = Cast()
    case, fire, told = held(cast), alarm(FIRE), list[object]()
    olivia = {"by": cast.viewer("olivia"), "at": LATER}
    actions.take_incident(fire.pk, **olivia)
    threads = [
        in_a_thread(lambda pair=pair: merge_incidents(pair[0].pk, into=pair[1].pk, **olivia), told)
        for pair in ((case, fire), (fire, case))
    ]
    for thread in threads:
        thread.join(30)
    assert sorted(type(each).__name__ for each in told) == ["Incident", "Refused"]
    assert Incident.objects.filter(state="closed", joined_into__isnull=False).count() == 1
    assert Incident.objects.exclude(state="closed").get().signal_count == 2
