"""On which of many days somebody is eligible: asked once for each stretch of days on which the answer is the same."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from lianjing.domain.people.eligibility import OF_AGE, Eligibility, eligibility, turns
from lianjing.domain.people.fact_kinds import Fact
from lianjing.terms.staffing import StaffFactKind

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a day to a day the same."""

    first: date
    last: date
    answer: Eligibility


def eligible_stretches(facts: Collection[Fact], first: date, last: date) -> list[Stretch]:
    """The answer of the one rule for every day from the first to the last."""
    begins = sorted({first, *(day for day in change_days(facts) if first < day <= last)})
    ends = [*(day - DAY for day in begins[1:]), last]
    return [Stretch(day, until, eligibility(facts, day)) for day, until in zip(begins, ends, strict=True)]


def change_days(facts: Collection[Fact]) -> set[date]:
    """The days on which an answer may be another than the day before."""
    days = {fact.valid_from for fact in facts if fact.valid_from}
    days |= {fact.valid_until + DAY for fact in facts if fact.valid_until and fact.valid_until < date.max}
    born = (fact for fact in facts if fact.kind == StaffFactKind.IDENTITY)
    return days | {turns(OF_AGE, date.fromisoformat(fact.value)) for fact in born}
