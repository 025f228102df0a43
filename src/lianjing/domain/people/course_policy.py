"""What a course and its questions may be, and how a paper is marked. No Django, no clock."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from lianjing.core.refusals import Refused
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import Subject

HOURS_AT_MOST = 2000
MONTHS_AT_MOST = 600
CONTENT_AT_MOST = 50_000
OPTIONS_AT_LEAST, OPTIONS_AT_MOST = 2, 10
OPTION_AT_MOST = 200
TEXT_AT_MOST = 500
QUESTIONS_AT_MOST = 100

MOVES: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"open"}),
    "open": frozenset({"closed"}),
    "closed": frozenset({"open"}),
}
"""Which state may follow which."""

NOT_STORABLE = _("含有不能保存的字符。")
TOO_LONG = _("最多 %(limit)d 个字，现有 %(count)d 个。")


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question as it was written. `right`: places of the right options, from 0."""

    text: str
    options: Sequence[str]
    right: Sequence[int]


def sound_question(new: NewQuestion) -> NewQuestion:
    """The question, trimmed. Raises Refused naming `text`, `options` or `right`."""
    text, options = _text(new.text), [option.strip() for option in new.options]
    _check_options(options)
    right = sorted(set(new.right))
    if not right:
        raise Refused("right", _("请标出正确的选项。"))
    if right[0] < 0 or right[-1] >= len(options):
        raise Refused("right", _("没有这个选项。"))
    return NewQuestion(text, options, right)


def _text(told: str) -> str:
    text = told.strip()
    if not text:
        raise Refused("text", _("请填写。"))
    if "\0" in text:
        raise Refused("text", NOT_STORABLE)
    if len(text) > TEXT_AT_MOST:
        raise Refused("text", TOO_LONG, limit=TEXT_AT_MOST, count=len(text))
    return text


def _check_options(options: Sequence[str]) -> None:
    if not OPTIONS_AT_LEAST <= len(options) <= OPTIONS_AT_MOST:
        said = _("一道题要有 %(least)d 到 %(most)d 个选项，现有 %(count)d 个。")
        raise Refused("options", said, least=OPTIONS_AT_LEAST, most=OPTIONS_AT_MOST, count=len(options))
    for place, option in enumerate(options, 1):
        if not option:
            raise Refused("options", _("第 %(place)d 个选项是空的。"), place=place)
        if "\0" in option:
            raise Refused("options", NOT_STORABLE)
        if len(option) > OPTION_AT_MOST:
            said = _("第 %(place)d 个选项有 %(count)d 个字，最多 %(limit)d 个。")
            raise Refused("options", said, place=place, count=len(option), limit=OPTION_AT_MOST)
        if option in options[: place - 1]:
            raise Refused("options", _("第 %(place)d 个选项与前面的重复。"), place=place)


def sound_course(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was told of a course beside its number and title. Raises Refused naming the field."""
    return {
        **values,
        "subjects": _subjects(values["subjects"]),
        "content": _content(values["content"]),
        "hours": _hours(values["hours"]),
        "pass_mark": _number("pass_mark", values["pass_mark"], 100),
        "valid_months": _months(values["valid_months"]),
    }


def _subjects(told: Sequence[str]) -> list[str]:
    known = [subject.value for subject in Subject if subject.value in told]
    if len(known) != len(set(told)):
        raise Refused("subjects", _("没有这个选项。"))
    if not known:
        raise Refused("subjects", _("请至少选一项。"))
    return known


def _content(told: str) -> str:
    text = told.replace("\r\n", "\n").strip()
    if "\0" in text:
        raise Refused("content", NOT_STORABLE)
    if len(text) > CONTENT_AT_MOST:
        raise Refused("content", TOO_LONG, limit=CONTENT_AT_MOST, count=len(text))
    return text


def _hours(told: Decimal) -> Decimal:
    if not 0 < told <= HOURS_AT_MOST:
        raise Refused("hours", _("学时应大于 0，最多 %(limit)d。"), limit=HOURS_AT_MOST)
    hours = told.quantize(Decimal("0.1"))
    if hours != told:
        raise Refused("hours", _("学时最多一位小数。"))
    return hours


def _months(told: int | None) -> int | None:
    return None if told is None else _number("valid_months", told, MONTHS_AT_MOST)


def _number(field: str, told: int, most: int) -> int:
    if not 1 <= told <= most:
        raise Refused(field, _("应为 1 到 %(most)d。"), most=most)
    return told


def check_move(state: str, to: str) -> None:
    """Raises Refused when a course in this state cannot come to that one."""
    if to not in MOVES[state]:
        raise Refused("", _("课程现在的状态不能这样变更，请刷新后再看。"))


def check_ready(content: str, questions: int) -> None:
    """Raises Refused when a course cannot be opened yet."""
    if not content:
        raise Refused("", _("课程还没有内容，不能开放。"))
    if not questions:
        raise Refused("", _("课程还没有考题，不能开放。"))


def last_day(begins: date, months: int | None) -> date | None:
    """The last day on which a pass of day `begins` counts; None: for good."""
    if months is None:
        return None
    years, month = divmod(begins.month - 1 + months, 12)
    year, month = begins.year + years, month + 1
    days = monthrange(year, month)[1]
    if begins.day > days:
        return date(year, month, days)
    return date(year, month, begins.day) - timedelta(days=1)


# Papers


def score_of(right: Sequence[Sequence[int]], answers: Sequence[Sequence[int]]) -> int:
    """Of a hundred, rounded down: so many questions answered with all the right options and no other."""
    hits = sum(sorted(wanted) == sorted(given) for wanted, given in zip(right, answers, strict=True))
    return 100 * hits // len(right)


def sound_answers(options: Sequence[int], told: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """The chosen places question by question; `options` says how many each has. What is no option was not chosen."""
    return [
        sorted({place for place in told.get(number, ()) if 0 <= place < count}) for number, count in enumerate(options)
    ]


def unanswered(answers: Sequence[Sequence[int]]) -> list[int]:
    """Numbers, from 1, of the questions without an answer."""
    return [number for number, given in enumerate(answers, 1) if not given]
