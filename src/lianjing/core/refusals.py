"""Why an action of this app was not done."""

from typing import Any


class Missing(Exception):
    """There is no such thing for this viewer, or it is another company's: the answer is the same."""


class Refused(Exception):
    """It cannot be done so. `field` names what it is about, "" the whole; the sentence has its figures apart."""

    def __init__(self, field: str, sentence: str, **figures: Any) -> None:
        super().__init__(sentence % figures)
        self.field, self.sentence, self.figures = field, sentence, figures
