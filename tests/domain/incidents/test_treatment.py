"""What becomes of a signal: whose it is, what it means, what comes again and again."""

from datetime import date, timedelta

import pytest

from lianjing.domain.incidents.events import open_event_cases
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.queries import queue
from lianjing.domain.signals.actions import admit_signals
from lianjing.domain.signals.models import Decision, Signal, SystemEvent, Treatment
from lianjing.domain.signals.watching import end_quiet_runaways
from lianjing.domain.sites.actions.zones import disable_zone
from lianjing.domain.sites.models import Contract, ContractState, Panel, Zone
from tests.cast import NOON, SYSTEM, Cast, Sent, journal, put_on_test, treat

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


def confirmed(*zones: str, apart: timedelta = 30 * SECOND) -> Incident:
    for number, zone in enumerate(zones):
        sent(code="BA", zone=zone, at=NOON + number * apart)
    return Incident.objects.get()


# Confirmation


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
