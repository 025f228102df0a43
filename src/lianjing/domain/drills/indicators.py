"""By what drills are scored: data with an edition. A drill stays at the edition that was newest when it was planned."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PLACE = Path(__file__).parent / "scales"
HIGHEST = 5


@dataclass(frozen=True, slots=True)
class Indicator:
    """`weight`: how much it counts among the others."""

    key: str
    title: str
    weight: int


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """An edition. `origin`: whose it is, in words that are shown wherever it is used."""

    edition: int
    origin: str
    groups: tuple[Group, ...]

    @property
    def indicators(self) -> list[Indicator]:
        return [one for group in self.groups for one in group.indicators]

    def percent(self, points: Mapping[str, int | None]) -> float | None:
        """Of the highest score, by weight; what does not apply counts on neither side. None: nothing applies."""
        weighed = [(one.weight, points.get(one.key)) for one in self.indicators]
        given = [(weight, told) for weight, told in weighed if told is not None]
        if not given:
            return None
        return 100 * sum(weight * told for weight, told in given) / sum(weight * HIGHEST for weight, _ in given)

    def without(self, scored: Iterable[str]) -> list[Indicator]:
        """Those that nobody has judged."""
        done = set(scored)
        return [one for one in self.indicators if one.key not in done]


@cache
def scale(edition: int) -> Scale:
    """An edition. Raises FileNotFoundError for one that there is not."""
    told = json.loads((PLACE / f"{edition}.json").read_text(encoding="utf-8"))
    groups = tuple(Group(row["title"], tuple(Indicator(**one) for one in row["indicators"])) for row in told["groups"])
    return Scale(told["edition"], told["origin"], groups)


@cache
def newest_edition() -> int:
    return max(int(path.stem) for path in PLACE.glob("*.json"))
