"""How findings stood at a moment, by their sealed records: their rows hold only what is true now."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.policy import CONFIRM_DAYS, is_overdue
from lianjing.domain.records.models import Record
from lianjing.terms.findings import FindingState

SEE = "compliance.see"
READ_AT_MOST = 2000
UNASSIGNED = (FindingState.IDENTIFIED.value, FindingState.CONFIRMED.value)


@dataclass(frozen=True, slots=True)
class Step:
    """What a record says of a finding from its moment on; "" and None: what was said before stays."""

    at: datetime
    state: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class FindingKnown:
    """A finding with its steps, in order. `ref`: of its source."""

    id: int
    number: str
    title: str
    grade: str
    ref: str
    raised_on: date
    raised_at: datetime
    steps: tuple[Step, ...]

    def state_at(self, moment: datetime) -> str:
        return next((one.state for one in reversed(self.steps) if one.at <= moment and one.state), "")

    def due_at(self, moment: datetime) -> date | None:
        return next((one.due_on for one in reversed(self.steps) if one.at <= moment and one.due_on), None)

    def is_late(self, on: date, moment: datetime) -> bool:
        """Its day is over and it was not reported as done."""
        return is_overdue(self.state_at(moment), self.due_at(moment), on)

    def is_left(self, on: date, moment: datetime) -> bool:
        """Nobody was given it in the days that a finding of its grade may wait (ours)."""
        return self.state_at(moment) in UNASSIGNED and (on - self.raised_on).days > CONFIRM_DAYS[self.grade]


def findings_of_kind(viewer: Viewer, company_id: int, kind: str, refs: Sequence[str]) -> list[FindingKnown]:
    """Those of these sources, the earliest first, each as it has gone. Two queries."""
    mine = visible(Finding.objects.filter(company_id=company_id), viewer, SEE)
    rows = list(mine.filter(source_kind=kind, source_ref__in=refs).order_by("pk")[:READ_AT_MOST])
    records = Record.objects.filter(subject_type="finding", subject_id__in=[str(row.pk) for row in rows])
    steps: dict[str, list[Step]] = defaultdict(list)
    for subject, at, after in records.order_by("id").values_list("subject_id", "at", "after"):
        told = after or {}
        steps[subject].append(Step(at, str(told.get("state") or ""), _day(told.get("due_on"))))
    return [_known(row, steps[str(row.pk)]) for row in rows]


def _known(row: Finding, steps: list[Step]) -> FindingKnown:
    # What retention has erased is not told any more: then the row is all that is left of how it began.
    first = Step(row.raised_at, row.state, row.due_on)
    begins = bool(steps) and steps[0].at <= row.raised_at and bool(steps[0].state)
    told = steps if begins else [first, *steps]
    raised_on = centre_day(row.raised_at)
    return FindingKnown(row.pk, row.number, row.title, row.grade, row.source_ref, raised_on, row.raised_at, tuple(told))


def _day(told: object) -> date | None:
    return date.fromisoformat(str(told)) if told else None
