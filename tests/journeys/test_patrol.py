"""A guard is sent, works on his phone, and the operator sees each step at once; then 110 is told."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Desk
from tests.program import Program

pytestmark = pytest.mark.journey
Sit = Callable[..., Desk]
AT_ONCE = 5000
"""Milliseconds; the event stream needs far less, a busy machine does not."""


@pytest.fixture
def phone(browser: Browser, program: Program) -> Iterator[Desk]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True)
    yield Desk(context.new_page(), program.url, "guard")
    context.close()


def wide(page: Page) -> int:
    """How many pixels the page is wider than the phone."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_a_guard_is_sent_and_every_step_of_his_is_on_the_desk_at_once(
    program: Program, sit: Sit, phone: Desk, tmp_path: Path
) -> None:
    photo = tmp_path / "window.jpg"
    Image.effect_noise((640, 480), 40).convert("RGB").save(photo)
    desk = sit("operator")
    assert phone.page.url == f"{program.url}/patrol/"

    program.send("Nri1/BA001")
    desk.page.wait_for_selector("#rows .row:has-text('鲁迅中路')", timeout=AT_ONCE)
    desk.page.click("#rows .row:has-text('鲁迅中路')")
    desk.page.wait_for_selector(".case-head h1:has-text('鲁迅中路')")
    desk.page.keyboard.press("t")
    desk.page.wait_for_selector(".badge:has-text('我在处理')")
    desk.page.keyboard.press("p")
    desk.page.wait_for_selector(".move-form[data-form=send_task]:not([hidden])")
    desk.page.keyboard.press("1")
    desk.page.keyboard.type("先看后窗")
    desk.page.keyboard.press("Control+Enter")
    desk.page.wait_for_selector(".hand-over .waits:has-text('等其接受')")

    phone.page.wait_for_selector(".task-row.assigned:has-text('鲁迅中路')", timeout=10000)
    phone.page.click(".task-row")
    phone.page.wait_for_selector("text=先看后窗")
    assert wide(phone.page) <= 0
    for button, state in (("接受", "已接受"), ("出发", "在途"), ("到达", "已到达")):
        phone.page.click(f"#next:has-text('{button}')")
        desk.page.wait_for_selector(f".hand-over .head .badge:has-text('{state}')", timeout=AT_ONCE)

    phone.page.wait_for_selector("#result")
    phone.page.check("label:has-text('发现痕迹') input")
    phone.page.fill("[name=words]", "后窗有撬痕")
    phone.page.set_input_files("#photos", str(photo))
    assert wide(phone.page) <= 0
    phone.page.click("text=提交结果")
    desk.page.wait_for_selector(".hand-over:has-text('后窗有撬痕')", timeout=AT_ONCE)
    desk.page.wait_for_selector(".thumbs img", timeout=AT_ONCE)
    desk.page.wait_for_selector(".duty:has-text('到场人员证实警情，应立即报告 110')", timeout=AT_ONCE)
    phone.page.click("#next:has-text('离开')")
    desk.page.wait_for_selector(".hand-over .head .badge:has-text('已离开')", timeout=AT_ONCE)

    desk.page.keyboard.press("l")
    desk.page.wait_for_selector(".move-form[data-form=police]:not([hidden])")
    desk.page.keyboard.press("Control+Enter")
    desk.page.wait_for_selector(".script:has-text('报警位置')")
    desk.page.keyboard.press("q")
    desk.page.wait_for_selector(".hand-over .badge:has-text('110 · 已报出')")
    desk.page.keyboard.press("q")
    desk.page.wait_for_selector(".move-form[data-form=police_accepted]:not([hidden])")
    desk.page.keyboard.type("0311-7")
    desk.page.keyboard.press("Control+Enter")
    desk.page.wait_for_selector(".hand-over:has-text('接警编号 0311-7')")
    assert desk.page.locator(".duty").count() == 0

    for step in ("看现场图像", "判断是否属实", "向客户通报"):
        desk.due(step)
        desk.press("d", "1")
    desk.sees("#do-dispose.go")
    desk.opens_form("e", "dispose")
    desk.press("1", "2", "Control+Enter")
    desk.reads_in_time_line("处置：真警")
    desk.page.keyboard.press("c")
    desk.page.wait_for_selector(".badge:has-text('已结案')")
    assert (desk.complaints, phone.complaints) == ([], [])

    told = [
        step["action"].removeprefix("incident.")
        for step in program.get(f"incidents/{desk.page.url.rstrip('/').rpartition('/')[2]}", program.token("operator"))[
            "timeline"
        ]
    ]
    guard = ["task_sent", "task_accepted", "task_on_the_way", "task_arrived", "task_done", "task_left"]
    assert [action for action in told if action.startswith("task_")] == guard
