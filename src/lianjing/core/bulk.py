"""Many rows of one table by one simple statement each, prepared once: where Django's own take long."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def insert_rows(model: type[Model], rows: Sequence[Model]) -> None:
    """Inserts rows whose numbers nobody asks for. Half of what bulk_create takes, most of which is compiling SQL."""
    key = model._meta.pk
    columns = [column for column in model._meta.concrete_fields if column is not key]
    names = ", ".join(_quoted(column) for column in columns)
    places = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(model._meta.db_table)
    _run(f"INSERT INTO {table} ({names}) VALUES ({places})", [[_stored(c, row) for c in columns] for row in rows])  # noqa: S608 our names


def update_rows(model: type[Model], rows: Iterable[Model], fields: Sequence[str]) -> None:
    """Writes these fields of rows, by number: bulk_update writes a CASE for each row, which takes minutes."""
    columns = [_column(model, name) for name in fields]
    assigned = ", ".join(f"{_quoted(column)} = %s" for column in columns)
    key = model._meta.pk
    table = connection.ops.quote_name(model._meta.db_table)
    values = [[*(_stored(column, row) for column in columns), row.pk] for row in rows]
    _run(f"UPDATE {table} SET {assigned} WHERE {_quoted(key)} = %s", values)  # noqa: S608 our names


def _run(statement: str, values: list[list[Any]]) -> None:
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)


def _quoted(column: "Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(column.column))


def _column(model: type[Model], name: str) -> "Field[Any, Any]":
    """By the name of the field, or of a foreign key's column."""
    return next(column for column in model._meta.concrete_fields if name in (column.name, column.attname))


def _stored(column: "Field[Any, Any]", row: Model) -> Any:
    # Of a row that was new a moment ago, the number is at the other end only.
    if column.is_relation and (other := row._state.fields_cache.get(column.name)) is not None:
        return other.pk
    return column.get_db_prep_save(getattr(row, column.attname), connection)
