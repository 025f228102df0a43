"""A burglary that is a false alarm, along its plan, without a mouse; and a hold-up that nobody may call."""

from collections.abc import Callable

import pytest

from lianjing.project.demo_premises import DURESS_WORD, PASS_WORD
from tests.journeys.conftest import Desk
from tests.program import Program

pytestmark = pytest.mark.journey
Sit = Callable[..., Desk]


def due(desk: Desk, title: str) -> None:
    """Waits until this step of the plan is due."""
    desk.page.wait_for_selector(f".plan-steps .now:has-text('{title}')")


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
    due(desk, "看现场图像")
    assert fits_on_the_screen(desk)
    page.keyboard.press("d")
    page.keyboard.press("2")
    due(desk, "致电联系人")
    page.keyboard.press("d")
    page.keyboard.press("1")
    due(desk, "核对口令")
    page.keyboard.press("d")
    page.keyboard.type(PASS_WORD)
    page.keyboard.press("Enter")
    due(desk, "判断是否属实")
    page.keyboard.press("e")
    page.wait_for_selector("#move-notice:has-text('尚未复核或转发')")
    page.keyboard.press("d")
    page.keyboard.press("2")
    due(desk, "向客户通报")
    page.keyboard.press("u")
    due(desk, "判断是否属实")
    page.keyboard.press("d")
    page.keyboard.press("2")
    due(desk, "向客户通报")
    page.keyboard.press("d")
    page.keyboard.press("1")
    page.wait_for_selector("#do-dispose.go")
    page.keyboard.press("e")
    page.keyboard.press("3")
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


def test_a_duress_word_looks_like_the_right_one_and_leads_to_the_police(program: Program, sit: Sit) -> None:
    desk = sit("operator")
    page = desk.page
    program.send("Nri1/BA002")
    page.wait_for_selector("#rows .row", timeout=5000)
    page.keyboard.press("Space")
    for step, outcome in (("看现场图像", "2"), ("致电联系人", "1")):
        due(desk, step)
        page.keyboard.press("d")
        page.keyboard.press(outcome)
    due(desk, "核对口令")
    page.keyboard.press("d")
    page.keyboard.type(DURESS_WORD)
    page.keyboard.press("Enter")
    due(desk, "照常道别，随后报 110")
    assert "口令已核对" in page.inner_text(".plan-steps")
    assert page.locator("a[data-dials]").count() == 0
    page.wait_for_selector("#rows .row:nth-child(2)", timeout=10000)
    page.keyboard.press("d")
    page.wait_for_selector("[data-block=timeline] :text('转发：110 报警台')")
    assert desk.complaints == []
