"""What was asked of the API and cannot be taken: which field, and why, in our words and not in those of a library."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from lianjing.core.days import written_day

DAY = marked("日期请写成 2026-11-22 的样子。")
NUMBER = marked("请写一个数。")
SENTENCES = (
    (("date",), DAY),
    (("datetime", "timezone"), marked("时间请写成 2026-11-22T08:30:00+08:00 的样子。")),
    (("missing",), marked("必须填写。")),
    (("greater_than",), marked("太小，须大于 %(gt)s。")),
    (("greater_than_equal",), marked("太小，最小为 %(ge)s。")),
    (("less_than",), marked("太大，须小于 %(lt)s。")),
    (("less_than_equal",), marked("太大，最大为 %(le)s。")),
    (("int",), marked("请写一个整数。")),
    (("float", "decimal", "finite", "number"), NUMBER),
    (("bool",), marked("请写 true 或 false。")),
    (("string_too_long", "too_long"), marked("太长。")),
    (("string_too_short", "too_short"), marked("太短。")),
    (("enum", "literal"), marked("不在可选的值里：%(known)s。")),
    (("json",), marked("不是 JSON。")),
    (("extra",), marked("没有这一项。")),
)
"""By how the library's name of a mistake begins; the longest beginning decides."""
CHOICE = re.compile(r"'([^']+)'")
"""A value that may be chosen, as the library quotes it; the empty one chooses nothing."""
OTHER = marked("不符合要求。")


def _day(given: object) -> object:
    """As a day is written, and no other way: the library takes seconds since 1970, and instants, for days."""
    if not isinstance(given, str):
        return given
    try:
        return written_day(given)
    except ValueError as wrong:
        raise PydanticCustomError("date", DAY) from wrong


Day = Annotated[date, BeforeValidator(_day)]


def _figure(given: object) -> object:
    """A number, as such or in figures: truth is none, nor is anything that has parts."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise PydanticCustomError("number", NUMBER)
    return given


Figure = Annotated[str | float | int, BeforeValidator(_figure)]
"""The domain says whether the text is a number, and how many digits it may have."""


def mistakes(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """`field` and `message` of each, a field once; the body as a whole is the field ""."""
    by_field: dict[str, list[Mapping[str, Any]]] = {}
    for error in errors:
        by_field.setdefault(_field(error["loc"]), []).append(error)
    return [{"field": field, "message": _message(found)} for field, found in by_field.items()]


def _field(loc: Iterable[Any]) -> str:
    """Without where it was looked for: the body, and what the operation calls it; or the query or the address, where
    what follows the name says only which of several types was tried."""
    where, *parts = loc
    return ".".join(map(str, parts[1:] if where == "body" else parts[:1]))


def _message(found: list[Mapping[str, Any]]) -> str:
    """Of the first, with its figures; what may be chosen instead is told by all of them."""
    figures = dict(found[0].get("ctx") or {})
    expected = " ".join(str((one.get("ctx") or {}).get("expected", "")) for one in found)
    return _(_sentence(found[0])) % (figures | {"known": "、".join(CHOICE.findall(expected))})


def _sentence(error: Mapping[str, Any]) -> str:
    kind = str(error["type"])
    fitting = [(start, told) for starts, told in SENTENCES for start in starts if kind.startswith(start)]
    return max(fitting, key=lambda one: len(one[0]))[1] if fitting else OTHER
