from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bad_days.cluster import Cluster, fresh_place, own_cluster
from tests.bad_days.panel_table import make_panel_table
from tests.core.journal.places import ENGINES, POSTGRES, Place, place

collect_ignore = [] if POSTGRES else ["test_database_away.py"]


@pytest.fixture(params=ENGINES)
def at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A fresh journal and an empty table of panels, once on each database at hand."""
    with place(request.param, tmp_path) as fresh:
        make_panel_table(fresh)
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
    make_panel_table(fresh)
    return fresh
