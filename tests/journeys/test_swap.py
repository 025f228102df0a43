"""A shift is swapped in real browsers: one asks, a colleague agrees, the manager approves."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Desk
from tests.program import Program

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
Sit = Callable[..., Desk]
MINE, ROOT = "/office/roster/mine/", Path(__file__).parent.parent.parent


def put_people(program: Program, many: int) -> None:
    """A roster of four weeks for the demo's people, as a manager would have planned it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.roster_people", str(many)],
        env=program.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def first_shift(page: Page) -> str:
    """Day and shift as the first line of one's own list tells them."""
    return " ".join(page.locator(".roster-shifts li").first.inner_text().split("\n")[:2])


def test_a_shift_changes_hands_in_three_browsers(program: Program, sit: Sit) -> None:
    put_people(program, 3)
    operator, colleague, leader = sit("operator"), sit("leader"), sit("manager")
    page = operator.page
    page.goto(f"{program.url}{MINE}")
    mine = first_shift(page)
    page.click(".roster-shifts li >> nth=0 >> text=换班")
    page.select_option("#to", label=page.locator("#to option:has-text('周敏')").inner_text())
    page.click("button:has-text('选他')")
    page.wait_for_selector("[name=in_return]")
    page.select_option("[name=in_return]", index=1)
    page.fill("[name=reason]", "孩子开家长会")
    page.click("button:has-text('发出申请')")
    page.wait_for_selector("text=已请 周敏 换班")

    colleague.page.goto(f"{program.url}{MINE}")
    colleague.page.wait_for_selector("text=孩子开家长会")
    colleague.page.click("button:has-text('同意')")
    colleague.page.wait_for_selector("text=双方已同意，等班长或经理批准")

    leader.page.goto(f"{program.url}/office/roster/swaps/")
    leader.page.wait_for_selector("text=孩子开家长会")
    leader.page.fill("[name=reason]", "已与班长商量")
    leader.page.click("button:has-text('批准')")
    leader.page.wait_for_selector("text=已批准换班，双方的班次已更新。")

    for desk in (operator, colleague):
        desk.page.goto(f"{program.url}{MINE}")
        desk.page.wait_for_selector("text=已批准")
    assert first_shift(operator.page) != mine
    assert operator.complaints + colleague.complaints + leader.complaints == []


def test_the_calendar_is_walked_without_a_mouse(program: Program, sit: Sit) -> None:
    put_people(program, 9)
    leader = sit("leader")
    page = leader.page
    page.goto(f"{program.url}/office/roster/")
    first = page.locator("table.roster thead th.day").first.inner_text()
    leader.press("]")
    page.wait_for_function("text => document.querySelector('th.day').innerText !== text", arg=first)
    leader.press("ArrowDown")
    page.wait_for_selector("table.roster td a:focus")
    row = page.evaluate("document.activeElement.closest('tr').rowIndex")
    leader.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") > row
    leader.press("t")
    page.wait_for_selector("th.today:has-text('今天')")
    assert leader.complaints == []
