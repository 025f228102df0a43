"""Sentences as they are kept: with their figures apart, so that each reader gets them in his language. Pure."""

from collections.abc import Iterable
from typing import Any

from lianjing.terms.sentences import Figure, Phrase


def packed(sentences: Iterable[Phrase]) -> list[dict[str, Any]]:
    """As JSON takes it."""
    return [_packed(one) for one in sentences]


def unpacked(kept: Iterable[dict[str, Any]]) -> tuple[Phrase, ...]:
    return tuple(_unpacked(one) for one in kept)


def _packed(one: Phrase) -> dict[str, Any]:
    return {"said": one.sentence, "figures": {name: _figure(value) for name, value in one.figures.items()}}


def _figure(value: Figure) -> Any:
    return _packed(value) if isinstance(value, Phrase) else value


def _unpacked(one: dict[str, Any]) -> Phrase:
    figures = {name: _unpacked(value) if isinstance(value, dict) else value for name, value in one["figures"].items()}
    return Phrase(one["said"], figures)
