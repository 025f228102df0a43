"""What has to be so before a finding is verified and closed, as the apps above this one know it: that a plan was
revised, that it was tried again. They name their readers when they start (`apps.py`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from lianjing.domain.findings.models import Finding


@dataclass(frozen=True, slots=True)
class Condition:
    """`asked`: what has to be so; `lacking`: the sentence by which the move is refused while it is not, "" once it is.
    Both are about the same figures."""

    asked: str
    lacking: str = ""
    figures: dict[str, object] = field(default_factory=dict)
    tested_on: date | None = None
    """Of a re-test that is on file: its day."""

    @property
    def is_met(self) -> bool:
        return not self.lacking


Reader = Callable[[Finding], Iterable[Condition]]
_readers: list[Reader] = []


def conditions_come_from(reader: Reader) -> None:
    """From now on `reader` is asked about every finding that somebody would verify or close."""
    _readers.append(reader)


def conditions_of(finding: Finding) -> list[Condition]:
    """All of them, met or not; of most findings none."""
    return [one for read in _readers for one in read(finding)]
