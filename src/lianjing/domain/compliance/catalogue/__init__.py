"""The specification as data: its clauses word for word, how the product reads them, and on what they rest. No Django.

`specification.json` holds the text: the sources of its entries, one after the other, are the specification.
`gaps.json` holds what its clause 1 announces and does not write; `standards.json` what is referred to.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from lianjing.terms.verdicts import ClauseKind, Confidence

HERE = Path(__file__).parent
_MARK = re.compile(r"^(?:#{2,4} [\d.]+ .*\n?|- (?:[\d.]+|[a-d]\))[ ：]?)")
_HEADING = re.compile(r"^#{2,4} [\d.]+ (.*)")
_SUB = re.compile(r"^[a-d]\) ")
_NOTE = re.compile(r"（原文[^）]*）")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a clause rests on: a standard's clause and what it asks, in our words."""

    standard: "Standard"
    clause: str
    asks: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Standard:
    """A law or standard. `dated`: referred to by its edition, and stays at it; else its newest edition counts."""

    cited: str
    name: str
    dated: bool
    confidence: Confidence
    newest: str = ""
    right: str = ""
    """The number that the specification should have printed."""
    successor: str = ""
    replaced_on: date | None = None
    note: str = ""

    @property
    def in_use(self) -> str:
        """The edition by which is judged (clause 2)."""
        return self.cited if self.dated else self.newest

    def is_superseded(self, on: date) -> bool:
        return bool(self.successor) and (self.replaced_on is None or self.replaced_on <= on)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the product reads a place that the text leaves open: as written in English, and in Chinese."""

    place: str
    open: str
    reads: str
    zh: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """An entry of the catalogue. `source`: exactly as the specification has it; `lacking`: why nothing can be said."""

    number: str
    title: str
    kind: ClauseKind
    source: str
    basis: tuple[Basis, ...]
    readings: tuple[Reading, ...] = ()
    lacking: str = ""
    part: str = ""
    """Of what the specification announces only: which part."""

    @property
    def depth(self) -> int:
        return self.number.count(".") + self.number.count(" ") if not self.part else 1

    @property
    def heading(self) -> str:
        """The title that the text itself gives it; "" for a clause without one."""
        if self.part:
            return ""
        found = _HEADING.match(_NOTE.sub("", self.source))
        return found.group(1).strip() if found else ""

    @property
    def chapter(self) -> str:
        """The chapter it stands in; its part, for what is only announced."""
        return self.part or self.number.partition(".")[0].partition(" ")[0]

    @property
    def lines(self) -> list[str]:
        """Its text in paragraphs, without number, marks of editors, and tables; that of other texts as it is."""
        if self.part:
            return [line for line in self.source.split("\n") if line.strip()]
        text = _NOTE.sub("", _SUB.sub("", _MARK.sub("", self.source)))
        return [line.removeprefix("- ") for line in text.split("\n") if line.strip() and not line.startswith("|")]

    @property
    def note(self) -> str:
        """What the edition at hand says of a slip in the text."""
        return "" if self.part else " ".join(_NOTE.findall(self.source))

    @property
    def table(self) -> list[list[str]]:
        """The rows of its table, the heading first; [] without one."""
        if self.part:
            return []
        rows = [line.strip("|").split("|") for line in self.source.split("\n") if line.startswith("|")]
        cells = [[cell.strip() for cell in row] for row in rows]
        return [row for row in cells if not set(row[0]) <= {"-"}]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything, in the order of the text; what is only announced behind it."""

    clauses: Mapping[str, Clause]
    standards: Mapping[str, Standard]
    referenced: tuple[Standard, ...] = field(default_factory=tuple)
    """The nineteen of clause 2, in its order."""

    @property
    def judged(self) -> list[Clause]:
        return [clause for clause in self.clauses.values() if clause.kind.is_judged]


@cache
def catalogue() -> Catalogue:
    """The catalogue, read once."""
    told, gaps, listed = (_read(name) for name in ("specification", "gaps", "standards"))
    referenced = tuple(_standard(row) for row in listed["referenced"])
    standards = {one.cited: one for one in (*referenced, *(_standard(row) for row in listed["others"]))}
    readings = [Reading(**{**row, "clauses": tuple(row["clauses"])}) for row in told["readings"]]
    clauses = {clause.number: clause for clause in _clauses(told, gaps, standards, readings)}
    return Catalogue(clauses, standards, referenced)


@cache
def digest() -> str:
    """SHA-256 of the three files: by which text, readings and editions is judged."""
    parts = (HERE / f"{name}.json" for name in ("specification", "gaps", "standards"))
    return sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def _clauses(told: Any, gaps: Any, standards: Mapping[str, Standard], readings: list[Reading]) -> Iterator[Clause]:
    for row in (*told["clauses"], *gaps["clauses"]):
        basis = tuple(
            Basis(standards[one["standard"]], one["clause"], one["asks"], Confidence(one["confidence"]))
            for one in row["basis"]
        )
        read = tuple(reading for reading in readings if row["number"] in reading.clauses)
        source, part = row.get("source", row.get("text", "")), row.get("part", "")
        kind = ClauseKind(row["kind"])
        yield Clause(row["number"], row["title"], kind, source, basis, read, row.get("lacking", ""), part)


def _standard(row: dict[str, Any]) -> Standard:
    replaced = row.get("replaced_on")
    told = {**row, "confidence": Confidence(row["confidence"])}
    return Standard(**{**told, "replaced_on": date.fromisoformat(replaced) if replaced else None})


def _read(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
