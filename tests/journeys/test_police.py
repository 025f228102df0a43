"""Somebody of the police reads a company of his area in a real browser, and its manager reads what was read."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Desk
from tests.program import PASSWORD, Program

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
Sit = Callable[..., Desk]


@pytest.fixture
def officer(browser: Browser, program: Program) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    page.goto(f"{program.url}/")
    page.fill("input[name=login]", "police")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/police/")
    return page


def test_he_reads_a_company_verifies_its_bundle_and_the_manager_reads_what_was_read(
    program: Program, officer: Page, sit: Sit, tmp_path: Path
) -> None:
    officer.wait_for_selector("td:has-text('浙江省绍兴市越城区')")
    officer.click(".verdict-counts a:has-text('不符合')")
    officer.wait_for_url("**/office/clauses/**")
    officer.click("a[href*='/police/companies/'][href*='/people/'] >> visible=true >> nth=0")
    officer.wait_for_selector("h1:has-text('人员登记')")
    officer.wait_for_selector("text=浙绍保演示")
    assert "330602" not in officer.content()

    bundle = tmp_path / "bundle"
    done = program.command("export", "records", "--out", str(bundle))
    assert done.returncode == 0, done.stderr
    head = done.stdout.rsplit("head ", 1)[1].strip()
    packed = shutil.make_archive(str(tmp_path / "out"), "zip", tmp_path, "bundle")
    officer.click("nav a:has-text('校验证据包')")
    officer.set_input_files("[name=bundle]", packed)
    officer.fill("[name=head]", head)
    officer.click("button:has-text('校验')")
    officer.wait_for_selector("#result:has-text('证据包成立')")

    lines = (bundle / "leaves.jsonl").read_text().splitlines(keepends=True)
    (bundle / "leaves.jsonl").write_text("".join(lines[:-1]))
    packed = shutil.make_archive(str(tmp_path / "cut"), "zip", tmp_path, "bundle")
    officer.set_input_files("[name=bundle]", packed)
    officer.click("button:has-text('校验')")
    officer.wait_for_selector("#result td:has-text('截去')")

    manager = sit("manager").page
    manager.goto(f"{program.url}/office/police-readings/")
    for words in ("辖区单位一览", "规范条款", "人员登记"):
        manager.wait_for_selector(f"td:has-text('{words}')")
    manager.wait_for_selector("td:has-text('沈警官')")
