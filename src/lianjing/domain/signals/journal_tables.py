"""Changes the journal's tables where they are: in their own file on SQLite, in their own schema on PostgreSQL."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

STATEMENTS = Path(__file__).parent / "migrations/journal"


def change_tables(number: str) -> Callable[[Any, BaseDatabaseSchemaEditor], None]:
    """For `migrations.RunPython` of a migration that is not atomic: a transaction of its connection would hold the
    attached journal while another one changes it."""

    def change(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        text = (STATEMENTS / f"{number}.{schema_editor.connection.vendor}.sql").read_text()
        if schema_editor.connection.vendor == "sqlite":
            with closing(sqlite3.connect(settings.JOURNAL_PATH)) as journal:
                journal.executescript(text)
        else:
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(text)

    return change
