"""People come in by a workbook in a real browser: three bad rows keep out all of it, the mended file comes in whole."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image

from tests.domain.people.importing.sheets import HEAD, person
from tests.journeys.conftest import Desk
from tests.program import Program

pytestmark = pytest.mark.journey
Sit = Callable[..., Desk]


def saved(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    page = book.active
    page.title = "人员"
    for row in (HEAD, *rows):
        page.append(row)
    book.save(path)
    return path


def photo(path: Path) -> Path:
    into = io.BytesIO()
    Image.new("RGB", (60, 80), "grey").save(into, "JPEG")
    path.write_bytes(into.getvalue())
    return path


def brings(desk: Desk, form: str, name: str, *paths: Path) -> None:
    """Chooses the files, and asks for the dry run by keyboard."""
    desk.page.goto(desk.page.url.split("/", 3)[0] + "//" + desk.page.url.split("/")[2] + "/office/exchange/")
    desk.page.set_input_files(f"form[action$='{form}'] input[name={name}]", list(paths))
    desk.page.locator(f"form[action$='{form}'] button").first.focus()
    desk.press("Enter")
    desk.sees("h1", "试运行")


def test_200_people_with_three_bad_rows_are_told_mended_and_imported(
    program: Program, sit: Sit, tmp_path: Path
) -> None:
    rows = [person(place, staff_no=f"W{place}") for place in range(400, 600)]
    bad = [list(row) for row in rows]
    bad[38][HEAD.index("education")] = "doctor"
    bad[98][HEAD.index("certificate_until")] = "2020-01-01"
    bad[148][HEAD.index("identity_no")] = bad[0][HEAD.index("identity_no")]
    desk = sit("manager")
    brings(desk, "/import/", "file", saved(tmp_path / "people.xlsx", bad))
    desk.sees("#problems", "有 3 处错误，什么都不会导入")
    problems = desk.page.locator("section[aria-labelledby=errors-head] tbody tr").all_inner_texts()
    places = [("40", "学历 education"), ("100", "保安员证到期日期 certificate_until"), ("150", "身份号码 identity_no")]
    assert [all(part in line for part in place) for line, place in zip(problems, places, strict=True)] == [True] * 3
    assert "“doctor”" in problems[0]
    assert "2020-01-01 早于起始日期 2024-02-20" in problems[1]
    assert "与第 2 行相同" in problems[2]
    assert bad[0][HEAD.index("identity_no")] not in desk.page.content()
    assert desk.page.locator("button:has-text('确认导入')").count() == 0

    brings(desk, "/import/", "file", saved(tmp_path / "mended.xlsx", rows))
    desk.sees("form.verdict", "将新建 200，修改 0")
    desk.page.locator("button:has-text('确认导入')").focus()
    desk.press("Enter")
    desk.sees("body", "新建 200，修改 0，移除 0，不变 0")
    brings(desk, "/import/", "file", saved(tmp_path / "again.xlsx", rows))
    desk.sees(".verdict", "没有要导入的")

    brings(desk, "/papers/", "papers", photo(tmp_path / "W400.jpg"), photo(tmp_path / "W401.jpg"))
    desk.sees("form.verdict", "将新建 2")
    desk.page.locator("button:has-text('确认导入')").focus()
    desk.press("Enter")
    desk.sees("body", "新建 2，修改 0")
    assert desk.complaints == []
