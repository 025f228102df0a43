"""A drill is held with the phone in the hand, looked back on, and changes a plan: drafted by one, approved by another,
tried again; its finding is verified by another and closed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from lianjing.core.days import centre_day
from tests.journeys.conftest import Desk
from tests.program import Program

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]
Sit = Callable[..., Desk]
TODAY = str(centre_day())
DRILL, PLAN, FINDING = "商铺入侵实战演练（演示）", "入侵处置", "写明几秒内转拨第二联系人"


def clicks(desk: Desk, words: str, sees: str, told: str = "") -> None:
    """Presses the button or follows the link with these words, and waits for what comes of it."""
    desk.page.click(f"main button:has-text('{words}'), main a:has-text('{words}')")
    desk.sees(sees, told)


def sends(desk: Desk, typed: dict[str, str], sees: str, told: str = "") -> None:
    """Fills in the form that is open and sends it."""
    for name, value in typed.items():
        desk.page.fill(f"[name={name}] >> nth=0", value)
    desk.page.click("main button.go")
    desk.sees(sees, told)


def is_held_today(leader: Desk, program: Program) -> None:
    """The drill that stood ready for another day."""
    leader.page.goto(f"{program.url}/office/drills/")
    clicks(leader, DRILL, "h1", DRILL)
    clicks(leader, "退回修改", "[name=reason]")
    sends(leader, {"reason": "提前到今天"}, ".next-step")
    leader.press("d")
    leader.sees("[name=planned_on]")
    sends(leader, {"planned_on": TODAY}, ".next-step")
    clicks(leader, "准备完毕", "button:has-text('现在开始')")
    clicks(leader, "现在开始", ".run-head")
    clicks(leader, "投入", ".seen", "脚本第 1 条")
    leader.page.fill("#quick-text", "没有转拨第二联系人")
    leader.page.click("#note .tap-bad")
    leader.sees(".seen", "没有转拨第二联系人")
    # What took less than a minute was no drill.
    leader.page.wait_for_timeout(60_000)
    clicks(leader, "演练结束", ".next-step")


def is_looked_back_on(leader: Desk) -> None:
    """Scored, evaluated, and a finding raised that revises the plan."""
    leader.press("s")
    leader.sees(".score-sheet")
    for choice in leader.page.query_selector_all(".score-sheet input[value='4']"):
        choice.check()
    sends(leader, {}, ".next-step")
    leader.press("e")
    leader.sees("[name=evaluation]")
    sends(leader, {"evaluation": "受理快，转拨慢。"}, ".next-step")
    leader.press("r")
    leader.sees("[name=conclusion]")
    leader.page.select_option("[name=conclusion]", "findings")
    leader.page.select_option("[name=f-plan] >> nth=0", label=PLAN)
    row = {"f-title": FINDING, "f-owner": "W01", "f-due_on": str(centre_day() + timedelta(days=20))}
    sends(leader, {"went_well": "受理快", "went_badly": "转拨慢", **row}, "h1", "复盘")


def is_revised(leader: Desk, manager: Desk, program: Program) -> None:
    """The plan of the finding that is open: drafted by one, approved and put in force by another."""
    clicks(leader, "起草修订版", "h1", PLAN)
    plan = leader.page.get_attribute(".page-head a >> nth=-1", "href") or ""
    clicks(leader, "保存草稿", "h1", PLAN)
    manager.page.goto(f"{program.url}{plan}?version=2")
    clicks(manager, "批准", "button:has-text('开始执行')")
    clicks(manager, "开始执行", ".badge", "执行中")


def is_tried_again(leader: Desk) -> None:
    leader.sees("[data-key=t]")
    leader.press("t")
    leader.sees("[name=tested_on]")
    sends(leader, {"tested_on": TODAY, "note": "拨第一联系人 20 秒不接即转拨，两次都做到。"}, ".history", "复测通过")


def is_put_right(leader: Desk, manager: Desk, finding: str) -> None:
    """Done by one, verified and closed by another."""
    manager.page.goto(finding)
    manager.press("m")
    manager.sees("[name=cause]")
    sends(manager, {"cause": "预案没有写时限", "measure": "预案写明 20 秒"}, ".next-step", "等报告完成")
    manager.press("f")
    manager.sees("[name=proof]")
    sends(manager, {"proof": "第 2 版已执行，复测通过"}, ".next-step", "等他人复核")
    leader.page.goto(finding)
    leader.press("v")
    leader.sees("[name=note]")
    sends(leader, {"note": "看过复测记录"}, ".next-step", "已复核，等关闭")
    leader.press("k")
    leader.sees("form button.go")
    sends(leader, {}, ".next-step", "整改已关闭。")


def test_what_a_drill_found_becomes_a_revised_plan_that_was_tried_again(program: Program, sit: Sit) -> None:
    leader, manager = sit("leader"), sit("manager")
    is_held_today(leader, program)
    is_looked_back_on(leader)
    clicks(leader, FINDING, "#revision-head")
    finding = leader.page.url
    is_revised(leader, manager, program)
    leader.page.goto(finding)
    is_tried_again(leader)
    is_put_right(leader, manager, finding)
    assert (leader.complaints, manager.complaints) == ([], [])
