from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.journal.places import ENGINES, POSTGRES, Place, place, sqlite_place


@pytest.fixture(params=ENGINES)
def at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A fresh journal, once on each database at hand."""
    with place(request.param, tmp_path) as fresh:
        yield fresh


collect_ignore = [] if POSTGRES else ["test_postgresql.py"]


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Place]:
    """A fresh journal on PostgreSQL."""
    with place("postgresql", tmp_path) as fresh:
        yield fresh


@pytest.fixture
def sqlite(tmp_path: Path) -> Place:
    """A fresh journal on SQLite."""
    return sqlite_place(tmp_path)
