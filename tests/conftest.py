import logging

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.cast import Cast
from tests.identity_leaks import Watch, every_logger
from tests.migrated import begin_with_kept, keep

# How fast a loaded machine makes examples says nothing about the product: timing lives in bench.
# What one run finds every run finds: no change is refused for what it did not do. Chance is for `make fuzz`.
hypothesis_settings.register_profile(
    "lianjing", suppress_health_check=[HealthCheck.too_slow], deadline=None, derandomize=True
)
hypothesis_settings.load_profile("lianjing")

JOURNAL_TABLES = ("journal_line_event", "journal_signal", "journal_frame", "journal_batch", "journal_line_day")


@pytest.fixture(autouse=True)
def _no_identity_number_in_any_log(request: pytest.FixtureRequest, _watch: Watch) -> "object":
    """Of all that a test has logged, on every logger and at every level, nothing may hold an identity number."""
    for logger in every_logger():
        if _watch not in logger.handlers:
            logger.addHandler(_watch)
    root = logging.getLogger()
    level = root.level
    # What goes to the terminal stays as it is; only the watch hears more.
    for handler in root.handlers:
        if type(handler) is logging.StreamHandler and handler.level == logging.NOTSET:
            handler.setLevel(level)
    root.setLevel(logging.DEBUG)
    yield
    root.setLevel(level)
    found, _watch.found[:] = list(_watch.found), []
    if found:
        pytest.fail(f"an identity number was logged by {', '.join(found)}", pytrace=False)


@pytest.fixture(scope="session")
def _watch() -> "object":
    """One for the whole run; what was logged after the last test's end counts, too."""
    watch = Watch()
    yield watch
    for logger in every_logger():
        logger.removeHandler(watch)
    if watch.found:
        pytest.fail(f"an identity number was logged by {', '.join(watch.found)}", pytrace=False)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    return begin_with_kept()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool) -> None:
    if not django_db_keepdb:
        keep()


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
    from django.core.cache import caches

    from lianjing.domain.people.known_facts import forget

    for name in settings.CACHES:
        caches[name].clear()
    forget()


@pytest.fixture(autouse=True)
def _chinese() -> "object":
    """Every test starts in the product's own language."""
    from django.utils import translation

    with translation.override("zh-hans"):
        yield
