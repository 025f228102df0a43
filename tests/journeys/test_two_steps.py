"""两步验证 in a real browser: set up from the desk, then sign on with a code, with a recovery code, and reset."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.authenticator import App
from tests.journeys.conftest import Desk
from tests.program import PASSWORD, Program

pytestmark = pytest.mark.journey


def sign_off(page: Page) -> None:
    page.click("details.who summary")
    page.click("details.who button")
    page.wait_for_selector("input[name=login]")


def first_step(page: Page) -> None:
    page.fill("input[name=login]", "operator")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("input[name=code]:focus")


def test_a_phone_is_set_up_by_keyboard_and_signs_on_and_so_does_a_recovery_code_and_a_reset_ends_both(
    program: Program, browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
    desk = Desk(page, program.url, "operator")
    page.click("details.who summary")
    page.click("details.who :text('两步验证')")
    page.click(":text('设置两步验证')")
    page.wait_for_selector(".qr svg path")
    app = App("".join(page.locator(".secret span").all_inner_texts()))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.keyboard.type(app.wrong())
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]:has-text('数字不正确')")
    page.keyboard.type(app.code())
    page.keyboard.press("Enter")
    page.wait_for_selector(".codes")
    with page.expect_download() as loading:
        page.click("a[download]")
    kept = tmp_path / "codes.txt"
    loading.value.save_as(kept)
    codes = re.findall(r"^\d{8}", kept.read_text(encoding="utf-8-sig"), re.M)
    assert codes == [code.replace(" ", "") for code in page.locator(".codes li").all_inner_texts()]
    page.click("text=已保存，继续")
    page.wait_for_selector("#rows", state="attached")

    for code in (app.code(later=1), codes[0]):
        sign_off(page)
        first_step(page)
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        page.wait_for_selector("#rows", state="attached")
    assert desk.complaints == []

    assert (
        program.command("user", "reset-second-factor", "operator").stdout == "operator has no second factor any more\n"
    )
    assert program.command("user", "require-second-factor", "operator").returncode == 0
    page.reload()
    page.wait_for_selector(".notice:has-text('必须使用两步验证')")
    assert "second factor: required of no role; 1 users must have one, 1 of them have not yet" in (
        program.command("doctor").stdout
    )
