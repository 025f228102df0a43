"""The queue's rows as HTML. A row looks the same to everybody who may see it, so each is rendered once a language."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from lianjing.domain.incidents.queries import QueueRow
from lianjing.domain.signals.daily_account import today

KEPT = 8192
"""About 2 KB each; a queue of 200 is then assembled from what is known, whoever asks."""


def row_html(row: QueueRow) -> SafeString:
    """The row in the language that is active."""
    return _rendered(row, translation.get_language() or "", today())


def rows_html(rows: Iterable[QueueRow]) -> SafeString:
    """Rows one after the other, without white space between them: an empty queue is an empty element."""
    language, day = translation.get_language() or "", today()
    return mark_safe("".join(_rendered(row, language, day) for row in rows))  # noqa: S308 each row is a template's


@lru_cache(maxsize=KEPT)
def _rendered(row: QueueRow, language: str, day: date) -> SafeString:
    """`language` and `day` are what the template reads besides the row: words, and whether a time needs its date."""
    return mark_safe(render_to_string("desk/_row.html", {"row": row}).strip())  # noqa: S308 a template's own output
