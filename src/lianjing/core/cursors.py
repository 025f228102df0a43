"""Lists that go on behind the row that was shown last."""

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


def behind(rows: "QuerySet[M]", order: tuple[str, ...], after: int | None) -> "QuerySet[M]":
    """`rows` in that order of fields ("-id": downwards), behind the row with the id `after`.

    A row that is not among `rows` begins the list anew: pass what the viewer may see, and filter afterwards.
    """
    rows = rows.order_by(*order)
    if after is None:
        return rows
    names = [name.lstrip("-") for name in order]
    last = rows.filter(pk=after).values_list(*names).first()
    return rows if last is None else rows.filter(_behind(order, last))


def _behind(order: tuple[str, ...], last: tuple[Any, ...]) -> Q:
    """Row by row: equal in the first fields, further in the next one."""
    found, same = Q(), Q()
    for name, value in zip(order, last, strict=True):
        field, way = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        found |= same & Q(**{f"{field}__{way}": value})
        same &= Q(**{field: value})
    return found
