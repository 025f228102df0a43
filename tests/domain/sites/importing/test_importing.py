"""What importing a file makes of a company, and what a file with anything wrong in it leaves alone."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password

from lianjing.core.viewer import Forbidden
from lianjing.domain.records.models import Record
from lianjing.domain.sites.actions.customers import add_customer
from lianjing.domain.sites.importing.actions import File
from lianjing.domain.sites.importing.report import as_json
from lianjing.domain.sites.models import (
    Area,
    Contact,
    Contract,
    ContractState,
    Customer,
    Panel,
    ScheduleMoment,
    Site,
    TransmissionPath,
    Zone,
)
from tests.cast import NOON, Cast
from tests.domain.sites.importing.books import (
    SHOP,
    counted,
    csv_file,
    errors,
    look,
    sentences,
    take,
    with_cell,
    workbook,
)

pytestmark = pytest.mark.django_db

KEY = "00112233445566778899AABBCCDDEEFF"
FULL = {
    **SHOP,
    "contracts": [
        ["number", "customer", "state", "starts_on", "ends_on", "fee", "sites"],
        ["H1", "C1", "服务中", "2026-01-31", date(2027, 1, 30), 1200.5, "S1"],
    ],
    "panels": [
        ["account", "site", "protocol", "key", "paths", "test_interval", "backup_of"],
        ["0012", "S1", "dc09", KEY, "wired_ip:90:tcp,4g:300", "24h", None],
        ["0013", "S1", None, None, None, None, "0012"],
    ],
    "zones": [
        ["panel", "number", "name", "kind", "principle", "always_on", "neighbours", "area"],
        ["0012", "001", "前门", "intrusion", "磁开关", "否", "2，0013/1", 1],
        ["0012", 2, "大堂", "入侵", "pir", False, None, 1],
        ["0012", 3, "柜台按钮", "hold_up", "button", "是", None, None],
        ["0013", 1, "库房", None, "smoke", None, None, None],
    ],
    "users": [["panel", "number", "name"], ["0012", "01", "店长"]],
    "contacts": [
        ["site", "order", "name", "role", "phone", "pass_word", "duress_word", "reachable_from", "reachable_until"],
        ["S1", 1, "王建国", "店长", "13800138000", "蓝天", "红云", "08:00", time(22, 0)],
        ["S1", None, "李丽娟", None, 13900139000, None, None, None, None],
    ],
    "schedules": [
        ["site", "kind", "days", "begins", "ends", "tolerance"],
        ["S1", "应布防", "daily", "22:00", "06:00", 15],
        ["S1", "must_open", "workday", "08:00", "09:30", None],
    ],
}


def table() -> dict[str, int]:
    models = (Customer, Contract, Site, Panel, TransmissionPath, Area, Zone, Contact, ScheduleMoment, Record)
    return {model.__name__: model.objects.count() for model in models}


# All of it


def test_a_workbook_becomes_customers_sites_and_everything_installed(cast: Cast) -> None:
    outcome = take(cast.company, FULL)
    assert (sentences(outcome), counted(outcome)) == ([], (14, 0, 0))
    site = Site.objects.get(code="S1")
    assert (site.customer.name, site.kind, site.initials) == ("金店", "shop", "jfljd")
    panel, backup = Panel.objects.filter(site=site).order_by("account")
    assert (panel.account, panel.listener, panel.test_interval, panel.added_at) == ("0012", "dc09", 1440, NOON)
    assert backup.backup_of == panel
    assert panel.activated_at is None
    assert [(p.kind, p.interval_s, p.transport) for p in panel.paths.order_by("place")] == [
        ("wired_ip", 90, "tcp"),
        ("4g", 300, ""),
    ]
    door, hall, button = Zone.objects.filter(panel=panel, address_kind="zone").order_by("number")
    assert {str(zone) for zone in door.neighbours.all()} == {str(hall), "1 库房"}
    assert door in hall.neighbours.all()
    assert (button.kind, button.always_on) == ("hold_up", True)
    assert [area.number for area in panel.areas.all()] == ["1"]
    store = Zone.objects.get(panel=backup)
    assert (store.kind, store.always_on) == ("fire", True)
    first, second = Contact.objects.filter(site=site).order_by("place")
    assert (second.place, second.name, second.phone) == (2, "李丽娟", "13900139000")
    assert check_password("蓝天", first.pass_word)
    assert check_password("红云", first.duress_word)
    contract = Contract.objects.get(number="H1")
    assert (contract.fee, contract.ends_on, list(contract.sites.all())) == (
        Decimal("1200.50"),
        date(2027, 1, 30),
        [site],
    )
    assert [(s.state, s.starts_on, s.ends_on) for s in contract.states.all()] == [
        ("in_service", date(2026, 1, 31), None)
    ]
    assert list(ScheduleMoment.objects.order_by("pk").values_list("kind", "days", "tolerance")) == [
        ("must_close", "daily", 15),
        ("must_open", "workday", 15),
    ]
    assert sorted(outcome.new_panel_ids) == sorted([panel.pk, backup.pk])


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    take(cast.company, FULL)
    before = table()
    assert counted(take(cast.company, FULL)) == (0, 0, 14)
    assert table() == before


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(cast: Cast) -> None:
    before = table()
    outcome = look(cast.company, FULL)
    told = as_json(outcome, dry_run=True)
    assert (told["created"], told["changed"], told["unchanged"], told["errors"]) == (14, 0, 0, [])
    assert told["sheets"]["zones"] == {
        "rows": 4,
        "created": 4,
        "changed": 0,
        "unchanged": 0,
        "removed": 0,
        "errors": 0,
    }
    assert table() == before


def test_an_empty_cell_or_a_missing_column_leaves_what_stands(cast: Cast) -> None:
    take(cast.company, FULL)
    partly = {
        "sites": [["code", "address", "name"], ["S1", "解放北路 288 号", None]],
        "zones": [["panel", "number", "name", "principle"], ["0012", "1", None, "vibration"]],
    }
    outcome = take(cast.company, partly)
    assert (counted(outcome), sentences(outcome)) == ((0, 2, 0), [])
    site = Site.objects.get(code="S1")
    assert (site.name, site.address) == ("解放路金店", "解放北路 288 号")
    zone = Zone.objects.get(panel__account="0012", number="1", address_kind="zone")
    assert (zone.name, zone.principle, zone.neighbours.count()) == ("前门", "vibration", 2)


def test_only_the_key_column_is_needed_where_the_rest_can_be_told(cast: Cast) -> None:
    outcome = take(cast.company, {"customers": [["code"], ["C7"]]})
    assert counted(outcome) == (1, 0, 0)
    assert Customer.objects.get(code="C7").name == "C7"


def test_a_csv_file_is_one_sheet(cast: Cast) -> None:
    file = File("customers.csv", csv_file([["客户编号 code", "名称 name"], ["C7", "茶馆"]], "gb18030"))
    assert counted(take(cast.company, file)) == (1, 0, 0)
    assert Customer.objects.get(code="C7").name == "茶馆"


# Records


def test_each_change_is_sealed_with_before_and_after_and_says_what_weakens(cast: Cast) -> None:
    take(cast.company, FULL)
    Record.objects.all().delete()
    changes = {
        "panels": [["account", "test_interval", "paths"], ["0012", "48h", "4g:600"]],
        "zones": [["panel", "number", "disabled"], ["0012", "1", "是"]],
    }
    take(cast.company, changes)
    told = {record.action: (record.before, record.after) for record in Record.objects.all()}
    before, after = told["panel.changed"]
    assert (before["test_interval"], after["test_interval"]) == (1440, 2880)
    assert after["weakens"] == [
        "测试间隔由 1 天 改为 2 天",
        "移除路径 有线 IP（TCP）",
        "路径 4G 的监督间隔由 5 分钟 改为 10 分钟",
    ]
    assert told["zone.changed"] == (
        {"disabled": False},
        {"disabled": True, "weakens": ["防区 1（前门）停用"]},
    )
    assert told["workbook.imported"][1]["changed"] == 2


def test_no_key_pass_word_or_phone_number_stands_in_a_record_or_report(cast: Cast) -> None:
    outcome = take(cast.company, FULL)
    told = str([(r.before, r.after) for r in Record.objects.all()]) + str(as_json(outcome, dry_run=False))
    for secret in (KEY, KEY.lower(), "蓝天", "红云", "13800138000"):
        assert secret not in told
    panel = Panel.objects.get(account="0012")
    assert panel.key_sealed
    assert KEY.lower() not in panel.key_sealed


# One broken cell, one error


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value"),
    [
        ("customers", 2, "code", None),
        ("customers", 2, "code", "C" * 33),
        ("customers", 2, "kind", "castle"),
        ("sites", 2, "code", None),
        ("sites", 2, "customer", "C9"),
        ("sites", 2, "customer", None),
        ("sites", 2, "longitude", "east"),
        ("sites", 2, "division", "999999"),
        ("sites", 2, "name", "名" * 101),
        ("panels", 2, "account", None),
        ("panels", 2, "account", "00 12"),
        ("panels", 2, "site", "S9"),
        ("panels", 2, "protocol", "morse"),
        ("panels", 2, "key", "short"),
        ("panels", 2, "paths", "pigeon:90"),
        ("panels", 2, "test_interval", "soon"),
        ("zones", 3, "panel", "4711"),
        ("zones", 3, "number", None),
        ("zones", 3, "kind", "moat"),
        ("zones", 2, "always_on", "perhaps"),
        ("zones", 2, "neighbours", "9"),
        ("zones", 2, "neighbours", "1"),
        ("zones", 4, "always_on", "否"),
        ("zones", 4, "disabled", "是"),
        ("contracts", 2, "customer", "C9"),
        ("contracts", 2, "state", "forgotten"),
        ("contracts", 2, "ends_on", "2025-01-01"),
        ("contracts", 2, "fee", "much"),
        ("contracts", 2, "sites", "S9"),
        ("contacts", 2, "site", "S9"),
        ("contacts", 2, "order", "first"),
        ("contacts", 2, "phone", "call me"),
        ("contacts", 2, "duress_word", "蓝天"),
        ("schedules", 2, "begins", "25:00"),
        ("schedules", 2, "days", "someday"),
        ("schedules", 2, "kind", "siesta"),
        ("schedules", 2, "ends", None),
    ],
)
def test_one_broken_cell_is_one_error_and_nothing_is_written(
    cast: Cast, sheet: str, row: int, column: str, value: Any
) -> None:
    before = table()
    outcome = take(cast.company, with_cell(FULL, sheet, row, column, value))
    assert (errors(outcome), outcome.applied) == ([(sheet, row, column)], False), sentences(outcome)
    assert table() == before


def test_two_broken_cells_are_two_errors(cast: Cast) -> None:
    twice = with_cell(with_cell(FULL, "zones", 2, "kind", "moat"), "sites", 2, "latitude", "north")
    assert errors(take(cast.company, twice)) == [("sites", 2, "latitude"), ("zones", 2, "kind")]


def test_a_column_that_a_new_thing_needs_is_missed_once(cast: Cast) -> None:
    many = {"sites": [["code", "name"], *([f"S{n}", f"店 {n}"] for n in range(5))]}
    outcome = take(cast.company, many)
    assert errors(outcome) == [("sites", 2, "customer")]
    assert "新登记的 5 行" in sentences(outcome)[0]


def test_a_misspelt_column_or_sheet_is_one_error_whatever_hangs_on_it(cast: Cast) -> None:
    misspelt = {**FULL, "sites": [["code", "custmer", "name"], ["S1", "C1", "解放路金店"]]}
    assert errors(take(cast.company, misspelt)) == [("sites", 1, "custmer")]
    renamed = {("panelz" if key == "panels" else key): rows for key, rows in FULL.items()}
    renamed["panelz"] = with_cell(renamed, "panelz", 2, "colour", "red")["panelz"]
    assert errors(take(cast.company, renamed)) == [("panelz", None, None)]


# What cannot be


@pytest.mark.parametrize(
    ("sheet", "row", "found", "said"),
    [
        ("customers", ["C1", "另一家", "shop"], "code", "客户 C1 与第 2 行重复。"),
        ("sites", ["S1", "C1", "另一处"], "code", "场所 S1 与第 2 行重复。"),
        ("panels", ["0012", "S1", "dc09"], "account", "账号 0012 与第 2 行重复。"),
        ("zones", ["0012", "01", "又是前门", "intrusion", "pir"], "number", "防区 1 与第 2 行重复。"),
    ],
)
def test_what_stands_twice_in_a_sheet_is_told_with_both_rows(
    cast: Cast, sheet: str, row: list[str], found: str, said: str
) -> None:
    outcome = take(cast.company, {**SHOP, sheet: [*SHOP[sheet], row]})
    assert errors(outcome) == [(sheet, len(SHOP[sheet]) + 1, found)]
    assert sentences(outcome) == [said]


def test_an_account_of_another_panel_is_taken_and_another_companys_is_not_told_whose(cast: Cast) -> None:
    own = take(cast.company, with_cell(SHOP, "panels", 2, "account", "1001"))
    assert "账号 1001 已被场所 S1001（Corner Shop）的设备占用。" in sentences(own)
    strangers = with_cell(with_cell({**SHOP, "zones": SHOP["zones"][:1]}, "panels", 2, "account", "2001"), *KIND)
    outcome = take(cast.company, strangers)
    assert (errors(outcome), sentences(outcome)) == ([("panels", 2, "account")], ["账号 2001 已被占用。"])


KIND = ("customers", 2, "kind", "bank")


def test_an_account_may_be_used_again_at_another_receiver(cast: Cast) -> None:
    again = {**SHOP, "panels": [*SHOP["panels"], ["0012", "S1", "surgard"]], "zones": SHOP["zones"][:1]}
    assert counted(take(cast.company, again)) == (4, 0, 0)
    doubtful = {"zones": [["panel", "number"], ["0012", "1"]]}
    outcome = take(cast.company, doubtful)
    assert errors(outcome) == [("zones", 2, "panel")]
    assert "请写成 dc09:0012" in sentences(outcome)[0] or "请写成 surgard:0012" in sentences(outcome)[0]
    assert counted(take(cast.company, {"zones": [["panel", "number"], ["surgard:0012", "1"]]})) == (1, 0, 0)


def test_a_neighbour_at_another_site_is_refused(cast: Cast) -> None:
    outcome = take(cast.company, with_cell(SHOP, "zones", 2, "neighbours", "1001/3"))
    assert errors(outcome) == [("zones", 2, "neighbours")]
    assert sentences(outcome) == ["相邻防区 1001/3 在另一场所：相邻防区须在同一场所。"]


@pytest.mark.parametrize(
    ("east", "north", "column"),
    [(30.0, 120.58, "latitude"), (200, 30.0, "longitude"), (43.8, 87.6, "latitude"), (120.58, None, "latitude")],
)
def test_a_position_that_is_none_is_one_error(cast: Cast, east: Any, north: Any, column: str) -> None:
    placed = with_cell(with_cell(SHOP, "sites", 2, "longitude", east), "sites", 2, "latitude", north)
    assert errors(take(cast.company, placed)) == [("sites", 2, column)]


def test_an_impossible_schedule_is_refused_as_a_whole(cast: Cast) -> None:
    rows = [
        ["site", "kind", "days", "begins", "ends"],
        ["S1", "must_open", "daily", "08:00", "10:00"],
        ["S1", "must_close", "daily", "09:00", "18:00"],
    ]
    outcome = take(cast.company, {**SHOP, "schedules": rows})
    assert errors(outcome) == [("schedules", 2, "begins")]
    assert ScheduleMoment.objects.count() == 0


# What stands and changes


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


# Who may


def test_another_companys_things_are_neither_seen_nor_changed(cast: Cast) -> None:
    take(cast.company, SHOP)
    mine = {"sites": [["code", "name"], ["S2001", "mine now"]], "zones": [["panel", "number"], ["2001", "3"]]}
    outcome = take(cast.company, mine)
    assert errors(outcome) == [("sites", 2, "customer"), ("zones", 2, "panel")]
    assert Site.objects.get(code="S2001").name == "Hill Mill"


@pytest.mark.parametrize("name", ["olivia", "gus", "polly", "sam"])
def test_who_may_not_edit_sites_imports_nothing(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        take(cast.company, SHOP, cast.viewer(name))
    with pytest.raises(Forbidden):
        look(cast.company, SHOP, cast.viewer(name))


def test_a_leader_imports_sites_and_neither_contracts_nor_keys(cast: Cast) -> None:
    leo = cast.viewer("leo")
    assert errors(take(cast.company, FULL, leo)) == [("contracts", None, None), ("panels", None, "key")]
    take(cast.company, FULL, cast.viewer("mia"))
    assert errors(take(cast.company, {key: FULL[key] for key in ("contracts", "sites")}, leo)) == []


# Bad days


def test_a_crash_in_the_middle_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    before = table()
    monkeypatch.setattr("lianjing.domain.sites.importing.actions._write_down", crash)
    with pytest.raises(RuntimeError):
        take(cast.company, FULL)
    assert table() == before


def test_somebody_who_takes_the_account_meanwhile_is_told_and_nothing_is_half_done(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on PostgreSQL, where others write while an import does."""
    monkeypatch.setattr("lianjing.domain.sites.importing.standing.taken_accounts", lambda *_: set())
    before = table()
    outcome = take(cast.company, with_cell(FULL, "panels", 3, "account", "2001") | {"zones": FULL["zones"][:2]})
    assert "有人改动了同样的内容" in sentences(outcome)[0] or errors(outcome) == [("zones", 2, "neighbours")]
    assert table() == before


def test_what_somebody_changed_after_the_file_was_read_is_looked_at_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """He has taken the code of the site for another customer's before the import could write."""
    from lianjing.domain.sites.importing import actions

    planned, calls = actions._planned, []

    def plan_and_be_overtaken(*about: Any) -> Any:
        plan = planned(*about)
        calls.append(plan)
        if len(calls) == 1:
            add_customer(cast.company.pk, {"code": "C1", "name": "meanwhile"}, by=cast.viewer("mia"), at=NOON)
        return plan

    monkeypatch.setattr(actions, "_planned", plan_and_be_overtaken)
    outcome = take(cast.company, SHOP)
    assert (outcome.applied, counted(outcome)) == (True, (4, 1, 0))
    assert Customer.objects.get(company=cast.company, code="C1").name == "金店"


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast, django_assert_max_num_queries: Any) -> None:
    many = {
        "customers": [["code"], *([f"C{n}"] for n in range(300))],
        "sites": [["code", "customer"], *([f"S{n}", f"C{n}"] for n in range(300))],
        "panels": [["account", "site", "paths"], *([f"P{n}", f"S{n}", "4g:90"] for n in range(300))],
        "zones": [["panel", "number", "neighbours"], *([f"P{n}", z, 3 - z] for n in range(300) for z in (1, 2))],
        "contacts": [["site", "name"], *([f"S{n}", f"N{n}"] for n in range(300))],
    }
    with django_assert_max_num_queries(80):
        assert counted(take(cast.company, many)) == (1800, 0, 0)
    with django_assert_max_num_queries(40):
        assert counted(take(cast.company, many)) == (0, 0, 1800)


def test_a_workbook_of_nothing_says_so(cast: Cast) -> None:
    outcome = take(cast.company, File("a.xlsx", workbook({"customers": []})))
    assert errors(outcome) == [(None, None, None)]
