"""What stands and changes by an import."""

from datetime import date, time

import pytest

from lianjing.core.workbooks.report import as_json
from lianjing.domain.records.models import Record
from lianjing.domain.sites.models import (
    Contact,
    Contract,
    ContractState,
    Customer,
    ScheduleMoment,
    TransmissionPath,
    Zone,
)
from tests.cast import NOON, Cast
from tests.domain.sites.importing.books import counted, errors, sentences, take, with_cell
from tests.domain.sites.importing.whole_file import FULL

pytestmark = pytest.mark.django_db


def test_the_rows_of_a_site_are_its_whole_schedule_and_other_sites_keep_theirs(cast: Cast) -> None:
    ScheduleMoment.objects.create(
        site=cast.shop, kind="must_close", days="daily", begins=time(20), ends=time(6), tolerance=15
    )
    take(cast.company, FULL)
    outcome = take(cast.company, {"schedules": FULL["schedules"][:2]})
    assert counted(outcome) == (0, 0, 1)
    assert [change.what for change in outcome.plan.changes] == ["removed"]
    assert list(ScheduleMoment.objects.order_by("pk").values_list("site__code", "begins")) == [
        ("S1001", time(20)),
        ("S1", time(22)),
    ]
    assert counted(take(cast.company, {"schedules": FULL["schedules"][:2]})) == (0, 0, 1)


def test_neighbours_that_neither_names_any_more_end(cast: Cast) -> None:
    take(cast.company, FULL)
    take(cast.company, with_cell(FULL, "zones", 2, "neighbours", "2"))
    door = Zone.objects.get(panel__account="0012", number="1", address_kind="zone")
    assert [zone.number for zone in door.neighbours.all()] == ["2"]
    take(cast.company, with_cell(FULL, "zones", 2, "neighbours", "-"))
    assert door.neighbours.count() == 0


@pytest.mark.parametrize(
    ("state", "since", "intervals"),
    [
        ("suspended", None, [("in_service", "2026-01-31", "2026-11-21"), ("suspended", "2026-11-22", None)]),
        ("ended", "2026-06-01", [("in_service", "2026-01-31", "2026-05-31"), ("ended", "2026-06-01", None)]),
        ("suspended", "2026-01-31", [("suspended", "2026-01-31", None)]),
        ("in_service", None, [("in_service", "2026-01-31", None)]),
    ],
)
def test_a_contracts_state_changes_from_a_day_on(
    cast: Cast, state: str, since: str | None, intervals: list[tuple[str, str, str | None]]
) -> None:
    take(cast.company, FULL)
    change = {"contracts": [["number", "state", "state_since"], ["H1", state, since]]}
    for _ in range(2):
        assert sentences(take(cast.company, change)) == []
        states = Contract.objects.get(number="H1").states.order_by("starts_on")
        told = [(s.state, str(s.starts_on), str(s.ends_on) if s.ends_on else None) for s in states]
        assert told == intervals


def test_a_state_cannot_begin_before_the_one_that_it_follows(cast: Cast) -> None:
    take(cast.company, FULL)
    change = {"contracts": [["number", "state", "state_since"], ["H1", "ended", "2025-12-31"]]}
    assert errors(take(cast.company, change)) == [("contracts", 2, "state_since")]


@pytest.mark.parametrize(
    ("first", "then", "since", "column", "sentence"),
    [
        ("in_service", "draft", None, "state", "不能从“服务中”变为“草稿”。"),
        ("in_service", "draft", "2026-11-20", "state", "不能从“服务中”变为“草稿”。"),
        ("ended", "in_service", None, "state", "不能从“已终止”变为“服务中”。"),
        ("in_service", "ended", "2030-01-01", "state_since", "日期不能晚于今天。"),
        (
            "in_service",
            "in_service",
            "2026-02-15",
            "state_since",
            "现在的状态从 2026-01-31 开始，这一天不能改：只在变更状态时填写。",
        ),
    ],
)
def test_what_the_page_of_a_contract_refuses_an_import_refuses_too(
    cast: Cast, first: str, then: str, since: str | None, column: str, sentence: str
) -> None:
    take(cast.company, with_cell(FULL, "contracts", 2, "state", first))
    change = {"contracts": [["number", "state", "state_since"], ["H1", then, since]]}
    outcome = take(cast.company, change)
    assert (errors(outcome), sentences(outcome)) == ([("contracts", 2, column)], [sentence])


def test_a_draft_comes_into_service_in_one_import(cast: Cast) -> None:
    take(cast.company, with_cell(FULL, "contracts", 2, "state", "draft"))
    assert sentences(take(cast.company, {"contracts": [["number", "state"], ["H1", "in_service"]]})) == []
    told = Contract.objects.get(number="H1").states.order_by("starts_on").values_list("state", "starts_on")
    assert list(told) == [("draft", date(2026, 1, 31)), ("in_service", date(2026, 11, 22))]


@pytest.mark.parametrize(
    ("starts_on", "since", "begins"),
    [("2026-01-31", None, date(2026, 1, 31)), ("2027-01-01", None, date(2026, 11, 22)), (None, "2026-11-23", None)],
)
def test_no_state_of_a_new_contract_begins_in_the_future(
    cast: Cast, starts_on: str | None, since: str | None, begins: date | None
) -> None:
    new = with_cell(with_cell(FULL, "contracts", 2, "starts_on", starts_on), "contracts", 2, "state_since", since)
    assert errors(take(cast.company, new)) == ([] if begins else [("contracts", 2, "state_since")])
    assert list(ContractState.objects.values_list("starts_on", flat=True)) == ([begins] if begins else [])


def test_ending_a_contract_or_its_term_and_sparing_a_site_are_marked_as_weakening(cast: Cast) -> None:
    sites = [["code", "customer"], ["S1", "C1"], ["S2", "C1"]]
    take(cast.company, {**FULL, "sites": sites, "contracts": [*FULL["contracts"], ["H2", "C1", "in_service"]]})
    head = ["number", "state", "ends_on", "sites", "reason"]
    change = [head, ["H1", "ended", None, None, "客户搬迁"], ["H2", "suspended", "2026-12-31", "S1", None]]
    outcome = take(cast.company, {"contracts": change})
    told = {
        "H1": ["服务终止：所保场所的信号不再建立警情"],
        "H2": [
            "服务期限缩短：到期后入侵等警情不再建立警情",
            "合同不再包括场所 S2",
            "服务暂停：入侵等警情不再建立警情，只有紧急求助、火灾和医疗仍建立",
        ],
    }
    assert {change.key: change.weakens for change in outcome.plan.changes} == told
    records = Record.objects.filter(action="contract.state_changed").order_by("pk")
    assert [record.after["weakens"] for record in records] == list(told.values())
    assert [record.after["reason"] for record in records] == ["客户搬迁", "导入文件 book.xlsx"]
    assert records[0].before == {"state": "in_service", "since": "2026-01-31"}


@pytest.mark.parametrize(("sheet", "key"), [("sites", "S1"), ("contracts", "H1")])
def test_nothing_is_moved_to_another_customer_by_an_import(cast: Cast, sheet: str, key: str) -> None:
    take(cast.company, FULL)
    change = {"customers": [["code"], ["C2"]], sheet: [["number" if sheet == "contracts" else "code", "customer"]]}
    change[sheet].append([key, "C2"])
    outcome = take(cast.company, change)
    assert errors(outcome) == [(sheet, 2, "customer")]
    assert "属于客户 C1（金店），不能改属另一客户" in sentences(outcome)[0]
    assert not Customer.objects.filter(code="C2").exists()


@pytest.mark.parametrize(("area", "column"), [("1", []), ("77", [("schedules", 2, "area")])])
def test_a_schedule_is_for_areas_that_the_panels_of_the_site_have(
    cast: Cast, area: str, column: list[tuple[str, int, str]]
) -> None:
    assert errors(take(cast.company, with_cell(FULL, "schedules", 2, "area", area))) == column
    take(cast.company, FULL)
    alone = {"schedules": with_cell(FULL, "schedules", 2, "area", area)["schedules"]}
    assert errors(take(cast.company, alone)) == column


@pytest.mark.parametrize(
    ("paths", "faults", "hints"),
    [
        ("4g:90,4g:90", 1, 0),
        ("4g:90,5g:90", 0, 1),
        ("4g:90:tcp,5g:90:udp", 0, 0),
        ("wired_ip:SP4:tcp", 0, 0),
        ("wired_ip:180:SP4:tcp:x3", 0, 1),
    ],
)
def test_paths_that_are_doubled_are_at_fault_and_those_that_are_unclear_are_hinted_at(
    cast: Cast, paths: str, faults: int, hints: int
) -> None:
    file = with_cell(FULL, "panels", 2, "paths", paths)
    outcome = take(cast.company, file)
    told = as_json(outcome, dry_run=False)
    assert (len(told["errors"]), [(h["sheet"], h["row"], h["column"]) for h in told["hints"]]) == (
        faults,
        [("panels", 2, "paths")] * hints,
    )
    assert faults or counted(take(cast.company, file)) == (0, 0, 14)


def test_a_dash_empties_the_principle(cast: Cast) -> None:
    take(cast.company, FULL)
    assert sentences(take(cast.company, with_cell(FULL, "zones", 2, "principle", "-"))) == []
    assert Zone.objects.get(name="前门").principle == ""


def test_a_contact_is_found_by_order_or_by_name_and_a_new_number_is_unverified(cast: Cast) -> None:
    take(cast.company, FULL)
    Contact.objects.filter(site__code="S1").update(verified_on=date(2026, 1, 1))
    rows = [["site", "order", "name", "phone"], ["S1", None, "李丽娟", "0575-88888888"], ["S1", None, "新人", "110"]]
    assert counted(take(cast.company, {"contacts": rows})) == (1, 1, 0)
    told = Contact.objects.filter(site__code="S1").order_by("place").values_list("place", "name", "verified_on")
    assert list(told) == [(1, "王建国", date(2026, 1, 1)), (2, "李丽娟", None), (3, "新人", None)]
    assert counted(take(cast.company, {"contacts": rows})) == (0, 0, 2)


def test_a_changed_path_keeps_when_it_was_heard(cast: Cast) -> None:
    take(cast.company, FULL)
    TransmissionPath.objects.filter(kind="4g").update(last_heard_at=NOON)
    take(cast.company, {"panels": [["account", "paths"], ["0012", "4g:300,wired_ip:90:tcp,nb_iot"]]})
    told = TransmissionPath.objects.order_by("place").values_list("place", "kind", "interval_s", "last_heard_at")
    assert list(told) == [(1, "4g", 300, NOON), (2, "wired_ip", 90, None), (3, "nb_iot", None, None)]


def test_a_protected_kind_counts_round_the_clock_and_a_disabled_zone_cannot_become_one(cast: Cast) -> None:
    take(cast.company, FULL)
    take(cast.company, {"zones": [["panel", "number", "kind"], ["0012", "2", "fire"]]})
    assert Zone.objects.get(panel__account="0012", number="2", address_kind="zone").always_on
    take(cast.company, {"zones": [["panel", "number", "disabled"], ["0012", "1", "是"]]})
    outcome = take(cast.company, {"zones": [["panel", "number", "kind"], ["0012", "1", "hold_up"]]})
    assert errors(outcome) == [("zones", 2, "kind")]
