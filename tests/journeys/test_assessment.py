"""An assessment is scored by its departments, analysed, and put right: its finding is done, verified by another and
closed; clause 8.3.3 turns when the late one is done."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Desk
from tests.program import Program

pytestmark = [pytest.mark.journey, pytest.mark.timeout(500)]
Sit = Callable[..., Desk]


def opens(desk: Desk, program: Program, path: str) -> None:
    desk.page.goto(f"{program.url}{path}")


def scores_all_of_his(desk: Desk, program: Program, here: str) -> int:
    """Fills in every sheet that waits for this person, by the keyboard; how many there were."""
    count = 0
    opens(desk, program, here)
    while desk.page.query_selector("[data-key=s]") is not None:
        desk.press("s")
        desk.sees("[data-score]:focus")
        cells = len(desk.page.query_selector_all("[data-score]"))
        for _ in range(cells):
            desk.page.keyboard.type("85")
            desk.press("Enter")
        for evidence in desk.page.query_selector_all(".evidence-cell input"):
            evidence.fill("抽查记录")
        desk.press("Control+Enter")
        desk.sees(".page-head h1", "本季度部门考核")
        count += 1
    return count


def puts_right(manager: Desk, leader: Desk, program: Program, finding: str) -> None:
    """A finding that has its owner: measure and proof by one, verified and closed by another."""
    opens(manager, program, finding)
    manager.press("m")
    manager.page.fill("[name=cause]", "自评没有要求附依据")
    manager.page.fill("[name=measure]", "自评附返工清单")
    manager.page.click("button.go")
    manager.sees(".next-step", "等报告完成")
    manager.press("f")
    manager.page.fill("[name=proof]", "清单已附，三张工单已补")
    manager.page.click("button.go")
    manager.sees(".next-step", "等他人复核")
    opens(leader, program, finding)
    leader.press("v")
    leader.page.fill("[name=note]", "逐张核对过")
    leader.page.click("button.go")
    leader.sees(".next-step", "已复核，等关闭")
    leader.press("k")
    leader.page.click("button.go")
    leader.sees(".next-step", "整改已关闭。")


def test_an_assessment_is_scored_analysed_and_put_right(program: Program, sit: Sit) -> None:
    token = program.token("manager")

    def clause() -> tuple[str, int]:
        items = program.get("compliance/clauses?company=demo", token)["items"]
        found = next(one for one in items if one["clause"] == "8.3.3")
        return found["verdict"], found["figures"]["analysed"]

    assert clause() == ("not_met", 1)
    manager, leader, operator = sit("manager"), sit("leader"), sit("operator")
    opens(manager, program, "/office/assessments/")
    late = manager.page.get_attribute("a:has-text('上季度部门考核')", "href") or ""
    here = manager.page.get_attribute("a:has-text('本季度部门考核')", "href") or ""
    assert [scores_all_of_his(desk, program, here) for desk in (operator, leader, manager)] == [2, 2, 4]

    manager.sees(".next-step", "评分表已齐，等确定得分")
    manager.press("g")
    manager.sees(".next-step", "得分已定，等写分析和措施。")
    manager.press("g")
    manager.page.fill("[name=analysis]", "各部门自评与互评一致。")
    manager.page.fill("[name=measures]", "技术部的返工单按月复查。")
    manager.page.click("button.go")
    manager.sees(".next-step", "已写分析和措施")
    assert clause() == ("not_met", 2)
    manager.press("f")
    manager.page.fill("[name=title]", "返工单没有按月复查")
    manager.page.fill("[name=owner]", "W01")
    manager.page.click("button.go")
    manager.sees("table", "返工单没有按月复查")
    raised = manager.page.get_attribute("a:has-text('返工单没有按月复查')", "href") or ""
    manager.press("g")
    manager.sees(".next-step", "考核已关闭，由它提出的整改继续办理。")

    puts_right(manager, leader, program, raised)
    opens(manager, program, late)
    puts_right(manager, leader, program, manager.page.get_attribute("a:has-text('技术部自评没有依据')", "href") or "")
    assert clause() == ("met", 2)
    assert manager.complaints + leader.complaints + operator.complaints == []
