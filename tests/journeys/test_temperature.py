"""A temperature out of its limits: the finding, the clause that turns, the new value, and both say that it is good."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.test_training import Reader
from tests.program import Program, until

pytestmark = pytest.mark.journey

VERDICTS = ("证据不足", "不符合", "基本符合", "符合")


class Measurer(Reader):
    """Somebody who measures in the machine room."""

    def opens_room(self, program: Program) -> None:
        self.page.goto(f"{program.url}/office/premises/")
        self.page.click("td.inside a:text-is('机房（演示）')")

    def records(self, program: Program, figure: str, unit: str = "℃") -> None:
        """By the form, from the page of the room."""
        self.opens_room(program)
        self.page.click("article:has-text('温度') >> text=登记")
        self.page.fill("[name=figure]", figure)
        self.page.fill("[name=unit]", unit)
        self.page.click("button.go")

    def verdict(self, program: Program) -> str:
        self.page.goto(f"{program.url}/office/clauses/?clause=6.3")
        expect(self.page.locator("#c63")).to_be_in_viewport()  # whoever comes by a link sees that clause
        told = self.page.inner_text("#c63 .clause-verdict")
        return next(words for words in VERDICTS if words in told)


def test_a_temperature_out_of_limits_turns_a_clause_and_a_new_value_turns_it_back(
    browser: Browser, program: Program
) -> None:
    mia = Measurer(browser, program, "manager", 1440)
    before = mia.verdict(program)
    assert before == "基本符合"

    mia.records(program, "29.6", unit="")
    mia.sees("请写明单位：没有单位的数值不能判定。应为 ℃。")
    assert mia.page.input_value("[name=figure]") == "29.6"
    mia.page.fill("[name=unit]", "℃")
    mia.page.click("button.go")
    mia.sees("测量值已登记。")
    mia.sees("超出限值")
    assert until(lambda: mia.verdict(program) == "不符合")
    mia.sees("机房（演示）的温度 29.6 ℃（限值 18～27 ℃）")

    mia.opens_room(program)
    mia.page.click("li:has-text('机房（演示）：温度超出限值') >> a")
    mia.sees("测得 29.6 ℃，限值 18～27 ℃（GB 50174-2017 附录A，")
    finding = mia.page.url

    mia.records(program, "24.2")
    mia.sees("测量值已登记。")
    assert until(lambda: mia.verdict(program) == before)
    mia.page.goto(finding)
    mia.sees("起恢复符合")
    assert (mia.too_wide(), [one for one in mia.complaints if "422" not in one]) == (0, [])
