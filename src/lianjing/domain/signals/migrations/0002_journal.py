"""The journal's tables: in a file of their own on SQLite, in a schema of their own on PostgreSQL (decision 0003)."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lianjing.domain.signals.apps import attach_journal

STATEMENTS = Path(__file__).parent / "journal"


def make_tables(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    text = (STATEMENTS / f"0001.{schema_editor.connection.vendor}.sql").read_text()
    if schema_editor.connection.vendor == "sqlite":
        with closing(sqlite3.connect(settings.JOURNAL_PATH)) as journal:
            journal.execute("PRAGMA journal_mode=WAL")
            journal.executescript(text)
        attach_journal(schema_editor.connection)
    else:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(text)


class Migration(migrations.Migration):
    # ATTACH, by which this process sees the new file, cannot run inside a transaction.
    atomic = False
    dependencies = [("signals", "0001_initial")]
    operations = [migrations.RunPython(make_tables)]
