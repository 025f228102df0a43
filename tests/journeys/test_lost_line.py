"""A panel falls silent, a person is told, and it comes back: with the real receiver and the real worker."""

import json
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import psycopg
import pytest

from tests.program import Program, until

pytestmark = pytest.mark.journey
ACCOUNT = "1004"
ALONE = "DELETE FROM sites_transmissionpath"
SUPERVISE = """
    INSERT INTO sites_transmissionpath (panel_id, place, kind, transport, interval_s, misses, category)
    SELECT id, 1, 'wired_ip', '', 1, 1, 'SP6' FROM sites_panel WHERE account = '1004'
"""
CHANGE = "UPDATE sites_panel SET changed_at = {0}, activated_at = {0}"


def supervise(program: Program) -> None:
    """One path alone, every second, which no page would take: a test does not want to wait for minutes."""
    now = datetime.now(UTC)
    if program.database_url:
        with psycopg.connect(program.database_url) as connection:
            connection.execute(ALONE)
            connection.execute(SUPERVISE)
            connection.execute(CHANGE.format("%s"), (now, now))
        return
    with closing(sqlite3.connect(program.data / "lianjing.db", timeout=20)) as connection, connection:
        text = now.replace(tzinfo=None).isoformat(" ")
        connection.execute(ALONE)
        connection.execute(SUPERVISE)
        connection.execute(CHANGE.format("?"), (text, text))


def lines(program: Program) -> tuple[float, float]:
    """Paths that the receiver which runs now watches, and of these the lost ones."""
    told = json.loads((program.data / "receive.status.json").read_text())
    if told["pid"] != program.processes["receive"].pid:
        return 0, 0
    return told["metrics"]["lianjing_lines_watched"], told["metrics"]["lianjing_lines_lost"]


def test_a_silent_panel_is_a_case_and_any_message_ends_the_loss(program: Program) -> None:
    supervise(program)
    until(lambda: lines(program)[0] == 1)
    token = program.token("admin")
    (case,) = until(lambda: program.get("incidents", token)["items"], 60)
    assert case["class"] == "fault"
    assert "设备 1004 共 1 条受监督的传输路径，失联 1 条。" in case["reasons"]

    # A receiver that is started anew knows what is lost.
    program.stop("receive", signal.SIGKILL)
    program.start("receive")
    until(lambda: lines(program) == (1, 1), 30)

    assert b'"ACK"' in program.send("Nri1/RP00")
    until(lambda: "incident.event_ended" in timeline(program, case["id"], token), 30)
    assert len(program.get("incidents", token)["items"]) == 1


def timeline(program: Program, incident: int, token: str) -> list[str]:
    return [step["action"] for step in program.get(f"incidents/{incident}", token)["timeline"]]
