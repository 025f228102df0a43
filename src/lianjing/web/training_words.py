"""Training in words: how an assignment stands, what a course counts for, what was right and wrong in a paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lianjing.domain.people.models import Attempt
from lianjing.domain.people.training_list import AssignmentLine
from lianjing.terms.staffing import Subject
from lianjing.web.words import label

SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Told:
    """Sign, words and tone: never colour alone."""

    sign: str
    words: str
    tone: str


def standing_told(line: AssignmentLine) -> Told:
    """How it stands, with how long it is still, or has been, due."""
    left = line.days_left
    if line.standing == "passed":
        return Told("✓", _("已通过"), "tone-ok")
    if line.standing == "withdrawn":
        return Told("–", _("已撤回"), "soft")
    if left < 0:
        return Told("✕", _("逾期 %(days)d 天") % {"days": -left}, "tone-bad")
    if left == 0:
        return Told("◐", _("今天截止"), "tone-odd")
    sign, tone = ("◐", "tone-odd") if left <= SOON_DAYS else ("○", "soft")
    return Told(sign, _("还有 %(days)d 天") % {"days": left}, tone)


def result_told(attempt: Attempt) -> Told:
    if attempt.submitted_at is None:
        return Told("○", _("未交卷"), "soft")
    if attempt.passed:
        return Told("✓", _("%(score)d 分，合格") % {"score": attempt.score or 0}, "tone-ok")
    return Told("✕", _("%(score)d 分，不合格") % {"score": attempt.score or 0}, "tone-bad")


COURSE_STATES = {"draft": ("○", "soft"), "open": ("✓", "tone-ok"), "closed": ("–", "soft")}


def course_state_words() -> dict[str, str]:
    return {"draft": _("草稿"), "open": _("开放"), "closed": _("停用")}


def course_told(state: str) -> Told:
    sign, tone = COURSE_STATES[state]
    return Told(sign, course_state_words()[state], tone)


def subjects_told(subjects: Sequence[str]) -> str:
    return _("、").join(label(Subject, subject) for subject in subjects)


def hours_told(hours: Decimal | str) -> str:
    """4 学时, 4.5 学时."""
    return _("%(hours)s 学时") % {"hours": f"{Decimal(hours):f}".rstrip("0").rstrip(".")}


def validity_told(months: int | None) -> str:
    return _("长期有效") if months is None else _("%(months)d 个月内有效") % {"months": months}


@dataclass(frozen=True, slots=True)
class ShownOption:
    words: str
    place: int
    chosen: bool
    right: bool = False
    """Always false while the right answers are nobody's to see."""


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """`right`: None before the paper is marked."""

    number: int
    text: str
    several: bool
    options: Sequence[ShownOption]
    right: bool | None = None

    @property
    def is_blank(self) -> bool:
        return not any(option.chosen for option in self.options)


def shown_questions(attempt: Attempt, *, tell_right: bool) -> list[ShownQuestion]:
    """The paper with what was answered; marked once it is handed in. Which options are right is told on top of that
    only with `tell_right`, and never before."""
    marked = attempt.submitted_at is not None
    return [
        _shown(number, question, attempt.answers[number], marked, tell_right and marked)
        for number, question in enumerate(attempt.paper["questions"])
    ]


def _shown(number: int, question: dict[str, Any], given: list[int], marked: bool, tell_right: bool) -> ShownQuestion:
    wanted = question["right"]
    options = [
        ShownOption(words, place, place in given, tell_right and place in wanted)
        for place, words in enumerate(question["options"])
    ]
    right = sorted(given) == sorted(wanted) if marked else None
    return ShownQuestion(number, question["text"], len(wanted) > 1, options, right)
