"""Two people at two desks: who gets which case, a browser that dies, a case handed over, a hold-up in between."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Desk
from tests.program import Program, until

# A browser counts as gone after half a minute at least.
pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
Sit = Callable[..., Desk]


def case_of(page: Page) -> str:
    """The number of the case that the page has open, once it has."""
    page.wait_for_url(re.compile(r"/incidents/\d+/"), timeout=10000)
    page.wait_for_selector("text=我在处理")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def write_note(page: Page, text: str) -> None:
    """Begins a note and leaves it; waits until the server has the draft."""
    page.keyboard.press("n")
    page.wait_for_selector("#note-text")
    with page.expect_response(re.compile("/draft/$")):
        page.keyboard.type(text)


def test_two_who_press_next_at_once_get_two_cases_and_one_passes_by_hand_and_one_by_absence(
    program: Program, sit: Sit
) -> None:
    manager = sit("manager")
    manager.page.goto(f"{program.url}/office/desk-settings/")
    manager.page.fill("[name=gone_seconds]", "30")
    manager.page.click("button:has-text('保存')")
    manager.page.wait_for_selector("text=限值已保存")

    operator, leader = sit("operator"), sit("leader")
    for account in ("1004", "1005"):
        program.send("Nri1/BA001", account=account)
    for desk in (operator, leader):
        desk.page.wait_for_selector("#rows .row >> nth=1", timeout=10000)
    operator.page.keyboard.press("g")
    leader.page.keyboard.press("g")
    first, second = case_of(operator.page), case_of(leader.page)
    assert first != second

    write_note(operator.page, "门口有人影")
    until(lambda: operator.page.locator("#note-text").input_value() == "门口有人影")
    operator.page.wait_for_timeout(6000)  # the stream's next sign that this browser is there
    operator.page.context.close()
    leader.page.wait_for_selector(f"#row-{first} .state:has-text('未受理')", timeout=90000)
    leader.page.keyboard.press("g")
    leader.page.wait_for_url(f"**/incidents/{first}/")
    leader.page.wait_for_selector("text=陈思远 未提交的草稿")
    leader.page.click("button:has-text('带入表单')")
    assert leader.page.locator("#note-text").input_value() == "门口有人影"
    leader.page.keyboard.press("Control+Enter")
    leader.page.wait_for_selector("[data-block=timeline] .sub:has-text('门口有人影')")
    assert "的浏览器已断开" in leader.page.locator("[data-block=timeline]").inner_text()

    again = sit("operator")
    leader.page.keyboard.press("z")
    leader.page.wait_for_selector("[data-form=offer]:not([hidden])")
    leader.page.keyboard.press("1")
    leader.page.keyboard.press("Control+Enter")
    leader.page.wait_for_selector("text=请 陈思远 接手")
    again.page.click("#offers a", timeout=5000)
    again.page.wait_for_selector("#do-accept")
    again.page.keyboard.press("y")
    assert case_of(again.page) == first
    leader.page.wait_for_selector(f"#row-{first} .holder:has-text('陈思远')")

    write_note(again.page, "正在通话")
    program.send("Nri1/PA006", account="1002")
    again.page.wait_for_selector("#breaking-first", timeout=5000)
    again.page.keyboard.type("，对方说")
    note = again.page.locator("#note-text")
    assert (note.input_value(), note.evaluate("e => e === document.activeElement")) == ("正在通话，对方说", True)
    again.page.keyboard.press("F2")
    again.page.wait_for_selector("#case h1:has-text('紧急')")
    again.page.keyboard.press("t")
    again.page.wait_for_selector("#breaking-first", state="detached", timeout=5000)
    again.page.click(f"#row-{first}")
    again.page.wait_for_url(f"**/incidents/{first}/")
    again.page.keyboard.press("n")
    until(lambda: again.page.locator("#note-text").input_value() == "正在通话，对方说")
    assert (operator.complaints, leader.complaints, again.complaints, manager.complaints) == ([], [], [], [])
