"""What was known of contracts when: with `known` fixed the number of customers of a day never changes."""

from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianjing.core.refusals import Refused
from lianjing.core.scans import scan_of
from lianjing.core.workbooks.planning import File
from lianjing.domain.companies.actions import set_counted_unit
from lianjing.domain.companies.models import Company, CompanySetting
from lianjing.domain.companies.recording import set_manager_years
from lianjing.domain.companies.settings_known import settings_at
from lianjing.domain.sites.actions.contracts import (
    Beginning,
    add_contract,
    change_contract,
    keep_scan,
    remove_contract,
    set_contract_state,
)
from lianjing.domain.sites.actions.sites import add_site
from lianjing.domain.sites.importing.actions import import_file
from lianjing.domain.sites.in_service import InService, customers_in_service
from lianjing.domain.sites.models import Contract, ContractSpan, Site
from lianjing.domain.sites.service import contracts_of_sites
from lianjing.terms.premises import CustomerUnit
from tests.cast import NOON, Cast

TODAY = date(2026, 11, 22)
DAYS = tuple(TODAY + timedelta(days=days) for days in (-400, -200, -40, -5, 0))
STEP = timedelta(minutes=10)


def who(cast: Cast, at: datetime = NOON) -> dict[str, Any]:
    return {"by": cast.viewer("mia"), "at": at}


def served(cast: Cast, on: date = TODAY, known: datetime | None = None) -> InService | None:
    return customers_in_service(cast.viewer("mia"), cast.company.pk, on, known)


def all_days(cast: Cast, known: datetime | None = None) -> list[InService | None]:
    return [served(cast, day, known) for day in DAYS]


# Every act in any order


class Acts:
    """Acts on contracts at one moment; `place` chooses which contract, day or state."""

    def __init__(self, cast: Cast, at: datetime, place: int) -> None:
        self.cast, self.place, self.does = cast, place, who(cast, at)
        self.day = DAYS[place % len(DAYS)]

    def some(self) -> int:
        ids = list(Contract.objects.order_by("pk").values_list("pk", flat=True))
        return ids[self.place % len(ids)]

    def add_contract(self) -> None:
        customer = (self.cast.shop, self.cast.bank)[self.place % 2].customer
        sites = list(customer.sites.values_list("pk", flat=True)) if self.place % 3 else []
        values = {"number": f"N{self.does['at']:%d%H%M}", "starts_on": self.day}
        add_contract(customer.pk, values, Beginning("in_service", self.day), sites, **self.does)

    def change_term(self) -> None:
        change_contract(self.some(), {"starts_on": DAYS[0], "ends_on": self.day}, **self.does)

    def change_sites(self) -> None:
        contract = Contract.objects.get(pk=self.some())
        sites = list(contract.customer.sites.values_list("pk", flat=True))
        change_contract(contract.pk, {}, sites[: self.place % 2], **self.does)

    def suspend(self) -> None:
        set_contract_state(self.some(), "suspended", self.day, "装修", **self.does)

    def resume(self) -> None:
        set_contract_state(self.some(), "in_service", self.day, "", **self.does)

    def end(self) -> None:
        set_contract_state(self.some(), "ended", self.day, "退租", **self.does)

    def scan(self) -> None:
        keep_scan(self.some(), scan_of(b"%PDF-1.7\nscan\n%%EOF\n"), **self.does)

    def remove(self) -> None:
        remove_contract(self.some(), **self.does)

    def add_site(self) -> None:
        code = f"S{self.does['at']:%d%H%M}"
        add_site(self.cast.shop.customer_id, {"code": code, "name": code, "kind": "shop"}, **self.does)

    def count_by(self) -> None:
        set_counted_unit(self.cast.company.pk, list(CustomerUnit)[self.place % 3], **self.does)

    def imported(self) -> None:
        state = ("服务中", "暂停", "已终止")[self.place % 3]
        told = ("K1", self.cast.shop.customer.code, "2025-01-01", str(self.day), state)
        rows = f"合同编号,客户编号,起始日期,终止日期,状态\n{','.join(told)}\n"
        outcome = import_file(File("contracts.csv", rows.encode()), self.cast.company.pk, **self.does)
        assert outcome.applied or Contract.objects.filter(number="K1").exists(), outcome.plan.faults


NAMES = sorted(name for name in vars(Acts) if not name.startswith("_") and name != "some")
STEPS = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 29)), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_with_known_fixed_no_act_on_contracts_changes_the_count_of_any_day(
    cast: Cast, steps: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        Acts(cast, NOON, 4).add_contract()
        Acts(cast, NOON + STEP / 2, 3).add_contract()
        answers = {}
        for number, (name, place) in enumerate(steps, 1):
            at = NOON + STEP * number
            try:
                with transaction.atomic():
                    getattr(Acts(cast, at, place), name)()
            except Refused:
                continue
            answers[at] = all_days(cast)
            assert all_days(cast, at) == answers[at]
        assert {at: all_days(cast, at) for at in answers} == answers
        transaction.set_rollback(True)


# One by one


def test_a_contract_that_is_entered_late_counts_by_what_is_known_since(cast: Cast) -> None:
    Acts(cast, NOON, 0).add_contract()
    assert [served(cast, DAYS[2], known) for known in (NOON - STEP, NOON, None)] == [
        InService("contract", 0, 0, 0),
        InService("contract", 1, 1, 1),
        InService("contract", 1, 1, 1),
    ]


def test_removing_a_contract_leaves_the_days_on_which_it_served(cast: Cast) -> None:
    begun, ended, served_on = date(2020, 1, 1), TODAY - timedelta(days=800), date(2023, 1, 1)
    told = {"number": "HT-1", "starts_on": begun}
    customer = cast.shop.customer_id
    contract = add_contract(customer, told, Beginning("in_service", begun), **who(cast))
    set_contract_state(contract.pk, "ended", ended, "退租", **who(cast))
    before = served(cast, served_on)
    remove_contract(contract.pk, **who(cast, NOON + STEP))
    assert before == InService("contract", 1, 1, 1)
    assert [served(cast, served_on, known) for known in (None, NOON, NOON + STEP)] == [before] * 3
    assert not Contract.objects.exists()
    assert contracts_of_sites(cast.viewer("mia"), [cast.shop.pk], TODAY) == {}
    add_contract(customer, told, Beginning("in_service", begun), **who(cast))
    assert Contract.objects.count() == 1


def test_what_does_not_change_keeps_its_time(cast: Cast) -> None:
    Acts(cast, NOON, 0).add_contract()
    change_contract(Contract.objects.get().pk, {"service_items": "联网报警"}, **who(cast, NOON + STEP))
    assert list(ContractSpan.objects.values_list("recorded_at", "retracted_at")) == [(NOON, None)]


@pytest.mark.parametrize("count", [1, 12])
def test_counting_as_known_takes_the_same_queries_however_many_contracts(cast: Cast, count: int) -> None:
    for number in range(count):
        Acts(cast, NOON + timedelta(minutes=number), 0).add_contract()
    with CaptureQueriesContext(connection) as asked:
        found = served(cast, TODAY, NOON + timedelta(hours=1))
    assert found == InService("contract", count, 1, 1)
    assert len(asked) == 5


def test_strangers_get_no_figures_as_known_either(cast: Cast) -> None:
    for name in ("sam", "olivia"):
        assert customers_in_service(cast.viewer(name), cast.company.pk, TODAY, NOON) is None


def test_settings_are_as_they_were_set_at_the_time(cast: Cast) -> None:
    set_manager_years(cast.company.pk, 3, "某省办事指南", **who(cast))
    set_counted_unit(cast.company.pk, CustomerUnit.SITE, **who(cast, NOON + STEP))
    set_manager_years(cast.company.pk, 0, "", **who(cast, NOON + 2 * STEP))
    company = Company.objects.get(pk=cast.company.pk)
    told = [settings_at(company, at) for at in (NOON - STEP, NOON, NOON + STEP, NOON + 2 * STEP, None)]
    assert [(one.unit.value, one.years, one.origin) for one in told] == [
        ("contract", 5, ""),
        ("contract", 3, "某省办事指南"),
        ("site", 3, "某省办事指南"),
        ("site", 0, ""),
        ("site", 0, ""),
    ]


# What stood before these times were kept


def test_contracts_and_settings_of_before_get_the_times_of_their_records(cast: Cast) -> None:
    Acts(cast, NOON - STEP, 0).add_contract()
    Acts(cast, NOON, 3).suspend()
    set_manager_years(cast.company.pk, 3, "某省办事指南", **who(cast, NOON - STEP))
    set_counted_unit(cast.company.pk, CustomerUnit.SITE, **who(cast))
    company = Company.objects.get(pk=cast.company.pk)
    times = (NOON - 2 * STEP, NOON - STEP, NOON, None)
    had = [all_days(cast, at) for at in times], [settings_at(company, at) for at in times]
    ContractSpan.objects.all().delete()
    CompanySetting.objects.all().delete()
    Site.objects.update(added_at=None)
    import_module("lianjing.domain.sites.migrations.0009_spans_on_file").keep(apps, None)
    import_module("lianjing.domain.companies.migrations.0007_settings_on_file").keep(apps, None)
    assert ([all_days(cast, at) for at in times], [settings_at(company, at) for at in times]) == had
