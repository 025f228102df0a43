"""One broken cell is one error, and nothing is written."""

from typing import Any

import pytest

from lianjing.domain.records.models import Record
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
from tests.cast import Cast
from tests.domain.sites.importing.books import SHOP, counted, errors, sentences, take, with_cell
from tests.domain.sites.importing.whole_file import FULL

pytestmark = pytest.mark.django_db


def table() -> dict[str, int]:
    models = (Customer, Contract, Site, Panel, TransmissionPath, Area, Zone, Contact, ScheduleMoment, Record)
    return {model.__name__: model.objects.count() for model in models}


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
