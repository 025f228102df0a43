"""What is wrong with a file: sentences with figures, Chinese and translatable. No Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lianjing.terms.sentences import Figure


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where. `schedule_words.words(fault)` is its sentence.

    `row` is the number that Excel shows beside the row. What concerns a whole sheet or the file has no row or sheet.
    """

    sheet: str | None
    row: int | None
    column: str | None
    sentence: str
    figures: Mapping[str, Figure] = field(default_factory=dict)


class BadCell(Exception):
    """A cell that cannot be what its column asks for. Never holds a key or a pass-word."""

    def __init__(self, sentence: str, **figures: Figure) -> None:
        super().__init__(sentence)
        self.sentence, self.figures = sentence, figures


class BadFile(Exception):
    """A file, or a sheet of it, that cannot be read at all."""

    def __init__(self, sentence: str, *, sheet: str | None = None, row: int | None = None, **figures: Figure) -> None:
        super().__init__(sentence)
        self.sentence, self.sheet, self.row, self.figures = sentence, sheet, row, figures

    @property
    def fault(self) -> Fault:
        return Fault(self.sheet, self.row, None, self.sentence, self.figures)
