"""axe-core finds nothing serious on any page of any desk, on a large screen and on a telephone."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.house.test_doors import doors, fill
from tests.program import PASSWORD, Program, until

pytestmark = pytest.mark.journey
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
RUN = "axe.run(document, {resultTypes: ['violations']})"
SERIOUS = ("serious", "critical")
SIZES = {"screen": (1440, 900), "telephone": (390, 844)}
DESKS = {"leader": ("console:desk", "console:incident", "office:site"), "guard": ()}
"""Who looks, and pages that must have been among those he saw."""
LEAVES = ("account_logout", "console:events", "console:session")


def addresses() -> list[tuple[str, str]]:
    """(name, path) of every page that may be asked for, with 1 for each number."""
    return [(name, fill(path, 1)) for name, path, _ in doors() if name not in LEAVES]


def sign_on(browser: Browser, program: Program, user: str, size: tuple[int, int]) -> Page:
    # Without the policy's protection: the tool is a script of its own.
    viewport = {"width": size[0], "height": size[1]}
    page = browser.new_context(viewport=viewport, locale="zh-CN", bypass_csp=True).new_page()
    page.goto(f"{program.url}/accounts/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    return page


def faults(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(RUN)
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("user", DESKS)
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_serious_on_any_page(program: Program, browser: Browser, user: str, size: str) -> None:
    assert b'"ACK"' in program.send("Nri1/BA002")
    token = program.token("leader")
    until(lambda: program.get("incidents", token)["items"])
    page = sign_on(browser, program, user, SIZES[size])
    seen, wrong = set(), {}
    for name, path in addresses():
        # Parts of pages, downloads and what is not this person's are no pages of his.
        answer = page.request.get(program.url + path)
        if answer.status != 200 or not answer.body().startswith(b"<!doctype html>"):
            continue
        page.goto(program.url + path)
        seen.add(name)
        if found := faults(page):
            wrong[path] = found
    assert wrong == {}
    assert set(DESKS[user]) <= seen
