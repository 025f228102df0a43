"""Sentences for people, written where the decision is taken and translated where somebody reads them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, Union

Figure = Union[str, int, "Phrase"]
Figures = Mapping[str, Figure]


class Said(Protocol):
    """Whatever has a sentence with its figures: a phrase, a judgement, an expectation, a problem, a fault."""

    @property
    def sentence(self) -> str: ...

    @property
    def figures(self) -> Figures: ...


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence that is translated by itself."""

    sentence: str
    figures: Figures = field(default_factory=dict)

    def __str__(self) -> str:
        """In Chinese, where nobody translates."""
        return words(self)


def words(said: Said, translate: Callable[[str], str] = str) -> str:
    """The whole sentence: in Chinese, as evidence keeps it, or with `translate=gettext` as its reader sees it."""
    figures = {
        name: words(figure, translate) if isinstance(figure, Phrase) else figure
        for name, figure in said.figures.items()
    }
    return translate(said.sentence) % figures


def listed(parts: list[str]) -> Phrase:
    """Marked words one after the other, each translated by itself: 法律、技能."""
    names = {f"part{place}": Phrase(part) for place, part in enumerate(parts)}
    return Phrase("、".join(f"%({name})s" for name in names), names)


def marked(sentence: str) -> str:
    """Marks a sentence for translation, as `_`; who shows it translates it. Pure code has no reader and no language."""
    return sentence
