"""From a file to typed rows, without a database: sheets, headers, cells, encodings."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from lianjing.core.workbooks import cells as every
from lianjing.core.workbooks import reading
from lianjing.core.workbooks.columns import column_named, sheet_named
from lianjing.core.workbooks.faults import BadCell
from lianjing.core.workbooks.files import NotATable
from lianjing.core.workbooks.reading import Book
from lianjing.domain.sites.equipment_entries import PathEntry
from lianjing.domain.sites.importing import cells
from lianjing.domain.sites.importing.columns import SHEETS
from lianjing.domain.sites.importing.refs import PanelRef, ZoneRef, panel_ref, paths, paths_text, zone_ref
from lianjing.terms.sentences import words
from tests.domain.sites.importing.books import csv_file, workbook

MIDNIGHT = datetime(2026, 1, 31)  # noqa: DTZ001 as Excel gives it, without a zone
ZONES = [["panel", "number", "name"], ["0012", "003", "前门"]]


def read_book(name: str, content: bytes) -> Book:
    return reading.read_book(name, content, SHEETS)


def values(book: Book, sheet: str = "zones") -> list[dict[str, Any]]:
    assert book.faults == []
    return [row.values for row in book.rows(sheet)]


def faults(book: Book) -> list[tuple[str | None, int | None, str | None]]:
    return [(fault.sheet, fault.row, fault.column) for fault in book.faults]


THE_ZONE = [{"panel": PanelRef("0012"), "number": "3", "name": "前门"}]


# Sheets and headers


@pytest.mark.parametrize("title", ["zones", "ZONES", "防区", "防区 zones", " zones ", "zones（防区）"])
def test_a_sheet_is_known_by_its_key_its_chinese_name_or_both(title: str) -> None:
    assert values(read_book("a.xlsx", workbook({title: ZONES}))) == THE_ZONE


@pytest.mark.parametrize(
    "heads",
    [
        ["设备账号 panel", "防区号 number", "防区名称 name"],
        ["设备账号", "防区号", "防区名称"],
        ["Panel", " NUMBER ", "name *"],
        ["设备账号panel", "防区号（number）", "随便写 name"],
    ],
)
def test_a_header_is_known_by_its_key_its_chinese_name_or_both(heads: list[str]) -> None:
    assert values(read_book("a.xlsx", workbook({"zones": [heads, ZONES[1]]}))) == THE_ZONE


def test_every_sheet_and_column_is_known_by_each_of_its_names() -> None:
    for sheet in SHEETS.values():
        for title in (sheet.key, sheet.zh, sheet.title, sheet.key.upper()):
            assert sheet_named(title, SHEETS) is sheet, title
        for column in sheet.columns:
            for title in (column.key, column.zh, column.header, column.header.upper(), f" {column.zh}  {column.key} "):
                assert column_named(sheet, title) is column, title


def test_columns_stand_in_any_order_below_a_title_and_with_empty_rows_between() -> None:
    rows = [["防区登记表"], [], ["name", None, "number", "panel"], [], ["前门", None, "003", "0012"]]
    book = read_book("a.xlsx", workbook({"zones": rows}))
    assert values(book) == THE_ZONE
    assert book.rows("zones")[0].number == 5


def test_a_column_that_nobody_knows_is_one_error_that_names_it() -> None:
    book = read_book("a.xlsx", workbook({"zones": [[*ZONES[0], "colour"], [*ZONES[1], "red"]]}))
    assert faults(book) == [("zones", 1, "colour")]
    assert "不认识列“colour”" in words(book.faults[0])


@pytest.mark.parametrize(
    ("sheets", "found"),
    [
        ({"zonez": ZONES}, ("zonez", None, None)),
        ({"zones": [["number", "name"], ["1", "x"]]}, ("zones", 1, "panel")),
        ({"zones": ZONES, "防区": ZONES}, ("zones", None, None)),
        ({"zones": [["panel", "number", "number"], ["1", "2", "3"]]}, ("zones", 1, "number")),
        ({"其他": []}, (None, None, None)),
    ],
)
def test_a_sheet_that_cannot_be_understood_is_one_error(sheets: Any, found: tuple[Any, ...]) -> None:
    assert faults(read_book("a.xlsx", workbook(sheets))) == [found]


def test_the_sheet_with_explanations_is_passed_over() -> None:
    assert values(read_book("a.xlsx", workbook({"说明": [["任意", "内容"]], "zones": ZONES}))) == THE_ZONE


# Excel


def test_a_formula_counts_by_its_value_and_one_that_was_never_calculated_is_an_error() -> None:
    book = read_book("a.xlsx", workbook({"zones": [ZONES[0], ["0012", "3", '="前"&"门"']]}))
    assert faults(book) == [("zones", 2, "name")]
    assert "没有计算结果" in words(book.faults[0])


def test_a_formula_error_is_an_error() -> None:
    assert faults(read_book("a.xlsx", workbook({"zones": [ZONES[0], ["0012", "3", "#REF!"]]}))) == [
        ("zones", 2, "name")
    ]


def test_cells_merged_downwards_all_have_their_value() -> None:
    book = Workbook()
    page = book.active
    page.title = "zones"
    for row in ([*ZONES[0]], ["0012", "1", "前门"], [None, "2", "后门"], [None, None, None], ["0013", "1", "窗"]):
        page.append(row)
    page.merge_cells("A2:A4")
    into = io.BytesIO()
    book.save(into)
    read = values(read_book("a.xlsx", into.getvalue()))
    assert [(row["panel"].account, row["number"]) for row in read] == [("0012", "1"), ("0012", "2"), ("0013", "1")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"PK\x03\x04 and then nothing"),
        ("a.xlsx", b"no workbook"),
        ("a.xlsx", workbook({"zones": ZONES})[:-200]),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("a.pdf", b"%PDF-1.7"),
        ("a.csv", b""),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18),
    ],
)
def test_what_is_no_table_is_said_in_one_sentence(name: str, content: bytes) -> None:
    with pytest.raises(NotATable) as told:
        read_book(name, content)
    assert words(told.value.fault).endswith("。")


def test_a_workbook_whose_sheet_is_damaged_is_said_so() -> None:
    whole = io.BytesIO(workbook({"zones": ZONES}))
    torn = io.BytesIO()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(torn, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, content[:-60] if part.endswith("sheet1.xml") else content)
    with pytest.raises(NotATable):
        read_book("a.xlsx", torn.getvalue())


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("name", ["zones.csv", "防区.csv", "harbour-zones (1).csv"])
def test_a_csv_file_is_known_by_its_name_in_any_usual_encoding(name: str, encoding: str) -> None:
    assert values(read_book(name, csv_file(ZONES, encoding))) == THE_ZONE


def test_a_file_of_another_name_is_known_by_its_columns() -> None:
    told = [[*ZONES[0], "principle"], [*ZONES[1], "pir"]]
    assert values(read_book("table.csv", csv_file(told))) == [{**THE_ZONE[0], "principle": "pir"}]
    doubtful = read_book("table.csv", csv_file(ZONES))
    assert faults(doubtful) == [("table", None, None)]
    assert "areas、zones、users" in words(doubtful.faults[0])


def test_zeros_that_were_kept_from_excel_stay() -> None:
    assert (
        values(read_book("zones.csv", b'panel,number,name\n"=""0012""",="003",\xe5\x89\x8d\xe9\x97\xa8\n')) == THE_ZONE
    )


def test_a_zip_file_holds_one_csv_file_a_sheet() -> None:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("zones.csv", csv_file(ZONES))
        archive.writestr("customers.csv", csv_file([["code"], ["C1"]]))
    book = read_book("all.zip", into.getvalue())
    assert values(book) == THE_ZONE
    assert values(book, "customers") == [{"code": "C1"}]


@pytest.mark.parametrize(
    ("content", "row", "said"),
    [
        (csv_file([*ZONES, ["0012", "4", "大堂"]])[:-3] + b"\xff\n", 3, "损坏"),
        (csv_file(ZONES, "utf-16-le"), None, "空字符"),
        (csv_file([["panel", "number", "name"], ["0012", "3", "Café Zoë"]], "latin-1"), 2, "编码"),
        (b'panel,number,name\n0012,3,"never closed\n', 2, "引号"),
    ],
)
def test_a_wrong_encoding_is_one_clear_error(content: bytes, row: int | None, said: str) -> None:
    book = read_book("zones.csv", content)
    assert faults(book) == [("zones", row, None)]
    assert said in words(book.faults[0])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["zones.csv", "a.xlsx", "b.zip", "a.txt"]))
def test_any_bytes_are_read_or_refused_in_words(content: bytes, name: str) -> None:
    try:
        found = read_book(name, content).faults
    except NotATable as bad:
        found = [bad.fault]
    assert all(words(fault) for fault in found)


# Cells


@pytest.mark.parametrize(
    ("read", "raw", "value"),
    [
        (every.code(32), "0012", "0012"),
        (every.code(32), 12, "12"),
        (every.code(32), 12.0, "12"),
        (every.code(32), " C-1 ", "C-1"),
        (cells.zone_number, "００３", "3"),
        (cells.zone_number, 0, "0"),
        (every.yes_no, "是", True),
        (every.yes_no, False, False),
        (every.yes_no, 1, True),
        (every.yes_no, "NO", False),
        (every.day, MIDNIGHT, date(2026, 1, 31)),
        (every.day, "2026/1/31", date(2026, 1, 31)),
        (every.day, "2026年1月31日", date(2026, 1, 31)),
        (every.day, 20260131, date(2026, 1, 31)),
        (cells.minutes, "24h", 1440),
        (cells.minutes, "90m", 90),
        (cells.minutes, "25 小时", 1500),
        (cells.minutes, 1440.0, 1440),
        (cells.minutes, timedelta(hours=24), 1440),
        (cells.minutes, "0", None),
        (every.money, "¥1,200.50", Decimal("1200.50")),
        (every.money, 0.1 + 0.2, Decimal("0.30")),
        (every.clock, "8:30", time(8, 30)),
        (every.clock, time(8, 30), time(8, 30)),
        (every.whole(0, 9), "7.0", 7),
        (cells.division, "绍兴市越城区", "330602"),
        (cells.panel_key, "00112233445566778899aabbccddeeff", bytes.fromhex("00112233445566778899aabbccddeeff")),
        (cells.panel_key, "字符：Kharbin-Street-7", b"Kharbin-Street-7"),
        (cells.panel_key, "characters:" + "0" * 32, b"0" * 32),
        (panel_ref, "surgard：12", PanelRef("12", "surgard")),
        (panel_ref, 12, PanelRef("12")),
        (zone_ref, "1002/003", ZoneRef("3", PanelRef("1002"))),
    ],
)
def test_a_cell_means(read: every.Reader, raw: Any, value: Any) -> None:
    assert read(raw) == value


@pytest.mark.parametrize(
    ("read", "raw"),
    [
        (every.code(4), "too long"),
        (every.code(32), "a\0b"),
        (every.code(32), "a\x1bb"),
        (every.code(32), 12.5),
        (every.code(32), MIDNIGHT),
        (every.code(32), "1.38E+10"),
        (cells.zone_number, "3,4"),
        (every.yes_no, "maybe"),
        (every.day, "2026-02-30"),
        (every.day, "yesterday"),
        (every.day, 12),
        (cells.minutes, "soon"),
        (cells.minutes, "33d"),
        (every.money, "-1"),
        (every.money, "1.234"),
        (every.money, "nan"),
        (every.money, True),
        (every.clock, "25:00"),
        (every.whole(0, 9), 10),
        (every.whole(0, 9), 1.5),
        (every.number(-180, 180), "120,5"),
        (every.number(-180, 180), "nan"),
        (cells.latitude, 120.58),
        (cells.division, "33060"),
        (cells.panel_key, 1234567890123456),
        (cells.panel_key, "short"),
        (every.phone, "call me"),
        (cells.pass_word, "x"),
        (panel_ref, "10 01"),
        (paths, "4g:soon"),
        (paths, "pigeon"),
        (paths, "4g:90:tcp:udp"),
    ],
)
def test_a_cell_cannot_mean(read: every.Reader, raw: Any) -> None:
    with pytest.raises(BadCell) as told:
        read(raw)
    assert told.value.sentence % told.value.figures


def test_what_a_cell_says_of_a_key_or_pass_word_is_never_said_again() -> None:
    for read, raw in ((cells.panel_key, "SECRETSECRET"), (cells.pass_word, "SECRET\0")):
        with pytest.raises(BadCell) as told:
            read(raw)
        assert "SECRET" not in told.value.sentence % told.value.figures


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("4g", [PathEntry("4g")]),
        (
            "有线IP：90：TCP，4G:300、nb_iot",
            [PathEntry("wired_ip", "tcp", 90), PathEntry("4g", "", 300), PathEntry("nb_iot")],
        ),
        ("5g:90:udp:SP5:x4", [PathEntry("5g", "udp", 90, 4, "SP5")]),
    ],
)
def test_paths_are_read_and_written_back(text: str, entries: list[PathEntry]) -> None:
    assert list(paths(text)) == entries
    assert list(paths(paths_text(entries))) == entries


def test_a_list_is_parted_by_any_comma() -> None:
    assert every.listed(cells.zone_number)("1,2，3、4；05") == ("1", "2", "3", "4", "5")


def part(workbook_bytes: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part changed."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook_bytes)) as source, zipfile.ZipFile(into, "w") as target:
        for one in source.namelist():
            content = source.read(one)
            target.writestr(one, change(content) if one.endswith(name) else content)
    return into.getvalue()


def test_a_number_that_is_shown_as_a_date_is_a_date_in_either_count_of_days() -> None:
    made = workbook({"contracts": [["number", "starts_on"], ["H1", date(2026, 1, 31)]]})
    assert values(read_book("a.xlsx", made), "contracts") == [{"number": "H1", "starts_on": date(2026, 1, 31)}]
    of_a_mac = part(made, "workbook.xml", lambda xml: re.sub(rb"<workbookPr( |/)", rb'<workbookPr date1904="1"\1', xml))
    assert values(read_book("a.xlsx", of_a_mac), "contracts")[0]["starts_on"] == date(2030, 2, 1)


def test_a_text_that_looks_like_an_error_is_text_and_an_error_is_none() -> None:
    """openpyxl writes what looks like an error as one."""
    made = workbook({"zones": [ZONES[0], ["0012", "3", "#REF!"]]})
    assert faults(read_book("a.xlsx", made)) == [("zones", 2, "name")]
    as_text = part(made, "sheet1.xml", lambda xml: xml.replace(b't="e"', b't="str"'))
    assert values(read_book("a.xlsx", as_text))[0]["name"] == "#REF!"


def test_a_document_with_entities_of_its_own_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]>'
    made = part(workbook({"zones": ZONES}), "sheet1.xml", lambda xml: bomb + xml)
    with pytest.raises(NotATable):
        read_book("a.xlsx", made)


def test_a_hidden_sheet_of_lists_is_passed_over() -> None:
    book = Workbook()
    book.active.title = "zones"
    for row in ZONES:
        book.active.append(row)
    lists = book.create_sheet("lists")
    lists.append(["入侵", "火灾"])
    lists.sheet_state = "hidden"
    into = io.BytesIO()
    book.save(into)
    assert values(read_book("a.xlsx", into.getvalue())) == THE_ZONE
