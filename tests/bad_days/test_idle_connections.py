"""Ten thousand panels keep their line open and say nothing: whoever speaks among them is served."""

import signal

import pytest

from tests.bad_days.crowd import is_accounted, panels
from tests.bad_days.idle_panels import affordable, holding
from tests.bad_days.lone_panel import lone_panel
from tests.bad_days.panel_table import make_panel_table
from tests.core.journal.places import sqlite_place
from tests.program import free_port, until
from tests.receivers.process import port_of, receiver, status_of

IDLE = 10_000
SPEAKING = 20


@pytest.fixture
def at(tmp_path):
    """One database is enough: what is idle asks nothing of it."""
    fresh = sqlite_place(tmp_path)
    make_panel_table(fresh)
    return fresh


def test_among_10_000_idle_connections_a_panel_is_served_and_a_polite_end_answers_what_is_stored(at, tmp_path):
    idle, port = affordable(IDLE), free_port()
    scale = f"{idle} connections, as many as this machine's open files allow of {IDLE}"
    with lone_panel("7099") as panel, panels(tmp_path, port, count=SPEAKING) as load:
        with receiver(at, port) as process, holding(port_of(process), idle):
            panel.dial(port)
            assert panel.report("1130 01 003").kind == "ACK", scale
            load.goes_on()
            until(lambda: status_of(tmp_path)["connections"] == idle + 1 + SPEAKING)
            assert status_of(tmp_path)["refused"] == 0, scale
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0, scale
        stored = {bytes(frame["raw"]) for frame in at.rows("journal_frame") if frame["kind"] == "signal"}
        until(lambda: {*load.acked, *panel.raising} == stored)
        with receiver(at, port):
            load.goes_on()
            load.finish()
    beats = [bytes(frame["raw"]) for frame in at.rows("journal_frame") if frame["kind"] == "heartbeat"]
    assert len(beats) == idle, scale
    is_accounted(at, load.acked + panel.raising, beats)
