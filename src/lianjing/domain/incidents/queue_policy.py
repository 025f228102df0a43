"""The order of the queue, how long a case may wait, and who may have it. No Django, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from lianjing.terms.codes import EventClass, Grade
from lianjing.terms.sentences import marked as _

HELD_LEVEL = 9
"""While it is on hold a case stands behind everything else."""
RETURN_STEP = 4
"""A case that comes back from hold stands behind every new one: its grade and four."""
LAST_RETURN = HELD_LEVEL - 1

URGENT_CLASSES = frozenset({EventClass.HOLD_UP.value, EventClass.FIRE.value})
"""What breaks through every screen, and what others may take when its holder does not react."""


class AgeLimits(NamedTuple):
    """Seconds after which a waiting case turns amber, turns red, and is told to the shift leader.

    As long again, and the manager is told.
    """

    amber: int
    red: int
    escalate: int


AGE_LIMITS: Mapping[str, AgeLimits] = {
    EventClass.HOLD_UP: AgeLimits(20, 30, 30),
    EventClass.FIRE: AgeLimits(20, 30, 60),
    EventClass.MEDICAL: AgeLimits(20, 30, 60),
    EventClass.INTRUSION: AgeLimits(30, 60, 60),
    EventClass.TAMPER: AgeLimits(60, 120, 180),
    EventClass.FAULT: AgeLimits(180, 300, 600),
    EventClass.SYSTEM: AgeLimits(180, 300, 600),
    EventClass.OPEN_CLOSE: AgeLimits(180, 300, 600),
    EventClass.BYPASS: AgeLimits(900, 1800, 3600),
    EventClass.TEST: AgeLimits(900, 1800, 3600),
}
"""By class. Our own design targets, inside the figures of the alarm-centre standards; no standard says these."""
LONGEST = AgeLimits(3600, 7200, 14400)


class Range(NamedTuple):
    """What a company may set."""

    low: int
    high: int


RANGES: Mapping[str, Range] = {
    "gone_seconds": Range(30, 900),
    "load_limit": Range(1, 50),
    "undetermined_limit": Range(1, 100),
    "reaction_seconds": Range(5, 120),
}


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """A company's figures for its desks, set or not."""

    limits: Mapping[str, AgeLimits] = field(default_factory=lambda: AGE_LIMITS)
    gone_seconds: int = 60
    """So long a browser may be gone before its cases go back to the queue."""
    load_limit: int = 5
    """So many cases that are not on hold "next" gives one person."""
    undetermined_limit: int = 3
    reaction_seconds: int = 15
    """After so long without a reaction to a hold-up or fire, others may take it from whoever should."""

    def ages(self, event_class: str, grade: int) -> AgeLimits:
        """The limits of a case. Of the first grade it waits no longer than a fire, of the second than an intrusion."""
        own = self.limits[event_class]
        if grade > Grade.SECOND:
            return own
        urgent = self.limits[EventClass.FIRE if grade == Grade.FIRST else EventClass.INTRUSION]
        return AgeLimits(*(min(pair) for pair in zip(own, urgent, strict=True)))


class Wrong(NamedTuple):
    """Which figure is wrong, and the sentence with its figures."""

    name: str
    sentence: str
    figures: dict[str, object]


def wrong_figures(given: DeskFigures) -> list[Wrong]:
    """What a company may not set so."""
    wrong = []
    for name, limits in given.limits.items():
        if not 0 < limits.amber <= limits.red <= LONGEST.red or not 0 < limits.escalate <= LONGEST.escalate:
            sentence = _("琥珀不得晚于红色，红色最长 %(red)d 秒，升级 1 至 %(escalate)d 秒。")
            wrong.append(Wrong(name, sentence, {"red": LONGEST.red, "escalate": LONGEST.escalate}))
    for name, allowed in RANGES.items():
        if not allowed.low <= getattr(given, name) <= allowed.high:
            sentence = _("须在 %(low)d 至 %(high)d 之间。")
            wrong.append(Wrong(name, sentence, {"low": allowed.low, "high": allowed.high}))
    return wrong


# Escalation

LEADER, MANAGER = "leader", "manager"

NO_REACTION = frozenset(
    {
        "incident.held",
        "incident.woken",
        "incident.offered",
        "incident.offer_withdrawn",
        "incident.declined",
        "incident.released",
        "incident.given_back",
        "incident.reopened",
    }
)
"""Acts of the holder that do nothing about the alarm: the clock of its escalation goes on."""


def next_escalation(escalated_to: str) -> str:
    """Whom an untouched case is told to now."""
    return MANAGER if escalated_to == LEADER else LEADER


# Hold

HOLD_AT_LEAST, HOLD_AT_MOST = timedelta(minutes=1), timedelta(hours=24)


def return_levels(grade: int) -> tuple[int, ...]:
    """The places that a case may come back to: behind every new one; the first is usual."""
    return tuple(range(RETURN_STEP + grade, LAST_RETURN + 1))


def is_overdue(
    event_class: str, *, acknowledged: bool, attention_at: datetime, at: datetime, reaction_seconds: int
) -> bool:
    """Whether a hold-up or fire has waited so long for the person it belongs to that anybody may take it."""
    waited = at - attention_at >= timedelta(seconds=reaction_seconds)
    return event_class in URGENT_CLASSES and not acknowledged and waited
