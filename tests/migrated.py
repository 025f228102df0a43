"""Migrated once, not in every run: on SQLite a run begins with a copy of what the same migrations made before."""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection

SOURCES = Path(__file__).parent.parent / "src/lianjing"
SHAPING = ("domain/*/migrations/**/*.*", "domain/signals/journal_tables.py", "domain/signals/apps.py")
"""What the tables follow from. Models are not in it: a test compares them with the migrations."""


def begin_with_kept() -> bool:
    """Puts the kept tables where the run wants its own; whether there were any. `migrate` still runs, and finds
    nothing to do."""
    kept = _folder()
    if connection.vendor != "sqlite" or not kept.is_dir():
        return False
    for name, place in _places().items():
        shutil.copyfile(kept / name, place)
    return True


def keep() -> None:
    """Keeps the tables of a run that had to make them; of two that do so at once the first one stays."""
    if connection.vendor != "sqlite" or _folder().is_dir():
        return
    _folder().parent.mkdir(mode=0o700, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=_folder().parent))
    for name, place in _places().items():
        with closing(sqlite3.connect(place)) as source:
            source.execute("VACUUM INTO ?", [str(made / name)])
    try:
        made.rename(_folder())
    except OSError:
        shutil.rmtree(made)


def _places() -> dict[str, Path]:
    return {"test.db": Path(str(connection.settings_dict["TEST"]["NAME"])), "journal.db": settings.JOURNAL_PATH}


def _folder() -> Path:
    digest = sha256(version("django").encode())
    for pattern in SHAPING:
        for file in sorted(SOURCES.glob(pattern)):
            if file.suffix in (".py", ".sql"):
                digest.update(str(file.relative_to(SOURCES)).encode() + b"\0" + file.read_bytes())
    return Path(tempfile.gettempdir()) / f"lianjing-migrated-{os.getuid()}" / digest.hexdigest()[:20]
