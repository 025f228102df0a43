import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.bad_days.cluster import Cluster, fresh_place, own_cluster
from tests.core.directory.panels import TABLE
from tests.core.journal.places import ENGINES, POSTGRES, Place, place

collect_ignore = [] if POSTGRES else ["test_database_away.py"]


@pytest.fixture(params=ENGINES)
def at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A fresh journal and an empty table of panels, once on each database at hand."""
    with place(request.param, tmp_path) as fresh:
        without_panels(fresh)
        yield fresh


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL to stop and to hang; each test leaves it running and well."""
    with own_cluster() as cluster:
        yield cluster


@pytest.fixture
def alone(cluster: Cluster, tmp_path: Path) -> Place:
    """A fresh journal and an empty table of panels on `cluster`."""
    fresh = fresh_place(cluster, tmp_path)
    without_panels(fresh)
    return fresh


def without_panels(at: Place) -> None:
    """An empty table: a receiver waits a moment at its start for the panels to be read."""
    if at.engine == "postgresql":
        with psycopg.connect(at.url) as connection:
            connection.execute(TABLE.format("timestamptz"))
    else:
        with closing(sqlite3.connect(at.path.with_name("lianjing.db"))) as connection:
            connection.execute(TABLE.format("datetime"))
