"""The disk is really full while panels report: nothing is acknowledged, it is said, and room heals it."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from tools.with_postgres import as_postgres

from tests.bad_days.cluster import fresh_place, own_cluster
from tests.bad_days.crowd import is_accounted, no_acknowledgement, panels
from tests.bad_days.panel_table import make_panel_table
from tests.bad_days.small_disk import BoundedFiles, Disk, may_mount, small_disk
from tests.core.journal.places import POSTGRES, Place, sqlite_place
from tests.program import until
from tests.receivers.process import Receiver, port_of, receiver, status_of

FULL_S = 5
SMALL_MB, WHOLE_MB = 128, 128
"""Room for a journal; for a whole PostgreSQL."""
NO_COMMIT = 16 << 10
"""Bytes of a file: enough for the status, and for no commit of SQLite."""
SMALL_LOG = "--wal-segsize=1"
NO_ROWS = 2 << 20
"""Bytes of a file: enough for a piece of PostgreSQL's log, if it is small, and soon not for the rows."""
FULL = "full|No space left|File too large|disk I/O error"


@dataclass(frozen=True)
class Scene:
    """A receiver and what it writes to."""

    at: Place
    process: Receiver
    disk: Disk
    healed: Callable[[], object] = lambda: None
    """What others do once there is room, who are none of ours."""
    fault: str = FULL
    """What the receiver may say meanwhile: a pattern."""


@contextmanager
def sqlite_bounded(folder: Path) -> Iterator[Scene]:
    at = sqlite_place(folder)
    make_panel_table(at)
    with receiver(at) as process:
        yield Scene(at, process, BoundedFiles(lambda: [process.pid], NO_COMMIT))


@contextmanager
def sqlite_small(folder: Path) -> Iterator[Scene]:
    with small_disk(SMALL_MB) as disk:
        at = sqlite_place(disk.folder)
        make_panel_table(at)
        with receiver(at) as process:
            yield Scene(at, process, disk)


@contextmanager
def postgresql_bounded(folder: Path) -> Iterator[Scene]:
    with own_cluster(SMALL_LOG) as cluster:
        at = fresh_place(cluster, folder)
        make_panel_table(at)
        with receiver(at) as process:
            yield Scene(at, process, BoundedFiles(cluster.processes, NO_ROWS, *as_postgres()))


@contextmanager
def postgresql_rows_small(folder: Path) -> Iterator[Scene]:
    with small_disk(SMALL_MB) as disk, own_cluster() as cluster:
        where = disk.folder / "rows"
        where.mkdir()
        if as_postgres():
            shutil.chown(where, "postgres", "postgres")
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{where}'")
        at = fresh_place(cluster, folder, "small")
        make_panel_table(at)
        with receiver(at) as process:
            yield Scene(at, process, disk)


@contextmanager
def postgresql_all_small(folder: Path) -> Iterator[Scene]:
    """Without room for its log PostgreSQL gives up; its service starts it again."""
    with small_disk(WHOLE_MB) as disk, own_cluster(SMALL_LOG, within=disk.folder) as cluster:
        at = fresh_place(cluster, folder)
        make_panel_table(at)
        with receiver(at) as process:
            yield Scene(at, process, disk, lambda: cluster.is_running() or cluster.start(), f"{FULL}|connection")


SCENES: list[Callable[[Path], AbstractContextManager[Scene]]] = [
    sqlite_bounded,
    *([sqlite_small] if may_mount() else []),
    *([postgresql_bounded] if POSTGRES else []),
    *([postgresql_rows_small, postgresql_all_small] if POSTGRES and may_mount() else []),
]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_a_full_disk_costs_no_frame_is_told_and_heals_when_there_is_room(scene, tmp_path, client, settings, db):
    with scene(tmp_path) as here, panels(tmp_path, port_of(here.process)) as load:
        data = here.at.path.parent
        settings.ENVIRONMENT = SimpleNamespace(status_path=data / "receive.status.json")
        load.goes_on()
        until(lambda: receiving(client) == "ok")
        here.disk.fill()
        until(lambda: is_told(here))
        with no_acknowledgement(load):
            time.sleep(FULL_S)
            until(lambda: is_told(here) and receiving(client) != "ok")
        here.disk.make_room()
        here.healed()
        load.goes_on()
        until(lambda: receiving(client) == "ok")
        load.finish()
        is_accounted(here.at, load.acked)


def is_told(here: Scene) -> bool:
    """Whether the status file says that nothing can be stored, and why."""
    status = status_of(here.at.path.parent)
    return not status["journal_ok"] and re.search(here.fault, status["fault"]) is not None


def receiving(client) -> str:
    """What `GET /api/v1/health` says of the receiver."""
    return client.get("/api/v1/health").json()["parts"]["receive"]
