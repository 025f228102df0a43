"""Starter plans (预案模板) that come with the product: one a class, for every grade. Kept nowhere until a company
adopts one as a draft of its own."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lianjing.domain.plans.policy import Step, read_steps
from lianjing.terms.codes import EventClass

PLACE = Path(__file__).parent / "starter"


@dataclass(frozen=True, slots=True)
class Template:
    """`key` names it for good: cases that ran along it say so."""

    key: str
    title: str
    steps: tuple[Step, ...]


@cache
def template_of(event_class: str) -> Template:
    """The template for cases of a class. Raises ValueError for what is no class."""
    name = EventClass(event_class).value
    told = json.loads((PLACE / f"{name}.json").read_text(encoding="utf-8"))
    return Template(name, told["title"], tuple(read_steps(told["steps"])))
