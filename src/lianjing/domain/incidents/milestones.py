"""Which act is which milestone of a case, and what lies between milestones. Pure: no Django, no clock.

t0 received · t1 queued · t3 viewed (first take) · t4 first act · t5 first call · t6 verified · t7 sent to patrol ·
t8 patrol accepted · t10 patrol arrived · t11 patrol left · t12 closed; beside them what the police were told and took.
Putting a case on hold, giving it back or handing it over is no response: it sets none of them (decision 0022).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

QUICK_HOLD = timedelta(seconds=5)
"""A case that is put on hold so soon after it was picked up was hardly looked at."""
LOAD_SLOT, CLOSE_SLOT = timedelta(minutes=10), timedelta(minutes=1)

_TAKEN = frozenset({"incident.taken", "incident.lock_broken", "incident.accepted"})
HELD = "incident.held"
REOPENED = "incident.reopened"
OPENED = "incident.opened"
MERGED = "incident.merged"
DISPOSED = "incident.disposed"
CLOSED = "incident.closed"

_ACTS = frozenset(
    {
        "incident.noted",
        "incident.verified",
        "incident.forwarded",
        "incident.disposed",
        "incident.step_done",
        "incident.called",
        "incident.customer_told",
        "incident.task_sent",
        "incident.police_prepared",
        "incident.police_sent",
        "incident.police_waived",
    }
)
"""What counts as work on the case by whoever holds it. Seeing new signals does not, nor does anything by others."""

_MOMENTS: Mapping[str, tuple[str, ...]] = {
    "incident.called": ("contacted_at",),
    "incident.verified": ("verified_at",),
    "incident.task_sent": ("dispatched_at",),
    "incident.task_accepted": ("accepted_at",),
    "incident.task_arrived": ("arrived_at",),
    "incident.task_left": ("left_at",),
    "incident.police_sent": ("police_at",),
    # Taken without having been noted as sent: they were told then.
    "incident.police_accepted": ("police_at", "police_accepted_at"),
    "incident.closed": ("closed_at",),
}

REACHING = frozenset({*_TAKEN, *_ACTS, *_MOMENTS})
"""Every act that reaches some milestone."""
MOMENTS = ("viewed_at", "acted_at", *dict.fromkeys(name for names in _MOMENTS.values() for name in names))
"""The columns that moments are kept in."""
AT_THE_DESK = frozenset({"viewed_at", "acted_at", "contacted_at", "verified_at"})
"""Moments that answer one alarm and none that came later; help that is on its way is on its way for both."""
PATROL = "patrol"


def moments_of(topic: str, told: Mapping[str, Any]) -> frozenset[str]:
    """The milestones that an act reaches; each counts the first time only. `told` is what its record says."""
    reached = set()
    if topic in _TAKEN:
        reached |= {"viewed_at"}
    if topic in _ACTS:
        reached |= {"acted_at"}
    if topic in _MOMENTS:
        reached |= {*_MOMENTS[topic]}
    if topic == "incident.forwarded":
        reached |= {"dispatched_at" if told.get("to") == PATROL else "police_at"}
    return frozenset(reached)


def concerns_times(topic: str) -> bool:
    """Whether an act with this topic may change the times of its case."""
    return topic in _TAKEN | _ACTS | _MOMENTS.keys() | {HELD, REOPENED, MERGED}


def slot_of(at: datetime | None, length: timedelta) -> int | None:
    """Number of the span of that length, counted from the epoch, in which the instant lies."""
    return None if at is None else int(at.timestamp() // length.total_seconds())


def key_of_text(text: str) -> int:
    """A digest that fits a column, the same for the same words, whatever blanks and capitals stand in them."""
    words = "".join(text.split()).lower()
    return int.from_bytes(sha256(words.encode()).digest()[:8], "big", signed=True)


def is_pick_up(topic: str) -> bool:
    return topic in _TAKEN


def is_quick_hold(picked_up_at: datetime | None, held_at: datetime) -> bool:
    return picked_up_at is not None and held_at - picked_up_at < QUICK_HOLD


@dataclass(frozen=True, slots=True)
class Lapse:
    """A length of time between two milestones. `name` is its column, in milliseconds."""

    name: str
    since: str
    until: str


LAPSES = (
    Lapse("intake_ms", "received_at", "queued_at"),
    Lapse("acknowledge_ms", "queued_at", "viewed_at"),
    Lapse("act_ms", "queued_at", "acted_at"),
    Lapse("act_after_ms", "viewed_at", "acted_at"),
    Lapse("contact_ms", "queued_at", "contacted_at"),
    Lapse("verify_ms", "queued_at", "verified_at"),
    Lapse("dispatch_ms", "queued_at", "dispatched_at"),
    Lapse("police_ms", "queued_at", "police_at"),
    Lapse("accept_ms", "dispatched_at", "accepted_at"),
    Lapse("police_accept_ms", "police_at", "police_accepted_at"),
    Lapse("travel_ms", "accepted_at", "arrived_at"),
    Lapse("on_scene_ms", "arrived_at", "left_at"),
    Lapse("total_ms", "queued_at", "closed_at"),
)
"""C1 of the figures, in their order."""

LONGEST_MS = 2**31 - 1
"""What the column holds: 24 days. A case that takes longer counts as that."""


def first_of_two(name: str, at: datetime | None, other: datetime | None, since: datetime) -> datetime | None:
    """When two cases that became one reached a milestone: the earlier moment that is not before the clock began."""
    moments = sorted(moment for moment in (at, other) if moment is not None)
    before = moments[0] if moments and name not in AT_THE_DESK else None
    return next((moment for moment in moments if moment >= since), before)


def lapse_ms(since: datetime | None, until: datetime | None) -> int | None:
    """Whole milliseconds; None as long as one end is missing. Times of one clock never run backwards: not below 0."""
    if since is None or until is None:
        return None
    return min(LONGEST_MS, max(0, (until - since) // timedelta(milliseconds=1)))
