"""A test of premises, from the desk that starts it to the printed report."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Desk
from tests.program import Program

pytestmark = pytest.mark.journey
Sit = Callable[..., Desk]


def test_a_test_is_started_watched_live_ended_early_and_reported(program: Program, sit: Sit) -> None:
    desk, watching = sit("leader"), sit("operator")
    page = desk.page
    page.goto(f"{program.url}/tests/")
    page.click("text=开始测试…")
    page.fill("#find", "鲁迅")
    page.keyboard.press("Enter")
    page.click(".picks a:has-text('鲁迅中路烟酒行')")
    page.fill("[name=asked_by]", "维保李工")
    page.fill("[name=reason]", "年度测试")
    page.check("[name=danger_told]")
    page.click("button:has-text('开始测试')")
    page.wait_for_selector("#test-live :text('6 个没有报')")

    program.send("Nri1/BA001")
    program.send("Nri1/PA006")
    program.send("Nri1/BA077")
    # Without a touch: the page fetches what came in.
    page.wait_for_selector("#test-live :text('2 个防区已报，4 个没有报')", timeout=15000)
    page.wait_for_selector("#test-live :text('没有登记的防区')")
    assert watching.page.locator("#rows .row").count() == 0

    page.click("summary:has-text('结束测试')")
    page.click("button:has-text('现在结束')")
    page.wait_for_selector("#test-live :text('写定')", timeout=30000)
    assert page.locator(".test-acts").count() == 0
    program.send("Nri1/PA006")
    watching.page.wait_for_selector("#rows .row:has-text('紧急')", timeout=5000)
    assert page.locator("#test-live :text('2 个防区已报，4 个没有报')").count() == 1

    watching.page.goto(f"{program.url}/signals/?fate=on_test")
    watching.page.click("table.signals tbody tr:first-child a")
    watching.page.wait_for_selector(".path .decided:has-text('测试')")
    assert (desk.complaints, watching.complaints) == ([], [])

    token = program.token("operator")
    items = program.get("signals?account=1004", token)["items"]
    assert [(item["fate"], item["rule"], item["author"]) for item in items[1:]] == [
        ("on_test", "site_on_test", "系统")
    ] * 3
    assert all(item["reasons"] for item in items)
