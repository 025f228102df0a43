"""Contracts: their states in time, how many 户 are in service, and how long they are kept."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.core.refusals import Missing, Refused
from lianjing.core.scans import scan_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.records.models import Record
from lianjing.domain.sites.actions.contracts import (
    Beginning,
    add_contract,
    change_contract,
    keep_scan,
    remove_contract,
    set_contract_state,
)
from lianjing.domain.sites.contract_list import kept_scan
from lianjing.domain.sites.contract_policy import NEXT, Span, Term, known_since, removal_refusal, turn_to
from lianjing.domain.sites.in_service import InService, customers_in_service
from lianjing.domain.sites.models import Contract, Customer, Site
from tests.cast import NOON, Cast

TODAY = date(2026, 11, 22)
PDF = b"%PDF-1.7\nscan\n%%EOF\n"


def years_ago(years: int) -> date:
    return TODAY.replace(year=TODAY.year - years)


A_YEAR_AGO = years_ago(1)


@pytest.fixture
def does(cast: Cast) -> dict[str, Any]:
    """Mia, the manager, at noon."""
    return {"by": cast.viewer("mia"), "at": NOON, "source": "test"}


def contract_of(
    customer: Customer,
    does: Mapping[str, Any],
    number: str = "HT-1",
    state: str = "in_service",
    since: date = A_YEAR_AGO,
    sites: tuple[int, ...] = (),
    **values: Any,
) -> Contract:
    return add_contract(customer.pk, {"number": number, **values}, Beginning(state, since), sites, **does)


def spans(contract: Contract) -> list[tuple[str, date, date | None]]:
    return list(contract.states.order_by("starts_on").values_list("state", "starts_on", "ends_on"))


# States


def test_a_new_state_ends_the_one_before_on_the_day_before(cast: Cast, does: dict[str, Any]) -> None:
    contract = contract_of(cast.shop.customer, does)
    set_contract_state(contract.pk, "suspended", TODAY - timedelta(days=3), "装修", **does)
    set_contract_state(contract.pk, "in_service", TODAY, "", **does)
    assert spans(contract) == [
        ("in_service", years_ago(1), date(2026, 11, 18)),
        ("suspended", date(2026, 11, 19), date(2026, 11, 21)),
        ("in_service", TODAY, None),
    ]


def test_a_second_change_on_one_day_replaces_the_first(cast: Cast, does: dict[str, Any]) -> None:
    contract = contract_of(cast.shop.customer, does, state="draft", since=TODAY)
    set_contract_state(contract.pk, "signed", TODAY, "", **does)
    set_contract_state(contract.pk, "in_service", TODAY, "", **does)
    contract.refresh_from_db()
    assert (spans(contract), contract.signed_on) == ([("in_service", TODAY, None)], TODAY)


def test_a_contract_lives_in_one_direction_and_ended_stays_ended() -> None:
    assert {(old.value, new.value) for old, allowed in NEXT.items() for new in allowed} == {
        ("draft", "signed"),
        ("signed", "in_service"),
        ("signed", "ended"),
        ("in_service", "suspended"),
        ("in_service", "ended"),
        ("suspended", "in_service"),
        ("suspended", "ended"),
    }


@pytest.mark.parametrize(
    ("wanted", "since", "field"),
    [
        ("signed", TODAY, "state"),
        ("ended", TODAY + timedelta(days=1), "since"),
        ("ended", TODAY - timedelta(days=11), "since"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(wanted: str, since: date, field: str) -> None:
    present = Span("in_service", TODAY - timedelta(days=10), None)
    with pytest.raises(Refused) as refused:
        turn_to(wanted, since, present, TODAY)
    assert refused.value.field == field


def test_suspending_needs_a_reason_and_is_marked_as_weakening(cast: Cast, does: dict[str, Any]) -> None:
    contract = contract_of(cast.shop.customer, does)
    with pytest.raises(Refused, match="请写明理由"):
        set_contract_state(contract.pk, "suspended", TODAY, " ", **does)
    set_contract_state(contract.pk, "suspended", TODAY, "装修", **does)
    record = Record.objects.get(action="contract.state_changed")
    assert record.before == {"state": "in_service", "since": "2025-11-22"}
    assert record.after == {
        "state": "suspended",
        "since": "2026-11-22",
        "reason": "装修",
        "weakens": ["服务暂停：入侵等警情不再建立警情，只有紧急求助、火灾和医疗仍建立"],
    }


@pytest.mark.parametrize(
    ("state", "term", "known"),
    [
        ("ended", Term(A_YEAR_AGO), False),
        ("suspended", Term(A_YEAR_AGO), False),
        ("in_service", Term(A_YEAR_AGO), True),
        ("ended", Term(), True),
        ("ended", Term(years_ago(2)), True),
    ],
)
def test_a_state_that_began_with_its_contract_does_not_tell_when_the_service_ended(
    state: str, term: Term, known: bool
) -> None:
    assert known_since(state, A_YEAR_AGO, term) == (A_YEAR_AGO if known else None)


def test_a_contract_that_is_entered_as_ended_is_marked_as_weakening(cast: Cast, does: dict[str, Any]) -> None:
    contract_of(cast.shop.customer, does, state="ended")
    record = Record.objects.get(action="contract.added")
    assert record.after["weakens"] == ["服务终止：所保场所的信号不再建立警情"]


def test_a_site_that_a_contract_covers_no_longer_is_told_as_weakening(cast: Cast, does: dict[str, Any]) -> None:
    second = Site.objects.create(company=cast.company, customer=cast.shop.customer, code="S-2", name="Second Shop")
    contract = contract_of(cast.shop.customer, does)
    change_contract(contract.pk, {}, [cast.shop.pk], **does)
    change_contract(contract.pk, {}, [cast.shop.pk, second.pk], **does)
    told = Record.objects.filter(action="contract.changed").order_by("pk")
    assert [record.after.get("weakens") for record in told] == [["合同不再包括场所 S-2"], None]


def test_a_site_that_comes_under_an_ended_contract_is_told_as_weakening(cast: Cast, does: dict[str, Any]) -> None:
    Site.objects.create(company=cast.company, customer=cast.shop.customer, code="S-2", name="Second Shop")
    contract = contract_of(cast.shop.customer, does, state="ended", sites=(cast.shop.pk,))
    change_contract(contract.pk, {}, [], **does)
    record = Record.objects.get(action="contract.changed")
    assert record.after["weakens"] == ["已终止的合同新包括场所 S-2"]


# 户 in service


def test_in_service_is_counted_by_each_unit_in_three_queries(cast: Cast, does: dict[str, Any]) -> None:
    shop, bank = cast.shop.customer, cast.bank.customer
    second = Site.objects.create(company=cast.company, customer=shop, code="S-2", name="Second Shop")
    contract_of(shop, does, "HT-1", sites=(cast.shop.pk,))
    contract_of(shop, does, "HT-2", sites=(second.pk, cast.shop.pk))
    contract_of(bank, does, "HT-3")
    mia = cast.viewer("mia")
    with CaptureQueriesContext(connection) as asked:
        found = customers_in_service(mia, cast.company.pk, TODAY)
    assert (len(asked), found) == (3, InService("contract", contracts=3, customers=2, sites=3))
    assert found is not None
    assert found.counted == 3


@pytest.mark.parametrize(("unit", "counted"), [("contract", 2), ("customer", 1), ("site", 1)])
def test_what_counts_as_one_is_the_companys_choice(cast: Cast, does: dict[str, Any], unit: str, counted: int) -> None:
    cast.company.counted_unit = unit
    cast.company.save()
    contract_of(cast.shop.customer, does, "HT-1")
    contract_of(cast.shop.customer, does, "HT-2")
    found = customers_in_service(cast.viewer("mia"), cast.company.pk, TODAY)
    assert found is not None
    assert found.counted == counted


@pytest.mark.parametrize(
    ("state", "starts_on", "ends_on", "counts"),
    [
        ("in_service", None, None, 1),
        ("in_service", TODAY, TODAY, 1),
        ("in_service", TODAY + timedelta(days=1), None, 0),
        ("in_service", years_ago(1), TODAY - timedelta(days=1), 0),
        ("suspended", None, None, 0),
        ("signed", None, None, 0),
        ("draft", None, None, 0),
        ("ended", None, None, 0),
    ],
)
def test_only_the_state_in_service_within_the_term_counts(
    cast: Cast, does: dict[str, Any], state: str, starts_on: date | None, ends_on: date | None, counts: int
) -> None:
    contract_of(cast.shop.customer, does, state=state, starts_on=starts_on, ends_on=ends_on)
    found = customers_in_service(cast.viewer("mia"), cast.company.pk, TODAY)
    assert found is not None
    assert (found.contracts, found.customers, found.sites) == (counts, counts, counts)


def test_a_past_day_is_counted_as_it_stood(cast: Cast, does: dict[str, Any]) -> None:
    contract = contract_of(cast.shop.customer, does)
    set_contract_state(contract.pk, "ended", TODAY, "搬迁", **does)
    days = (years_ago(1) - timedelta(days=1), years_ago(1), TODAY - timedelta(days=1), TODAY)
    counted = [customers_in_service(cast.viewer("mia"), cast.company.pk, day) for day in days]
    assert [found.counted for found in counted if found] == [0, 1, 1, 0]


def test_a_stranger_counts_nothing(cast: Cast) -> None:
    assert customers_in_service(cast.viewer("sam"), cast.company.pk, TODAY) is None
    assert customers_in_service(cast.viewer("olivia"), cast.company.pk, TODAY) is None


# Values


def test_only_changed_fields_are_recorded_and_a_shorter_term_weakens(cast: Cast, does: dict[str, Any]) -> None:
    contract = contract_of(cast.shop.customer, does, ends_on=date(2027, 11, 21), service_items="入侵报警")
    change_contract(contract.pk, {"ends_on": date(2026, 12, 31), "service_items": "入侵报警"}, **does)
    record = Record.objects.get(action="contract.changed")
    assert record.before == {"ends_on": "2027-11-21"}
    assert record.after == {"ends_on": "2026-12-31", "weakens": ["服务期限缩短：到期后入侵等警情不再建立警情"]}
    change_contract(contract.pk, {"ends_on": date(2026, 12, 31)}, **does)
    assert Record.objects.filter(action="contract.changed").count() == 1


def test_a_number_that_is_there_and_a_term_that_ends_before_it_begins_are_refused(
    cast: Cast, does: dict[str, Any]
) -> None:
    contract_of(cast.shop.customer, does)
    with pytest.raises(Refused, match="合同编号 HT-1 已经有了"):
        contract_of(cast.bank.customer, does)
    with pytest.raises(Refused, match="到期日早于起始日"):
        contract_of(cast.bank.customer, does, "HT-2", starts_on=TODAY, ends_on=years_ago(1))
    assert Contract.objects.count() == 1


def test_a_contract_covers_only_sites_of_its_customer(cast: Cast, does: dict[str, Any]) -> None:
    with pytest.raises(Missing):
        contract_of(cast.shop.customer, does, sites=(cast.bank.pk,))
    assert not Contract.objects.exists()


def test_who_may(cast: Cast, does: dict[str, Any]) -> None:
    contract = contract_of(cast.shop.customer, does)
    for name, refusal in (("leo", Forbidden), ("polly", Forbidden), ("olivia", Missing), ("sam", Missing)):
        with pytest.raises(refusal):
            change_contract(contract.pk, {"fee": 1}, by=cast.viewer(name), at=NOON)


# Removal


@pytest.mark.parametrize(
    ("told", "signed_on", "may"),
    [
        ([Span("draft", TODAY, None)], None, True),
        ([Span("draft", TODAY, None)], TODAY, False),
        ([Span("in_service", years_ago(9), None)], None, False),
        ([Span("in_service", years_ago(9), years_ago(2)), Span("ended", years_ago(2), None)], None, True),
        ([Span("ended", years_ago(2) + timedelta(days=1), None)], None, False),
    ],
)
def test_only_unsigned_drafts_and_what_ended_two_years_ago_may_go(
    told: list[Span], signed_on: date | None, may: bool
) -> None:
    assert (removal_refusal(told, signed_on, TODAY) is None) is may


@pytest.mark.parametrize(
    ("ends_on", "may"), [(None, False), (years_ago(2), True), (years_ago(2) + timedelta(days=1), False)]
)
def test_what_came_as_ended_is_kept_from_the_end_of_its_term(ends_on: date | None, may: bool) -> None:
    told = [Span("ended", years_ago(5), None)]
    assert (removal_refusal(told, years_ago(5), TODAY, Term(years_ago(5), ends_on)) is None) is may


def test_what_is_removed_stays_in_the_records(cast: Cast, does: dict[str, Any]) -> None:
    contract = contract_of(cast.shop.customer, does, state="draft", since=TODAY)
    remove_contract(contract.pk, **does)
    record = Record.objects.get(action="contract.removed")
    assert record.before is not None
    assert (record.before["number"], record.before["states"]) == ("HT-1", [["draft", "2026-11-22"]])
    assert not Contract.objects.exists()


# Scans


def test_a_scan_is_known_by_its_content_and_its_hash(cast: Cast, does: dict[str, Any]) -> None:
    contract = keep_scan(contract_of(cast.shop.customer, does).pk, scan_of(PDF), **does)
    kept = kept_scan(cast.viewer("polly"), contract)
    assert kept is not None
    assert (kept.content, kept.content_type, kept.unaltered) == (PDF, "application/pdf", True)
    (settings.MEDIA_ROOT / contract.scan.name).write_bytes(b"%PDF-1.7 other %%EOF")
    altered = kept_scan(cast.viewer("polly"), contract)
    assert altered is not None
    assert not altered.unaltered
    assert kept_scan(cast.viewer("olivia"), contract) is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空的"),
        (b"MZ\x90\x00", "只能是 PDF、PNG 或 JPEG"),
        (b"<script>alert(1)</script>", "只能是 PDF、PNG 或 JPEG"),
        (b"GIF89a" + b"\0" * 40, "只能是 PDF、PNG 或 JPEG"),
        (b"%PDF-1.7 cut off", "PDF 不完整"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "PNG 或 JPEG|已损坏"),
        (b"%PDF-" + b"\0" * (10 * 1024 * 1024), "超过 10 MB"),
    ],
)
def test_what_is_no_scan_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        scan_of(content)
