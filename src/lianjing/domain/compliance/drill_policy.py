"""How drills that were held count, by their day. No Django, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lianjing.domain.sites.contract_policy import years_later
from lianjing.terms.drills import DrillKind


@dataclass(frozen=True, slots=True)
class DrillKnown:
    """A drill that was held. `evaluated_on`, `reviewed_on` and `archived_on`: None while it is not yet so."""

    id: int
    number: str
    title: str
    kind: DrillKind
    held_on: date
    has_script: bool = True
    has_roles: bool = True
    is_observed: bool = True
    evaluated_on: date | None = None
    reviewed_on: date | None = None
    archived_on: date | None = None

    @property
    def counts(self) -> bool:
        """Among the drills of a year (8.4.1 b): tests of communication do not."""
        return self.kind.counts

    def is_within_years(self, on: date, years: int = 1) -> bool:
        """Whether less than so many years have passed since: on the same day of a later year they have."""
        return self.held_on <= on < past_after(self.held_on, years)


def past_after(day: date, years: int = 1) -> date:
    """The first day on which it lies so many years back."""
    return years_later(day, years) if day.year + years <= date.max.year else date.max


def within_a_year(drills: Iterable[DrillKnown], on: date) -> list[DrillKnown]:
    """Those of the last year that count among the yearly ones."""
    return [one for one in drills if one.counts and one.is_within_years(on)]
