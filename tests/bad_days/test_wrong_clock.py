"""A panel whose clock is a year wrong: its events are taken, its time is kept, and nothing is ordered by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from lianjing.protocols.dc09.panel import ReplyKind
from tests.bad_days.crowd import Load, is_accounted, panels
from tests.bad_days.lone_panel import LonePanel, lone_panel
from tests.bad_days.panel_table import WITH_KEYS, give_key
from tests.core.journal.places import Place
from tests.program import Program, running, until
from tests.receivers.process import port_of, receiver

ACCOUNT, KEY = "7099", bytes(range(16))
YEAR = timedelta(days=365)
EVENTS = ["1130 01 001", "1130 01 002", "3130 01 001"]
EVERY_WAY = pytest.mark.parametrize("fast_by", [YEAR, -YEAR], ids=["fast", "slow"])


@contextmanager
def reporting_among_others(at: Place, panel: LonePanel) -> Iterator[Load]:
    """The panel is connected to a receiver to which others report; in the end every frame is accounted for."""
    with receiver(at, **WITH_KEYS) as process:
        port = port_of(process)
        panel.dial(port)
        with panels(at.path.parent, port) as load:
            load.goes_on()
            yield load
            load.goes_on()
            load.finish()
    is_accounted(at, load.acked + panel.raising, panel.further)


def frames_of_the_panel(at: Place) -> list[dict]:
    return [row for row in at.rows("journal_frame") if row["account"] == ACCOUNT]


def codes_of_the_panel(at: Place) -> list[str]:
    rows = [row for row in at.rows("journal_signal") if row["account"] == ACCOUNT]
    return [f"{row['qualifier']}{row['code']} {row['area']} {row['address']}" for row in rows]


def instant(value: object) -> datetime:
    """As either database gives it."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value)).replace(tzinfo=UTC)


@EVERY_WAY
def test_plain_frames_with_a_wrong_time_are_taken_and_kept_in_order_of_arrival(at, fast_by):
    with lone_panel(ACCOUNT) as panel, reporting_among_others(at, panel):
        for event, wrong in zip(EVENTS, (timedelta(), fast_by, fast_by / 2), strict=True):
            panel.fast_by = wrong
            assert panel.report(event).kind is ReplyKind.ACK
    assert codes_of_the_panel(at) == EVENTS
    frames = frames_of_the_panel(at)
    off_by = [instant(frame["device_at"]) - instant(frame["received_at"]) for frame in frames]
    assert [round(off / fast_by, 2) for off in off_by] == [0, 1, 0.5], "the panel's own time is kept as it said it"
    received = [instant(frame["received_at"]) for frame in at.rows("journal_frame")]
    assert received == sorted(received)


@EVERY_WAY
def test_encrypted_frames_with_a_wrong_time_tell_the_panel_the_time_and_are_taken_once_it_is_set(at, fast_by):
    give_key(at, ACCOUNT, KEY)
    with lone_panel(ACCOUNT, KEY) as panel, reporting_among_others(at, panel):
        panel.fast_by = fast_by
        for event in EVENTS:
            told = panel.report(event)
            assert told.kind is ReplyKind.NAK
            panel.set_clock(told.at)
            assert abs(panel.fast_by) < timedelta(seconds=20)
            assert panel.send_again(event).kind is ReplyKind.ACK
            # This answer got lost: the panel encrypts anew and sends again.
            assert panel.send_again(event).kind is ReplyKind.ACK
            panel.fast_by = fast_by
    assert codes_of_the_panel(at) == EVENTS
    frames = frames_of_the_panel(at)
    refused, firsts, repeats = frames[0::3], frames[1::3], frames[2::3]
    assert {frame["reason"] for frame in refused} == {"time-window"}
    assert [frame["repeat_of"] for frame in repeats] == [frame["id"] for frame in firsts]


@pytest.fixture
def program(tmp_path) -> Iterator[Program]:
    with running(tmp_path) as it:
        yield it


def test_cases_are_opened_joined_and_put_in_order_by_the_time_of_arrival(program):
    began = datetime.now(UTC)
    token = program.token("admin")

    def cases() -> list[dict]:
        return sorted(program.get("incidents", token)["items"], key=lambda case: case["opened_at"])

    def counts() -> list[int]:
        return [case["signals"] for case in cases()]

    report(program, "1004", EVENTS[0], YEAR)
    until(lambda: counts() == [1])
    report(program, "1004", EVENTS[1], -YEAR)
    until(lambda: counts() == [2])
    report(program, "1005", EVENTS[0], -YEAR)
    until(lambda: counts() == [2, 1])
    for case in cases():
        assert began < datetime.fromisoformat(case["opened_at"]) < datetime.now(UTC)
        assert began < datetime.fromisoformat(case["last_signal_at"]) < datetime.now(UTC)
    signals = program.get("signals", token)["items"]
    assert [signal["account"] for signal in signals] == ["1005", "1004", "1004"], "the newest arrival first"
    years = [(datetime.fromisoformat(signal["device_at"]) - began) / YEAR for signal in signals]
    assert [round(year) for year in years] == [-1, -1, 1], "shown as the panel said it"


def report(program: Program, account: str, event: str, fast_by: timedelta) -> None:
    with lone_panel(account) as panel:
        panel.dial(program.panel_port)
        panel.fast_by = fast_by
        assert panel.report(event).kind is ReplyKind.ACK
