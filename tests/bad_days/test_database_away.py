"""PostgreSQL is stopped, hangs, loses its network or its promised copy, while panels report.

Panels that are `PATIENT` wait for one answer so long that none of them repeats a frame: what they are told in the end
is told of the very batch that was interrupted.
"""

import time

import psycopg

from tests.bad_days.crowd import is_accounted, no_acknowledgement, panels
from tests.core.journal.places import Place
from tests.core.journal.relay import Relay
from tests.program import until
from tests.receivers.process import port_of, receiver, status_of

STOPPED_S = 20
HUNG_S = 17
"""Longer than the journal's deadline and its patience."""
WAITING_S = 8
"""Longer than the deadline for a commit, shorter than the journal's patience."""
PATIENT = 60.0


def repeats(at: Place) -> list[dict]:
    return [frame for frame in at.rows("journal_frame") if frame["repeat_of"] is not None]


def test_a_database_stopped_for_20_seconds_costs_no_frame_and_nothing_is_acknowledged_meanwhile(
    alone, cluster, tmp_path
):
    with receiver(alone) as process, panels(tmp_path, port_of(process)) as load:
        load.goes_on()
        cluster.stop()
        with no_acknowledgement(load):
            time.sleep(STOPPED_S)
        assert status_of(tmp_path)["journal_ok"] is False
        cluster.start()
        load.goes_on()
        load.finish()
    is_accounted(alone, load.acked)


def test_a_database_that_hangs_costs_no_frame_and_nothing_is_acknowledged_meanwhile(alone, cluster, tmp_path):
    with receiver(alone) as process, panels(tmp_path, port_of(process)) as load:
        load.goes_on()
        with cluster.hanging(), no_acknowledgement(load):
            time.sleep(HUNG_S)
            assert status_of(tmp_path)["journal_ok"] is False
        load.goes_on()
        load.finish()
    is_accounted(alone, load.acked)


def test_a_commit_that_hangs_is_dropped_and_its_batch_sent_again_under_the_same_key(alone, cluster, tmp_path):
    with receiver(alone) as process, panels(tmp_path, port_of(process), patience_s=PATIENT) as load:
        load.goes_on()
        cluster.set("synchronous_standby_names", "a_copy_that_is_lost")
        with no_acknowledgement(load):
            time.sleep(WAITING_S)
        cluster.set("synchronous_standby_names", "")
        load.goes_on()
        load.finish()
        assert status_of(tmp_path)["metrics"]["lianjing_journal_faults_total"] > 0
    assert repeats(alone) == []
    is_accounted(alone, load.acked)


def behind(relay: Relay, at: Place) -> Place:
    """The same place, seen through a relay."""
    port = psycopg.conninfo.conninfo_to_dict(at.url)["port"]
    return Place(at.engine, at.url.replace(f":{port}/", f":{relay.port}/"), at.path)


def test_connections_cut_without_a_word_are_made_anew_and_nothing_is_lost(alone, cluster, tmp_path):
    relay = Relay("127.0.0.1", cluster.port)
    with (
        receiver(behind(relay, alone)) as process,
        panels(tmp_path, port_of(process), patience_s=PATIENT) as load,
    ):
        load.goes_on()
        assert len(relay.live) == 2, "the journal's connection and the directory's"
        relay.forget()
        load.goes_on()
        load.finish()
        until(lambda: len(relay.live) == 2)
        until(lambda: status_of(tmp_path)["directory_ok"] and status_of(tmp_path)["journal_ok"])
    relay.close()
    assert repeats(alone) == []
    is_accounted(alone, load.acked)
