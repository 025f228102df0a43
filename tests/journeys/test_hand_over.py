"""The shift is handed over: keyboard only, from drawing up to the second signature."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Desk
from tests.program import PASSWORD, Program

pytestmark = pytest.mark.journey
Sit = Callable[..., Desk]


def sign(desk: Desk) -> None:
    """S leads to the signature; a password is asked for when the last one is too long ago."""
    desk.page.keyboard.press("s")
    desk.page.wait_for_selector("#f-checked:focus")
    desk.page.keyboard.press("Space")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_load_state()
    if "/reauthenticate/" in desk.page.url:
        desk.page.keyboard.type(PASSWORD)
        desk.page.keyboard.press("Enter")


def test_a_shift_is_drawn_up_signed_by_both_and_stays_in_sight_until_then(program: Program, sit: Sit) -> None:
    leader, operator = sit("leader"), sit("operator")
    program.send("Nri1/BA001")
    leader.page.wait_for_selector("#rows .row")

    leader.page.keyboard.press("Shift+B")
    leader.page.wait_for_selector("#board-live .free")
    operator.page.keyboard.press("Shift+H")
    operator.page.wait_for_selector(".handover-new")
    operator.page.keyboard.press("n")
    operator.page.wait_for_selector(".handed :text('鲁迅中路烟酒行')")
    assert operator.page.locator(".handover .kind").inner_text() == "▲ 交班人未签字"

    # The others see it without a touch: on the board, and as a banner on every page.
    leader.page.wait_for_selector("[data-block=handovers] :text('交班人未签字')", timeout=15000)
    leader.page.wait_for_selector(".banner :text('交班人尚未签字')", timeout=15000)
    sign(operator)
    operator.page.wait_for_selector(".handover .kind :text('接班人未签字')")
    leader.page.wait_for_selector(".banner :text('等接班人签字')", timeout=15000)

    leader.page.wait_for_selector("[data-block=handovers] :text('接班人未签字')", timeout=15000)
    # J walks through what the board lists; the hand-over comes behind the one free case.
    for _ in range(10):
        leader.page.keyboard.press("j")
        if leader.page.locator("[id^=board-handover-]:focus").count():
            break
    leader.page.keyboard.press("Enter")
    leader.page.wait_for_selector("a[href='#f-checked']")
    sign(leader)
    leader.page.wait_for_selector(".handover .kind :text('双方已签')")
    operator.page.wait_for_selector(".banners .banner", state="detached", timeout=15000)
    assert (leader.complaints, operator.complaints) == ([], [])
