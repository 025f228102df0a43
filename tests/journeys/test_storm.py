"""A district loses its mains while three shops are held up: what a person at the desk sees of it."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from bench.district import name_of
from bench.frames import FIXED, account_of
from playwright.sync_api import expect

from lianjing.protocols.dc09.panel import build_frame
from tests.journeys.conftest import Desk
from tests.program import Program, until

pytestmark = pytest.mark.journey

SITES = 2000
HOLD_UPS = {500: SITES, 1000: SITES + 1, 1500: SITES + 2}
"""After so many losses of mains, which panel sends its hold-up."""
LINES = 20


def told(count: int) -> str:
    """As the desk writes it."""
    return f"{count:,}".replace(",", "\u202f")


def in_district(program: Program, *words: str) -> None:
    subprocess.run([sys.executable, "-m", "bench.district", *words], env=program.environment, check=True)


def frame(number: int, kind: str) -> bytes:
    account, (protocol, data) = account_of(number), FIXED[kind]
    return build_frame(protocol, data.format(account=account), account, 1, receiver="1", at=datetime.now(UTC))


def frames() -> Iterator[bytes]:
    for number in range(SITES):
        if number in HOLD_UPS:
            yield frame(HOLD_UPS[number], "hold-up")
        yield frame(number, "mains lost")


def send_all(program: Program) -> int:
    """As fast as the receiver takes them, over twenty lines; how many were acknowledged."""
    lines = [socket.create_connection(("127.0.0.1", program.panel_port), timeout=30) for _ in range(LINES)]
    sent = list(frames())
    for place, line in enumerate(lines):
        line.sendall(b"".join(sent[place::LINES]))
    acknowledged = 0
    for place, line in enumerate(lines):
        answers = b""
        while answers.count(b"\r") < len(sent[place::LINES]):
            answers += line.recv(65536)
        acknowledged += answers.count(b'"ACK"')
        line.close()
    return acknowledged


def test_three_hold_ups_stand_on_top_of_a_storm_and_the_rest_is_one_case_and_the_day_balances(
    program: Program, sit: Callable[..., Desk]
) -> None:
    in_district(program, "fill", str(SITES + len(HOLD_UPS)))
    in_district(program, "present")
    desk, token = sit("operator"), program.token("operator")
    rows = desk.page.locator("#rows .row")
    assert send_all(program) == SITES + len(HOLD_UPS)

    for number in HOLD_UPS.values():
        expect(rows.filter(has_text=name_of(number))).to_have_count(1, timeout=10_000)
    until(lambda: program.get("accounting", token)["waiting"] == 0, 60)
    expect(rows).to_have_count(3 + 20 + 1)
    assert sorted(rows.nth(place).locator(".where").inner_text() for place in range(3)) == [
        f"{name_of(number)} · 防区 001" for number in HOLD_UPS.values()
    ]

    folded = rows.filter(has_text="多个场所")
    expect(folded.locator(".where")).to_have_text(f"多个场所（{told(SITES - 20)} 条信号）")
    folded.click()
    desk.page.wait_for_selector(f"#case h2:text('场所 {told(SITES - 20)}')")
    assert f"{told(SITES - 20)} 处仍未恢复" in desk.page.inner_text("#case")
    assert desk.page.locator("#case .lines li:has-text('商户')").count() == 200

    desk.page.goto(f"{program.url}/accounting/")
    assert f"{told(SITES + 3)} ＝ {told(SITES + 3)}＋0＋0＋0＋0＋0 ✓ 相符" in desk.page.inner_text(".equation")
    assert desk.complaints == []
