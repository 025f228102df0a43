"""`lianjing import` and `lianjing export sites` as programs call them: one JSON object, exit codes, sentences."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.domain.people.importing.sheets import HEAD, person
from tests.domain.people.importing.test_papers import PDF, bundle
from tests.domain.sites.importing.books import SHOP, Table, csv_file, with_cell, workbook
from tests.program import Program, at_rest


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Tables and demo company on SQLite; nothing runs."""
    return at_rest(tmp_path_factory.mktemp("installation"), "--no-history")


def shop(prefix: str) -> dict[str, Table]:
    """A shop of this test's own."""
    ours = {"C1": f"{prefix}C", "S1": f"{prefix}S", "0012": f"0{prefix}"}
    return {key: [[ours.get(str(cell), cell) for cell in row] for row in rows] for key, rows in SHOP.items()}


def take(program: Program, path: Path, *more: str) -> tuple[int, dict[str, Any]]:
    done = program.command("import", str(path), "--company", "demo", "--json", *more)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def saved(tmp_path: Path, content: bytes, name: str = "book.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def count(program: Program, table: str) -> int:
    with sqlite3.connect(program.data / "lianjing.db") as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 our names


def test_a_dry_run_an_import_and_the_import_again(program: Program, tmp_path: Path) -> None:
    path = saved(tmp_path, workbook(shop("A1")))
    before = count(program, "sites_site")
    told = [take(program, path, *more) for more in (("--dry-run",), (), ())]
    assert [(code, t["created"], t["changed"], t["unchanged"], t["errors"]) for code, t in told] == [
        (0, 5, 0, 0, []),
        (0, 5, 0, 0, []),
        (0, 0, 0, 5, []),
    ]
    assert [t["applied"] for _, t in told] == [False, True, True]
    assert count(program, "sites_site") == before + 1
    assert program.command("verify-records").returncode == 0


def test_an_error_is_told_with_sheet_row_and_column_and_nothing_is_done(program: Program, tmp_path: Path) -> None:
    path = saved(tmp_path, workbook(with_cell(shop("B1"), "zones", 3, "kind", "moat")))
    before = count(program, "records_record")
    code, told = take(program, path)
    assert (code, told["created"], told["applied"]) == (1, 0, False)
    assert [{**error, "message": ""} for error in told["errors"]] == [
        {"sheet": "zones", "row": 3, "column": "kind", "message": ""}
    ]
    assert "moat" in told["errors"][0]["message"]
    assert count(program, "records_record") == before


@pytest.mark.parametrize(
    ("name", "content"), [("none.xlsx", None), ("a.pdf", b"%PDF-1.7"), ("a.xlsx", b"PK\x03\x04broken")]
)
def test_what_is_no_file_of_ours_is_wrong_use(
    program: Program, tmp_path: Path, name: str, content: bytes | None
) -> None:
    path = tmp_path / name if content is None else saved(tmp_path, content, name)
    code, told = take(program, path)
    assert code == 2
    assert [(error["sheet"], error["row"], error["column"]) for error in told["errors"]] == [(None, None, None)]


def test_a_company_is_named_by_code_or_name_and_an_unknown_one_is_wrong_use(program: Program, tmp_path: Path) -> None:
    path = saved(tmp_path, csv_file([["code", "name"], ["Z1", "客户"]]), "customers.csv")
    named = program.command("import", str(path), "--company", "绍兴越安联网报警（演示）", "--dry-run")
    assert (named.returncode, "created 新建 1" in named.stdout) == (0, True)
    nobody = program.command("import", str(path), "--company", "nobody")
    assert (nobody.returncode, nobody.stdout) == (2, "")
    assert "nobody" in nobody.stderr


def test_a_wrong_encoding_is_an_error_of_the_file(program: Program, tmp_path: Path) -> None:
    path = saved(tmp_path, csv_file([["code", "name"], ["Z1", "Zoë Café"]], "latin-1"), "customers.csv")
    code, told = take(program, path)
    assert (code, [(e["sheet"], e["row"], e["column"]) for e in told["errors"]]) == (1, [("customers", 2, None)])
    assert "编码无法识别" in told["errors"][0]["message"]


def test_people_read_the_same_in_words_in_either_language(program: Program, tmp_path: Path) -> None:
    path = saved(tmp_path, workbook(with_cell(shop("D1"), "sites", 2, "longitude", "east")))
    said = program.command("import", str(path), "--company", "demo").stdout
    assert "ERROR 错误 sites 2 longitude: “east”不是数字。" in said
    assert "nothing was imported 没有导入任何内容" in said
    english = program.command("import", str(path), "--company", "demo", "--language", "en").stdout
    assert "ERROR 错误 sites 2 longitude: “east” is no number." in english


def test_an_export_is_a_workbook_that_changes_nothing(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    done = program.command("export", "sites", "--company", "demo", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert out.stat().st_mode & 0o777 == 0o600
    code, told = take(program, out)
    assert (code, told["created"], told["changed"], told["errors"]) == (0, 0, 0, [])
    assert told["unchanged"] > 100
    nobody = program.command("export", "sites", "--company", "nobody", "--out", str(tmp_path / "x.xlsx"))
    nowhere = program.command("export", "sites", "--company", "demo", "--out", str(tmp_path / "no" / "x.xlsx"))
    assert (nobody.returncode, nowhere.returncode) == (2, 2)


def test_a_template_can_be_had_and_is_imported_as_nothing(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "template.xlsx"
    assert program.command("export", "template", "--out", str(out), "--labels").returncode == 0
    assert openpyxl.load_workbook(out).sheetnames[0] == "说明"
    code, told = take(program, out)
    assert (code, told["created"], told["errors"]) == (0, 0, [])


# People


def test_people_by_the_same_command_in_a_workbook_and_as_csv(program: Program, tmp_path: Path) -> None:
    rows = [person(place, staff_no=f"Z{place}") for place in range(700, 703)]
    path = saved(tmp_path, csv_file([HEAD, *rows]), "people.csv")
    told = [take(program, path, *more) for more in (("--dry-run",), (), ())]
    assert [(code, t["created"], t["unchanged"], t["errors"]) for code, t in told] == [
        (0, 3, 0, []),
        (0, 3, 0, []),
        (0, 0, 3, []),
    ]
    bad = saved(tmp_path, workbook({"people": [HEAD, *rows[:2], person(702, staff_no="Z702", education="doctor")]}))
    code, refused = take(program, bad)
    assert (code, [(e["sheet"], e["row"], e["column"]) for e in refused["errors"]]) == (1, [("people", 4, "education")])


def test_people_are_exported_without_numbers_or_with_them_for_a_reason(program: Program, tmp_path: Path) -> None:
    row = person(710, staff_no="Z710")
    take(program, saved(tmp_path, csv_file([HEAD, row]), "people.csv"))
    out = tmp_path / "people.xlsx"
    ask = ("export", "people", "--company", "demo", "--out", str(out))
    assert program.command(*ask).returncode == 0
    assert row[2] not in [cell.value for line in openpyxl.load_workbook(out)["people"] for cell in line]
    code, told = take(program, out)
    assert (code, told["created"], told["changed"], told["errors"]) == (0, 0, 0, [])
    assert program.command(*ask, "--identity").returncode == 2
    assert program.command(*ask, "--reason", "报备").returncode == 2
    done = program.command(*ask, "--identity", "--reason", "报备", "--labels")
    assert (done.returncode, row[2] in done.stdout) == (0, False)
    assert row[2] in [cell.value for line in openpyxl.load_workbook(out)["people"] for cell in line]
    assert take(program, out)[1]["changed"] == 0
    nobody = program.command("export", "people", "--company", "nobody", "--out", str(out))
    assert nobody.returncode == 2


def test_scans_come_in_by_a_zip(program: Program, tmp_path: Path) -> None:
    take(program, saved(tmp_path, csv_file([HEAD, person(720, staff_no="Z720")]), "people.csv"))
    path = saved(tmp_path, bundle({"Z720-保安员证.pdf": PDF, "Z721.jpg": PDF}).content, "scans.zip")
    code, told = take(program, path)
    assert (code, told["created"], [e["message"] for e in told["errors"]]) == (
        1,
        0,
        ["“Z721.jpg”：没有这样的工号，文件名须以工号开头。"],
    )
    path = saved(tmp_path, bundle({"Z720-保安员证.pdf": PDF}).content, "scans.zip")
    told = [take(program, path)[1] for _ in range(2)]
    assert [(t["created"], t["unchanged"]) for t in told] == [(1, 0), (0, 1)]
