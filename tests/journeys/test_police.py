"""Somebody of the police reads a company of his area in a real browser, and its manager reads what was read."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Desk
from tests.program import PASSWORD, Program

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
Sit = Callable[..., Desk]


@pytest.fixture
def officer(browser: Browser, program: Program) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    page.goto(f"{program.url}/")
    page.fill("input[name=login]", "police")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/police/")
    return page


def test_he_reads_a_company_verifies_its_bundle_and_the_manager_reads_what_was_read(
    program: Program, officer: Page, sit: Sit, tmp_path: Path
) -> None:
    officer.wait_for_selector("td:has-text('浙江省绍兴市越城区')")
    officer.click(".verdict-counts a:has-text('不符合')")
    officer.wait_for_url("**/office/clauses/**")
    officer.click("a[href*='/police/companies/'][href*='/people/'] >> visible=true >> nth=0")
    officer.wait_for_selector("h1:has-text('人员登记')")
    officer.wait_for_selector("text=浙绍保演示")
    assert "330602" not in officer.content()

    bundle = tmp_path / "bundle"
    done = program.command("export", "records", "--out", str(bundle))
    assert done.returncode == 0, done.stderr
    head = done.stdout.rsplit("head ", 1)[1].strip()
    packed = shutil.make_archive(str(tmp_path / "out"), "zip", tmp_path, "bundle")
    officer.click("nav a:has-text('校验证据包')")
    officer.set_input_files("[name=bundle]", packed)
    officer.fill("[name=head]", head)
    officer.click("button:has-text('校验')")
    officer.wait_for_selector("#result:has-text('证据包成立')")

    lines = (bundle / "leaves.jsonl").read_text().splitlines(keepends=True)
    (bundle / "leaves.jsonl").write_text("".join(lines[:-1]))
    packed = shutil.make_archive(str(tmp_path / "cut"), "zip", tmp_path, "bundle")
    officer.set_input_files("[name=bundle]", packed)
    officer.click("button:has-text('校验')")
    officer.wait_for_selector("#result td:has-text('截去')")

    manager = sit("manager").page
    manager.goto(f"{program.url}/office/police-readings/")
    for words in ("辖区单位一览", "规范条款", "人员登记"):
        manager.wait_for_selector(f"td:has-text('{words}')")
    manager.wait_for_selector("td:has-text('沈警官')")


class Hands:
    """An officer without a mouse: he sees where he is, and comes wherever he wants by Tab."""

    WHERE = """() => {
        const one = document.activeElement, drawn = getComputedStyle(one), box = one.getBoundingClientRect();
        return drawn.outlineStyle !== 'none' && box.bottom > 0 && box.top < innerHeight;
    }"""

    def __init__(self, page: Page) -> None:
        self.page = page

    def walks_to(self, selector: str) -> None:
        self.page.wait_for_selector(selector, state="attached")
        for _ in range(150):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                assert self.page.evaluate(self.WHERE), f"nobody sees that the focus is on {selector}"
                return
        raise AssertionError(f"Tab never comes to {selector}")

    def opens(self, selector: str, heading: str) -> None:
        self.walks_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_selector(f"h1:has-text('{heading}')")

    def skips_to_the_content(self) -> None:
        self.page.keyboard.press("Tab")
        assert self.page.evaluate("document.activeElement.className") == "skip"
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Tab")
        assert self.page.evaluate("document.activeElement.closest('main') !== null")


def test_he_comes_everywhere_without_a_mouse(program: Program, officer: Page, tmp_path: Path) -> None:
    hands = Hands(officer)
    hands.skips_to_the_content()
    hands.opens("td a[href^='/police/companies/']", "绍兴越安联网报警（演示）")
    hands.opens("nav a[href*='/office/clauses/']", "规范条款")

    officer.keyboard.press("j")
    officer.wait_for_function("document.activeElement.matches('.is-selected .clause-pick')")
    with officer.expect_response("**/clauses/detail/**clause=5.1.4**"):
        hands.walks_to("[data-clause='5.1.4'] .clause-pick")
        officer.keyboard.press("Enter")
    officer.wait_for_selector("#clause-detail[data-clause='5.1.4'] a[href*='person=']")
    officer.keyboard.press("Enter")
    assert officer.evaluate("document.activeElement.closest('#clause-detail') !== null")
    name = officer.inner_text("#clause-detail a[href*='person='] >> nth=0").split()[1]
    hands.opens("#clause-detail a[href*='person=']", "人员登记")
    assert officer.inner_text("tbody td.strong") == name

    hands.opens("nav a[href$='/certificates/']", "证书与许可")
    hands.walks_to("#find")
    officer.keyboard.type(name)
    with officer.expect_navigation():
        officer.keyboard.press("Enter")
    assert set(officer.locator(".list >> nth=-1").locator("td.strong").all_inner_texts()) == {name}
    hands.opens("nav a[href$='/cases/']", "已结警情")

    done = program.command("export", "records", "--out", str(tmp_path / "bundle"))
    packed = shutil.make_archive(str(tmp_path / "out"), "zip", tmp_path, "bundle")
    hands.opens("nav a[href='/police/verification/']", "校验证据包")
    with officer.expect_file_chooser() as chosen:
        hands.walks_to("[name=bundle]")
        officer.keyboard.press("Enter")
    chosen.value.set_files(packed)
    hands.walks_to("[name=head]")
    officer.keyboard.type(done.stdout.rsplit("head ", 1)[1].strip())
    with officer.expect_navigation():
        officer.keyboard.press("Enter")
    officer.wait_for_selector("#result:has-text('证据包成立')")
