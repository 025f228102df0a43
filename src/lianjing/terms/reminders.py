"""What somebody is reminded of: one thing to do, by when, in one sentence."""

from dataclasses import dataclass, field
from datetime import date

from lianjing.terms.sentences import Figures


@dataclass(frozen=True, slots=True)
class Reminder:
    """`name`: what it is about, as it is called on its page; `sentence`: what is to be done, with its figures.
    `due_on`: the last day for it."""

    name: str
    sentence: str
    due_on: date
    figures: Figures = field(default_factory=dict)

    def is_late(self, on: date) -> bool:
        return self.due_on < on
