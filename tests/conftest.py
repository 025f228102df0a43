import pytest
from django.conf import settings
from django.db import connection

from tests.cast import Cast

JOURNAL_TABLES = ("journal_line_event", "journal_signal", "journal_frame", "journal_batch", "journal_line_day")


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture
def clean_journal(transactional_db: None) -> "object":
    """For tests that really commit: Django empties its own tables after them, the journal's are emptied here."""
    yield settings.JOURNAL_PATH
    with connection.cursor() as cursor:
        for table in JOURNAL_TABLES:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 our names


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """All tests sign on from one address, and allauth counts how often in a minute."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def _chinese() -> "object":
    """Every test starts in the product's own language."""
    from django.utils import translation

    with translation.override("zh-hans"):
        yield
