"""A panel that lost its memory counts from 0001 again: what is new under an old number must not pass for a repeat."""

import signal

import pytest

from lianjing.protocols.dc09.panel import ReplyKind
from tests.bad_days.crowd import is_accounted, panels
from tests.bad_days.lone_panel import LonePanel, lone_panel
from tests.core.journal.places import Place
from tests.program import free_port
from tests.receivers.process import port_of, receiver

ACCOUNT = "7099"
BEFORE = ["1130 01 001", "1130 01 002", "1130 01 003", "1130 01 004", "1130 01 005"]
AFTER = ["1305 00 000", "1131 02 001", "1131 02 002", "1130 01 005", "1130 01 001"]
"""A reset, two other alarms, and two of the old ones under other numbers than before."""


def tell(panel: LonePanel, events: list[str]) -> None:
    for event in events:
        assert panel.report(event).kind is ReplyKind.ACK


def tell_again(panel: LonePanel, event: str) -> None:
    """The answer to it got lost on its way."""
    assert panel.send_again(event).kind is ReplyKind.ACK


def raised(at: Place) -> list[str]:
    """The events of the panel that are in the journal, in order and as it wrote them."""
    rows = [row for row in at.rows("journal_signal") if row["account"] == ACCOUNT]
    return [f"{row['qualifier']}{row['code']} {row['area'] or '00'} {row['address'] or '000'}" for row in rows]


def repeats_and_firsts(at: Place) -> list[tuple[str, str]]:
    frames = {frame["id"]: frame["sequence"] for frame in at.rows("journal_frame") if frame["account"] == ACCOUNT}
    repeats = [frame for frame in at.rows("journal_frame") if frame["account"] == ACCOUNT and frame["repeat_of"]]
    return [(frame["sequence"], frames[frame["repeat_of"]]) for frame in repeats]


@pytest.mark.parametrize("tells_time", [True, False], ids=["timestamps", "no-timestamps"])
def test_new_events_under_old_numbers_are_all_raised_and_true_repeats_are_not(at, tmp_path, tells_time):
    port = free_port()
    with panels(tmp_path, port) as load, lone_panel(ACCOUNT, tells_time=tells_time) as panel:
        with receiver(at, port) as process:
            panel.dial(port_of(process))
            load.goes_on()
            tell(panel, BEFORE)
            panel.reboot()
            tell(panel, AFTER[:3])
            tell_again(panel, AFTER[2])
            process.send_signal(signal.SIGKILL)
        # The next receiver knows what came before from the journal only.
        with receiver(at, port) as process:
            panel.dial(port_of(process))
            tell_again(panel, AFTER[2])
            tell(panel, AFTER[3:])
            load.goes_on()
            load.finish()
    assert raised(at) == BEFORE + AFTER
    assert repeats_and_firsts(at) == [("0003", "0003")] * 2
    is_accounted(at, load.acked + panel.raising, panel.further)
