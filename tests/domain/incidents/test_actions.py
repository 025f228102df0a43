"""What people do to a case: the case, its sealed record and the bus, all or nothing."""

from datetime import timedelta

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Forbidden
from lianjing.domain.incidents import actions
from lianjing.domain.incidents.models import Incident, IncidentSignal
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.domain.incidents.police_reporting import waive_police
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast, Sent, alarm


def topics(case: Incident) -> list[str]:
    found = Record.objects.filter(subject_type="incident", subject_id=case.pk).order_by("pk")
    return list(found.values_list("action", flat=True))


def test_a_case_is_led_from_alarm_to_closed_and_every_act_is_recorded_and_told(cast: Cast) -> None:
    case = alarm()
    olivia = {"by": cast.viewer("olivia"), "at": NOON, "source": "10.0.0.5"}
    actions.take_incident(case.pk, **olivia)
    actions.note_incident(case.pk, "lights are on", **olivia)
    actions.verify_incident(case.pk, how="video", outcome="real", note="one person", **olivia)
    actions.forward_incident(case.pk, to="110", **olivia)
    actions.dispose_incident(case.pk, result="real", cause="burglar ran off", **olivia)
    closed = actions.close_incident(case.pk, **olivia)
    assert (closed.state, closed.disposition, closed.holder) == ("closed", "real", None)
    expected = ["opened", "taken", "noted", "verified", "forwarded", "disposed", "closed"]
    assert topics(case) == [f"incident.{name}" for name in expected]
    told = Message.objects.order_by("pk").values_list("topic", flat=True)
    assert list(told) == ["incident.opened", "duty.started", *(f"incident.{name}" for name in expected[1:])]
    record = Record.objects.get(action="incident.verified")
    assert (record.actor_id, record.actor_name, record.source, record.company_id) == (
        cast.users["olivia"].pk,
        "Olivia",
        "10.0.0.5",
        cast.company.pk,
    )
    assert record.after == {"state": "verified", "how": "video", "outcome": "real", "text": "one person"}


def test_a_held_case_is_refused_to_another_and_a_leader_breaks_the_lock_on_record(cast: Cast) -> None:
    case = alarm()
    actions.take_incident(case.pk, by=cast.viewer("olivia"), at=NOON)
    with pytest.raises(Refused, match="Olivia 正在处理此警情"):
        actions.take_incident(case.pk, by=cast.viewer("oscar"), at=NOON)
    with pytest.raises(Forbidden):
        actions.take_incident(case.pk, by=cast.viewer("oscar"), at=NOON, force=True)
    assert actions.take_incident(case.pk, by=cast.viewer("leo"), at=NOON, force=True).holder == cast.users["leo"]
    record = Record.objects.get(action="incident.lock_broken")
    assert (record.before, record.after["holder"]) == ({"holder": "Olivia"}, "Leo")


def test_taking_marks_the_alarms_seen_and_closing_needs_the_later_ones_seen_too(cast: Cast) -> None:
    case = alarm()
    olivia = {"by": cast.viewer("olivia"), "at": NOON}
    actions.take_incident(case.pk, **olivia)
    actions.verify_incident(case.pk, how="call", outcome="unclear", **olivia)
    alarm(Sent(zone="004", at=NOON + timedelta(seconds=30)))
    waive_police(case.pk, reason="the police patrol is at the door", **olivia)
    actions.dispose_incident(case.pk, result="undetermined", cause="no answer", **olivia)
    with pytest.raises(Refused, match="还有 1 条新报警未看"):
        actions.close_incident(case.pk, **olivia)
    actions.acknowledge_signals(case.pk, **olivia)
    assert actions.close_incident(case.pk, **olivia).state == "closed"
    assert not IncidentSignal.objects.filter(seen_at=None, is_alarm=True).exists()


def test_what_the_page_did_not_show_stays_unseen(cast: Cast) -> None:
    olivia = {"by": cast.viewer("olivia"), "at": NOON}
    case = alarm()
    shown = IncidentSignal.objects.get().treatment_id
    alarm(Sent(zone="004"))
    taken = actions.take_incident(case.pk, up_to=shown, **olivia)
    assert (taken.unseen, taken.acknowledged) == (1, False)
    assert actions.acknowledge_signals(case.pk, up_to=shown + 1, **olivia).acknowledged


def test_only_a_leader_reopens_and_the_old_disposition_stays_on_record(cast: Cast) -> None:
    case = alarm()
    leo = {"by": cast.viewer("leo"), "at": NOON}
    actions.take_incident(case.pk, **leo)
    actions.verify_incident(case.pk, how="call", outcome="false", **leo)
    actions.dispose_incident(case.pk, result="device_false", cause="moth", **leo)
    actions.close_incident(case.pk, **leo)
    with pytest.raises(Forbidden):
        actions.reopen_incident(case.pk, reason="?", by=cast.viewer("olivia"), at=NOON)
    reopened = actions.reopen_incident(case.pk, reason="owner called back", **leo)
    assert (reopened.state, reopened.disposition, reopened.acknowledged) == ("open", "", False)
    assert Record.objects.get(action="incident.reopened").before == {
        "result": "device_false",
        "cause": "moth",
        "outcome": "false",
    }
    assert alarm(Sent(zone="004", at=NOON + timedelta(minutes=1))) == reopened


@pytest.mark.parametrize("who", ["sam", "gus"])
def test_a_stranger_and_a_guard_do_not_even_see_the_case(cast: Cast, who: str) -> None:
    case = alarm()
    with pytest.raises(Missing):
        actions.take_incident(case.pk, by=cast.viewer(who), at=NOON)


@pytest.mark.parametrize("who", ["mia", "polly"])
def test_who_only_reads_may_not_move(cast: Cast, who: str) -> None:
    case = alarm()
    with pytest.raises(Forbidden):
        actions.take_incident(case.pk, by=cast.viewer(who), at=NOON)


def test_a_wrong_word_is_refused_and_nothing_has_happened(cast: Cast) -> None:
    case = alarm()
    actions.take_incident(case.pk, by=cast.viewer("olivia"), at=NOON)
    with pytest.raises(BadChoice) as refused:
        actions.verify_incident(case.pk, how="guess", outcome="real", by=cast.viewer("olivia"), at=NOON)
    assert refused.value.field == "how"
    case.refresh_from_db()
    assert (case.state, topics(case)[-1]) == ("taken", "incident.taken")
