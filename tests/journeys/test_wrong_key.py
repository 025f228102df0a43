"""A panel with a wrong key: its page says so, a manager enters the right one, and the next alarm is understood."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from lianjing.protocols.dc09.panel import build_frame
from tests.program import Program, until

pytestmark = pytest.mark.journey

ACCOUNT = "1001"
CHARACTERS = "Kharbin-Street-7"
"""What the installer typed into the panel: 16 characters, used as bytes."""


def send_encrypted(program: Program) -> bytes:
    """One alarm with the panel's own key; the answer."""
    program.sequence += 1
    frame = build_frame(
        "SIA-DCS",
        f"#{ACCOUNT}|Nri1/BA001",
        ACCOUNT,
        program.sequence,
        at=datetime.now(UTC),
        key=CHARACTERS.encode(),
        pad=lambda length: b"x" * length,
    )
    with socket.create_connection(("127.0.0.1", program.panel_port), timeout=5) as panel:
        panel.sendall(frame)
        return panel.recv(4096)


def test_a_wrong_key_is_seen_mended_and_understood(program: Program, sit: Callable[[str], object]) -> None:
    assert b'"DUH"' in send_encrypted(program)
    desk = sit("manager")
    page = desk.page  # type: ignore[attr-defined]
    page.click("summary:has-text('更多')")
    page.click("text=设备")
    page.click(f"table.panels a:text-is('{ACCOUNT}')")
    assert f"设备 {ACCOUNT} 的密钥不对：最近有 1 帧" in page.inner_text(".panel-state")

    page.fill("#key-key", CHARACTERS)
    assert "16 个字符 → AES-128" in page.inner_text("#key-reading")
    page.check("text=字符：16、24、32 个")
    page.keyboard.press("Tab")
    page.click("text=更换密钥")
    page.wait_for_selector("text=等待新密钥的第一帧")
    assert "AES-128" in page.inner_text(".key-state")
    assert CHARACTERS not in page.content()

    # The receiver promises to know a new key within 2 s; the journey may be slowed down by its machine.
    until(lambda: b'"*ACK"' in send_encrypted(program), seconds=4)
    page.reload()
    assert "正常：能收到，读得懂" in page.inner_text(".panel-state")
    assert "密钥不对" in page.inner_text(".latest")
    assert desk.complaints == []  # type: ignore[attr-defined]
    assert CHARACTERS not in program.command("doctor").stdout
