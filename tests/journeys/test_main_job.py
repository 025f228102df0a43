"""The main job, as a newcomer meets it: from a panel's socket to a closed case that can be proved."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Desk, Wire
from tests.program import Program, until

pytestmark = pytest.mark.journey
Sit = Callable[..., Desk]
OFF_LINE_SECONDS = 60


def test_an_alarm_is_taken_verified_forwarded_disposed_and_closed_by_keyboard_and_can_be_proved(
    program: Program, sit: Sit
) -> None:
    desk = sit("operator")
    page = desk.page
    assert page.locator("#rows .row").count() == 0
    assert b'"ACK"' in program.send("Nri1/BA002")
    page.wait_for_selector("#rows .row:has-text('鲁迅中路烟酒行')", timeout=5000)
    assert "营业厅红外" in page.inner_text("#rows .row")

    page.keyboard.press("Space")
    page.wait_for_selector("#do-verify:not([aria-disabled])")
    assert "我 · 处理中" in page.inner_text("#rows .row")

    page.keyboard.press("n")
    page.keyboard.type("卷帘门已关，灯亮着")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-block=timeline] :text('卷帘门已关，灯亮着')")

    page.keyboard.press("v")
    page.keyboard.press("1")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-block=timeline] :text('复核：电话，属实')")

    page.keyboard.press("f")
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-block=timeline] :text('转发：110 报警台')")

    page.keyboard.press("e")
    page.keyboard.press("1")
    page.locator("[name=cause]").fill("橱窗被砸，民警到场")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-block=timeline] :text('处置：真警')")

    page.keyboard.press("c")
    page.wait_for_selector("#rows .row", state="detached")
    assert desk.complaints == []

    token = program.token("operator")
    case = program.get("incidents?state=closed", token)["items"][0]
    assert (case["disposition"], case["cause"]) == ("real", "橱窗被砸，民警到场")
    until(lambda: all(step["seal"] for step in program.get(f"incidents/{case['id']}", token)["timeline"]))
    proof = program.command("verify-records")
    assert (proof.returncode, proof.stdout.splitlines()[0][:3]) == (0, "ok:")
    account = program.get("accounting", token)
    assert (account["received"], account["in_cases"], account["balances"]) == (1, 1, True)


def test_a_page_kept_open_equals_a_page_freshly_loaded(program: Program, sit: Sit) -> None:
    watching, working = sit("leader"), sit("operator")
    for data, account in {
        "Nri1/BA002": "1004",
        "Nri1/YT00": "1005",
        "Nri1/PA006": "1006",
        "Nri1/TA009": "1012",
    }.items():
        program.send(data, account)
    until(lambda: working.page.locator("#rows .row").count() == 4)
    working.page.keyboard.press("Space")
    working.page.wait_for_selector("#do-verify:not([aria-disabled])")
    working.page.keyboard.press("r")
    working.page.wait_for_selector("#do-take:not([aria-disabled])")
    program.send("Nri1/BA001", "1004")
    watching.page.wait_for_selector("#rows .row:has-text('前门门磁')")
    kept = watching.queue()
    watching.page.reload()
    watching.page.wait_for_selector("#rows .row")
    assert kept == watching.queue()
    assert len(kept) == 4


def test_a_restart_of_the_web_server_loses_nothing_on_an_open_page(program: Program, sit: Sit) -> None:
    desk = sit("operator")
    program.send("Nri1/BA002", "1004")
    desk.page.wait_for_selector("#rows .row:has-text('鲁迅中路烟酒行')")
    program.stop("web")
    program.send("Nri1/PA006", "1006")
    desk.page.wait_for_selector("body.lost", state="attached", timeout=15000)
    program.start("web")
    # No reload: the stream resumes after the last event that it has seen.
    desk.page.wait_for_selector("#rows .row:has-text('紧急')", timeout=30000)
    assert desk.page.locator("#rows .row").count() == 2


def test_a_browser_that_was_off_line_catches_up_without_reload(program: Program, sit: Sit, wire: Wire) -> None:
    desk = sit("operator", wire.url)
    program.send("Nri1/BA002", "1004")
    desk.page.wait_for_selector("#rows .row:has-text('鲁迅中路烟酒行')")
    wire.cut()
    program.send("Nri1/PA006", "1006")
    desk.page.wait_for_selector("body.lost", state="attached", timeout=30000)
    assert desk.page.locator("#rows .row").count() == 1
    desk.page.wait_for_timeout(OFF_LINE_SECONDS * 1000)
    wire.mend()
    desk.page.wait_for_selector("#rows .row:has-text('紧急')", timeout=60000)
    desk.page.wait_for_selector("body:not(.lost)")
    kept = desk.queue()
    desk.page.reload()
    desk.page.wait_for_selector("#rows .row")
    assert kept == desk.queue()


def test_with_the_journal_away_no_panel_is_answered_and_every_desk_says_so_until_it_heals(
    program: Program, sit: Sit
) -> None:
    desk = sit("operator")
    with program.journal_held():
        assert program.send("Nri1/BA002") == b""
        desk.page.wait_for_selector(".banner:has-text('信号日志不可用')", timeout=30000)
    until(lambda: b'"ACK"' in program.send("Nri1/BA002"))
    desk.page.wait_for_selector("#rows .row:has-text('鲁迅中路烟酒行')")
    desk.page.wait_for_selector(".banner:has-text('信号日志不可用')", state="detached")
