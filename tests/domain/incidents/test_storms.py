"""Many sites of a company report one fault at once: one case for them, and nobody else's."""

import threading
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from lianjing.domain.companies.models import Company
from lianjing.domain.incidents import actions
from lianjing.domain.incidents.intake import treat_waiting
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.policy import STORM_CASES
from lianjing.domain.incidents.presenting import present_held
from lianjing.domain.signals.actions import admit_signals
from lianjing.domain.signals.admission import new_signals
from lianjing.domain.signals.daily_account import account_of
from lianjing.domain.signals.models import Signal, Treatment
from lianjing.domain.sites.models import ScheduleMoment
from tests.cast import NOON, SYSTEM, Cast, Sent, journal, make_site, treat

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
MANY = STORM_CASES + 10


def district(company: Company, first: int, count: int = MANY) -> list[str]:
    """Sites of a company, by account."""
    accounts = [f"{number}" for number in range(first, first + count)]
    for account in accounts:
        make_site(company, f"Shop {account}", account)
    return accounts


def storm(accounts: list[str], code: str = "YT", at: timedelta = timedelta(0)) -> list[int]:
    """All report the same at that time after noon, and are treated."""
    signals = [journal(Sent(account=account, code=code, zone="", at=NOON + at)) for account in accounts]
    treat(NOON + at)
    return signals


def common(company: Company) -> Incident:
    return Incident.objects.filter(site=None, company=company).latest("pk")


def rules() -> dict[str, int]:
    found: dict[str, int] = {}
    for rule in Treatment.objects.values_list("rule", flat=True):
        found[rule] = found.get(rule, 0) + 1
    return found


def test_after_twenty_sites_the_rest_of_a_storm_share_one_case_that_says_why(cast: Cast) -> None:
    storm(district(cast.company, 5000))
    assert Incident.objects.filter(site__isnull=False).count() == STORM_CASES
    case = common(cast.company)
    assert (case.signal_count, case.unseen, case.grade) == (10, 1, 4)
    assert case.reasons == ["60 秒内已有 20 个场所报同一故障，以后的归入本案，不再逐个立案。"]


def test_a_hold_up_in_a_storm_is_a_case_of_its_own_on_top(cast: Cast) -> None:
    accounts = district(cast.company, 5000)
    for account in accounts[:25]:
        journal(Sent(account=account, code="YT", zone=""))
    journal(Sent(account="1002", code="HA"))
    for account in accounts[25:]:
        journal(Sent(account=account, code="YT", zone=""))
    treat(NOON)
    first = Incident.objects.order_by("grade", "acknowledged", "opened_at", "id")[0]
    assert (first.site, first.event_class, first.signal_count) == (cast.bank, "hold_up", 1)
    account = account_of(SYSTEM, date(2026, 11, 22))
    assert account is not None
    assert (account.received, account.in_cases, account.balances) == (MANY + 1, MANY + 1, True)


def test_the_storms_of_two_companies_stay_apart(cast: Cast) -> None:
    accounts = [*district(cast.company, 5000), *district(cast.other, 6000)]
    storm(sorted(accounts, key=lambda account: account[1:]))
    for company in (cast.company, cast.other):
        assert common(company).signal_count == 10
        places = common(company).signals.values_list("treatment__company_id", flat=True)
        assert set(places) == {company.pk}


def test_two_kinds_of_fault_are_two_storms(cast: Cast) -> None:
    storm(district(cast.company, 5000), "YT")
    storm(district(cast.company, 6000), "YC")
    assert sorted(Incident.objects.filter(site=None).values_list("code", "signal_count")) == [("YC", 10), ("YT", 10)]


def test_a_site_whose_own_case_is_open_joins_that_one(cast: Cast) -> None:
    accounts = district(cast.company, 5000)
    storm(accounts[:1])
    storm(accounts[1:], at=2 * MINUTE)
    storm(accounts[:1], at=3 * MINUTE)
    assert Incident.objects.get(site__panels__account=accounts[0]).signal_count == 2
    assert common(cast.company).signal_count == MANY - 1 - STORM_CASES


def test_a_restoral_of_a_folded_site_belongs_to_the_common_case_and_wakes_nobody(cast: Cast) -> None:
    accounts = district(cast.company, 5000)
    storm(accounts)
    case = common(cast.company)
    actions.take_incident(case.pk, by=cast.viewer("olivia"), at=NOON + SECOND)
    restored = storm(accounts, "YR", at=MINUTE)
    case.refresh_from_db()
    assert (case.signal_count, case.unseen, case.acknowledged) == (20, 0, True)
    assert {Treatment.objects.get(pk=pk).rule for pk in restored} == {"restore_joins_case"}
    assert Incident.objects.count() == STORM_CASES + 1


def test_a_restoral_in_the_same_batch_as_its_fault_belongs_there_too(cast: Cast) -> None:
    accounts = district(cast.company, 5000)
    for code in ("YT", "YR"):
        for account in accounts:
            journal(Sent(account=account, code=code, zone=""))
    treat(NOON)
    assert common(cast.company).signal_count == 20


def test_a_fault_long_after_a_storm_is_looked_at_by_itself(cast: Cast) -> None:
    accounts = district(cast.company, 5000)
    storm(accounts)
    storm(accounts[-1:], at=31 * MINUTE)
    assert Incident.objects.latest("pk").site is not None


def test_a_storm_that_begins_again_after_half_an_hour_has_a_case_of_its_own(cast: Cast) -> None:
    accounts = district(cast.company, 5000)
    storm(accounts)
    first = common(cast.company)
    storm(accounts, at=31 * MINUTE)
    second = common(cast.company)
    first.refresh_from_db()
    assert (first.signal_count, first.joinable) == (10, False)
    assert (second.signal_count, second.joinable) == (10, True)
    assert second.pk != first.pk


def test_openings_that_the_schedule_objects_to_never_share_a_case(cast: Cast) -> None:
    accounts = district(cast.company, 5000)
    for account in accounts:
        site = make_site(cast.company, f"Store {account}", f"7{account}")
        ScheduleMoment.objects.create(
            site=site, kind="may_open", days="1-7", begins=time(13), ends=time(18), tolerance=15
        )
    storm([f"7{account}" for account in accounts], "OP", at=-6 * timedelta(hours=1))
    assert Incident.objects.filter(site__isnull=False).count() == MANY


def test_held_losses_whose_power_comes_back_in_time_are_in_no_case_and_the_day_balances(cast: Cast) -> None:
    accounts = district(cast.company, 5000)
    storm(accounts, "AT")
    storm(accounts[:5], "AR", at=10 * MINUTE)
    while present_held(by=SYSTEM, at=NOON + 31 * MINUTE):
        pass
    assert rules() == {"mains_held": 5, "restored_in_time": 5, "mains_not_restored": MANY - 5}
    assert common(cast.company).signal_count == MANY - 5 - STORM_CASES
    account = account_of(SYSTEM, date(2026, 11, 22))
    assert account is not None
    assert (account.received, account.in_cases, account.automatic, account.balances) == (MANY + 5, MANY - 5, 10, True)


def test_a_storm_costs_the_same_queries_for_two_sites_and_for_fifty(cast: Cast, django_assert_num_queries) -> None:
    accounts = district(cast.company, 5000, 80)
    storm(accounts[:25])
    rings = connection.vendor == "postgresql"  # NOTIFY is a query of its own
    for some in (accounts[25:27], accounts[27:77]):
        for account in some:
            journal(Sent(account=account, code="YT", zone=""))
        admit_signals(new_signals(SYSTEM, 200), by=SYSTEM, at=NOON)
        with django_assert_num_queries(31 + rings):
            treat_waiting(by=SYSTEM, at=NOON)


# Two workers at once


def at_once(*works: Callable[[], object]) -> None:
    """Runs each in a thread with a connection of its own; raises what one of them raises."""
    wrong: list[BaseException] = []

    def one(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as failure:  # noqa: BLE001 told by the test
            wrong.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_two_workers_at_once_treat_each_signal_once_and_open_one_common_case(clean_journal: Path) -> None:
    cast = Cast()
    signals = [journal(Sent(account=a, code="YT", zone="")) for a in district(cast.company, 5000, 60)]
    admit_signals(list(Signal.objects.order_by("pk")), by=SYSTEM, at=NOON)

    def work() -> None:
        idle = 0
        while idle < 3:
            idle = 0 if treat_waiting(by=SYSTEM, at=NOON, limit=7) else idle + 1

    at_once(work, work)
    assert set(Treatment.objects.values_list("fate", flat=True)) == {"in_case"}
    case = Incident.objects.get(site=None)
    placed = sorted(Incident.signals.rel.related_model.objects.values_list("treatment_id", flat=True))
    assert placed == signals
    assert case.signal_count == case.signals.count() == 60 - STORM_CASES
    assert case.signals.filter(is_alarm=True).count() == 1


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="has one writer at a time")
def test_a_restoral_that_is_being_treated_keeps_its_loss_from_being_presented(clean_journal: Path) -> None:
    cast = Cast()
    accounts = district(cast.company, 5000, 2)
    storm(accounts, "AT")
    journal(Sent(account=accounts[0], code="AR", zone="", at=NOON + 29 * MINUTE))
    admit_signals(list(Signal.objects.order_by("pk")), by=SYSTEM, at=NOON)
    with transaction.atomic():
        treat_waiting(by=SYSTEM, at=NOON + 29 * MINUTE)
        at_once(lambda: present_held(by=SYSTEM, at=NOON + 30 * MINUTE))
    assert rules() == {"mains_held": 1, "restored_in_time": 1, "mains_not_restored": 1}
