"""Starter plans (预案模板) that come with the product: one for each class and grade. Kept nowhere until a company
adopts one as a draft of its own."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lianjing.domain.plans.policy import Step, read_steps
from lianjing.terms.codes import EventClass, Grade

PLACE = Path(__file__).parent / "starter"

USUAL_GRADE = {
    EventClass.INTRUSION: Grade.SECOND,
    EventClass.HOLD_UP: Grade.FIRST,
    EventClass.FIRE: Grade.FIRST,
    EventClass.MEDICAL: Grade.FIRST,
    EventClass.TAMPER: Grade.SECOND,
    EventClass.OPEN_CLOSE: Grade.THIRD,
    EventClass.BYPASS: Grade.FOURTH,
    EventClass.SYSTEM: Grade.THIRD,
    EventClass.FAULT: Grade.THIRD,
    EventClass.TEST: Grade.THIRD,
}
"""The grade that most cases of a class have: its starter plan is where a plan for every grade begins."""


@dataclass(frozen=True, slots=True)
class Template:
    """`key` names it for good: cases that ran along it say so."""

    key: str
    title: str
    steps: tuple[Step, ...]


@cache
def template_of(event_class: str, grade: int | None = None) -> Template:
    """The template for cases of a class and grade; without a grade that of the usual one.

    Raises ValueError for what is no class or no grade.
    """
    kind = EventClass(event_class)
    number = int(USUAL_GRADE[kind] if grade is None else Grade(grade))
    told = json.loads((PLACE / f"{kind.value}.json").read_text(encoding="utf-8"))[str(number)]
    return Template(f"{kind.value}_{number}", told["title"], tuple(read_steps(told["steps"])))
