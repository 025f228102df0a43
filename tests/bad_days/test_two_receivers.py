"""Two receivers on one database: one writes, the other answers nobody until it may."""

import signal
from pathlib import Path

from tests.bad_days.crowd import is_accounted, panels
from tests.core.journal.places import Place
from tests.program import free_port, until
from tests.receivers.process import log_of, port_of, receiver, status_of

OTHER = "another receive process writes this journal"


def test_a_second_receiver_on_the_same_data_folder_refuses_to_start(at, tmp_path):
    with receiver(at) as process, panels(tmp_path, port_of(process)) as load:
        load.goes_on()
        until(lambda: (tmp_path / "receive.status.json").exists())
        with receiver(at) as second:
            assert second.wait(20) == 2
        assert f"process {process.pid} already receives" in log_of(tmp_path).read_text()
        load.goes_on()
        load.finish()
    is_accounted(at, load.acked)


def elsewhere(at: Place, folder: Path) -> Place:
    """The same journal for a receiver with a data folder of its own, as on another machine."""
    folder.mkdir()
    if at.engine == "sqlite":
        # One file, reached by another way: the lock beside the journal is what keeps the second out.
        for name in ("journal.db", "journal.db-wal", "journal.db-shm", "journal.db.writer"):
            (folder / name).symlink_to(at.path.with_name(name))
    return Place(at.engine, at.url, folder / "journal.db")


def test_of_two_receivers_on_one_database_one_answers_and_the_other_takes_over_when_it_dies(at, tmp_path):
    ports = free_port(), free_port()
    with receiver(at, ports[0]) as first, panels(tmp_path, *ports, patience_s=1.0) as load:
        load.goes_on()
        standby = elsewhere(at, tmp_path / "second")
        folder = standby.path.parent
        with receiver(standby, ports[1]):
            until((folder / "receive.status.json").exists)
            until(lambda: OTHER in str(status_of(folder)["fault"]))
            load.goes_on()
            assert status_of(folder)["acked"] == 0
            first.send_signal(signal.SIGKILL)
            load.goes_on()
            until(lambda: status_of(folder)["acked"] > 0)
            load.finish()
    is_accounted(at, load.acked)
