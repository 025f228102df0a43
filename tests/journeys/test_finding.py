"""A clause turns bad: its finding is raised, put right by its owner, verified by somebody else, and closes when the
clause is good again."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.conftest import Desk
from tests.program import PASSWORD, Program, until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
Sit = Callable[..., Desk]
ROOT = Path(__file__).parent.parent.parent


def licence(program: Program, what: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.licence_gone", what],
        env=program.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_clause_that_turns_bad_is_put_right_and_verified_by_another(program: Program, sit: Sit) -> None:
    token = program.token("manager")

    def finding(state: str) -> str:
        items = program.get(f"findings?clause=4.2&source=clause&state={state}", token)["items"]
        return f"/office/findings/{items[0]['id']}/" if items else ""

    licence(program, "gone")
    here = until(lambda: finding("identified"), 60)
    manager, operator, leader = sit("manager"), sit("operator"), sit("leader")

    page = manager.page
    page.goto(f"{program.url}/office/findings/?q=4.2")
    manager.press("j", "Enter")
    manager.sees("h1", "4.2 《保安服务许可证》：不符合")
    manager.press("c")
    manager.sees("[name=grade]")
    page.click("button.go")
    manager.sees(".next-step", "等派责任人和期限。")
    manager.press("a")
    page.fill("[name=owner]", "W01")
    page.click("button.go")
    manager.sees(".next-step", "等陈思远写明根因和措施。")

    page = operator.page
    page.goto(f"{program.url}/office/findings/?tab=mine&clause=4.2")
    operator.press("j", "Enter")
    operator.sees(".next-step", "等陈思远")
    operator.press("m")
    page.fill("[name=cause]", "登记时选错了单位")
    page.fill("[name=measure]", "重新登记许可证，登记由两人核对")
    page.click("button.go")
    operator.sees(".next-step", "等报告完成")
    operator.press("f")
    page.fill("[name=proof]", "许可证已重新登记")
    page.click("button.go")
    operator.sees(".next-step", "等他人复核")

    page = leader.page
    page.goto(f"{program.url}{here}")
    leader.press("v")
    page.fill("[name=note]", "与许可证原件核对过")
    page.click("button.go")
    leader.sees(".next-step", "还没有恢复符合：恢复后自动关闭。")
    assert finding("closed") == ""

    licence(program, "back")
    assert until(lambda: finding("closed"), 60) == here
    page.reload()
    leader.sees(".next-step", "整改已关闭。")
    leader.sees(".history", "来源恢复符合")
    assert manager.complaints + operator.complaints + leader.complaints == []


def test_what_was_typed_while_the_session_ended_stands_in_the_form_after_signing_on(program: Program, sit: Sit) -> None:
    manager = sit("manager")
    page = manager.page
    page.goto(f"{program.url}/office/findings/")
    page.click("a[href*='/findings/new/']")
    page.fill("[name=title]", "机房门禁失灵")
    page.fill("[name=description]", "刷卡不开门，钥匙能开。")
    page.context.clear_cookies(name="sessionid")
    page.click("main button.go")
    page.fill("input[name=login]", "manager")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    manager.sees("#typed-again", "登录已过期")
    assert page.input_value("[name=title]") == "机房门禁失灵"
    assert page.input_value("[name=description]") == "刷卡不开门，钥匙能开。"
    page.reload()
    assert page.input_value("[name=title]") == ""
