"""By what a plan is reviewed: laws and regulations as a list that comes with the product, and what a company adds."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

PLACE = Path(__file__).parent / "basis.json"


@dataclass(frozen=True, slots=True)
class Basis:
    """`confidence`: how well we know what it says (OK, 2nd, MEM); "": the company's own papers, or added by it."""

    key: str
    name: str
    clause: str = ""
    asks: str = ""
    confidence: str = ""

    @property
    def words(self) -> str:
        return f"{self.name} {self.clause}".strip()


@cache
def basis_list() -> tuple[Basis, ...]:
    return tuple(Basis(**one) for one in json.loads(PLACE.read_text(encoding="utf-8")))


def as_kept(chosen: Iterable[Basis]) -> list[dict[str, str]]:
    """As a review keeps them: what was named then, whatever the list says later."""
    return [asdict(one) for one in chosen]


def as_read(kept: Iterable[Mapping[str, str]]) -> list[Basis]:
    return [Basis(**one) for one in kept]
