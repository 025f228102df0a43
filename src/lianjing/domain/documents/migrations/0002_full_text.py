"""The index by which documents are searched; each database has its own, over the same column.

SQLite: an FTS5 table without a copy of the text, kept by triggers. Whoever rebuilds the table of texts in a later
migration drops the triggers with it, and has to make them again.
"""

from typing import Any

from django.db import migrations

TEXTS, INDEX = "documents_editiontext", "documents_full_text"
_DELETE = f"INSERT INTO {INDEX}({INDEX}, rowid, grams) VALUES ('delete', old.edition_id, old.grams)"  # noqa: S608 our names
_INSERT = f"INSERT INTO {INDEX}(rowid, grams) VALUES (new.edition_id, new.grams)"  # noqa: S608
SQLITE = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(grams, content='{TEXTS}', content_rowid='edition_id', detail=none)",
    f"CREATE TRIGGER {INDEX}_added AFTER INSERT ON {TEXTS} BEGIN {_INSERT}; END",
    f"CREATE TRIGGER {INDEX}_gone AFTER DELETE ON {TEXTS} BEGIN {_DELETE}; END",
    f"CREATE TRIGGER {INDEX}_changed AFTER UPDATE ON {TEXTS} BEGIN {_DELETE}; {_INSERT}; END",
)
POSTGRESQL = (f"CREATE INDEX {INDEX} ON {TEXTS} USING gin (string_to_array(grams, ' '))",)
UNDO_SQLITE = (*(f"DROP TRIGGER {INDEX}_{what}" for what in ("added", "gone", "changed")), f"DROP TABLE {INDEX}")


def make(_apps: Any, editor: Any) -> None:
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def undo(_apps: Any, editor: Any) -> None:
    for statement in UNDO_SQLITE if editor.connection.vendor == "sqlite" else (f"DROP INDEX {INDEX}",):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_documents")]
    operations = [migrations.RunPython(make, undo)]
