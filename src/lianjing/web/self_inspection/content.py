"""What a self-inspection report tells: gathered once, written in three forms."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from lianjing.core.seals.canonical import canonical_json
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.company_facts import CompanyKnown
from lianjing.domain.companies.fact_reading import company_facts
from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.catalogue import Basis, Clause, digest
from lianjing.domain.compliance.local_texts import all_entries
from lianjing.domain.records.queries import last_seal
from lianjing.terms.staffing import CompanyFactKind
from lianjing.terms.verdicts import WORST_FIRST, ClauseKind, Verdict
from lianjing.web.clause_items import items_of
from lianjing.web.standard_words import Reference, reference_of
from lianjing.web.words import ACTORS, word

PARTS = {"secrecy": "安全保密", "supervision": "公安机关监督管理"}
FALLS_SHORT = WORST_FIRST[:3]
"""What is lacking, the worst first."""
NOT_JUDGED = frozenset({"since", "owner", "late"})
"""Of an item: what is told beside the judgement, and is another one on another day."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which company, for which day, by what was known when (None: when it is made)."""

    company: Company
    on: date
    known: datetime | None
    address: str = ""
    """How whoever asks reaches this installation; "" when nobody asks over the network."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of the seal chain when the report was made."""

    number: int
    hash: str
    sealed_at: datetime

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause as the report shows it; `item` None: it is not judged."""

    clause: Clause
    item: dict[str, Any] | None
    basis: tuple[tuple[Basis, Reference], ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        return Verdict(self.item["verdict"]) if self.item else None

    @property
    def kind(self) -> str:
        return self.clause.kind.zh


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the specification, or a local text, with its entries."""

    number: str
    title: str
    entries: tuple[Entry, ...]

    @property
    def counts(self) -> dict[Verdict, int]:
        found = [entry.verdict for entry in self.entries]
        return {verdict: found.count(verdict) for verdict in Verdict}

    @property
    def judged(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Post:
    """A column of table 1 as this company stands."""

    key: str
    required: int
    eligible: int
    margin: int
    employed: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything. `items` are the API's."""

    asked: Asked
    made_at: datetime
    made_by: str
    licence: CompanyKnown | None
    head: Head | None
    items: list[dict[str, Any]]
    chapters: tuple[Chapter, ...]
    catalogue_digest: str
    address: str = field(default="")
    """Where this installation is reached; "": its links are shown without it."""

    @property
    def items_sha256(self) -> str:
        """Of what is judged: the same in every form, and whenever it is made anew by what was known then."""
        judged = [{name: told for name, told in item.items() if name not in NOT_JUDGED} for item in self.items]
        return sha256(canonical_json(judged).encode()).hexdigest()

    @property
    def entries(self) -> list[Entry]:
        return [entry for chapter in self.chapters for entry in chapter.entries]

    @property
    def counts(self) -> dict[Verdict, int]:
        return {verdict: sum(chapter.counts[verdict] for chapter in self.chapters) for verdict in Verdict}

    @property
    def lacking(self) -> list[Entry]:
        """What falls short, the worst first, in the order of the text."""
        short = [entry for entry in self.entries if entry.verdict in FALLS_SHORT]
        return sorted(short, key=lambda entry: FALLS_SHORT.index(entry.verdict))  # type: ignore[arg-type]

    @property
    def staffing(self) -> dict[str, Any]:
        """Figures of table 1; {} when the clause is not judged."""
        return next((dict(item["figures"]) for item in self.items if item["clause"] == "5.2"), {})

    @property
    def posts(self) -> list[Post]:
        told = self.staffing
        return [
            Post(key, *(told[name][key] for name in ("required", "eligible", "margin", "employed")))
            for key in told.get("required", {})
        ]

    def url(self, href: str | None) -> str:
        """A whole address, "" without one."""
        return f"{self.address}{href}" if href and self.address else ""


def report_of(viewer: Viewer, asked: Asked, made_at: datetime) -> Report:
    """The report as `viewer` sees the clauses: who may not see people gets no names."""
    company, on, known = asked.company, asked.on, asked.known
    items = [plain(item) for item in items_of(viewer, company.pk, on, known)]
    seal = last_seal(viewer)
    return Report(
        asked,
        made_at,
        word(ACTORS, viewer.name),
        _licence(viewer, asked),
        Head(seal.number, seal.hash, seal.sealed_at) if seal else None,
        items,
        tuple(_chapters(all_entries(viewer, company.pk, on, known), {item["clause"]: item for item in items}, on)),
        digest(),
        settings.PUBLIC_URL or asked.address,
    )


def plain(item: dict[str, Any]) -> dict[str, Any]:
    """Days and instants as text: what the digest is made of is what JSON holds."""
    return {name: _plain(value) for name, value in item.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    # As the API writes them: the items are the same, sign by sign.
    return DjangoJSONEncoder().default(value) if isinstance(value, date) else value


def _licence(viewer: Viewer, asked: Asked) -> CompanyKnown | None:
    held = company_facts(viewer, asked.company.pk, asked.on, asked.known)
    return next((fact for fact in reversed(held) if fact.kind == CompanyFactKind.GUARD_LICENCE), None)


def _chapters(clauses: Iterable[Clause], items: dict[str, dict[str, Any]], on: date) -> Iterable[Chapter]:
    by_chapter: dict[str, list[Entry]] = {}
    for clause in clauses:
        basis = tuple((one, reference_of(one.standard, on)) for one in clause.basis)
        by_chapter.setdefault(clause.chapter, []).append(Entry(clause, items.get(clause.number), basis))
    for number, entries in by_chapter.items():
        head = entries[0].clause
        yield Chapter(number, _title(number, head), tuple(entries))


def _title(number: str, head: Clause) -> str:
    if head.part:
        return _(PARTS.get(number, number))
    return head.heading or head.title


def is_heading(entry: Entry) -> bool:
    return entry.clause.kind == ClauseKind.HEADING
