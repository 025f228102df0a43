"""Changes the journal's tables where they are: in their own file on SQLite, in their own schema on PostgreSQL."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

STATEMENTS = Path(__file__).parent / "journal"


def change_tables(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    text = (STATEMENTS / f"0003.{schema_editor.connection.vendor}.sql").read_text()
    if schema_editor.connection.vendor == "sqlite":
        with closing(sqlite3.connect(settings.JOURNAL_PATH)) as journal:
            journal.executescript(text)
    else:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(text)


class Migration(migrations.Migration):
    # A transaction of this connection would hold the attached journal while another one changes it.
    atomic = False
    dependencies = [("signals", "0002_journal")]
    operations = [migrations.RunPython(change_tables)]
