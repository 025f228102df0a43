"""axe-core finds nothing serious on any page of any desk, on a large screen and on a telephone."""

from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.house.test_doors import doors, fill
from tests.program import PASSWORD, Program, until

pytestmark = pytest.mark.journey
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
RUN = "rules => axe.run(document, {resultTypes: ['violations'], rules})"
SERIOUS = ("serious", "critical")
SIZES = {"screen": (1440, 900), "telephone": (390, 844)}
DESKS = {
    "leader": {
        *("console:desk", "console:incident", "office:site"),
        *("office:people", "office:person", "office:worklist", "office:company", "office:departments"),
        *("office:roster", "office:roster_mine", "office:on_duty", "office:duty_gate"),
        *("learn:home", "learn:training", "learn:paper"),
    },
    "manager": {
        *("office:desk_settings", "office:limits", "office:home"),
        *("office:training", "office:training_progress", "office:course"),
    },
    "guard": {"patrol:home", "patrol:task"},
    "police": {
        *("police:start", "police:company", "police:people", "police:certificates", "police:cases"),
        *("police:verification", "police:readings"),
    },
}
"""Who looks, and pages that must have been among those he saw first. What one has seen the next leaves out."""
LEAVES = ("account_logout", "console:events", "console:session")


def addresses() -> list[tuple[str, str]]:
    """(name, path) of every page that may be asked for, with 1 for each number."""
    return [(name, fill(path, 1)) for name, path, _ in doors() if name not in LEAVES]


def sign_on(browser: Browser, program: Program, user: str) -> Page:
    # Without the policy's protection: the tool is a script of its own.
    page = browser.new_context(locale="zh-CN", bypass_csp=True).new_page()
    page.goto(f"{program.url}/accounts/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    return page


def faults(page: Page, size: str, user: str) -> list[str]:
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))  # type: ignore[arg-type]
    # Colours are the same on both: the slowest rule runs once, on the guard's pages as he sees them.
    contrast = (size == "telephone") == (user == "guard")
    found: dict[str, Any] = page.evaluate(RUN, {"color-contrast": {"enabled": contrast}})
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def take_and_send_a_guard(page: Page) -> None:
    """So that the forms of the case are on its page, and the guard has a task."""
    page.wait_for_selector("#rows .row")
    page.keyboard.press("Space")
    page.wait_for_selector("#do-send_task")
    page.keyboard.press("p")
    page.wait_for_selector("[data-form=send_task]:not([hidden])")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".hand-over .waits")


def begin_a_paper(page: Page, program: Program) -> list[tuple[str, str]]:
    """(name, path) of his own training and of the paper that he has begun; their numbers are not 1."""
    page.goto(f"{program.url}/learn/")
    page.click(".task-row")
    training = urlsplit(page.url).path
    page.click("button:has-text('开始答题')")
    page.wait_for_url("**/papers/**")
    return [("learn:training", training), ("learn:paper", urlsplit(page.url).path)]


def is_page(page: Page, address: str) -> bool:
    """Parts of pages, downloads, what leads elsewhere and what is not this person's are no pages of his."""
    answer = page.request.get(address, max_redirects=0)
    return answer.status == 200 and answer.body().startswith(b"<!doctype html>")


@pytest.mark.timeout(600)
def test_axe_finds_nothing_serious_on_any_page(program: Program, browser: Browser) -> None:
    assert b'"ACK"' in program.send("Nri1/BA002")
    token = program.token("leader")
    until(lambda: program.get("incidents", token)["items"])
    known, seen, wrong = set[str](), dict[str, set[str]](), dict[str, list[str]]()
    for user in DESKS:
        page = sign_on(browser, program, user)
        more = []
        if user == "leader":
            take_and_send_a_guard(page)
            more = begin_a_paper(page, program)
        seen[user] = set()
        for name, path in [*more, *addresses()]:
            if name in known or not is_page(page, program.url + path):
                continue
            page.goto(program.url + path)
            page.evaluate(AXE)
            seen[user].add(name)
            for size in SIZES:
                if found := faults(page, size, user):
                    wrong[f"{path} for {user} on a {size}"] = found
        known |= seen[user]
        page.context.close()
    assert wrong == {}
    assert [user for user in DESKS if not DESKS[user] <= seen[user]] == []
