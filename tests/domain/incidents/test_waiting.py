"""What becomes of a case that waits: on hold, untouched, offered to somebody, or its holder gone."""

from datetime import timedelta

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Token
from lianjing.domain.incidents.actions import (
    close_incident,
    dispose_incident,
    forward_incident,
    note_incident,
    take_incident,
    verify_incident,
)
from lianjing.domain.incidents.drafting import drop_adopted, drop_draft, keep_draft
from lianjing.domain.incidents.escalating import escalate_due
from lianjing.domain.incidents.giving_back import give_back_absent
from lianjing.domain.incidents.handing_over import accept_incident, decline_incident, offer_incident, withdraw_offer
from lianjing.domain.incidents.holding import hold_incident, wake_due, wake_incident
from lianjing.domain.incidents.leaving import leave_desk
from lianjing.domain.incidents.models import DeskSettings, Draft, Incident
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.domain.incidents.next_case import take_next_incident
from lianjing.domain.incidents.queries import queue
from lianjing.domain.people.duties import mark_seen, sign_on_duty
from lianjing.domain.people.models import Duty
from lianjing.domain.records.models import Record
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def case(cast: Cast) -> Incident:
    """An intrusion that Olivia has taken."""
    return take_incident(alarm().pk, by=cast.viewer("olivia"), at=NOON + SECOND)


def hold(cast: Cast, case: Incident, **more: object) -> Incident:
    told = {"reason": "owner calls back", "until": NOON + 10 * MINUTE, **more}
    return hold_incident(case.pk, by=cast.viewer("olivia"), at=NOON + 2 * SECOND, **told)


def fresh(case: Incident) -> Incident:
    return Incident.objects.get(pk=case.pk)


# Hold


def test_a_case_on_hold_stands_last_and_comes_back_behind_every_new_one(cast: Cast, case: Incident) -> None:
    held = hold(cast, case)
    assert (held.queue_level, held.return_level, held.holder) == (9, 6, cast.users["olivia"])
    late = alarm(Sent(account="1002", code="YT", at=NOON + 5 * MINUTE))
    assert [row.id for row in queue(cast.viewer("leo"))] == [late.pk, case.pk]
    assert wake_due(by=SYSTEM, at=NOON + 9 * MINUTE) == 0
    assert wake_due(by=SYSTEM, at=NOON + 10 * MINUTE) == 1
    back = fresh(case)
    assert (back.queue_level, back.held_until, back.hold_reason, back.holder) == (6, None, "", cast.users["olivia"])
    assert (back.attention_at, back.escalate_at) == (NOON + 10 * MINUTE, NOON + 11 * MINUTE)
    assert [row.id for row in queue(cast.viewer("leo"))] == [late.pk, case.pk]
    assert Record.objects.get(action="incident.woken").after == {"state": "taken", "why": "time", "level": 6}


def test_hold_is_no_reaction(cast: Cast, case: Incident) -> None:
    hold(cast, case)
    wake_due(by=SYSTEM, at=NOON + 10 * MINUTE)
    told = {"reason": "again", "until": NOON + 20 * MINUTE}
    again = hold_incident(case.pk, by=cast.viewer("olivia"), at=NOON + 10 * MINUTE + SECOND, **told)
    assert again.escalate_at == NOON + 11 * MINUTE
    assert note_incident(case.pk, "still waiting", by=cast.viewer("olivia"), at=NOON + 10 * MINUTE).escalate_at is None


@pytest.mark.parametrize(
    ("code", "said"),
    [("PA", "应立即报告 110"), ("FA", "必做步骤“立即报 119”"), ("MA", "还没有复核或转发")],
)
def test_what_a_life_hangs_on_is_not_put_off_before_help_was_called(cast: Cast, code: str, said: str) -> None:
    case = take_incident(alarm(Sent(code=code)).pk, by=cast.viewer("olivia"), at=NOON + SECOND)
    with pytest.raises(Refused, match=said) as refused:
        hold(cast, case)
    assert "不能挂起" in str(refused.value)
    assert fresh(case).held_until is None


def test_nor_a_burglary_in_which_somebody_spoke_under_threat(cast: Cast, case: Incident) -> None:
    verify_incident(case.pk, how="call", outcome="duress", by=cast.viewer("olivia"), at=NOON + SECOND)
    with pytest.raises(Refused, match="报告或写明不报告的理由之前不能挂起"):
        hold(cast, case)


def test_a_fire_of_which_119_was_told_may_wait(cast: Cast) -> None:
    case = take_incident(alarm(Sent(code="FA")).pk, by=cast.viewer("olivia"), at=NOON + SECOND)
    forward_incident(case.pk, to="119", by=cast.viewer("olivia"), at=NOON + SECOND)
    assert hold(cast, case).queue_level == 9


def test_a_case_with_an_alarm_that_nobody_has_looked_at_cannot_be_put_off(cast: Cast, case: Incident) -> None:
    alarm(Sent(zone="004", at=NOON + SECOND))
    with pytest.raises(Refused, match="还有 1 条新报警未看"):
        hold(cast, case)


def test_its_holder_goes_on_before_the_time_is_over(cast: Cast, case: Incident) -> None:
    hold(cast, case, return_level=8)
    assert wake_incident(case.pk, by=cast.viewer("olivia"), at=NOON + MINUTE).queue_level == 8
    with pytest.raises(Refused, match="此警情没有挂起"):
        wake_incident(case.pk, by=cast.viewer("olivia"), at=NOON + MINUTE)


@pytest.mark.parametrize("sent", [Sent(zone="004", at=NOON + MINUTE), Sent(code="TA", at=NOON + MINUTE)])
def test_a_new_alarm_of_the_site_wakes_it_whatever_its_class(cast: Cast, case: Incident, sent: Sent) -> None:
    hold(cast, case)
    alarm(sent)
    woken = fresh(case)
    assert (woken.queue_level, woken.held_until, woken.attention_at >= NOON + MINUTE) == (
        woken.grade,
        None,
        True,
    )
    assert woken.escalate_at is not None
    assert Record.objects.get(action="incident.woken").after == {"why": "signal", "level": woken.grade}
    assert Message.objects.filter(topic="incident.woken").count() == 1


def test_a_restoral_and_another_site_wake_nothing(cast: Cast, case: Incident) -> None:
    hold(cast, case)
    alarm(Sent(code="BR", at=NOON + MINUTE))
    alarm(Sent(account="1002", at=NOON + MINUTE))
    assert fresh(case).queue_level == 9


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"until": None}, "until"),
        ({"until": NOON}, "until"),
        ({"until": NOON + timedelta(hours=25)}, "until"),
        ({"return_level": 5}, "return_level"),
        ({"return_level": 9}, "return_level"),
    ],
)
def test_what_cannot_be_put_off_so_is_said(cast: Cast, case: Incident, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(BadChoice) as refused:
        hold(cast, case, **wrong)
    assert refused.value.field == field
    assert fresh(case).held_until is None


# Escalation


def test_an_untouched_case_is_told_to_the_leader_and_then_to_the_manager(cast: Cast) -> None:
    case = alarm()
    due = case.escalate_at
    assert due == case.attention_at + 60 * SECOND
    steps = [
        (escalate_due(by=SYSTEM, at=at), fresh(case).escalated_to) for at in (due - SECOND, due, due + 59 * SECOND)
    ]
    assert steps == [(0, ""), (1, "leader"), (0, "leader")]
    assert escalate_due(by=SYSTEM, at=due + 60 * SECOND) == 1
    assert (fresh(case).escalated_to, fresh(case).escalate_at) == ("manager", None)
    told = Message.objects.filter(topic="incident.escalated").order_by("pk").values_list("payload__to", flat=True)
    assert list(told) == ["leader", "manager"]
    since = case.attention_at.isoformat()
    records = Record.objects.filter(action="incident.escalated").order_by("pk").values_list("after", flat=True)
    assert list(records) == [{"to": "leader", "since": since}, {"to": "manager", "since": since}]


def test_a_hold_up_is_told_after_thirty_seconds_and_taking_it_ends_that(cast: Cast) -> None:
    case = alarm(Sent(code="HA"))
    assert case.escalate_at == case.attention_at + 30 * SECOND
    escalate_due(by=SYSTEM, at=case.escalate_at)
    taken = take_incident(case.pk, by=cast.viewer("olivia"), at=NOON + 40 * SECOND)
    assert (taken.escalate_at, taken.escalated_to) == (None, "")


def test_a_company_sets_its_own_time_and_more_alarms_do_not_put_it_off(cast: Cast) -> None:
    DeskSettings.objects.create(company=cast.company, limits={"intrusion": [10, 20, 25]})
    case = alarm()
    assert case.escalate_at == case.attention_at + 25 * SECOND
    assert alarm(Sent(zone="004", at=NOON + 20 * SECOND)).escalate_at == case.escalate_at
    row = queue(cast.viewer("olivia"))[0]
    assert (row.amber_at - row.attention_at, row.red_at - row.attention_at) == (10 * SECOND, 20 * SECOND)


def test_a_new_alarm_in_a_case_that_somebody_has_starts_the_clock_again(cast: Cast, case: Incident) -> None:
    assert case.escalate_at is None
    joined = alarm(Sent(zone="004", at=NOON + MINUTE))
    assert joined.escalate_at == NOON + 2 * MINUTE


# Hand-over to a person


@pytest.fixture
def oscar_on_duty(cast: Cast) -> Duty:
    return sign_on_duty(cast.company.pk, by=cast.viewer("oscar"), at=NOON)


def test_a_case_is_offered_stays_with_its_holder_and_passes_when_it_is_accepted(
    cast: Cast, case: Incident, oscar_on_duty: Duty
) -> None:
    alarm(Sent(zone="004", at=NOON + SECOND))
    offered = offer_incident(case.pk, to="oscar", note="I must leave", by=cast.viewer("olivia"), at=NOON + MINUTE)
    assert (offered.holder, offered.offered_to) == (cast.users["olivia"], cast.users["oscar"])
    with pytest.raises(Refused, match="没有请您接手"):
        accept_incident(case.pk, by=cast.viewer("leo"), at=NOON + MINUTE)
    taken = accept_incident(case.pk, by=cast.viewer("oscar"), at=NOON + 2 * MINUTE)
    assert (taken.holder, taken.offered_to, taken.unseen) == (cast.users["oscar"], None, 0)
    record = Record.objects.get(action="incident.accepted")
    assert (record.actor_name, record.before) == ("Oscar", {"holder": "Olivia"})


def test_an_offer_is_declined_or_withdrawn(cast: Cast, case: Incident, oscar_on_duty: Duty) -> None:
    olivia = {"by": cast.viewer("olivia"), "at": NOON + MINUTE}
    offer_incident(case.pk, to="oscar", **olivia)
    with pytest.raises(Refused, match="已请 Oscar 接手"):
        offer_incident(case.pk, to="oscar", **olivia)
    assert decline_incident(case.pk, reason="busy", by=cast.viewer("oscar"), at=NOON).offered_to is None
    offer_incident(case.pk, to="oscar", **olivia)
    assert withdraw_offer(case.pk, **olivia).offered_to is None
    with pytest.raises(Refused):
        accept_incident(case.pk, by=cast.viewer("oscar"), at=NOON)
    assert fresh(case).holder == cast.users["olivia"]


@pytest.mark.parametrize("to", ["leo", "olivia", "sam", "mia", "nobody", ""])
def test_only_who_stands_duty_for_the_company_can_be_asked(
    cast: Cast, case: Incident, oscar_on_duty: Duty, to: str
) -> None:
    sign_on_duty(cast.other.pk, by=cast.viewer("sam"), at=NOON)
    with pytest.raises(BadChoice, match="请选择一位正在值班的同事"):
        offer_incident(case.pk, to=to, by=cast.viewer("olivia"), at=NOON)


def test_who_leaves_the_desk_leaves_no_case_behind(cast: Cast, case: Incident, oscar_on_duty: Duty) -> None:
    with pytest.raises(Refused, match=f"您名下还有警情 #{case.pk}"):
        leave_desk(by=cast.viewer("olivia"), at=NOON + MINUTE)
    assert Duty.objects.get(user=cast.users["olivia"]).until is None
    offer_incident(case.pk, to="oscar", by=cast.viewer("olivia"), at=NOON)
    accept_incident(case.pk, by=cast.viewer("oscar"), at=NOON)
    assert leave_desk(by=cast.viewer("olivia"), at=NOON + MINUTE).until == NOON + MINUTE


# Gone


def test_the_cases_of_whose_browser_is_gone_go_back(cast: Cast, case: Incident) -> None:
    olivia = cast.viewer("olivia")
    assert give_back_absent(by=SYSTEM, at=NOON + 60 * MINUTE) == 0  # none of her browsers was ever heard
    mark_seen(by=[olivia], at=NOON + MINUTE)
    assert give_back_absent(by=SYSTEM, at=NOON + MINUTE + 59 * SECOND) == 0
    gone = NOON + 2 * MINUTE
    assert give_back_absent(by=SYSTEM, at=gone) == 1
    back = fresh(case)
    assert (back.holder, back.state, back.acknowledged, back.attention_at) == (None, "open", False, gone)
    assert back.escalate_at == gone + 60 * SECOND
    record = Record.objects.get(action="incident.given_back")
    assert record.before == {"holder": "Olivia"}
    assert record.after == {"state": "open", "why": "browser", "seconds": 60}
    assert take_next_incident(by=cast.viewer("oscar"), at=gone) == case


def test_who_comes_back_and_acts_is_there_at_once(cast: Cast, case: Incident) -> None:
    mark_seen(by=[cast.viewer("olivia")], at=NOON + MINUTE)
    give_back_absent(by=SYSTEM, at=NOON + 2 * MINUTE)
    take_incident(case.pk, by=cast.viewer("olivia"), at=NOON + 3 * MINUTE)
    assert give_back_absent(by=SYSTEM, at=NOON + 3 * MINUTE + SECOND) == 0
    assert fresh(case).holder == cast.users["olivia"]


def test_what_a_program_takes_for_him_is_not_lost_with_his_browser(cast: Cast, case: Incident) -> None:
    olivia = cast.viewer("olivia")
    mark_seen(by=[olivia], at=NOON + MINUTE)
    assert give_back_absent(by=SYSTEM, at=NOON + 2 * MINUTE) == 1
    take_incident(case.pk, by=Token(1, olivia), at=NOON + 3 * MINUTE)
    assert give_back_absent(by=SYSTEM, at=NOON + 60 * MINUTE) == 0


def test_who_goes_on_in_a_browser_is_gone_when_that_is(cast: Cast, case: Incident) -> None:
    olivia = cast.viewer("olivia")
    Duty.objects.update(source="program")
    sign_on_duty(cast.company.pk, by=olivia, at=NOON + SECOND)
    assert mark_seen(by=[olivia], at=NOON + MINUTE) == 1
    assert give_back_absent(by=SYSTEM, at=NOON + 3 * MINUTE) == 1


def test_a_company_says_how_long_a_browser_may_be_gone(cast: Cast, case: Incident) -> None:
    DeskSettings.objects.create(company=cast.company, gone_seconds=120)
    mark_seen(by=[cast.viewer("olivia")], at=NOON + SECOND)
    counts = [give_back_absent(by=SYSTEM, at=NOON + seconds * SECOND) for seconds in (61, 120, 121)]
    assert counts == [0, 0, 1]


def test_a_program_is_never_gone(cast: Cast, case: Incident) -> None:
    Duty.objects.update(source="program", seen_at=NOON)
    assert give_back_absent(by=SYSTEM, at=NOON + 60 * MINUTE) == 0


def test_a_case_on_hold_whose_holder_is_gone_stays_on_hold_until_its_time(cast: Cast, case: Incident) -> None:
    hold(cast, case)
    mark_seen(by=[cast.viewer("olivia")], at=NOON + 2 * SECOND)
    give_back_absent(by=SYSTEM, at=NOON + 5 * MINUTE)
    assert (fresh(case).holder, fresh(case).queue_level) == (None, 9)
    assert take_next_incident(by=cast.viewer("oscar"), at=NOON + 5 * MINUTE) is None
    wake_due(by=SYSTEM, at=NOON + 10 * MINUTE)
    assert take_next_incident(by=cast.viewer("oscar"), at=NOON + 11 * MINUTE) == case


# Drafts


def test_what_is_typed_is_kept_a_person_and_form_until_it_is_emptied_or_the_case_is_closed(
    cast: Cast, case: Incident
) -> None:
    olivia = {"by": cast.viewer("olivia"), "at": NOON}
    keep_draft(case.pk, "note", {"text": "the door"}, **olivia)
    keep_draft(case.pk, "note", {"text": "the door is open"}, **olivia)
    keep_draft(case.pk, "verify", {"how": "call", "note": ""}, **olivia)
    kept = Draft.objects.order_by("form").values_list("form", "values")
    assert list(kept) == [("note", {"text": "the door is open"}), ("verify", {"how": "call"})]
    keep_draft(case.pk, "verify", {"how": "", "note": " "}, **olivia)
    drop_draft(case.pk, "note", by=cast.viewer("oscar"), at=NOON)
    assert list(Draft.objects.values_list("form", flat=True)) == ["note"]
    verify_incident(case.pk, how="call", outcome="false", **olivia)
    dispose_incident(case.pk, result="device_false", cause="moth", **olivia)
    close_incident(case.pk, **olivia)
    keep_draft(case.pk, "note", {"text": "too late"}, **olivia)
    assert Draft.objects.count() == 0


def test_a_draft_that_another_has_taken_over_ends_when_he_sends_it(cast: Cast, case: Incident) -> None:
    keep_draft(case.pk, "note", {"text": "the door"}, by=cast.viewer("olivia"), at=NOON)
    draft, oscar = Draft.objects.get(), {"by": cast.viewer("oscar"), "at": NOON}
    drop_adopted(case.pk + 1, draft.pk, **oscar)
    assert Draft.objects.exists()
    drop_adopted(case.pk, draft.pk, **oscar)
    assert not Draft.objects.exists()


def test_a_stranger_keeps_no_draft_and_none_is_endless(cast: Cast, case: Incident) -> None:
    with pytest.raises(Missing):
        keep_draft(case.pk, "note", {"text": "hello"}, by=cast.viewer("sam"), at=NOON)
    with pytest.raises(BadChoice):
        keep_draft(case.pk, "note", {"text": "x" * 3000}, by=cast.viewer("olivia"), at=NOON)
