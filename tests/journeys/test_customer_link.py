"""A customer is called, asked by a link, and calls for help from his phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Desk
from tests.program import Program

pytestmark = pytest.mark.journey

Sit = Callable[..., Desk]
NO_TELEPHONE = """document.addEventListener("click", (event) => {
  if (event.target.closest("a[href^='tel:']")) event.preventDefault();
}, true)"""
"""A browser without a telephone asks what to do with a number, and no key reaches the page meanwhile."""


def test_a_customer_who_does_not_answer_calls_for_help_by_his_link(
    program: Program, sit: Sit, browser: Browser
) -> None:
    desk, leader = sit("operator"), sit("leader")
    page = desk.page
    page.add_init_script(NO_TELEPHONE)
    page.reload()
    program.send("Nri1/BA001")
    page.wait_for_selector("#rows .row:has-text('入侵报警')")
    page.keyboard.press("Space")
    page.wait_for_selector(".contacts .dial")

    # One key dials, one notes what came of it.
    page.keyboard.press("1")
    page.wait_for_selector("[data-form^='call-']:not([hidden])")
    page.keyboard.press("3")
    page.wait_for_selector(".contacts .attempt:has-text('第 1 次'):has-text('无人接听')")

    page.click("text=发链接… >> nth=0")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".messages li:has-text('已送出'):has-text('模拟')", timeout=15000)
    href = page.get_attribute("a:has-text('打开模拟手机')", "href")

    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True)
    phone, complaints = context.new_page(), list[str]()
    phone.on("pageerror", lambda error: complaints.append(str(error)))
    phone.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    phone.goto(href)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    smallest = phone.evaluate("Math.min(...[...document.querySelectorAll('.big')].map(b => b.offsetHeight))")
    assert smallest >= 48
    phone.tap("button.false")
    phone.tap("text=返回，重新选择")
    page.wait_for_selector(".contacts .attempt:has-text('链接已打开')")
    phone.tap("button.help")
    phone.tap(".second button.help")
    phone.wait_for_selector(".said:has-text('已收到求助')")

    # At the desk at once: the answer, the first grade, why, and the case on top for everybody.
    page.wait_for_selector(".contacts .answer-help:has-text('求助')", timeout=5000)
    page.wait_for_selector(".case-head .badge.g1:has-text('一级')")
    page.wait_for_selector(".notice:has-text('在确认链接中求助；升为一级')")
    leader.page.wait_for_selector("#rows .row:first-child.g1.fresh:has-text('入侵报警')", timeout=5000)

    phone.goto(href)
    assert phone.locator(".big").count() == 0
    context.close()
    assert (desk.complaints, leader.complaints, complaints) == ([], [], [])
