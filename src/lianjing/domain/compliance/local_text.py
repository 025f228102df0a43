"""A local standard as data: its clauses word for word, and what each is mapped to. No Django."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lianjing.domain.compliance.catalogue import Basis, Clause, Standard, catalogue
from lianjing.terms.verdicts import ClauseKind, Confidence, Relation

FORMAT = "lianjing-local-standard/1"
KEY_LIMIT = 40
"""Signs of a clause's number wherever it is kept."""


@dataclass(frozen=True, slots=True)
class LocalMapping:
    """`to`: a clause of the specification, or of a local text as `NUMBER-EDITION CLAUSE`."""

    to: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class LocalClause:
    number: str
    title: str
    kind: ClauseKind
    text: str
    basis: tuple[Mapping[str, str], ...]
    mappings: tuple[LocalMapping, ...]


@dataclass(frozen=True, slots=True)
class LocalText:
    """One edition of a local standard. `valid_until` None: until the next edition or the day it is withdrawn."""

    number: str
    edition: str
    title: str
    issuer: str
    valid_from: date
    valid_until: date | None
    clauses: tuple[LocalClause, ...]

    @property
    def cited(self) -> str:
        """DB33/T 1234-2024: by this its clauses are known."""
        return cited_as(self.number, self.edition)

    def key(self, clause: LocalClause) -> str:
        return f"{self.cited} {clause.number}"

    @property
    def keys(self) -> dict[str, LocalClause]:
        """Its clauses as everybody else names them."""
        return {self.key(clause): clause for clause in self.clauses}

    def entry(self, clause: LocalClause) -> Clause:
        """As an entry of the catalogue."""
        basis = tuple(map(_basis, clause.basis))
        return Clause(self.key(clause), clause.title, clause.kind, clause.text, basis, part=self.heading)

    @property
    def heading(self) -> str:
        return f"{self.cited} {self.title}"


def cited_as(number: str, edition: str) -> str:
    return f"{number}-{edition}"


def in_force(editions: Iterable[LocalText], on: date) -> list[LocalText]:
    """Those that hold on a day, by number: of each standard the newest that has begun, unless it is over."""
    newest = {text.number: text for text in editions if text.valid_from <= on}
    held = [text for text in newest.values() if text.valid_until is None or on <= text.valid_until]
    return sorted(held, key=lambda text: text.number)


def text_of(content: Mapping[str, Any]) -> LocalText:
    """From the checked content of a file."""
    until = content.get("valid_until")
    return LocalText(
        content["number"],
        content["edition"],
        content["title"],
        content["issuer"],
        date.fromisoformat(content["valid_from"]),
        date.fromisoformat(until) if until else None,
        tuple(map(_clause, content["clauses"])),
    )


def _clause(row: Mapping[str, Any]) -> LocalClause:
    mappings = tuple(LocalMapping(one["to"], Relation(one["relation"])) for one in row.get("mappings", ()))
    basis = tuple(row.get("basis", ()))
    return LocalClause(row["number"], row["title"], ClauseKind(row["kind"]), row.get("text", ""), basis, mappings)


def _basis(row: Mapping[str, str]) -> Basis:
    """A standard that the catalogue does not know is cited as it stands."""
    confidence = Confidence(row.get("confidence", Confidence.UNVERIFIED.value))
    known = catalogue().standards.get(row["standard"])
    cited = Standard(row["standard"], row.get("name", row["standard"]), True, confidence)
    return Basis(known or cited, row.get("clause", ""), row.get("asks", ""), confidence)
