"""Figures with their unit, as pages and paper write them."""

from django.utils.translation import gettext

from lianjing.terms import quantities
from lianjing.terms.sentences import words


def quantity(value: float | None, unit: str) -> str:
    """60 秒, 1,500,000 次, 99.5%; "" for none."""
    return "" if value is None else words(quantities.quantity(value, unit), gettext)


def signed_quantity(value: float | None, unit: str) -> str:
    """+12 秒, −3 秒."""
    if value is None:
        return ""
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return sign + quantity(abs(value), unit)
