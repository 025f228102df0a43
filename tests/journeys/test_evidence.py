"""One asks for evidence, another submits it, a third accepts it: the clause is met until the day after its last."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from lianjing.domain.signals.days import today
from tests.journeys.test_training import Reader
from tests.program import Program

pytestmark = pytest.mark.journey

CLAUSE = "6.2"
VERDICTS = ("证据不足", "不符合", "基本符合", "符合")
TODAY = today()
ENDS = TODAY + timedelta(days=30)
PAPER = b"%PDF-1.7\nself-protection\n%%EOF\n"


def verdict(program: Program, page: Page, on: date) -> str:
    """What the page of clauses says on a day."""
    page.goto(f"{program.url}/office/clauses/?on={on}")
    told = page.inner_text(f"#c{CLAUSE.replace('.', '')} .clause-verdict")
    return next(words for words in VERDICTS if words in told)


def test_evidence_turns_a_clause_until_it_ends(browser: Browser, program: Program, tmp_path: Path) -> None:
    mia, leo, ada = (Reader(browser, program, name, 1440) for name in ("manager", "leader", "admin"))
    assert verdict(program, mia.page, TODAY) == "证据不足"

    mia.page.goto(f"{program.url}/office/evidence/campaigns/")
    mia.page.click("text=发起征集")
    mia.page.fill("[name=title]", "自身防范检查")
    mia.page.select_option("[name=r0-clause]", CLAUSE)
    mia.page.select_option("[name=r0-asked]", label="周敏")
    mia.page.fill("[name=r0-due_on]", str(TODAY))
    mia.page.keyboard.press("Control+Enter")
    mia.sees("已发起征集：1 项。")

    file = tmp_path / "自身防范.pdf"
    file.write_bytes(PAPER)
    leo.page.goto(f"{program.url}/office/evidence/")
    leo.page.locator("tr", has_text="自身防范检查").locator("a.button").click()
    leo.page.fill("[name=title]", "自身防范检测报告")
    leo.page.fill("[name=valid_until]", str(ENDS))
    leo.page.set_input_files("[name=scan]", file)
    leo.page.click("button.go")
    leo.sees("已提交，待另一人审核。")
    assert leo.page.locator("[data-key-press=a]").count() == 0
    assert verdict(program, leo.page, TODAY) == "证据不足"
    leo.sees("证据待审核 1 份，接受后才算数。")

    ada.page.goto(f"{program.url}/office/evidence/?state=submitted")
    ada.page.click("text=自身防范检测报告")
    ada.page.wait_for_url("**/office/evidence/pieces/*/")  # loaded, with its keys
    ada.page.keyboard.press("a")
    ada.sees("已接受，从现在起在它的日期内算数。")

    days = (TODAY - timedelta(days=1), TODAY, ENDS, ENDS + timedelta(days=1))
    assert [verdict(program, mia.page, day) for day in days] == ["证据不足", "符合", "符合", "证据不足"]
    mia.sees(f"证据已于 {ENDS} 到期。")
    mia.page.goto(f"{program.url}/office/evidence/campaigns/")
    mia.sees("1 / 1")
    assert [one.too_wide() for one in (mia, leo, ada)] == [0, 0, 0]
    assert [one.complaints for one in (mia, leo, ada)] == [[], [], []]
