"""A rule whose review is late: another edition is drafted, approved by somebody else, in force, given to the operator,
who reads and confirms it; clause 8.2 a turns."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Desk
from tests.program import Program, until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
Sit = Callable[..., Desk]


def test_a_draft_becomes_a_document_that_the_operator_has_read(program: Program, sit: Sit) -> None:
    token = program.token("manager")

    def verdict() -> str:
        items = program.get("compliance/clauses?company=demo", token)["items"]
        return str(next(one["verdict"] for one in items if one["clause"] == "8.2 a"))

    assert verdict() == "mostly"
    leader, manager, operator = sit("leader"), sit("manager"), sit("operator")

    page = leader.page
    page.goto(f"{program.url}/office/documents/?tab=review")
    leader.sees("tbody", "GL-03")
    leader.press("j", "Enter")
    leader.sees(".next-step", "现行版本该复审了。")
    leader.press("n")
    page.fill("[name=label]", "第2版")
    page.fill("[name=text]", "# 交接班制度\n\n接班人员提前 15 分钟到岗。")
    page.fill("[name=change_note]", "提前到岗由 10 分钟改为 15 分钟")
    page.click("button.go")
    leader.sees(".next-step", "版本“第2版”由")
    leader.press("s")
    page.click("button.go")
    leader.sees(".next-step", "您起草，不能自己审查或批准")
    here = page.url

    page = manager.page
    page.goto(here)
    manager.press("v")
    page.fill("[name=note]", "逐条看过")
    page.click("button.go")
    manager.sees(".next-step", "等起草人以外的人批准")
    manager.press("p")
    page.click("button.go")
    manager.sees(".next-step", "已批准，等发布施行")
    assert verdict() == "mostly"
    manager.press("i")
    page.click("button.go")
    manager.sees(".next-step", "现行，")
    manager.sees(".editions", "已被取代")
    until(lambda: verdict() == "met", 20)

    page = operator.page
    page.goto(f"{program.url}/learn/documents/")
    page.click("text=交接班制度")
    operator.sees(".written", "提前 15 分钟")
    page.click("text=我已阅读，确认")
    operator.sees(".task-head", "已确认")

    page = manager.page
    page.goto(here)
    page.click("text=已确认 1 人")
    manager.sees("tbody", "W01")
    assert leader.complaints + manager.complaints + operator.complaints == []
