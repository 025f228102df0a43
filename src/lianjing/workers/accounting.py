"""Looks whether the daily account balances, and keeps what of it is settled."""

import time
from datetime import date, timedelta

from django.utils import timezone

from lianjing.core.outbox.stamp import stamp
from lianjing.core.viewer import System
from lianjing.domain.incidents.events import open_event_cases
from lianjing.domain.signals.account_portions import recount_oldest, settle_portions
from lianjing.domain.signals.account_watch import days_in_doubt, look_at_day, settle_look

SYSTEM = System("account")
TODAY_S, YESTERDAY_S = 60.0, 600.0
"""How often each is looked at; yesterday also as soon as it is over."""
DOUBT_S = 10.0
"""A difference is looked at again so soon."""
SHARE = 20
"""A look takes this part of the time at most."""
DAY = timedelta(days=1)


class Accounting:
    """The loop's turn."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._due = {"today": 0.0, "yesterday": 0.0}
        self._suspected: dict[date, set[str]] = {}

    def turn(self) -> int:
        """One round; returns how much was settled, raised or ended."""
        now = timezone.now()
        today = timezone.localdate(now)
        if today != self._day:
            self._day, self._due = today, {"today": 0.0, "yesterday": 0.0}
        moved = settle_portions(by=SYSTEM, at=now)
        looked = self._look_when_due("today", today)
        looked += self._look_when_due("yesterday", today - DAY)
        if looked and open_event_cases(by=SYSTEM, at=timezone.now()):
            stamp()
        return moved

    def _look_when_due(self, name: str, day: date) -> int:
        if time.monotonic() < self._due[name]:
            return 0
        started, moved, doubt = time.monotonic(), 0, False
        for on in [day, *(days_in_doubt(SYSTEM, day) if name == "yesterday" else ())]:
            look, before = look_at_day(SYSTEM, on), self._suspected.pop(on, set())
            moved += settle_look(look, before, by=SYSTEM, at=timezone.now())
            self._suspected[on] = set(look.differing)
            doubt = doubt or bool(self._suspected[on] - before)
        recount_oldest(day, by=SYSTEM, at=timezone.now())
        pause = DOUBT_S if doubt else TODAY_S if name == "today" else YESTERDAY_S
        self._due[name] = time.monotonic() + max(pause, SHARE * (time.monotonic() - started))
        return moved
