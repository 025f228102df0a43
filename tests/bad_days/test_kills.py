"""The receiver is ended in full load, rudely and politely."""

import signal

from tests.bad_days.crowd import is_accounted, panels
from tests.program import free_port, until
from tests.receivers.process import receiver

KILLS = 10


def test_ten_kills_in_full_load_lose_no_acknowledged_frame_and_raise_none_twice(at, tmp_path):
    port = free_port()
    with panels(tmp_path, port) as load:
        for _ in range(KILLS):
            with receiver(at, port) as process:
                load.goes_on()
                process.send_signal(signal.SIGKILL)
        with receiver(at, port):
            load.goes_on()
            load.finish()
    is_accounted(at, load.acked)


def test_a_receiver_asked_to_end_in_full_load_answers_what_it_stored(at, tmp_path):
    port = free_port()
    with panels(tmp_path, port) as load:
        with receiver(at, port) as process:
            load.goes_on()
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        stored = {bytes(frame["raw"]) for frame in at.rows("journal_frame")}
        # What it had stored when it ended it has also answered: no panel has to repeat it.
        until(lambda: set(load.acked) == stored)
        with receiver(at, port):
            load.goes_on()
            load.finish()
    assert not [frame for frame in at.rows("journal_frame") if frame["repeat_of"]]
    is_accounted(at, load.acked)
