"""The product's settings, for tests: a data folder of its own for each worker, either database."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATA = Path(tempfile.mkdtemp(prefix="lianjing-test-"))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
os.environ["LIANJING_DATA"] = str(DATA)
# What a developer has set for his own installation must not reach the tests.
for name in [
    n
    for n in os.environ
    if n.startswith("LIANJING_") and n not in ("LIANJING_DATA", "LIANJING_TEST_POSTGRES", "LIANJING_TEST_DATABASE")
]:
    del os.environ[name]
if os.environ.get("LIANJING_TEST_DATABASE") == "postgresql":
    os.environ["LIANJING_DATABASE_URL"] = os.environ["LIANJING_TEST_POSTGRES"]

from lianjing.project.settings import *  # noqa: E402, F403
from lianjing.project.settings import DATABASES, ENVIRONMENT  # noqa: E402

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "lianjing.domain.sites.word_digests.WordHasher",
]
# Tests put rows into the journal over their own connection, so that a rollback takes them back.
JOURNAL_ATTACH_MODE = "rw"
if ENVIRONMENT.is_sqlite:
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.db")}
else:
    # A pool keeps connections to a database that the test run wants to drop.
    DATABASES["default"]["OPTIONS"].pop("pool", None)
