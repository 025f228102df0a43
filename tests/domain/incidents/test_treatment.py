"""What a signal becomes, rule by rule (domain/signals/policy.py), through the real intake."""

from datetime import date, time, timedelta

import pytest

from lianjing.domain.incidents.events import open_event_cases
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.presenting import present_held
from lianjing.domain.incidents.queries import queue
from lianjing.domain.signals.actions import admit_signals
from lianjing.domain.signals.arming_watch import plan_arming, settle_arming
from lianjing.domain.signals.daily_account import account_of
from lianjing.domain.signals.models import ArmingState, Decision, PanelWatch, Signal, SystemEvent, Treatment
from lianjing.domain.signals.watching import (
    end_quiet_runaways,
    expect_tests,
    grant_grace,
    raise_late_tests,
    raise_overdue,
)
from lianjing.domain.sites.actions.zones import disable_zone
from lianjing.domain.sites.models import Contract, ContractState, Panel, ScheduleMoment, Zone
from lianjing.terms.codes import Scheme
from tests.cast import NOON, SYSTEM, Cast, Sent, journal, make_site, put_on_test, treat

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def fate(signal_id: int) -> tuple[str, str]:
    row = Treatment.objects.get(pk=signal_id)
    return row.fate, row.rule


def sent(**told: object) -> int:
    """One signal, treated: its id."""
    signal = journal(Sent(**told))  # type: ignore[arg-type]
    treat(NOON)
    return signal


def contract(cast: Cast, state: str, ends_on: date | None = None) -> None:
    row = Contract.objects.create(company=cast.company, customer=cast.shop.customer, number="2026-1", ends_on=ends_on)
    ContractState.objects.create(contract=row, state=state, starts_on=date(2026, 1, 1))


def describe(number: str, **told: object) -> Zone:
    Zone.objects.filter(panel__account="1001", number=number).update(**told)
    return Zone.objects.get(panel__account="1001", number=number)


# The path of a decision


def test_every_decision_keeps_its_rule_its_author_and_each_step_on_the_way(cast: Cast) -> None:
    decision = Decision.objects.get(pk=sent(code="BA"))
    assert (decision.rule, decision.author) == ("needs_a_person", "系统")
    assert decision.steps == [
        *[[step, ""] for step in ("account", "test", "service", "code", "zone", "hiding", "runaway", "schedule")],
        *[[step, ""] for step in ("restoral", "mains", "presence")],
        ["person", "警情，须由人处理。"],
    ]


# Whose signal


def test_the_first_real_signal_makes_a_pending_panel_active_and_a_test_signal_does_not(cast: Cast) -> None:
    Panel.objects.update(activated_at=None)
    put_on_test(cast.shop, until=NOON + MINUTE)
    sent(at=NOON)
    assert Panel.objects.get(account="1001").activated_at is None
    sent(code="RP", at=NOON + MINUTE)
    assert Panel.objects.get(account="1001").activated_at == NOON + MINUTE


def test_after_the_service_has_ended_signals_are_kept_and_open_nothing(cast: Cast) -> None:
    contract(cast, "ended")
    assert fate(sent(code="BA")) == ("suppressed", "service_ended")
    assert Incident.objects.count() == 0


@pytest.mark.parametrize(
    ("starts_on", "told"), [(date(2026, 1, 1), "合同 2026-1 已终止服务"), (None, "合同 2026-1 自 2026-01-01 终止服务")]
)
def test_a_contract_that_came_as_ended_names_no_day_of_its_end(cast: Cast, starts_on: date | None, told: str) -> None:
    contract(cast, "ended")
    Contract.objects.update(starts_on=starts_on)
    assert told in str(Decision.objects.get(pk=sent(code="BA")).steps)


@pytest.mark.parametrize(("state", "ends_on"), [("suspended", None), ("in_service", date(2026, 11, 21))])
def test_while_service_is_paused_or_its_term_over_only_danger_to_life_opens_a_case(
    cast: Cast, state: str, ends_on: date | None
) -> None:
    contract(cast, state, ends_on)
    assert fate(sent(code="BA")) == ("suppressed", "service_paused")
    assert fate(sent(code="PA")) == ("in_case", "needs_a_person")


@pytest.mark.parametrize("state", ["draft", "signed", "in_service"])
def test_a_contract_that_serves_or_will_changes_nothing(cast: Cast, state: str) -> None:
    contract(cast, state)
    assert fate(sent(code="BA")) == ("in_case", "needs_a_person")


# What a signal means


def test_a_hold_up_zone_makes_a_hold_up_of_what_its_panel_calls_an_intrusion(cast: Cast) -> None:
    describe("3", kind="hold_up")
    row = Treatment.objects.get(pk=sent(code="BA"))
    assert (row.event_class, row.grade, row.rule) == ("hold_up", 1, "needs_a_person")


def test_a_disabled_zone_is_silent_for_intrusions_and_for_nothing_else(cast: Cast) -> None:
    describe("3", disabled_at=NOON - HOUR)
    assert fate(sent(code="BA")) == ("suppressed", "zone_disabled")
    assert fate(sent(code="TA")) == ("in_case", "needs_a_person")
    assert fate(sent(code="PA")) == ("in_case", "needs_a_person")


@pytest.mark.parametrize("kind", ["hold_up", "fire", "medical"])
def test_a_zone_for_danger_to_life_cannot_be_silenced_even_when_somebody_disabled_it(cast: Cast, kind: str) -> None:
    describe("3", kind=kind, disabled_at=NOON - HOUR)
    assert fate(sent(code="BA")) == ("in_case", "needs_a_person")


def test_who_disabled_a_zone_and_why_stands_with_what_it_hides(cast: Cast) -> None:
    disable_zone(describe("3").pk, "装修", by=cast.viewer("leo"), at=NOON - HOUR)
    decided = Decision.objects.get(pk=sent(code="BA"))
    assert (decided.author, "由 Leo 停用，原因：装修" in decided.steps[-1][1]) == ("Leo", True)


@pytest.mark.parametrize("kind", ["hold_up", "fire", "medical"])
def test_that_a_zone_for_danger_to_life_is_bypassed_reaches_a_person(cast: Cast, kind: str) -> None:
    describe("3", kind=kind)
    assert fate(sent(code="BB")) == ("in_case", "life_zone_bypassed")
    assert fate(sent(code="BB", zone="004")) == ("automatic", "logged_only")
    assert Incident.objects.get().grade == 2


@pytest.mark.parametrize(("kind", "words"), [("fire", "火警"), ("hold_up", "紧急报警"), ("medical", "医疗求助")])
def test_a_case_says_what_the_zone_means_and_what_the_panel_called_it(cast: Cast, kind: str, words: str) -> None:
    describe("3", kind=kind)
    sent(code="BA")
    row = queue(cast.viewer("olivia"))[0]
    assert row.what == f"{words}（设备报“入侵报警”）"


def test_a_test_of_one_zone_leaves_the_others_alone(cast: Cast) -> None:
    put_on_test(cast.shop, until=NOON + HOUR).zones.add(describe("3"))
    assert [fate(sent(zone=zone)) for zone in ("003", "004")] == [
        ("on_test", "site_on_test"),
        ("in_case", "needs_a_person"),
    ]


# Again and again


def test_a_runaway_is_recorded_and_not_presented_and_gives_the_customer_a_fault_case(cast: Cast) -> None:
    signals = [journal(Sent(code="BA", at=NOON + number * SECOND)) for number in range(15)]
    treat(NOON + MINUTE)
    assert [fate(signal)[0] for signal in signals] == ["in_case"] * 10 + ["suppressed"] * 5
    open_event_cases(by=SYSTEM, at=NOON + MINUTE)
    assert list(Incident.objects.order_by("pk").values_list("event_class", "code", "signal_count")) == [
        ("intrusion", "BA", 10),
        ("fault", "RW", 0),
    ]


@pytest.mark.parametrize("code", ["PA", "FA", "QA"])
def test_no_hold_up_fire_or_medical_alarm_is_ever_hidden_as_a_runaway(cast: Cast, code: str) -> None:
    signals = [journal(Sent(code=code, at=NOON + number * SECOND)) for number in range(30)]
    treat(NOON + MINUTE)
    assert {fate(signal) for signal in signals} == {("in_case", "needs_a_person")}
    assert "仍每次都提示" in SystemEvent.objects.get(kind="RW").reasons[0]


def test_a_runaway_that_has_been_quiet_is_over_and_the_next_one_is_presented(cast: Cast) -> None:
    for number in range(12):
        journal(Sent(code="BA", at=NOON + number * SECOND))
    treat(NOON + MINUTE)
    quiet = NOON + 11 * MINUTE
    assert end_quiet_runaways(by=SYSTEM, at=quiet) == 1
    assert SystemEvent.objects.get(kind="RW").ended_at == quiet
    assert fate(sent(code="BA", at=quiet)) == ("in_case", "needs_a_person")


# Mains


def test_a_loss_of_mains_that_ends_in_time_is_never_shown(cast: Cast) -> None:
    lost, back = sent(code="AT", zone=""), sent(code="AR", zone="", at=NOON + 5 * MINUTE)
    assert present_held(by=SYSTEM, at=NOON + HOUR) == 0
    assert [fate(lost), fate(back)] == [("automatic", "mains_held"), ("automatic", "restored_in_time")]
    assert Decision.objects.get(pk=back).steps[-1] == ["restoral", "中断 5 分 0 秒后恢复，在等待时限之内，没有提示。"]


def test_a_loss_of_mains_that_lasts_becomes_a_case_and_the_account_still_balances(cast: Cast) -> None:
    lost = sent(code="301", scheme=Scheme.CONTACT_ID, qualifier="1", zone="000")
    assert present_held(by=SYSTEM, at=NOON + 29 * MINUTE) == 0
    assert present_held(by=SYSTEM, at=NOON + 30 * MINUTE) == 1
    assert fate(lost) == ("in_case", "mains_not_restored")
    account = account_of(SYSTEM, date(2026, 11, 22))
    assert account is not None
    assert (account.received, account.in_cases, account.balances) == (1, 1, True)


def test_many_losses_of_mains_at_once_share_one_case(cast: Cast) -> None:
    for number in range(50):
        make_site(cast.company, f"Shop {number}", f"5{number:03d}")
        journal(Sent(account=f"5{number:03d}", code="AT", zone=""))
    treat(NOON)
    for _ in range(2):
        present_held(by=SYSTEM, at=NOON + 31 * MINUTE)
    cases = Incident.objects.order_by("-signal_count", "pk")
    assert [(case.site is None, case.signal_count) for case in cases] == [(True, 30), *[(False, 1)] * 20]


def test_the_alarms_of_many_sites_at_once_are_each_a_case_of_their_own(cast: Cast) -> None:
    for number in range(30):
        make_site(cast.company, f"Shop {number}", f"5{number:03d}")
        journal(Sent(account=f"5{number:03d}", code="BA"))
    treat(NOON)
    assert Incident.objects.filter(site__isnull=False).count() == 30


def test_mains_that_come_back_in_time_join_no_case_of_another_fault(cast: Cast) -> None:
    sent(code="YT", zone="")
    sent(code="AT", zone="")
    assert fate(sent(code="AR", zone="", at=NOON + MINUTE)) == ("automatic", "restored_in_time")


# Restorals


def test_an_alarm_that_does_not_restore_in_time_is_told_and_ends_when_it_does(cast: Cast) -> None:
    sent(code="BA")
    assert raise_overdue(by=SYSTEM, at=NOON + 59 * MINUTE) == 0
    assert raise_overdue(by=SYSTEM, at=NOON + 60 * MINUTE) == 1
    open_event_cases(by=SYSTEM, at=NOON + 60 * MINUTE)
    case = Incident.objects.get(code="RA")
    assert (case.site, case.grade, case.reasons) == (
        cast.shop,
        3,
        ["防区 3 front door的报警自 11-22 12:00:00 起没有恢复。"],
    )
    sent(code="BR", at=NOON + 61 * MINUTE)
    assert SystemEvent.objects.get(kind="RA").ended_at is not None


# Tests and clocks


def test_a_periodic_test_is_late_an_hour_and_a_half_after_its_day_and_on_time_again_when_it_comes(cast: Cast) -> None:
    Panel.objects.filter(account="1001").update(test_interval=24 * 60)
    sent(code="RP", zone="")
    due = NOON + 25 * HOUR + 30 * MINUTE
    assert raise_late_tests(by=SYSTEM, at=due - SECOND) == 0
    assert raise_late_tests(by=SYSTEM, at=due) == 1
    event = SystemEvent.objects.get()
    assert (event.kind, event.reasons) == ("TL", ["设备 1001 每 24 小时应有一次定期测试，最近一次 11-22 12:00。"])
    sent(code="RP", zone="", at=due + HOUR)
    assert SystemEvent.objects.get().ended_at is not None
    assert PanelWatch.objects.get().test_late_since is None


def test_late_tests_of_many_panels_are_one_case(cast: Cast) -> None:
    for number in range(30):
        site = make_site(cast.company, f"Shop {number}", f"5{number:03d}")
        Panel.objects.filter(site=site).update(test_interval=60)
    assert expect_tests(by=SYSTEM, at=NOON) == 30
    assert raise_late_tests(by=SYSTEM, at=NOON + 2 * HOUR) == 30
    open_event_cases(by=SYSTEM, at=NOON + 2 * HOUR)
    assert list(Incident.objects.values_list("code", "site")) == [("TL", None)]


def test_after_our_own_outage_nobody_is_late_before_he_had_time_to_report(cast: Cast) -> None:
    Panel.objects.filter(account="1001").update(test_interval=60)
    sent(code="RP", zone="")
    later = NOON + 5 * HOUR
    assert grant_grace(by=SYSTEM, at=later) == 1
    assert raise_late_tests(by=SYSTEM, at=later) == 0


def test_a_clock_that_is_off_is_noted_and_forgotten_when_it_is_set(cast: Cast) -> None:
    sent(code="RP", zone="", device_at=NOON - HOUR)
    watch = PanelWatch.objects.get()
    assert (watch.skew_s, watch.skewed_since) == (-3600, NOON)
    sent(code="RP", zone="", at=NOON + MINUTE, device_at=NOON + MINUTE + SECOND)
    watch.refresh_from_db()
    assert (watch.skew_s, watch.skewed_since) == (1, None)


# Opening and closing


def opening_hours(cast: Cast, kind: str, begins: time, ends: time) -> None:
    ScheduleMoment.objects.create(site=cast.shop, kind=kind, days="1-7", begins=begins, ends=ends, tolerance=15)


def test_opened_out_of_hours_is_a_case_that_says_when_and_by_whom(cast: Cast) -> None:
    opening_hours(cast, "may_open", time(13), time(18))
    Zone.objects.create(panel=Panel.objects.get(account="1001"), address_kind="user", number="2", name="Wang")
    signal = sent(code="OP", zone="002", at=NOON - 6 * HOUR)
    assert fate(signal)[0] == "in_case"
    assert fate(signal)[1] in {"opened_early", "opened_out_of_hours"}
    assert Decision.objects.get(pk=signal).steps[-1][1].startswith("Wang")
    assert Incident.objects.get().grade == 3


def test_opening_in_hours_and_without_any_schedule_is_only_logged(cast: Cast) -> None:
    assert fate(sent(code="OP", account="1002")) == ("automatic", "logged_only")
    opening_hours(cast, "may_open", time(9), time(18))
    assert fate(sent(code="OP")) == ("automatic", "logged_only")


def test_the_state_of_arming_follows_reports_and_nothing_else(cast: Cast) -> None:
    sent(code="CL", zone="001", at=NOON - HOUR)
    sent(code="OP", zone="001", at=NOON - 2 * HOUR)
    sent(code="BA", zone="003", at=NOON)
    assert list(ArmingState.objects.values_list("armed", "since", "user")) == [(True, NOON - HOUR, "1")]
    assert Decision.objects.last().steps[-1][1] == "警情，须由人处理。收到时已布防（11-22 11:00，用户 1）。"


def test_a_site_that_is_not_closed_in_time_is_told_and_the_closing_ends_it(cast: Cast) -> None:
    opening_hours(cast, "must_close", time(12, 30), time(20))
    plan_arming(by=SYSTEM, after=NOON, until=NOON + HOUR)
    plan_arming(by=SYSTEM, after=NOON, until=NOON + HOUR)
    due = NOON + 45 * MINUTE
    assert settle_arming(by=SYSTEM, at=due - SECOND) == 0
    assert settle_arming(by=SYSTEM, at=due) == 1
    event = SystemEvent.objects.get()
    assert (event.kind, event.reasons) == ("LC", ["应在 11-22 12:45 前布防；没有收到过布撤防报告。"])
    sent(code="CL", zone="001", at=due + MINUTE)
    assert SystemEvent.objects.get().ended_at is not None


def test_a_site_that_is_closed_in_time_is_not_told(cast: Cast) -> None:
    opening_hours(cast, "must_close", time(12, 30), time(20))
    plan_arming(by=SYSTEM, after=NOON, until=NOON + HOUR)
    sent(code="CL", zone="001", at=NOON + 20 * MINUTE)
    settle_arming(by=SYSTEM, at=NOON + HOUR)
    assert SystemEvent.objects.count() == 0


def test_a_site_that_a_named_person_may_have_open_is_not_late_to_close(cast: Cast) -> None:
    opening_hours(cast, "must_close", time(12, 30), time(20))
    ScheduleMoment.objects.create(
        site=cast.shop, kind="temp_open", days="1-7", begins=time(12), ends=time(14), tolerance=0, users="1"
    )
    plan_arming(by=SYSTEM, after=NOON, until=NOON + 3 * HOUR)
    sent(code="OP", zone="001", at=NOON + MINUTE)
    settle_arming(by=SYSTEM, at=NOON + HOUR)
    assert SystemEvent.objects.count() == 0
    settle_arming(by=SYSTEM, at=NOON + 3 * HOUR)
    assert list(SystemEvent.objects.values_list("kind", flat=True)) == ["LC"]


# Confirmation


def confirmed(*zones: str, apart: timedelta = 30 * SECOND) -> Incident:
    for number, zone in enumerate(zones):
        sent(code="BA", zone=zone, at=NOON + number * apart)
    return Incident.objects.get()


def test_two_detection_principles_in_one_area_confirm_each_other_and_say_why(cast: Cast) -> None:
    case = confirmed("003", "004")
    assert (case.confirmed_at is not None, case.grade, case.reasons) == (
        True,
        1,
        ["确认警情：front door 12:00:00 与hall 12:00:30，不同探测原理；由二级升为一级"],
    )


def test_one_zone_twice_and_two_of_one_principle_confirm_nothing(cast: Cast) -> None:
    describe("4", principle="magnetic")
    case = confirmed("003", "003", "004")
    assert (case.confirmed_at, case.grade) == (None, 2)


def test_two_principles_in_different_areas_confirm_nothing_unless_the_zones_are_neighbours(cast: Cast) -> None:
    describe("3", area="1")
    describe("4", area="2")
    assert confirmed("003", "004").confirmed_at is None
    describe("3").neighbours.add(describe("4"))
    assert confirmed("004").reasons == [
        "确认警情：front door 12:00:00 与hall 12:00:00，相邻防区、不同探测原理；由二级升为一级"
    ]


def test_neighbours_of_one_principle_confirm_each_other(cast: Cast) -> None:
    describe("4", principle="magnetic").neighbours.add(describe("3"))
    assert confirmed("003", "004").reasons == [
        "确认警情：front door 12:00:00 与hall 12:00:30，相邻防区；由二级升为一级"
    ]


def test_what_is_further_apart_than_the_window_confirms_nothing(cast: Cast) -> None:
    assert confirmed("003", "004", apart=30 * MINUTE).confirmed_at is not None
    journal(Sent(account="1002", zone="003", at=NOON))
    journal(Sent(account="1002", zone="004", at=NOON + 30 * MINUTE + SECOND))
    treat(NOON)
    assert set(Incident.objects.filter(site=cast.bank).values_list("confirmed_at", flat=True)) == {None}


def test_admitting_twice_decides_once(cast: Cast) -> None:
    signal = sent(code="BA")
    admit_signals(list(Signal.objects.all()), by=SYSTEM, at=NOON)
    treat(NOON)
    assert Decision.objects.filter(pk=signal).count() == 1
