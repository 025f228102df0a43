"""What has to be looked back on, and what became of what was to be improved. No Django, no clock."""

from dataclasses import dataclass
from datetime import date, timedelta

from lianjing.domain.drills.policy import review_due

LATE_DAYS = 30
"""So many days after its day an improvement that is not made weighs as much as none. Ours."""
DONE = frozenset({"verified", "closed"})


@dataclass(frozen=True, slots=True)
class ToReview:
    """A drill that was held or a case that was closed. `reviewed_on` None: nobody has looked back on it yet."""

    kind: str
    """drill, case: as evidence is called."""
    id: int
    name: str
    happened_on: date
    reviewed_on: date | None = None

    def due_on(self, days: int) -> date:
        return review_due(self.happened_on, days)


@dataclass(frozen=True, slots=True)
class ImprovementKnown:
    """A finding of a review. `is_revised`: a version of its plan came into force after the review; `is_retested`: that
    was tried again and passed."""

    finding_id: int
    number: str
    title: str
    plan: str
    state: str
    owner: str
    due_on: date | None
    is_revised: bool
    is_retested: bool

    @property
    def is_made(self) -> bool:
        return self.is_revised and self.is_retested

    @property
    def is_ended(self) -> bool:
        return self.is_made and self.state in DONE

    def days_late(self, on: date) -> int:
        """0: not late."""
        if self.is_made or self.due_on is None or self.due_on >= on:
            return 0
        return (on - self.due_on).days


@dataclass(frozen=True, slots=True)
class LookingBack:
    """All of it on a day. `days`: the company's term for a review."""

    on: date
    days: int
    subjects: tuple[ToReview, ...]
    improvements: tuple[ImprovementKnown, ...]

    @property
    def reviewed(self) -> list[ToReview]:
        return [one for one in self.subjects if one.reviewed_on is not None]

    @property
    def late(self) -> list[ToReview]:
        """Looked back on after the term."""
        return [one for one in self.reviewed if one.reviewed_on and one.reviewed_on > one.due_on(self.days)]

    @property
    def missing(self) -> list[ToReview]:
        """Not looked back on, though the term is over."""
        return [one for one in self.subjects if one.reviewed_on is None and one.due_on(self.days) < self.on]

    @property
    def overdue(self) -> list[ImprovementKnown]:
        return [one for one in self.improvements if one.days_late(self.on)]

    @property
    def unowned(self) -> list[ImprovementKnown]:
        return [one for one in self.improvements if not one.is_ended and not (one.owner and one.due_on)]


def turning_days(due_on: date | None) -> set[date]:
    """On which an improvement becomes late, and too late."""
    if due_on is None or (date.max - due_on).days <= LATE_DAYS + 1:
        return set()
    return {due_on + timedelta(days=1), due_on + timedelta(days=LATE_DAYS + 1)}
