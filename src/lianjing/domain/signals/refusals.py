"""How tests and suppression rules say no; no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class Missing(Exception):
    """There is no such thing for this viewer; another company's is answered the same."""


class Refused(Exception):
    """It is not possible so; the text is a sentence for the person, `field` what it is about (empty: the whole)."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a policy answers: the field that it is about, a sentence that is still to be translated, its figures."""

    field: str
    sentence: str
    figures: Mapping[str, str | int] = field(default_factory=dict)
