"""Told to 110 or 119 at once, by keyboard only: a confirmed burglary, a hold-up, a duress word, a fire."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from lianjing.project.demo_company import contact_phone
from lianjing.project.demo_premises import DURESS_WORD
from tests.journeys.conftest import Desk
from tests.program import Program

pytestmark = pytest.mark.journey
Sit = Callable[..., Desk]
STOREHOUSE, SHOP = "1009", "1004"
FIRST_OF_SHOP = 10
"""The number of the first contact of the shop in the demo company."""


def steps_of_closed(program: Program) -> list[dict[str, Any]]:
    token = program.token("operator")
    case = program.get("incidents?state=closed", token)["items"][0]
    steps: list[dict[str, Any]] = program.get(f"incidents/{case['id']}", token)["plan"]["steps"]
    return steps


def test_two_detectors_that_confirm_each_other_go_to_110_before_the_plan_asks_anything_else(
    program: Program, sit: Sit
) -> None:
    desk = sit("operator")
    program.send("Nri1/BA001", STOREHOUSE)
    desk.sees("#rows .row[data-grade='2']")
    desk.press("Space")
    desk.due("看现场图像")

    program.send("Nri1/BA005", STOREHOUSE)
    desk.sees("#rows .row[data-grade='1']", "库房红外")
    desk.sees("#case .badge", "确认警情")
    desk.sees("#case .duty", "两种不同原理的探测器先后报警")
    desk.press("s")
    desk.sees("#do-police.go")
    desk.opens_form("l", "police")
    assert "柯北物流仓" in desk.page.locator("#police-message").input_value()
    desk.press("Control+Enter")
    desk.sees(".hand-over.prepared")
    desk.press("q")
    desk.sees(".hand-over.sent", "等对方接警")
    desk.opens_form("q", "police_accepted")
    desk.write("JJ-20261129-0417")
    desk.sees(".hand-over.accepted", "接警编号 JJ-20261129-0417")

    desk.due("看现场图像")
    desk.press("d", "1")
    desk.due("判断是否属实")
    desk.press("d", "1")
    desk.due("派巡逻到场查看")
    desk.opens_form("d", "step")
    desk.press("2")
    desk.due("向客户通报")
    desk.press("d", "1")
    desk.sees("#do-dispose.go")
    desk.opens_form("e", "dispose")
    desk.press("1", "1", "Control+Enter")
    desk.reads_in_time_line("处置：真警")
    desk.closes()
    assert desk.complaints == []


def test_a_hold_up_goes_to_110_first_and_nobody_can_dial_the_premises(program: Program, sit: Sit) -> None:
    desk = sit("operator")
    program.send("Nri1/PA006", SHOP)
    desk.sees("#rows .row[data-grade='1']", "紧急")
    desk.press("Space")
    desk.due("立即报 110")
    assert desk.page.locator("a[data-dials], #case a[href^='tel:']").count() == 0
    assert contact_phone(FIRST_OF_SHOP) not in desk.page.inner_text(".contacts.silent")

    desk.press("d")
    desk.reads_in_time_line("转发：110 报警台")
    for step, outcome in (("派巡逻在外围待命", "2"), ("看现场图像，不喊话", "3"), ("民警或巡逻确认现场情况", "1")):
        desk.due(step)
        desk.press("d", outcome)
    desk.due("现场解除后向客户通报")
    desk.press("d", "1")
    desk.sees("#do-dispose.go")
    desk.opens_form("e", "dispose")
    desk.press("1", "3", "Control+Enter")
    desk.reads_in_time_line("处置：真警")
    desk.press("c")
    desk.sees("#move-notice", "收悉")
    desk.press("y")
    desk.sees(".hand-over", "已确认收悉")
    desk.closes()
    assert desk.complaints == []


def test_a_duress_word_looks_like_the_right_one_and_the_case_goes_to_110_and_to_its_end(
    program: Program, sit: Sit
) -> None:
    desk = sit("operator")
    program.send("Nri1/BA002", SHOP)
    desk.sees("#rows .row")
    desk.press("Space")
    desk.due("看现场图像")
    desk.press("d", "2")
    desk.due("致电联系人")
    desk.press("d", "1")
    desk.due("核对口令")
    desk.press("d")
    desk.page.keyboard.type(DURESS_WORD)
    desk.press("Enter")
    desk.due("照常道别，随后报 110")
    assert "口令已核对" in desk.page.inner_text(".plan-steps")
    assert desk.page.locator("a[data-dials]").count() == 0
    desk.press("d")
    desk.reads_in_time_line("转发：110 报警台")
    for step, outcome in (("派巡逻在外围待命", "1"), ("民警或巡逻回报现场情况", "1")):
        desk.due(step)
        desk.press("d", outcome)
    desk.sees("#do-dispose.go")
    desk.opens_form("e", "dispose")
    desk.press("1", "3", "Control+Enter")
    desk.reads_in_time_line("处置：真警")
    desk.page.route("**/close/", lambda route: (time.sleep(1), route.continue_()))
    # The word itself is an alarm of its own, which nobody has met yet: asked for before the answer has come.
    desk.press("c", "Space")
    desk.due("立即报 110")
    desk.press("d")
    desk.reads_in_time_line("转发：110 报警台")
    desk.press("y")
    desk.sees(".hand-over", "已确认收悉")
    assert desk.complaints == []


def test_a_fire_goes_to_119_first_and_verifying_delays_nothing(program: Program, sit: Sit) -> None:
    desk = sit("operator")
    program.send("Nri1/FA007", SHOP)
    desk.sees("#rows .row[data-grade='1']", "火")
    desk.press("Space")
    desk.due("立即报 119")
    assert desk.page.locator(".plan-steps li").first.get_attribute("aria-current") == "step"
    desk.press("d")
    desk.sees(".hand-over.sent", "119")
    desk.opens_form("q", "police_accepted")
    desk.write("")
    desk.sees(".hand-over.accepted")

    steps = (("致电现场，叫人撤离", "2"), ("看现场图像，找烟和明火", "3"), ("派巡逻接应消防车", "2"))
    for step, outcome in (*steps, ("现场确认是否起火", "2"), ("告知 119 误报", "1"), ("向客户通报", "1")):
        desk.due(step)
        desk.press("d", outcome)
    desk.sees("#do-dispose.go")
    desk.opens_form("e", "dispose")
    desk.press("3", "8", "Control+Enter")
    desk.reads_in_time_line("处置：人为误报")
    desk.closes()
    assert desk.complaints == []

    done = {step["key"]: step["at"] for step in steps_of_closed(program) if step["at"]}
    assert done["fire"] == min(done.values())
