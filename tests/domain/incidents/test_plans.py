"""A case runs along its plan: what blocks its end, what a move does for it, and what nobody may see on the screen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lianjing.core.viewer import Forbidden
from lianjing.domain.incidents import actions, stepping
from lianjing.domain.incidents.calling import record_call
from lianjing.domain.incidents.case_page import incident_page
from lianjing.domain.incidents.duty_facts import duties_of
from lianjing.domain.incidents.escalating import tell_waits_over
from lianjing.domain.incidents.events import open_event_cases
from lianjing.domain.incidents.informing import tell_customer
from lianjing.domain.incidents.models import Incident, PlanRun, StepRun
from lianjing.domain.incidents.moving import BadChoice, Refused
from lianjing.domain.incidents.plan_reading import CasePlan
from lianjing.domain.incidents.police_reporting import confirm_notice, waive_police
from lianjing.domain.incidents.queries import level_of_case
from lianjing.domain.plans.actions import PlanPlace, add_plan, approve_version, put_in_force
from lianjing.domain.records.models import Record
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.sites.actions.sites import add_note
from lianjing.domain.sites.models import Contact
from lianjing.domain.sites.word_digests import digest_of
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm

HOLD_UP, FIRE = Sent(code="HA"), Sent(code="FA")


def as_(cast: Cast, name: str) -> dict[str, Any]:
    return {"by": cast.viewer(name), "at": NOON}


def taken(cast: Cast, sent: Sent | None = None) -> Incident:
    return actions.take_incident(alarm(sent).pk, **as_(cast, "olivia"))


def plan(cast: Cast, case: Incident) -> CasePlan:
    page = incident_page(cast.viewer("olivia"), case.pk, at=NOON)
    assert page is not None
    return page.plan


def now(cast: Cast, case: Incident) -> str | None:
    step = plan(cast, case).now
    return step.key if step else None


def act(cast: Cast, case: Incident, *steps: str, note: str = "") -> Incident:
    """Steps written as "key=outcome"."""
    for step in steps:
        case = stepping.do_step(case.pk, *step.split("="), note=note, **as_(cast, "olivia"))
    return case


def test_a_case_takes_its_plan_with_it_when_it_is_taken(cast: Cast) -> None:
    case = alarm()
    assert (plan(cast, case).running, plan(cast, case).version, now(cast, case)) == (False, None, "watch")
    actions.take_incident(case.pk, **as_(cast, "olivia"))
    assert plan(cast, case).running
    assert plan(cast, case).looks == [
        "场所：无。",
        "合同：无。",
        "场所类型：无。",
        "类别与级别：无。",
        "没有批准的预案：用模板，未批准。",
    ]
    assert Record.objects.get(action="incident.taken").after["template"] == "intrusion_2"


def test_a_burglary_is_led_along_its_plan_to_the_police(cast: Cast) -> None:
    case = taken(cast)
    case = act(cast, case, "watch=person", "judge=real")
    assert (case.state, case.verified_how, case.verified_outcome) == ("verified", "video", "real")
    with pytest.raises(Refused, match="应立即报告 110"):
        actions.dispose_incident(case.pk, result="real", cause="thief", **as_(cast, "olivia"))
    case = act(cast, case, "police=done", "patrol=skipped")
    assert (case.state, case.forwarded_to, now(cast, case)) == ("forwarded", "110", "tell")
    actions.dispose_incident(case.pk, result="real", cause="thief", **as_(cast, "olivia"))
    assert actions.close_incident(case.pk, **as_(cast, "olivia")).state == "closed"
    done = Record.objects.filter(action="incident.step_done").order_by("pk").values_list("after", flat=True)
    assert [(told["step"], told["outcome"], told["said"]) for told in done] == [
        ("watch", "person", "看到可疑人员"),
        ("judge", "real", "属实"),
        ("police", "done", "已报 110"),
        ("patrol", "skipped", ""),
    ]


def act_of(name: str) -> Callable[..., object]:
    return confirm_notice if name == "received" else getattr(actions, f"{name}_incident")


@pytest.mark.parametrize(
    ("sent", "moves"),
    [
        (None, [("verify", {"how": "call", "outcome": "false"})]),
        (None, [("verify", {"how": "call", "outcome": "unclear"})]),
        (None, [("verify", {"how": "video", "outcome": "real"}), ("forward", {"to": "110"})]),
        (HOLD_UP, [("forward", {"to": "110"}), ("received", {})]),
        (FIRE, [("forward", {"to": "119"}), ("verify", {"how": "call", "outcome": "false"})]),
        (FIRE, [("verify", {"how": "call", "outcome": "false"}), ("forward", {"to": "119"})]),
        (Sent(code="YT", zone="000"), [("forward", {"to": "patrol"})]),
    ],
)
def test_a_program_that_knows_nothing_of_plans_can_lead_a_case_to_its_end(
    cast: Cast, sent: Sent | None, moves: list[tuple[str, dict[str, str]]]
) -> None:
    case = taken(cast, sent)
    for name, fields in moves:
        act_of(name)(case.pk, **fields, **as_(cast, "olivia"))
    actions.dispose_incident(case.pk, result="undetermined", cause="x", **as_(cast, "olivia"))
    assert actions.close_incident(case.pk, **as_(cast, "olivia")).state == "closed"


@pytest.mark.parametrize(("sent", "step"), [(HOLD_UP, "立即报 110"), (FIRE, "立即报 119")])
def test_a_hold_up_and_a_fire_do_not_end_before_help_was_called(cast: Cast, sent: Sent, step: str) -> None:
    case = taken(cast, sent)
    actions.verify_incident(case.pk, how="platform", outcome="false", **as_(cast, "olivia"))
    with pytest.raises(Refused, match=f"必做步骤“{step}”还没有完成"):
        actions.dispose_incident(case.pk, result="human_false", cause="x", **as_(cast, "olivia"))
    with pytest.raises(Refused):
        waive_police(case.pk, reason="verified_false", **as_(cast, "olivia"))


@pytest.mark.parametrize("sent", [HOLD_UP, FIRE])
def test_who_has_seen_that_there_is_nothing_may_leave_help_uncalled_for_a_written_reason(
    cast: Cast, sent: Sent
) -> None:
    case = taken(cast, sent)
    actions.verify_incident(case.pk, how="video", outcome="false", **as_(cast, "olivia"))
    waive_police(case.pk, reason="verified_false", **as_(cast, "olivia"))
    actions.dispose_incident(case.pk, result="human_false", cause="x", **as_(cast, "olivia"))
    assert actions.close_incident(case.pk, **as_(cast, "olivia")).state == "closed"


def test_nobody_calls_a_hold_up_false_or_rings_there_by_what_he_heard(cast: Cast) -> None:
    case = taken(cast, HOLD_UP)
    with pytest.raises(Refused, match="不能凭电话判为误报"):
        actions.verify_incident(case.pk, how="call", outcome="false", **as_(cast, "olivia"))
    actions.verify_incident(case.pk, how="platform", outcome="real", **as_(cast, "olivia"))
    assert (plan(cast, case).silent, now(cast, case)) == (True, "police")
    actions.verify_incident(case.pk, how="patrol", outcome="real", **as_(cast, "olivia"))
    assert plan(cast, case).silent is False


def test_duress_leads_silently_whoever_says_so_and_whenever(cast: Cast) -> None:
    case = taken(cast)
    actions.verify_incident(case.pk, how="call", outcome="duress", **as_(cast, "olivia"))
    assert (plan(cast, case).silent, now(cast, case)) == (True, "silent")
    with pytest.raises(Refused, match="只能电话通报"):
        tell_customer(case.pk, contacts=["Wang"], channel="sms", text="x", **as_(cast, "olivia"))


def test_a_duress_word_that_is_checked_before_its_turn_turns_the_case(cast: Cast) -> None:
    give_words(cast)
    case = taken(cast)
    stepping.check_case_word(case.pk, "red rose", **as_(cast, "olivia"))
    assert (plan(cast, case).silent, now(cast, case)) == (True, "silent")
    assert [duty.name for duty in duties_of(Incident.objects.get(pk=case.pk))] == ["duress"]


def test_the_latest_verification_decides(cast: Cast) -> None:
    case = taken(cast)
    actions.verify_incident(case.pk, how="call", outcome="false", **as_(cast, "olivia"))
    assert now(cast, case) == "tell"
    actions.verify_incident(case.pk, how="video", outcome="real", **as_(cast, "olivia"))
    assert now(cast, case) == "police"
    assert StepRun.objects.exclude(undone_at=None).values_list("step", "outcome").get() == ("judge", "false")


def test_a_step_is_done_once_and_can_be_taken_back(cast: Cast) -> None:
    case = act(cast, taken(cast), "watch=nobody")
    with pytest.raises(Refused, match="步骤“看现场图像”已完成"):
        act(cast, case, "watch=person")
    stepping.reopen_step(case.pk, "watch", **as_(cast, "olivia"))
    assert now(cast, act(cast, case, "watch=person")) == "judge"


@pytest.mark.parametrize(("step", "outcome", "field"), [("dance", "done", "step"), ("watch", "asleep", "outcome")])
def test_a_step_or_an_outcome_that_the_plan_does_not_know_is_named(
    cast: Cast, step: str, outcome: str, field: str
) -> None:
    case = taken(cast)
    with pytest.raises(BadChoice) as bad:
        stepping.do_step(case.pk, step, outcome, **as_(cast, "olivia"))
    assert bad.value.field == field


def test_not_telling_the_police_needs_a_written_reason(cast: Cast) -> None:
    case = act(cast, taken(cast), "watch=person", "judge=real")
    with pytest.raises(BadChoice):
        act(cast, case, "police=waived")
    act(cast, case, "police=waived", note="the police stand beside me")
    assert plan(cast, case).open_required == ()


def test_only_who_holds_the_case_goes_along_its_plan(cast: Cast) -> None:
    case = taken(cast)
    with pytest.raises(Refused, match="Olivia 正在处理"):
        stepping.do_step(case.pk, "watch", "nobody", **as_(cast, "oscar"))
    with pytest.raises(Forbidden):
        stepping.do_step(case.pk, "watch", "nobody", **as_(cast, "mia"))


# Words


def test_a_list_of_calls_is_done_when_somebody_was_reached_or_nobody_could_be(cast: Cast) -> None:
    case = act(cast, taken(cast), "watch=skipped")
    record_call(case.pk, contact="Wang", outcome="busy", **as_(cast, "olivia"))
    assert now(cast, case) == "judge"
    stepping.reopen_step(case.pk, "call", **as_(cast, "olivia"))
    Contact.objects.create(site=cast.shop, place=2, name="Li", role="keeper", phone="10012345679")
    record_call(case.pk, contact="Wang", outcome="no_answer", **as_(cast, "olivia"))
    assert now(cast, case) == "call"
    record_call(case.pk, contact="Li", outcome="reached", **as_(cast, "olivia"))
    assert now(cast, case) == "word"


def test_who_was_reached_before_the_plan_asks_is_not_called_again(cast: Cast) -> None:
    case = taken(cast)
    record_call(case.pk, contact="Wang", outcome="no_answer", **as_(cast, "olivia"))
    assert now(cast, act(cast, case, "watch=nobody")) == "call", "nobody answered: it is asked all the same"
    stepping.reopen_step(case.pk, "watch", **as_(cast, "olivia"))
    record_call(case.pk, contact="Wang", outcome="reached", **as_(cast, "olivia"))
    assert now(cast, case) == "watch"
    assert now(cast, act(cast, case, "watch=nobody")) == "word"


def give_words(cast: Cast) -> None:
    Contact.objects.filter(site=cast.shop).update(pass_word=digest_of("sunflower"), duress_word=digest_of("red rose"))


@pytest.mark.parametrize(
    ("word", "then", "silent"),
    [("sunflower", "judge", False), ("rubbish", "judge", False), ("red rose", "silent", True)],
)
def test_the_word_that_was_said_leads_on(cast: Cast, word: str, then: str, silent: bool) -> None:
    give_words(cast)
    case = act(cast, taken(cast), "watch=nobody", "call=reached")
    stepping.check_case_word(case.pk, word, **as_(cast, "olivia"))
    assert (now(cast, case), plan(cast, case).silent) == (then, silent)
    assert SystemEvent.objects.filter(kind="DW").exists() is silent


def test_the_case_of_a_duress_word_says_that_a_life_is_in_danger(cast: Cast) -> None:
    give_words(cast)
    case = act(cast, taken(cast), "watch=nobody", "call=reached")
    stepping.check_case_word(case.pk, "red rose", **as_(cast, "olivia"))
    open_event_cases(by=SYSTEM, at=NOON)
    told = Incident.objects.get(event_class="hold_up")
    assert level_of_case(told) == (4, "核实等级 4：人身有危险。")


def test_a_hold_up_is_silent_until_police_or_patrol_have_looked(cast: Cast) -> None:
    case = taken(cast, HOLD_UP)
    assert plan(cast, case).silent
    act(cast, case, "police=done", "patrol=done", "watch=nobody", "seen=false")
    assert not plan(cast, case).silent


# Another plan


def approved(cast: Cast, place: PlanPlace, title: str) -> None:
    version = add_plan(cast.company.pk, place, title, **as_(cast, "leo"))
    approve_version(version.pk, **as_(cast, "mia"))
    put_in_force(version.pk, **as_(cast, "mia"))


def test_the_plan_of_the_site_comes_before_the_company_s(cast: Cast) -> None:
    approved(cast, PlanPlace("intrusion"), "ours")
    approved(cast, PlanPlace("intrusion", site_id=cast.bank.pk), "the bank's")
    shop, bank = taken(cast), taken(cast, Sent(account="1002"))
    assert [(plan(cast, case).title, plan(cast, case).version) for case in (shop, bank)] == [
        ("ours", 1),
        ("the bank's", 1),
    ]


def test_a_case_that_becomes_more_urgent_takes_the_other_plan_and_keeps_what_was_done(cast: Cast) -> None:
    case = act(cast, taken(cast), "watch=person", "judge=real", "police=done")
    approved(cast, PlanPlace("intrusion", 1), "grade one")
    Incident.objects.filter(pk=case.pk).update(grade=1)
    assert (plan(cast, case).title, plan(cast, case).running, now(cast, case)) == ("grade one", False, "patrol")
    act(cast, case, "patrol=done")
    assert (plan(cast, case).title, plan(cast, case).running, now(cast, case)) == ("grade one", True, "tell")
    run = PlanRun.objects.get()
    assert (run.grade, run.done.filter(undone_at=None).count()) == (1, 4)


def test_a_case_that_is_opened_again_begins_its_plan_anew(cast: Cast) -> None:
    case = act(cast, taken(cast), "watch=nobody", "call=no_answer", "judge=false")
    actions.dispose_incident(case.pk, result="human_false", cause="x", **as_(cast, "olivia"))
    actions.close_incident(case.pk, **as_(cast, "olivia"))
    actions.reopen_incident(case.pk, reason="was true", **as_(cast, "leo"))
    assert now(cast, case) == "watch"


# Notices


def test_a_notice_that_must_be_read_comes_before_the_first_act_but_never_before_calling_help(cast: Cast) -> None:
    add_note(cast.shop.pk, "the dog bites", None, must_acknowledge=True, **as_(cast, "leo"))
    case = taken(cast)
    for attempt in (
        lambda: act(cast, case, "watch=nobody"),
        lambda: actions.verify_incident(case.pk, how="call", outcome="false", **as_(cast, "olivia")),
    ):
        with pytest.raises(Refused, match="有 1 条须确认的提示"):
            attempt()
    assert actions.forward_incident(case.pk, to="110", **as_(cast, "olivia")).state == "forwarded"
    stepping.read_notices(case.pk, **as_(cast, "olivia"))
    act(cast, case, "watch=nobody")
    with pytest.raises(Refused, match="没有未读的提示"):
        stepping.read_notices(case.pk, **as_(cast, "olivia"))
    later = NOON + timedelta(hours=1)
    add_note(cast.shop.pk, "alarm company on site", None, must_acknowledge=True, by=cast.viewer("leo"), at=later)
    page = incident_page(cast.viewer("olivia"), case.pk, at=later)
    assert page is not None
    assert len(page.unread_notices) == 1


# Waiting

MINUTES_LATER = NOON + timedelta(minutes=15)


def waiting(cast: Cast, account: str = "1001") -> Incident:
    """A fault whose plan waits a quarter of an hour for its end."""
    case = taken(cast, Sent(code="BT", account=account))
    return act(cast, case, "look=done", "call=reached", "judge=unclear")


def test_a_plan_that_waits_is_not_hurried_without_a_reason(cast: Cast) -> None:
    case = waiting(cast)
    assert [line.due_at for line in plan(cast, case).lines if line.step.key == "wait"] == [MINUTES_LATER]
    with pytest.raises(BadChoice, match="提前继续，请写明原因") as bad:
        act(cast, case, "wait=done")
    assert bad.value.field == "note"
    act(cast, case, "wait=done", note="current is back")
    assert now(cast, case) == "again"


def test_when_the_waiting_is_over_whoever_has_the_case_is_told_once(cast: Cast) -> None:
    case = waiting(cast)
    assert tell_waits_over(by=SYSTEM, at=MINUTES_LATER - timedelta(seconds=1)) == 0
    assert [tell_waits_over(by=SYSTEM, at=MINUTES_LATER) for _ in range(2)] == [1, 0]
    case.refresh_from_db()
    assert (case.attention_at, case.escalate_at) == (MINUTES_LATER, MINUTES_LATER + timedelta(minutes=10))
    assert Record.objects.get(action="incident.waited").after["title"] == "等 15 分钟再看是否恢复"
    stepping.do_step(case.pk, "wait", "done", by=cast.viewer("olivia"), at=MINUTES_LATER)
    case.refresh_from_db()
    assert (now(cast, case), case.escalate_at) == ("again", None)


def test_nobody_is_told_of_a_waiting_that_was_left_or_of_a_case_that_is_disposed_of(cast: Cast) -> None:
    left, ended = waiting(cast), waiting(cast, "1002")
    act(cast, left, "wait=done", note="back")
    Incident.objects.filter(pk=ended.pk).update(state="disposed")
    assert tell_waits_over(by=SYSTEM, at=MINUTES_LATER) == 0


def test_a_step_before_the_waiting_that_is_done_anew_begins_its_time_anew(cast: Cast) -> None:
    case = waiting(cast)
    stepping.reopen_step(case.pk, "judge", by=cast.viewer("olivia"), at=NOON)
    later = NOON + timedelta(minutes=5)
    stepping.do_step(case.pk, "judge", "unclear", by=cast.viewer("olivia"), at=later)
    assert PlanRun.objects.get().wait_until == later + timedelta(minutes=15)
