"""Watches the clock for what did not come: tests, restorals, opening and closing. Knows when we were deaf ourselves."""

import time
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from lianjing.core.outbox.stamp import stamp
from lianjing.core.receiver_status import read_status
from lianjing.core.viewer import System
from lianjing.domain.incidents.events import open_event_cases
from lianjing.domain.incidents.presenting import present_held
from lianjing.domain.signals import arming_watch, watching

SYSTEM = System("watch")
PLAN_EVERY_S = 300.0
PLAN_AHEAD = timedelta(seconds=360)
LOOK_BACK = timedelta(minutes=30)
"""What fell due while this process did not run is still looked at when it begins again."""


class Watch:
    """The loop's turn. `status` is the receiver's status file."""

    def __init__(self, status: Path) -> None:
        self._status = status
        self._deaf = True
        self._planned_until: datetime | None = None
        self._plan_at = 0.0

    def turn(self) -> int:
        """One round; returns how much was due."""
        now = timezone.now()
        hears = self._can_hear(now)
        if hears:
            self._plan(now)
        due = watching.anything_due(SYSTEM, now)
        # What reads silence as a fault is asked only while we can hear.
        checks = [
            (hears and due.tests, watching.raise_late_tests),
            (hears and due.restorals, watching.raise_overdue),
            (hears and due.held, present_held),
            (hears and due.arming, arming_watch.settle_arming),
            (due.runaways, watching.end_quiet_runaways),
        ]
        done = sum(check(by=SYSTEM, at=now) for is_due, check in checks if is_due)
        if done or due.events:
            done += open_event_cases(by=SYSTEM, at=now)
        if done:
            stamp()
        return done

    def _can_hear(self, now: datetime) -> bool:
        """Whether the receiver listens and stores. When it does again, everybody gets time to report first."""
        status = read_status(self._status)
        deaf = status is None or status.is_silent(now) or not status.journal_ok
        if self._deaf and not deaf:
            watching.grant_grace(by=SYSTEM, at=now)
        self._deaf = deaf
        return not deaf

    def _plan(self, now: datetime) -> None:
        if time.monotonic() < self._plan_at:
            return
        after, until = self._planned_until or now - LOOK_BACK, now + PLAN_AHEAD
        arming_watch.plan_arming(by=SYSTEM, after=after, until=until)
        watching.expect_tests(by=SYSTEM, at=now)
        self._planned_until, self._plan_at = until, time.monotonic() + PLAN_EVERY_S
