"""A piece of equipment: registered, its certificate ends and turns a clause, maintained late and in time, out to Excel
and in again; all of it by a real browser."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser

from lianjing.domain.signals.days import today
from tests.journeys.test_training import Reader
from tests.program import Program, until

pytestmark = pytest.mark.journey

DAY = timedelta(days=1)
ENDED = re.compile("证书已到期：.*备用发电机")
LATE = re.compile("件维护超期：.*备用发电机")
NUMBER = "GE-77"


class Keeper(Reader):
    """Whoever keeps the register."""

    def clause(self, program: Program) -> str:
        self.page.goto(f"{program.url}/office/clauses/?clause=7")
        return self.page.inner_text("#c7")

    def opens(self, program: Program) -> None:
        self.page.goto(f"{program.url}/office/inventory/?q={NUMBER}")
        self.page.click(f"tbody tr:has-text('{NUMBER}') a")
        self.sees("变更记录")

    def fills(self, **told: str) -> None:
        for name, value in told.items():
            control = self.page.locator(f"[name={name}]")
            if control.evaluate("one => one.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)

    def presses(self, key: str, heading: str) -> None:
        """A key of the page, and the form that it opens."""
        self.page.keyboard.press(key)
        self.page.wait_for_selector(f"h1:has-text('{heading}')")

    def sends(self) -> None:
        self.page.locator("button.go").focus()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def certificate(keeper: Keeper, number: str, until_day: str) -> None:
    keeper.presses("c", "登记证书")
    keeper.fills(kind="test", number=number, valid_from=str(today() - 300 * DAY), valid_until=until_day)
    keeper.sends()
    keeper.sees("证书已登记。")


def sheet_of(keeper: Keeper, program: Program) -> BytesIO:
    keeper.page.goto(f"{program.url}/office/inventory/")
    with keeper.page.expect_download() as brought:
        keeper.page.click("text=导出 Excel")
    return BytesIO(Path(brought.value.path()).read_bytes())


def test_a_certificate_that_ends_turns_a_clause_and_maintenance_and_excel_follow_the_piece(
    browser: Browser, program: Program, tmp_path: Path
) -> None:
    mia = Keeper(browser, program, "manager", 1440)
    mia.page.goto(f"{program.url}/office/inventory/")
    mia.presses("a", "登记装备")
    mia.fills(number=NUMBER, kind="generator", name="备用发电机", commissioned_on=str(today() - 400 * DAY))
    mia.fills(cycle_months="6", cycle_source="厂家说明书", warranty_until=str(today() - 401 * DAY))
    mia.sends()
    mia.sees(f"保修至 {today() - 401 * DAY} 早于启用日期 {today() - 400 * DAY}。")
    mia.fills(warranty_until=str(today() + 20 * DAY))
    mia.sends()
    mia.sees(f"装备 {NUMBER} 已登记。")
    assert LATE.search(mia.clause(program))

    mia.opens(program)
    certificate(mia, "JC-1", str(today() - DAY))
    mia.sees("✕ 证书已过 1 天")
    mia.page.goto(f"{program.url}/office/inventory/needs/")
    mia.page.click("a.go")
    mia.fills(kind="generator", certificate="test", origin="本单位规定 3.2")
    mia.sends()
    assert ENDED.search(mia.clause(program))
    assert "✕ 不符合" in mia.page.inner_text("#c7")
    mia.page.goto(f"{program.url}/office/findings/?clause=7")
    assert until(lambda: bool(mia.page.reload()) and "不符合" in mia.page.inner_text("main"))
    mia.page.goto(f"{program.url}/office/worklist/")
    assert mia.page.locator(f"#facilities tr:has-text('{NUMBER}')").count() == 3

    mia.opens(program)
    certificate(mia, "JC-2", str(today() + 365 * DAY))
    assert ENDED.search(mia.clause(program)) is None

    mia.opens(program)
    mia.presses("m", "登记维护")
    mia.fills(done_by="陈工", content="换机油，试机 30 min", result="normal")
    mia.sends()
    mia.sees("维护已登记。")
    assert LATE.search(mia.clause(program)) is None

    book = load_workbook(sheet_of(mia, program))
    page = book["equipment"]
    names = [str(cell.value).split()[-1] for cell in page[1]]
    row = next(row for row in page.iter_rows(min_row=2) if row[names.index("number")].value == NUMBER)
    row[names.index("name")].value = "柴油发电机（备）"
    row[names.index("warranty_until")].value = "2001-01-01"
    bad, good = tmp_path / "bad.xlsx", tmp_path / "good.xlsx"
    book.save(bad)
    row[names.index("warranty_until")].value = str(today() + 20 * DAY)
    book.save(good)
    for file, said in ((bad, "保修至 2001-01-01 早于启用日期"), (good, "修改 1")):
        mia.page.goto(f"{program.url}/office/exchange/")
        mia.page.set_input_files("form[action$='/import/'] input[name=file]", file)
        mia.page.click("form[action$='/import/'] button")
        mia.sees(said)
    mia.page.click("button:has-text('确认导入')")
    mia.opens(program)
    mia.sees("柴油发电机（备）")
    assert (mia.too_wide(), [one for one in mia.complaints if "422" not in one]) == (0, [])


def test_on_a_phone_a_piece_with_its_papers_is_not_too_wide(browser: Browser, program: Program) -> None:
    guard = Keeper(browser, program, "manager", 390)
    for place in ("", "?tab=over", "?q=nothing-like-it"):
        guard.page.goto(f"{program.url}/office/inventory/{place}")
        assert guard.too_wide() == 0
    guard.page.goto(f"{program.url}/office/inventory/?q=RX-01")
    guard.page.click("tbody tr:has-text('RX-01') a")
    guard.sees("变更记录")
    assert (guard.too_wide(), guard.complaints) == (0, [])
