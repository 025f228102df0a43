"""The real `receive` process: ended politely, started wrongly, and what it says of itself."""

import asyncio
import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lianjing.receivers.status import report_forever, write_status
from tests.core.journal.places import ENGINES, Place, alarm, heartbeat, place
from tests.receivers.fakes import until
from tests.receivers.process import log_of, port_of, receiver


@pytest.fixture(params=ENGINES)
def at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with place(request.param, tmp_path) as fresh:
        yield fresh


def test_a_polite_end_finishes_what_waits_and_saves_the_line_figures(at):
    with receiver(at) as process:
        with socket.create_connection(("127.0.0.1", port_of(process)), 5) as panel:
            panel.settimeout(10)
            panel.sendall(heartbeat() + heartbeat() + alarm(1))
            answers = b""
            while answers.count(b"\r") < 3:
                answers += panel.recv(1000)
            process.send_signal(signal.SIGTERM)
            assert panel.recv(10) == b""
        assert process.wait(20) == 0
    (line,) = at.rows("journal_line_day", order="account")
    assert line["heartbeat_count"] == 2
    status = json.loads((at.path.parent / "receive.status.json").read_text())
    assert (status["frames"], status["acked"], status["fault"]) == (3, 3, "the receiver was stopped")


def test_while_it_runs_it_says_how_it_fares(at):
    with receiver(at) as process:
        port = port_of(process)
        with socket.create_connection(("127.0.0.1", port), 5) as panel:
            panel.settimeout(10)
            panel.sendall(b"noise" + alarm(1))
            panel.recv(100)
            path = at.path.parent / "receive.status.json"
            status = asyncio.run(status_when(path, lambda status: status["acked"] == 1))
    assert (status["journal_ok"], status["fault"], status["pid"]) == (True, None, process.pid)
    assert (status["acked"], status["unreadable"], status["connections"], status["refused"]) == (1, 1, 1, 0)
    assert status["metrics"]['lianjing_receive_frames_total{listener="dc09",transport="tcp",kind="signal"}'] == 1
    assert status["metrics"]["lianjing_journal_healthy"] == 1


async def status_when(path: Path, right) -> dict:
    found = {}

    def look() -> bool:
        if path.exists():
            found.update(json.loads(path.read_text()))
        return bool(found) and right(found)

    await until(look, 10)
    return found


def test_a_taken_port_is_a_clear_message_and_exit_code_2(tmp_path):
    with place("sqlite", tmp_path) as at, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with receiver(at, port) as process:
            assert process.wait(30) == 2
        assert f"receive: dc09: cannot listen on 127.0.0.1:{port}: " in log_of(tmp_path).read_text()


def test_a_wrong_setting_is_a_clear_message_and_exit_code_2(tmp_path):
    with place("sqlite", tmp_path) as at, receiver(at, -1) as process:
        assert process.wait(30) == 2
        assert "LIANJING_DC09_BIND" in log_of(tmp_path).read_text()


def test_the_status_file_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "status.json"
    write_status(path, {"fault": "磁盘已满"})
    write_status(path, {"fault": None})
    assert json.loads(path.read_text()) == {"fault": None}
    assert [child.name for child in tmp_path.iterdir()] == ["status.json"]


def test_a_status_file_that_cannot_be_written_is_said_once_and_tried_again(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("lianjing.receivers.status.EVERY_S", 0.01)
    path = tmp_path / "later" / "status.json"

    async def run():
        reporting = asyncio.create_task(report_forever(path, lambda: {"at": 1}))
        await asyncio.sleep(0.1)
        path.parent.mkdir()
        await until(path.exists)
        reporting.cancel()
        await asyncio.gather(reporting, return_exceptions=True)

    asyncio.run(run())
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1
