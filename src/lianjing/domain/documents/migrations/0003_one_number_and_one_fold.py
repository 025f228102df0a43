"""A number is one however it is written, texts are compared as we fold them, and reviews are due by the day that asks.

On SQLite the full-text index is made anew: it took words apart by tables of its own, and dropped the accents that
PostgreSQL keeps. Now it takes the signs as they were kept, which are parted by blanks.
"""

from importlib import import_module
from typing import Any

from django.db import migrations, models

from lianjing.domain.documents.full_text import folded
from lianjing.domain.documents.policy import normal_number

before = import_module("lianjing.domain.documents.migrations.0002_full_text")
AS_KEPT = before.SQLITE[0].replace("detail=none", "detail=none, tokenize='ascii'")
REBUILT = f"INSERT INTO {before.INDEX}({before.INDEX}) VALUES ('rebuild')"  # noqa: S608 our names


def key_numbers(apps: Any, _editor: Any) -> None:
    """Of two that were one all along the first keeps the number: what is on file is not taken away."""
    taken: set[tuple[int, str]] = set()
    documents = apps.get_model("documents", "Document").objects
    for pk, company, number in documents.order_by("pk").values_list("pk", "company", "number").iterator():
        key = normal_number(number)[:64]
        documents.filter(pk=pk).update(number_key=f"{key}#{pk}" if (company, key) in taken else key)
        taken.add((company, key))


def fold_texts(apps: Any, _editor: Any) -> None:
    texts = apps.get_model("documents", "EditionText").objects
    for pk, text in texts.order_by("pk").values_list("pk", "text").iterator(chunk_size=200):
        texts.filter(pk=pk).update(folded=folded(text))


def drop_index(_apps: Any, editor: Any) -> None:
    _run(editor, before.UNDO_SQLITE)


def make_index(_apps: Any, editor: Any) -> None:
    _run(editor, (AS_KEPT, *before.SQLITE[1:], REBUILT))


def make_index_as_before(_apps: Any, editor: Any) -> None:
    _run(editor, (*before.SQLITE, REBUILT))


def _run(editor: Any, statements: tuple[str, ...]) -> None:
    """PostgreSQL's index lies over a column that stays as it is."""
    if editor.connection.vendor == "sqlite":
        for statement in statements:
            editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_full_text")]
    operations = [
        migrations.RemoveIndex("document", "documents_by_review"),
        migrations.RemoveField("document", "review_on"),
        migrations.AddField(
            "document", "number_key", models.CharField(default="", max_length=80), preserve_default=False
        ),
        migrations.RunPython(key_numbers, migrations.RunPython.noop),
        migrations.RemoveConstraint("document", "documents_number_once"),
        migrations.AddConstraint(
            "document", models.UniqueConstraint(fields=["company", "number_key"], name="documents_number_once")
        ),
        migrations.RunPython(drop_index, make_index_as_before),
        migrations.AddField("editiontext", "folded", models.TextField(default=""), preserve_default=False),
        migrations.RunPython(fold_texts, migrations.RunPython.noop),
        migrations.RunPython(make_index, drop_index),
    ]
