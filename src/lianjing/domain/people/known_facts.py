"""What is known of everybody, kept in memory between requests, so that thousands need not be read for one list.

Facts are never edited: how many a person has, and how many of them are retracted, only grows, and says whether what is
kept is still what stands. One query compares all; what has changed is read anew, and nothing else.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Count, Max, Q

from lianjing.domain.people.eligibility import Eligibility, eligibility
from lianjing.domain.people.fact_kinds import Fact
from lianjing.domain.people.models import StaffFact
from lianjing.terms.staffing import StaffFactKind

DAYS_KEPT = 4
"""Answers for so many questions a person; people ask about today."""
BY_NUMBER = 500
"""When more people than this have changed, their companies are read whole."""
COLUMNS = ("member_id", "pk", "kind", "value", "valid_from", "valid_until", "number", "details")
_FIGURES = (Count("pk"), Count("retracted_at"), Max("pk"), Max("recorded_at"))
_KINDS = {kind.value: kind for kind in StaffFactKind}
T = TypeVar("T")
Version = tuple[int, int, int, datetime]


@dataclass(slots=True)
class Known:
    """The facts of one person that are taken for true now, and what was concluded from them."""

    version: Version
    facts: tuple[Fact, ...]
    _answers: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def answer(self, question: str, about: tuple[Any, ...], think: Callable[[tuple[Fact, ...]], T]) -> T:
        """What follows from the facts; thought out once, as long as they are the same."""
        key = (question, *about)
        if key not in self._answers:
            if len(self._answers) >= DAYS_KEPT:
                self._answers.clear()
            self._answers[key] = think(self.facts)
        return self._answers[key]  # type: ignore[no-any-return]


@dataclass(slots=True)
class _Company:
    version: Version
    members: dict[int, Known]


_kept: dict[int, _Company] = {}
"""By company. Replaced as a whole, so that who reads it meanwhile has one state or the other."""


def known_of(company_ids: Collection[int] | None) -> dict[int, Known]:
    """By member, of these companies (None: of all). One query, and two more when something has changed."""
    mine = Q() if company_ids is None else Q(company_id__in=company_ids)
    companies = _versions(mine, "company_id")
    stale = [pk for pk, version in companies.items() if pk not in _kept or _kept[pk].version != version]
    if stale:
        _refresh(stale)
    found: dict[int, Known] = {}
    for pk in companies:
        found |= _kept[pk].members
    return found


def answer_of(known: Known | None, on: date) -> Eligibility:
    """The one rule's answer for somebody, thought out once a day; of whom nothing is known it is no."""
    if known is None:
        return eligibility([], on)
    return known.answer("eligibility", (on,), lambda facts: eligibility(facts, on))


def forget() -> None:
    """For whoever turns the database back to an earlier state: a restored copy, a test."""
    _kept.clear()


def _versions(mine: Q, by: str) -> dict[int, Version]:
    """How many facts there are, how many of them are retracted, and which is the last. An index holds it all."""
    rows = StaffFact.objects.filter(mine).order_by().values_list(by).annotate(*_FIGURES)
    return {pk: (count, retracted, last, at) for pk, count, retracted, last, at in rows}


def _refresh(stale: list[int]) -> None:
    where = Q(company_id__in=stale)
    rows = StaffFact.objects.filter(where).order_by().values_list("company_id", "member_id").annotate(*_FIGURES)
    versions: dict[int, dict[int, Version]] = defaultdict(dict)
    for company, member, count, retracted, last, at in rows:
        versions[company][member] = (count, retracted, last, at)
    former = {member: known for pk in stale if pk in _kept for member, known in _kept[pk].members.items()}
    changed = {
        member
        for members in versions.values()
        for member, version in members.items()
        if member not in former or former[member].version != version
    }
    facts = _read(changed, where if len(changed) > BY_NUMBER else Q(member_id__in=changed))
    for company, members in versions.items():
        kept = {
            member: Known(version, tuple(facts[member])) if member in changed else former[member]
            for member, version in members.items()
        }
        # The version of what was read, not of what was asked for first: something may have come in between.
        _kept[company] = _Company(_sum(members.values()), kept)


def _sum(versions: Iterable[Version]) -> Version:
    counts, retracted, last, at = zip(*versions, strict=True)
    return sum(counts), sum(retracted), max(last), max(at)


def _read(changed: Collection[int], where: Q) -> dict[int, list[Fact]]:
    facts: dict[int, list[Fact]] = defaultdict(list)
    rows = StaffFact.objects.filter(where, retracted_at=None).order_by("pk").values_list(*COLUMNS)
    for member_id, pk, kind, value, begins, ends, number, details in rows.iterator(chunk_size=5000):
        if member_id in changed:
            facts[member_id].append(Fact(_KINDS[kind], value, begins, ends, number, details, pk))
    return facts
