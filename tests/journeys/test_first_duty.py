"""Hire to first duty: refused while a paper is missing, seen by the manager, let in once all is there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Desk
from tests.journeys.people import in_office
from tests.program import PASSWORD, Program

pytestmark = pytest.mark.journey
NAME = "新来的人"


def test_a_new_operator_is_refused_until_his_papers_and_his_shift_are_there(
    program: Program, sit: Callable[..., Desk], browser: Browser
) -> None:
    in_office(program, f'hire("newcomer", "{NAME}", *SOUND)')
    desk = sit("newcomer")
    desk.page.goto(f"{program.url}/duty/")
    desk.page.fill("[name=desk]", "1 号席")
    desk.press("Enter")
    desk.sees(".notice.bad", "没有保安员证。（5.1.4）")
    assert desk.page.input_value("[name=desk]") == "1 号席"

    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    phone = context.new_page()
    phone.goto(f"{program.url}/office/")
    phone.fill("input[name=login]", "manager")
    phone.fill("input[name=password]", PASSWORD)
    phone.keyboard.press("Enter")
    phone.click(f".home-lines tr:has-text('{NAME}') a")
    phone.wait_for_selector(f"tr:has-text('{NAME}'):has-text('没有保安员证。（5.1.4）')")

    in_office(
        program, 'record_fact(member("newcomer").pk, certificate(), by=manager, at=now); plan("newcomer", "1 号席")'
    )
    phone.reload()
    phone.wait_for_selector(f"tr:has-text('{NAME}'):has-text('现在可以签到')")
    desk.page.focus("[name=desk]")
    desk.press("Enter")
    desk.sees(".notice.said", "已签到")
    phone.goto(f"{program.url}/office/on-duty/")
    phone.wait_for_selector(f"tr:has-text('{NAME}'):has-text('已签到')")
    context.close()
    assert [line for line in desk.complaints if "409" not in line] == []
