"""A certificate ends at midnight, in the middle of a shift: what the desk, the leader and the manager see."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from lianjing.project.demo_company import USERS
from tests.journeys.conftest import Desk
from tests.journeys.people import in_office
from tests.program import PASSWORD, Program, until

pytestmark = pytest.mark.journey
NAME = USERS["operator"]
SOON = 40_000
"""Milliseconds: the desk asks every twenty seconds, `work` looks every fifteen."""


def test_he_keeps_his_case_gets_no_new_one_and_goes_on_by_a_pass(
    program: Program, sit: Callable[..., Desk], browser: Browser
) -> None:
    operator, leader = sit("operator"), sit("leader")
    leader.page.goto(f"{program.url}/duty/")
    leader.page.click("form.sheet-form button.go")
    leader.sees(".notice.said", "已签到")
    program.send("Nri1/BA001", "1004")
    operator.sees("#rows .row")
    operator.press("Space")
    operator.sees("#case", "受理")
    leader.page.goto(f"{program.url}/board/")

    # Midnight: the last day of the certificate was yesterday.
    in_office(program, 'end_certificate(member("operator"), today - timedelta(days=1))')
    operator.page.wait_for_selector("#standing:has-text('您已不符合值班条件')", timeout=SOON)
    leader.page.wait_for_selector(f".hands:has-text('{NAME}'):has-text('不符合值班条件')", timeout=SOON)

    token = program.token("operator")
    program.send("Nri1/BA001", "1005")
    until(lambda: len(program.get("incidents?state=open", token)["items"]) == 1)
    operator.press("Space")
    operator.page.wait_for_selector("text=新的警情由其他在班人员受理", timeout=SOON)
    found = program.get("incidents?state=active", token)["items"]
    assert sorted(case["state"] for case in found) == ["open", "taken"]

    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{program.url}/office/")
    page.fill("input[name=login]", "manager")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.click("tr:has-text('在岗而已不符合条件') a")
    page.click(f"tr:has-text('{NAME}') a:has-text('放行')")
    page.fill("[name=reason]", "证件已换领，等新证")
    page.click("form.sheet-form button.go")
    page.wait_for_selector(".notice.said")
    operator.page.wait_for_selector("#standing:has-text('凭放行值班')", timeout=SOON)
    operator.press("Space")
    until(lambda: not program.get("incidents?state=open", token)["items"])
    context.close()
