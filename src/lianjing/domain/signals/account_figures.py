"""Figures of a day's account and how they add up. No Django, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

Key = tuple[int | None, str]
"""Company and event class."""

FATES = {
    "in_case": "in_cases",
    "automatic": "automatic",
    "on_test": "on_test",
    "suppressed": "suppressed",
    "duplicate": "duplicates",
    "waiting": "waiting",
}
"""Fate of a signal -> the figure that counts it."""


class Accounted:
    """What is received is to equal the sum of what became of it: of an account, a company or a class."""

    __slots__ = ()
    received: int

    @property
    def accounted(self) -> int:
        return sum(getattr(self, figure) for figure in FATES.values())

    @property
    def difference(self) -> int:
        """More than 0: so many have no fate; less: so many fates belong to nothing that came."""
        return self.received - self.accounted


@dataclass(slots=True)
class Figures(Accounted):
    """What was received, and what became of it."""

    received: int = 0
    in_cases: int = 0
    automatic: int = 0
    on_test: int = 0
    suppressed: int = 0
    duplicates: int = 0
    waiting: int = 0

    @property
    def balances(self) -> bool:
        return self.difference == 0


@dataclass(slots=True)
class Besides:
    """Frames outside the identity, and the events of all frames together as the frames say."""

    events: int = 0
    heartbeats: int = 0
    not_understood: int = 0
    unreadable: int = 0


@dataclass(slots=True)
class Tally:
    """Rows by company and class; what is besides, by company. `events` of `besides` stands under no company."""

    rows: dict[Key, Figures] = field(default_factory=dict)
    besides: dict[int | None, Besides] = field(default_factory=dict)

    def row(self, company_id: int | None, event_class: str) -> Figures:
        return self.rows.setdefault((company_id, event_class), Figures())

    def beside(self, company_id: int | None) -> Besides:
        return self.besides.setdefault(company_id, Besides())

    def add(self, other: "Tally") -> None:
        for key, figures in other.rows.items():
            _add(self.row(*key), figures)
        for company_id, besides in other.besides.items():
            _add(self.beside(company_id), besides)

    @property
    def is_settled(self) -> bool:
        """Whether nothing waits, every row balances, and the frames tell of as many events as there are."""
        received = sum(figures.received for figures in self.rows.values())
        rows_do = all(figures.balances and not figures.waiting for figures in self.rows.values())
        return rows_do and received == sum(besides.events for besides in self.besides.values())


def total(rows: Iterable[Figures]) -> Figures:
    """The sum of rows."""
    whole = Figures()
    for figures in rows:
        _add(whole, figures)
    return whole


def _add(whole: "Figures | Besides", part: "Figures | Besides") -> None:
    for one in fields(whole):
        setattr(whole, one.name, getattr(whole, one.name) + getattr(part, one.name))
