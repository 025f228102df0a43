"""A licence ends: clause 4.2 turns on the screen of the manager within seconds, and on that of the police."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Desk
from tests.program import PASSWORD, Program, until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


@pytest.fixture
def officer(browser: Browser, program: Program) -> Page:
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
    page.goto(f"{program.url}/")
    page.fill("input[name=login]", "police")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/police/")
    return page


def shown(page: Page) -> str:
    """What stands beside 4.2, freshly loaded."""
    page.reload()
    return page.locator("section[data-clause='4.2'] .clause-pick strong").inner_text()


def beside(page: Page) -> str:
    page.reload()
    return page.locator("#clause-detail").inner_text()


def test_clause_4_2_turns_when_its_licence_ends_and_the_day_before_stays_as_it_was(
    program: Program, sit: Callable[..., Desk], officer: Page
) -> None:
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    manager = sit("manager")
    page = manager.page
    page.goto(f"{program.url}/office/clauses/?clause=4.2")
    # What never was judged cannot turn.
    until(lambda: shown(page) == "✓ 符合" and "判定于" in page.locator(".page-head").inner_text(), 60)

    page.click("#clause-detail .evidence a >> nth=0")
    manager.sees("h1", "单位资质")
    page.click(".held:has-text('保安服务许可证') a:has-text('更正')")
    page.fill("[name=valid_until]", str(today - timedelta(days=1)))
    page.fill("[name=reason]", "许可证昨天到期，没有换证")
    page.click("form.sheet-form button.go")
    manager.sees(".notice.said")

    page.goto(f"{program.url}/office/clauses/?clause=4.2")
    until(lambda: shown(page) == "✕ 不符合", 30)
    manager.sees("section[data-clause='4.2'] .clause-why", str(today - timedelta(days=1)))
    until(lambda: "✓ 符合 → ✕ 不符合" in beside(page), 30)
    page.goto(f"{program.url}/office/clauses/?clause=4.2&on={today - timedelta(days=1)}")
    assert shown(page) == "✓ 符合"

    officer.click(".verdict-counts a:has-text('不符合')")
    officer.wait_for_selector("section[data-clause='4.2'] strong:has-text('✕ 不符合')")
    assert manager.complaints == []
