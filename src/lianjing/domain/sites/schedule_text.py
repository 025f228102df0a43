"""A row of a schedule as people write it, in a form or a sheet, and back. No Django, no clock."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any
from unicodedata import normalize

from lianjing.domain.sites.policy import normal_number
from lianjing.domain.sites.schedule import Moment
from lianjing.domain.sites.schedule_days import BadDays, days_text, parse_days
from lianjing.domain.sites.schedule_words import begins_text, ends_text
from lianjing.terms.premises import MomentKind
from lianjing.terms.sentences import Figures, words
from lianjing.terms.sentences import marked as _

FIELDS = ("kind", "days", "begins", "ends", "tolerance_minutes", "users", "area")
MOST_USERS = 50
LONGEST_NUMBER = 16
"""Characters of a user's or an area's number."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field; `words(fault)` is the sentence in Chinese."""

    field: str
    sentence: str
    figures: Figures


class BadMoment(Exception):
    """A row that cannot be understood, with a fault for each field that is wrong."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("；".join(f"{fault.field}: {words(fault)}" for fault in faults))
        self.faults = faults


class _Wrong(Exception):
    def __init__(self, sentence: str, **figures: str | int) -> None:
        super().__init__(sentence)
        self.sentence, self.figures = sentence, figures


def parse_moment(
    kind: str, days: str, begins: str, ends: str, tolerance_minutes: str = "", users: str = "", area: str = ""
) -> Moment:
    """One row, each field as text; an empty tolerance is none. Raises BadMoment.

    Whether the moment is sensible by itself and beside the others is asked of `problems`.
    """
    texts = (kind, days, begins, ends, tolerance_minutes, users, area)
    values: list[Any] = []
    faults: list[Fault] = []
    for field, text in zip(FIELDS, texts, strict=True):
        try:
            values.append(_READERS[field](text))
        except (_Wrong, BadDays) as wrong:
            faults.append(Fault(field, wrong.sentence, wrong.figures))
    if faults:
        raise BadMoment(tuple(faults))
    return Moment(*values)


def moment_text(moment: Moment) -> dict[str, str]:
    """The canonical text of each field, by the names of `FIELDS`: `parse_moment(**moment_text(m)) == m`."""
    return {
        "kind": moment.kind.value,
        "days": days_text(moment.days),
        "begins": begins_text(moment.begins),
        "ends": ends_text(moment.ends),
        "tolerance_minutes": str(int(moment.tolerance / timedelta(minutes=1))),
        "users": users_text(moment.users),
        "area": moment.area,
    }


def users_text(users: frozenset[str]) -> str:
    return ",".join(sorted(users, key=lambda number: (len(number), number)))


_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")
_MINUTES = re.compile(r"(-?[0-9]{1,5})(?:\.0)?(?:分钟)?")
_NUMBER = re.compile(r"[0-9A-Za-z]+")


def _plain(text: str) -> str:
    """In one width: what is typed with a Chinese keyboard, too."""
    return normalize("NFKC", text).strip()


def _kind(text: str) -> MomentKind:
    found = MomentKind.of(_plain(text))
    if found is None:
        raise _Wrong(_("类型须为以下之一：%(kinds)s。"), kinds="、".join(kind.zh for kind in MomentKind))
    return found


def _time(text: str) -> tuple[int, int]:
    """Hour and minute, up to 24:00."""
    plain = _plain(text)
    if not plain:
        raise _Wrong(_("请填写时间，例如 08:30。"))
    found = _TIME.fullmatch(plain)
    hour, minute = (int(part) for part in found.groups()) if found else (99, 99)
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise _Wrong(_("“%(text)s”不是时间，请填 00:00 至 24:00 之间的时刻，例如 08:30。"), text=plain[:20])
    return hour, minute


def _begins(text: str) -> time:
    hour, minute = _time(text)
    if hour == 24:
        raise _Wrong(_("开始时间最晚为 23:59；次日零点请填 00:00。"))
    return time(hour, minute)


def _ends(text: str) -> time:
    hour, minute = _time(text)
    return time(hour % 24, minute)


def _tolerance(text: str) -> timedelta:
    plain = _plain(text)
    if not plain:
        return timedelta(0)
    found = _MINUTES.fullmatch(plain)
    if found is None:
        raise _Wrong(_("容差须为整数分钟，例如 15。"))
    return timedelta(minutes=int(found.group(1)))


def _users(text: str) -> frozenset[str]:
    numbers = [_normal(part) for part in re.split(r"[,、;\s]+", _plain(text)) if part]
    if len(numbers) > MOST_USERS:
        raise _Wrong(_("最多填 %(most)d 个用户号，所填为 %(count)d 个。"), most=MOST_USERS, count=len(numbers))
    return frozenset(numbers)


def _area(text: str) -> str:
    plain = _plain(text)
    return _normal(plain) if plain else ""


def _normal(number: str) -> str:
    if not _NUMBER.fullmatch(number) or len(number) > LONGEST_NUMBER:
        raise _Wrong(
            _("“%(number)s”不是编号：只能用数字和字母，最多 %(longest)d 位。"),
            number=number[:20],
            longest=LONGEST_NUMBER,
        )
    return normal_number(number)


_READERS: dict[str, Callable[[str], Any]] = {
    "kind": _kind,
    "days": parse_days,
    "begins": _begins,
    "ends": _ends,
    "tolerance_minutes": _tolerance,
    "users": _users,
    "area": _area,
}
