"""What was asked of the API and cannot be taken: which field, and why, in our words and not in those of a library."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

DAY = marked("日期请写成 2026-11-22 的样子。")
SENTENCES = (
    (("date",), DAY),
    (("datetime", "timezone"), marked("时间请写成 2026-11-22T08:30:00+08:00 的样子。")),
    (("missing",), marked("必须填写。")),
    (("greater_than", "greater_than_equal"), marked("太小。")),
    (("less_than", "less_than_equal"), marked("太大。")),
    (("int",), marked("请写一个整数。")),
    (("float", "decimal", "finite"), marked("请写一个数。")),
    (("bool",), marked("请写 true 或 false。")),
    (("string_too_long", "too_long"), marked("太长。")),
    (("string_too_short", "too_short"), marked("太短。")),
    (("enum", "literal"), marked("不在可选的值里。")),
    (("json",), marked("不是 JSON。")),
    (("extra",), marked("没有这一项。")),
)
"""By how the library's name of a mistake begins; the longest beginning decides."""
OTHER = marked("不符合要求。")


def _day(given: object) -> object:
    """As a day is written, and no other way: the library takes seconds since 1970, and instants, for days."""
    if not isinstance(given, str):
        return given
    if len(given) != len("2026-11-22") or not given.isascii():
        raise PydanticCustomError("date", DAY)
    try:
        return date.fromisoformat(given)
    except ValueError as wrong:
        raise PydanticCustomError("date", DAY) from wrong


Day = Annotated[date, BeforeValidator(_day)]


def mistakes(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """`field` and `message` of each; the body as a whole is the field ""."""
    return [{"field": _field(error["loc"]), "message": _(_sentence(error))} for error in errors]


def _field(loc: Iterable[Any]) -> str:
    """Without where it was looked for: the query or the address; or the body, and what the operation calls it."""
    where, *parts = loc
    return ".".join(map(str, parts[1:] if where == "body" else parts))


def _sentence(error: Mapping[str, Any]) -> str:
    kind = str(error["type"])
    fitting = [(start, told) for starts, told in SENTENCES for start in starts if kind.startswith(start)]
    return max(fitting, key=lambda one: len(one[0]))[1] if fitting else OTHER
