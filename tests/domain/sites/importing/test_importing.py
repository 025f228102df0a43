"""A workbook becomes customers, sites and everything installed; who may, and what happens on bad days."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Forbidden
from lianjing.core.workbooks.planning import File
from lianjing.core.workbooks.report import as_json
from lianjing.domain.records.models import Record
from lianjing.domain.sites.actions.customers import add_customer
from lianjing.domain.sites.importing.actions import new_panel_ids
from lianjing.domain.sites.models import (
    Area,
    Contact,
    Contract,
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
from tests.domain.sites.importing.whole_file import FULL, KEY

pytestmark = pytest.mark.django_db


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
    assert sorted(new_panel_ids(outcome)) == sorted([panel.pk, backup.pk])


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    take(cast.company, FULL)
    before, told = table(), Message.objects.count()
    assert counted(take(cast.company, FULL)) == (0, 0, 14)
    assert (table(), Message.objects.count()) == (before, told)


def test_an_import_is_told_once_for_each_kind_of_thing(cast: Cast) -> None:
    last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    take(cast.company, FULL)
    news = Message.objects.filter(pk__gt=last).order_by("pk").values_list("topic", "company_id", "payload")
    mine = cast.company.pk
    assert list(news) == [
        ("customer.changed", mine, {"rows": 1}),
        ("site.changed", mine, {"rows": 1}),
        ("contract.changed", mine, {"rows": 1}),
    ]


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
    monkeypatch.setattr("lianjing.domain.companies.workbooks.write_down", crash)
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
