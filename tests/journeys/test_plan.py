"""A burglary that is a false alarm, along its plan, without a mouse."""

from collections.abc import Callable

import pytest

from lianjing.project.demo_premises import PASS_WORD
from tests.journeys.conftest import Desk
from tests.program import Program

pytestmark = pytest.mark.journey
Sit = Callable[..., Desk]


def fits_on_the_screen(desk: Desk) -> bool:
    size = "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
    height, width = desk.page.evaluate(size)
    return height <= 900 and width <= 1440


def test_a_burglary_with_a_false_alarm_is_led_to_its_end_by_keyboard(program: Program, sit: Sit) -> None:
    desk = sit("operator")
    page = desk.page
    program.send("Nri1/BA002")
    page.wait_for_selector("#rows .row", timeout=5000)
    page.keyboard.press("Space")
    desk.due("看现场图像")
    assert fits_on_the_screen(desk)
    page.keyboard.press("d")
    page.keyboard.press("2")
    desk.due("致电联系人")
    page.keyboard.press("d")
    page.keyboard.press("1")
    desk.due("核对口令")
    page.keyboard.press("d")
    page.keyboard.type(PASS_WORD)
    page.keyboard.press("Enter")
    desk.due("判断是否属实")
    page.keyboard.press("e")
    page.wait_for_selector("#move-notice:has-text('尚未复核或转发')")
    page.keyboard.press("d")
    page.keyboard.press("2")
    desk.due("向客户通报")
    page.keyboard.press("u")
    desk.due("判断是否属实")
    page.keyboard.press("d")
    page.keyboard.press("2")
    desk.due("向客户通报")
    page.keyboard.press("d")
    page.keyboard.press("1")
    page.wait_for_selector("#do-dispose.go")
    page.keyboard.press("e")
    page.keyboard.press("3")
    page.keyboard.press("2")
    page.keyboard.type("店员进门后忘记撤防")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-block=timeline] :text('处置：人为误报')")
    page.keyboard.press("c")
    page.wait_for_selector("#rows .row", state="detached")
    assert desk.complaints == []

    case = program.get("incidents?state=closed", program.token("operator"))["items"][0]
    whole = program.get(f"incidents/{case['id']}", program.token("operator"))
    done = {step["key"]: (step["state"], step["outcome"]) for step in whole["plan"]["steps"]}
    assert done["watch"] == ("done", "nobody")
    assert done["word"] == ("done", "right")
    assert done["judge"] == ("done", "false")
    assert done["police"] == ("not_needed", None)
    assert PASS_WORD not in str(whole)


def test_a_step_that_waits_shows_what_is_left_of_it(program: Program, sit: Sit) -> None:
    desk = sit("operator")
    page = desk.page
    program.send("Nri1/YT001")
    page.wait_for_selector("#rows .row", timeout=5000)
    page.keyboard.press("Space")
    desk.due("看故障从何时起，最近有没有同样的")
    page.keyboard.press("d")
    page.keyboard.press("1")
    desk.due("等 30 分钟看是否自己恢复")
    left = page.locator("[data-left-until]")
    page.wait_for_function("document.querySelector('[data-left-until]').textContent.startsWith('还有 29:')")
    first = left.text_content()
    page.wait_for_function("first => document.querySelector('[data-left-until]').textContent < first", arg=first)
    assert desk.complaints == []
