"""What becomes of a signal with time: mains, restorals, late tests, opening and closing."""

from datetime import date, time, timedelta

import pytest

from lianjing.domain.incidents.events import open_event_cases
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.presenting import present_held
from lianjing.domain.signals.arming_watch import plan_arming, settle_arming
from lianjing.domain.signals.daily_account import account_of
from lianjing.domain.signals.models import ArmingState, Decision, PanelWatch, SystemEvent, Treatment
from lianjing.domain.signals.watching import expect_tests, grant_grace, raise_late_tests, raise_overdue
from lianjing.domain.sites.models import Panel, ScheduleMoment, Zone
from lianjing.terms.codes import Scheme
from tests.cast import NOON, SYSTEM, Cast, Sent, journal, make_site, treat

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


def opening_hours(cast: Cast, kind: str, begins: time, ends: time) -> None:
    ScheduleMoment.objects.create(site=cast.shop, kind=kind, days="1-7", begins=begins, ends=ends, tolerance=15)


# Opening and closing


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
