import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.core.directory.panels import TABLE
from tests.core.journal.places import ENGINES, Place, place


@pytest.fixture(params=ENGINES)
def at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A fresh journal and an empty table of panels, once on each database at hand."""
    with place(request.param, tmp_path) as fresh:
        without_panels(fresh)
        yield fresh


def without_panels(at: Place) -> None:
    """An empty table: a receiver waits a moment at its start for the panels to be read."""
    if at.engine == "postgresql":
        with psycopg.connect(at.url) as connection:
            connection.execute(TABLE.format("timestamptz"))
    else:
        with closing(sqlite3.connect(at.path.with_name("lianjing.db"))) as connection:
            connection.execute(TABLE.format("datetime"))
