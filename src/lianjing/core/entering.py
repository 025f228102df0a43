"""What may be entered at all: lengths, choices, things that must be there once. Steps of actions, and no actions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, models, transaction

from lianjing.core.refusals import Refused
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable


def enter(row: models.Model, values: Mapping[str, Any]) -> None:
    """Puts values into a row that is not saved yet. Raises Refused for the first that does not fit.

    SQLite keeps any length, and neither database minds what is no choice: so it is looked at here.
    """
    for name, value in values.items():
        field = row._meta.get_field(name)
        setattr(row, name, _fitting(field, value) if isinstance(field, models.CharField) else value)


def _fitting(field: "models.CharField[Any, Any]", entry: Any) -> str:
    text = str(entry).strip()
    if not storable(text):
        raise Refused(field.name, _("含有不能保存的字符。"))
    if not text and not field.blank:
        raise Refused(field.name, _("请填写。"))
    if field.max_length is not None and len(text) > field.max_length:
        raise Refused(
            field.name, _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=field.max_length, count=len(text)
        )
    if text and field.choices and text not in dict(field.flatchoices):
        raise Refused(field.name, _("没有这个选项。"))
    return text


@contextmanager
def once(field: str, sentence: str, **figures: Any) -> Iterator[None]:
    """Around a save: what is there already is refused with that sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as twice:
        raise Refused(field, sentence, **figures) from twice


def told(row: models.Model, names: Mapping[str, Any] | frozenset[str]) -> dict[str, Any]:
    """These fields of a row as they are now."""
    return {name: getattr(row, name) for name in names}
